"""CloudEvents: what becomes an event, what is refused and why, and that nothing else can happen."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.calendar import SECOND, micros
from scoring.events import Event
from scoring.events.sales import SaleDisbursed
from streams import cloudevents
from streams.cloudevents import FUTURE_TOLERANCE, MAX_RECORD_BYTES, Admission, admit, decode
from streams.dead_letters import Reason, RejectedError

DATA: dict[str, Any] = {
    "loan_id": "LN-7",
    "customer_id": "C-3",
    "executive_id": "E-017",
    "amount": 1250.5,
    "currency": "INR",
}
EVENT: dict[str, Any] = {
    "specversion": "1.0",
    "id": "ev-1",
    "source": "/core/loans",
    "type": "sale.disbursed",
    "time": "2026-03-02T09:15:04.120+05:30",
    "data": DATA,
}
ATTRIBUTES = ("specversion", "id", "source", "type", "time")
DECODED = Event(
    micros(datetime(2026, 3, 2, 3, 45, 4, 120_000, tzinfo=UTC)),
    "/core/loans",
    "ev-1",
    SaleDisbursed(
        loan_id="LN-7", customer_id="C-3", executive_id="E-017", amount=1250.5, currency="INR"
    ),
)
ADMISSION = Admission("INR", 800 * 86_400 * SECOND)
GONE = object()

Headers = list[tuple[str, bytes | None]]


def changed(whole: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {name: value for name, value in {**whole, **fields}.items() if value is not GONE}


def envelope(**fields: Any) -> bytes:
    return json.dumps(changed(EVENT, **fields)).encode()


def data(**fields: Any) -> bytes:
    return envelope(data=changed(DATA, **fields))


def headers(**fields: Any) -> Headers:
    attributes = changed({name: EVENT[name] for name in ATTRIBUTES}, **fields)
    return [
        (f"ce_{name}", text if isinstance(text, bytes) or text is None else text.encode())
        for name, text in attributes.items()
    ]


def by_steps(value: bytes) -> Event:
    """Decode as if something were wrong, which is how a rejection finds its reason."""
    return cloudevents._event(cloudevents._structured(value))


def test_structured_event_is_decoded() -> None:
    assert decode(envelope(), ()) == DECODED


def test_binary_event_is_decoded_from_its_headers() -> None:
    extra: Headers = [("content-type", b"application/json"), ("ce_trace", b"x")]
    assert decode(json.dumps(DATA).encode(), [*headers(), *extra]) == DECODED


@pytest.mark.parametrize(
    "value",
    [
        envelope(datacontenttype="application/json", subject="LN-7", extension=[1, {"a": None}]),
        data(field_of_the_future={"deep": [1, 2]}),
        envelope(subject=None),
        json.dumps(EVENT, indent=4).encode(),
    ],
)
def test_what_is_not_known_is_ignored(value: bytes) -> None:
    assert decode(value, ()) == DECODED


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-02T03:45:04Z", datetime(2026, 3, 2, 3, 45, 4, tzinfo=UTC)),
        ("2026-03-02T03:45:04.000001Z", datetime(2026, 3, 2, 3, 45, 4, 1, tzinfo=UTC)),
        ("2026-03-01T20:45:04-07:00", datetime(2026, 3, 2, 3, 45, 4, tzinfo=UTC)),
        ("2026-03-02T17:45:04+14:00", datetime(2026, 3, 2, 3, 45, 4, tzinfo=UTC)),
    ],
)
def test_time_is_the_moment_whatever_its_offset(text: str, moment: datetime) -> None:
    assert decode(envelope(time=text), ()).time == micros(moment)


@pytest.mark.parametrize(
    "identity", ["with space", "d\N{LATIN SMALL LETTER E WITH ACUTE}j", "x" * 1000]
)
def test_identity_may_be_any_printable_text(identity: str) -> None:
    assert decode(envelope(id=identity), ()).id == identity


STRUCTURED = [
    # Not JSON, or not an object.
    (b"", Reason.MALFORMED_JSON, "truncated"),
    (b'{"specversion": "1.0", ', Reason.MALFORMED_JSON, "truncated"),
    (b"id=1&type=lead.created", Reason.MALFORMED_JSON, "byte 0"),
    (envelope() + b"}", Reason.MALFORMED_JSON, "trailing"),
    (b"\xef\xbb\xbf" + envelope(), Reason.MALFORMED_JSON, "byte 0"),
    (envelope().replace(b"/core", b"\xff\xfe"), Reason.MALFORMED_JSON, ""),
    (envelope().replace(b"LN-7", b"\xc3\x28"), Reason.MALFORMED_JSON, ""),
    (b"[" * 60_000, Reason.INVALID_FIELD, "got `array`"),
    (b'{"data": ' + b"[" * 60_000, Reason.MALFORMED_JSON, "recursion"),
    (data(amount=float("nan")), Reason.MALFORMED_JSON, "invalid character"),
    (data(amount=float("inf")), Reason.MALFORMED_JSON, "invalid character"),
    (b"[]", Reason.INVALID_FIELD, "got `array`"),
    (b"null", Reason.INVALID_FIELD, "got `null`"),
    (b'"event"', Reason.INVALID_FIELD, "got `str`"),
    # Attributes.
    (envelope(specversion=GONE), Reason.INVALID_FIELD, "specversion"),
    (envelope(specversion="0.3"), Reason.INVALID_FIELD, "specversion"),
    (envelope(id=GONE), Reason.INVALID_FIELD, "`id`"),
    (envelope(id=""), Reason.INVALID_FIELD, "`id`"),
    (envelope(id=None), Reason.INVALID_FIELD, "`id`"),
    (envelope(id=7), Reason.INVALID_FIELD, "$.id"),
    (envelope(id="ev\0-1"), Reason.INVALID_FIELD, "`id`"),
    (envelope(id="ev-1\n"), Reason.INVALID_FIELD, "`id`"),
    (envelope(id="x" * 1001), Reason.INVALID_FIELD, "`id`"),
    (envelope(source=GONE), Reason.INVALID_FIELD, "`source`"),
    (envelope(source="/core\0"), Reason.INVALID_FIELD, "`source`"),
    (envelope(source=["/core"]), Reason.INVALID_FIELD, "$.source"),
    (envelope(type=GONE), Reason.INVALID_FIELD, "`type`"),
    (envelope(type=1), Reason.INVALID_FIELD, "$.type"),
    (envelope(type="sale.bought"), Reason.UNKNOWN_TYPE, "sale.bought"),
    (envelope(type="Sale.Disbursed"), Reason.UNKNOWN_TYPE, "Sale.Disbursed"),
    (envelope(time=GONE), Reason.MISSING_TIME, "`time`"),
    (envelope(time=None), Reason.MISSING_TIME, "`time`"),
    (envelope(time=""), Reason.MISSING_TIME, "`time`"),
    (envelope(time="2026-03-02T09:15:04"), Reason.NAIVE_TIME, "`time`"),
    (envelope(time="yesterday"), Reason.INVALID_FIELD, "`time`"),
    (envelope(time="2026-03-02"), Reason.INVALID_FIELD, "`time`"),
    (envelope(time="2026-02-30T09:15:04Z"), Reason.INVALID_FIELD, "`time`"),
    (envelope(time=1772423104), Reason.INVALID_FIELD, "$.time"),
    # Data.
    (envelope(data=GONE), Reason.INVALID_FIELD, "`data`"),
    (envelope(data=GONE, data_base64="e30="), Reason.INVALID_FIELD, "`data`"),
    (envelope(data=None), Reason.INVALID_FIELD, "data"),
    (envelope(data=[]), Reason.INVALID_FIELD, "data"),
    (envelope(data=json.dumps(DATA)), Reason.INVALID_FIELD, "data"),
    (data(loan_id=GONE), Reason.INVALID_FIELD, "loan_id"),
    (data(loan_id=None), Reason.INVALID_FIELD, "loan_id"),
    (data(loan_id=""), Reason.INVALID_FIELD, "loan_id"),
    (data(loan_id=7), Reason.INVALID_FIELD, "loan_id"),
    (data(loan_id="LN\0-7"), Reason.INVALID_FIELD, "loan_id"),
    (data(loan_id="LN-7\n"), Reason.INVALID_FIELD, "loan_id"),
    (data(loan_id="x" * 201), Reason.INVALID_FIELD, "loan_id"),
    (data(amount=GONE), Reason.INVALID_FIELD, "amount"),
    (data(amount=None), Reason.INVALID_FIELD, "amount"),
    (data(amount="1250.50"), Reason.INVALID_FIELD, "amount"),
    (data(amount=True), Reason.INVALID_FIELD, "amount"),
    (data(amount=-0.01), Reason.INVALID_FIELD, "amount"),
    (data(amount=-1), Reason.INVALID_FIELD, "amount"),
    (data(amount=1250.505), Reason.INVALID_FIELD, "amount"),
    (data(amount=1e17), Reason.INVALID_FIELD, "amount"),
    (data(amount=10**30), Reason.INVALID_FIELD, "amount"),
    (data(currency="inr"), Reason.INVALID_FIELD, "currency"),
    (data(currency="RUPEE"), Reason.INVALID_FIELD, "currency"),
    (
        envelope(
            type="report.due",
            data={"report_id": "R-1", "executive_id": "E-1", "due_at": "2026-03-02T18:00:00"},
        ),
        Reason.NAIVE_TIME,
        "due_at",
    ),
    # Size.
    (b" " * (MAX_RECORD_BYTES + 1), Reason.TOO_LARGE, str(MAX_RECORD_BYTES)),
]


@pytest.mark.parametrize(("value", "reason", "detail"), STRUCTURED)
def test_structured_event_is_refused(value: bytes, reason: Reason, detail: str) -> None:
    with pytest.raises(RejectedError) as refused:
        decode(value, ())
    assert refused.value.reason is reason
    assert detail in refused.value.detail
    assert refused.value.detail


BINARY = [
    (json.dumps(DATA).encode(), headers(time=GONE), Reason.MISSING_TIME, "`time`"),
    (json.dumps(DATA).encode(), headers(time=None), Reason.MISSING_TIME, "`time`"),
    (json.dumps(DATA).encode(), headers(time="2026-03-02T09:15:04"), Reason.NAIVE_TIME, "`time`"),
    (json.dumps(DATA).encode(), headers(id=GONE), Reason.INVALID_FIELD, "`id`"),
    (json.dumps(DATA).encode(), headers(id=None), Reason.INVALID_FIELD, "`id`"),
    (json.dumps(DATA).encode(), headers(id=b"\xff"), Reason.INVALID_FIELD, "UTF-8"),
    (json.dumps(DATA).encode(), headers(id="ev\0"), Reason.INVALID_FIELD, "`id`"),
    (json.dumps(DATA).encode(), headers(specversion=None), Reason.INVALID_FIELD, "specversion"),
    (json.dumps(DATA).encode(), headers(specversion="0.3"), Reason.INVALID_FIELD, "specversion"),
    (json.dumps(DATA).encode(), headers(type="x.y"), Reason.UNKNOWN_TYPE, "x.y"),
    (b"", headers(), Reason.INVALID_FIELD, "`data`"),
    (b"{", headers(), Reason.MALFORMED_JSON, "truncated"),
    (b"\xff\xfe", headers(), Reason.MALFORMED_JSON, ""),
    (b'{"extra": ' + b"[" * 60_000, headers(), Reason.MALFORMED_JSON, "recursion"),
    (b"[]", headers(), Reason.INVALID_FIELD, "data"),
    (b'{"loan_id": "LN-7"}', headers(), Reason.INVALID_FIELD, "customer_id"),
    (None, headers(), Reason.MALFORMED_JSON, "no value"),
]


@pytest.mark.parametrize(("value", "own", "reason", "detail"), BINARY)
def test_binary_event_is_refused(
    value: bytes | None, own: Headers, reason: Reason, detail: str
) -> None:
    with pytest.raises(RejectedError) as refused:
        decode(value, own)
    assert refused.value.reason is reason
    assert detail in refused.value.detail


def test_record_without_value_is_refused() -> None:
    with pytest.raises(RejectedError, match="no value") as refused:
        decode(None, ())
    assert refused.value.reason is Reason.MALFORMED_JSON


def test_size_counts_key_value_and_headers() -> None:
    padded = envelope(padding="x" * 60_000)
    own: Headers = [("trace", b"h" * 1000), ("empty", None)]
    room = MAX_RECORD_BYTES - len(padded) - 1000 - len("traceempty")
    assert decode(padded, own, b"k" * room) == DECODED
    with pytest.raises(RejectedError, match=f"has {MAX_RECORD_BYTES + 1} bytes") as refused:
        decode(padded, own, b"k" * (room + 1))
    assert refused.value.reason is Reason.TOO_LARGE


@pytest.mark.parametrize(
    ("after_clock", "reason"),
    [
        (0, None),
        (FUTURE_TOLERANCE, None),
        (FUTURE_TOLERANCE + 1, Reason.FUTURE_TIME),
        (-ADMISSION.retention, None),
        (-ADMISSION.retention - 1, Reason.TOO_LATE),
    ],
)
def test_time_is_held_against_the_clock(after_clock: int, reason: Reason | None) -> None:
    now = DECODED.time - after_clock
    if reason is None:
        admit(DECODED, now, ADMISSION)
        return
    with pytest.raises(RejectedError, match="`time`") as refused:
        admit(DECODED, now, ADMISSION)
    assert refused.value.reason is reason


def test_currency_is_the_companys() -> None:
    with pytest.raises(RejectedError, match="`currency` is INR, the company's is EUR") as refused:
        admit(DECODED, DECODED.time, Admission("EUR", ADMISSION.retention))
    assert refused.value.reason is Reason.WRONG_CURRENCY


def outcome(value: bytes, own: Headers | None = None) -> Event | Reason:
    """What decoding comes to; anything but an event or a rejection escapes and fails the test."""
    try:
        return decode(value, own or ())
    except RejectedError as refused:
        return refused.reason


def outcome_by_steps(value: bytes) -> Event | Reason:
    try:
        return by_steps(value)
    except RejectedError as refused:
        return refused.reason


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
near_texts = st.text(st.characters(codec="utf-8", max_codepoint=0x2FF), max_size=4)
near_times = st.datetimes().map(datetime.isoformat) | st.datetimes(timezones=st.just(UTC)).map(
    datetime.isoformat
)


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """An event with some fields replaced, removed or repeated."""
    fields = dict(EVENT)
    inner = dict(DATA)
    for whole in (fields, inner):
        for name in draw(st.sets(st.sampled_from(sorted(whole)), max_size=2)):
            if draw(st.booleans()):
                whole[name] = draw(near_texts | near_times | anything)
            else:
                del whole[name]
    if fields.get("data") is DATA:
        fields["data"] = inner
    text = json.dumps(fields, ensure_ascii=draw(st.booleans()))
    again = draw(st.sampled_from(ATTRIBUTES) | st.none())
    if again is not None:
        text = f"{text[:-1]}, {json.dumps(again)}: {json.dumps(draw(near_texts | near_times))}}}"
    return text.encode(errors="surrogatepass")


@given(mutated())
def test_decoding_a_mutated_event_is_what_going_step_by_step_is(value: bytes) -> None:
    assert outcome(value) == outcome_by_steps(value)


@given(mutated(), st.integers(min_value=0), st.binary(max_size=3))
def test_a_damaged_event_is_an_event_or_a_rejection(value: bytes, at: int, dirt: bytes) -> None:
    cut = at % (len(value) + 1)
    damaged = value[:cut] + dirt + value[cut + len(dirt) :]
    assert isinstance(outcome(damaged), Event | Reason)


@given(st.binary(max_size=200) | anything.map(lambda found: json.dumps(found).encode()))
def test_arbitrary_bytes_and_json_are_refused(value: bytes) -> None:
    assert isinstance(outcome(value), Reason)


@given(
    st.dictionaries(
        st.sampled_from(ATTRIBUTES),
        st.none() | st.binary(max_size=6) | near_times.map(str.encode),
        max_size=3,
    ),
    st.just(json.dumps(DATA).encode())
    | st.binary(max_size=20)
    | anything.map(json.dumps).map(str.encode),
)
def test_arbitrary_headers_are_an_event_or_a_rejection(
    fields: dict[str, bytes | None], value: bytes
) -> None:
    assert isinstance(outcome(value, headers(**fields)), Event | Reason)
