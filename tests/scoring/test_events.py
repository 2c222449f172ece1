"""The event types: what they accept, and money that stays exact."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scoring.calendar import micros
from scoring.events import EVENT_TYPES, FAMILIES, Event
from scoring.events.fields import MAX_NUMBER, hundredths
from tests.scoring.making import CALENDARS

EXECUTIVE = {"executive_id": "E"}
LEAD, LOAN, HOLDING = {"lead_id": "L"}, {"loan_id": "LN"}, {"holding_id": "H"}
MONEY = {"amount": 0, "currency": "INR"}
RESPONSE = {"response_id": "R", "executive_id": "E"}
MOMENT = "2026-03-02T10:00:00+05:30"

#: The least that each type needs, as the contract says.
LEAST: dict[str, dict[str, Any]] = {
    "lead.created": LEAD | {"channel": "web"},
    "lead.assigned": LEAD | EXECUTIVE,
    "lead.reassigned": LEAD | EXECUTIVE,
    "lead.contacted": LEAD | EXECUTIVE,
    "lead.qualified": LEAD,
    "lead.disqualified": LEAD,
    "lead.lost": LEAD,
    "sale.applied": LOAN,
    "sale.approved": LOAN,
    "sale.declined": LOAN,
    "sale.disbursed": LOAN | EXECUTIVE | MONEY | {"customer_id": "C"},
    "sale.cancelled": LOAN,
    "loan.closed": LOAN,
    "product.sold": HOLDING
    | EXECUTIVE
    | {"customer_id": "C", "product": "P", "kind": "up_sell", "revenue": 0, "currency": "INR"},
    "product.cancelled": HOLDING,
    "product.closed": HOLDING,
    "feedback.nps": RESPONSE | {"customer_id": "C", "score": 0},
    "feedback.service": RESPONSE | {"rating": 1},
    "feedback.product": RESPONSE | {"rating": 5, "product": "P"},
    "feedback.peer": RESPONSE | {"rating": 1},
    "feedback.mentor": RESPONSE | {"rating": 5},
    "assessment.completed": EXECUTIVE | {"assessment_id": "A", "score": 0, "max_score": 0.01},
    "audit.completed": EXECUTIVE | {"audit_id": "A", "checks": 0, "passed": 0},
    "violation.avoided": EXECUTIVE | {"violation_id": "V"},
    "violation.recorded": EXECUTIVE | {"violation_id": "V"},
    "training.enrolled": EXECUTIVE | {"training_id": "T", "area": "sales", "ends_at": MOMENT},
    "training.completed": EXECUTIVE | {"training_id": "T", "area": "sales", "hours": 0},
    "task.scheduled": EXECUTIVE | {"task_id": "T", "due_at": MOMENT},
    "task.completed": {"task_id": "T"},
    "task.withdrawn": {"task_id": "T"},
    "time.logged": EXECUTIVE | {"entry_id": "T", "category": "selling", "minutes": 0},
    "inquiry.opened": {"inquiry_id": "I"},
    "inquiry.answered": EXECUTIVE | {"inquiry_id": "I"},
    "insight.recorded": EXECUTIVE | {"insight_id": "I"},
    "insight.applied": EXECUTIVE | {"insight_id": "I"},
    "report.due": EXECUTIVE | {"report_id": "R", "due_at": MOMENT},
    "report.submitted": EXECUTIVE | {"report_id": "R", "period": "2026-W09", "figures": {}},
    "technique.learned": EXECUTIVE | {"technique_id": "T"},
    "technique.applied": EXECUTIVE | {"technique_id": "T"},
    "article.read": EXECUTIVE | {"article_id": "A"},
    "initiative.completed": {"initiative_id": "I", "participants": [], "successful": True},
    "team_event.held": {"team_event_id": "T", "invited": [], "attended": []},
    "campaign.spent": MONEY | {"spend_id": "S", "campaign_id": "C"},
    "executive.placed": EXECUTIVE | {"team_id": "T", "branch_id": "B", "valid_from": "2026-03-01"},
    "target.set": {"entity": "company:company", "kpi": "k", "period": "2026", "value": 0},
    "campaign.defined": {"campaign_id": "C", "channel": "web", "digital": True},
    "market.sized": MONEY | {"period": "2026-Q1"},
    "demographics.targeted": {"attributes": {}},
}


def convert(kind: str, data: dict[str, Any]) -> Any:
    return msgspec.json.decode(msgspec.json.encode(data), type=EVENT_TYPES[kind])


def accepts(kind: str, **fields: object) -> bool:
    try:
        convert(kind, LEAST[kind] | fields)
    except msgspec.ValidationError:
        return False
    return True


@pytest.mark.parametrize("kind", EVENT_TYPES)
def test_a_type_needs_no_more_than_documented_and_no_less(kind: str) -> None:
    event_type, data = EVENT_TYPES[kind], convert(kind, LEAST[kind])
    assert event_type.family in FAMILIES
    assert data.subject.partition(":")[0] == event_type.kind
    for name in LEAST[kind]:
        rest = {field: value for field, value in LEAST[kind].items() if field != name}
        with pytest.raises(msgspec.ValidationError, match=f"missing required field `{name}`"):
            convert(kind, rest)


@pytest.mark.parametrize("kind", EVENT_TYPES)
def test_an_event_survives_being_stored(kind: str) -> None:
    event = Event(-5, "/crm", "1", convert(kind, LEAST[kind]))
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(event), type=Event) == event


def test_unknown_fields_are_passed_over() -> None:
    assert convert("lead.lost", LEAD | {"colour": "blue"}) == convert("lead.lost", LEAD)


@given(st.sampled_from([*map(chr, range(0x20)), "\x7f"]), st.sampled_from(("", "x")))
def test_ids_hold_no_control_characters(control: str, text: str) -> None:
    for identity in (control + text, text + control, f"{text}{control}{text}"):
        assert not accepts("lead.lost", lead_id=identity)
        assert not accepts("target.set", entity=f"team:{identity}")
        assert not accepts("executive.placed", display_name=identity)


def test_ids_have_from_1_to_200_characters() -> None:
    assert not accepts("lead.lost", lead_id="")
    assert accepts("lead.lost", lead_id="ü" * 200)
    assert not accepts("lead.lost", lead_id="ü" * 201)


@pytest.mark.parametrize("identity", ["a|b", "repeat#x", "Łódź", "a b", "'; --", "a:b"])
def test_ids_may_hold_anything_else(identity: str) -> None:
    assert accepts("lead.lost", lead_id=identity)


@pytest.mark.parametrize(
    ("kind", "field", "value"),
    [
        ("market.sized", "currency", "INR"),
        ("market.sized", "period", "2026-03"),
        ("target.set", "entity", "company:company"),
        ("target.set", "entity", "executive:E"),
        ("target.set", "period", "2026-Q4"),
        ("report.submitted", "period", "2026-03-02"),
    ],
)
def test_nothing_may_follow_a_pattern(kind: str, field: str, value: str) -> None:
    assert accepts(kind, **{field: value})
    assert not accepts(kind, **{field: value + "\n"})
    assert not accepts(kind, **{field: value + "\n\n"})


@pytest.mark.parametrize(
    "entity", ["", "team", "team:", "company:x", "floor:F", "Team:T", " team:T", "campaign:C"]
)
def test_targets_are_for_entities(entity: str) -> None:
    assert not accepts("target.set", entity=entity)


@pytest.mark.parametrize("period", ["", "26", "2026-13", "2026-00", "2026-Q5", "2026-W09", "x2026"])
def test_targets_are_for_periods(period: str) -> None:
    assert not accepts("target.set", period=period)


@pytest.mark.parametrize("number", [10**16 + 1, -(10**16) - 1, 2**64, 10**30, -(10**30)])
def test_integers_fit_into_what_is_stored(number: int) -> None:
    assert not accepts("report.submitted", figures={"k": number})
    assert not accepts("audit.completed", checks=number)
    assert not accepts("campaign.spent", amount=number)


def test_figures_may_be_negative() -> None:
    assert accepts("report.submitted", figures={"k": -1, "l": -0.5, "m": 10**16, "n": 1e300})


def test_checks_beyond_types() -> None:
    assert not accepts("audit.completed", checks=1, passed=2)
    assert not accepts("assessment.completed", max_score=0)
    assert not accepts("feedback.nps", score=11)
    assert not accepts("feedback.peer", rating=0)
    assert not accepts("training.enrolled", ends_at="2026-03-02T10:00:00")
    assert not accepts("demographics.targeted", weights={"age_band": -1})


@pytest.mark.parametrize("kind", ["task.scheduled", "report.due"])
def test_what_is_due_is_due_in_a_year_that_windows_reach(kind: str) -> None:
    for year in ("1970", "9998"):
        assert accepts(kind, due_at=f"{year}-06-01T10:00:00Z")
    for year in ("1969", "9999", "0001"):
        assert not accepts(kind, due_at=f"{year}-06-01T10:00:00Z")


@pytest.mark.parametrize(
    "value", [-1, -0.01, 0.001, "1", True, None, MAX_NUMBER + 1, MAX_NUMBER * 1.01]
)
@pytest.mark.parametrize(
    ("kind", "field"),
    [
        ("sale.disbursed", "amount"),
        ("sale.applied", "amount"),
        ("product.sold", "revenue"),
        ("campaign.spent", "amount"),
        ("market.sized", "amount"),
        ("target.set", "value"),
        ("training.completed", "hours"),
        ("time.logged", "minutes"),
        ("assessment.completed", "score"),
    ],
)
def test_numbers_are_exact_and_not_negative(kind: str, field: str, value: object) -> None:
    assert accepts(kind, **{field: 12.34})
    optional = (kind, value) == ("sale.applied", None)
    assert accepts(kind, **{field: value}) is optional


@pytest.mark.parametrize(
    ("year", "accepted"), [(1969, False), (1970, True), (9998, True), (9999, False)]
)
def test_an_end_has_a_day_in_every_time_zone(year: int, *, accepted: bool) -> None:
    ends_at = f"{year:04}-12-31T23:59:59-12:00"
    assert accepts("training.enrolled", ends_at=ends_at) is accepted
    if accepted:
        for calendar in CALENDARS:
            assert calendar.pane(micros(datetime.fromisoformat(ends_at))).day > 0


@given(st.integers(0, MAX_NUMBER * 100))
@example(MAX_NUMBER * 100)
@example(999_999_999_999_999)
def test_two_decimal_places_are_exact(minor: int) -> None:
    written = f"{minor // 100}.{minor % 100:02}"
    number = msgspec.json.decode(written)
    assert hundredths(number) == minor == Decimal(written) * 100


@given(st.floats(0, allow_nan=False))
@example(9_999_999_999_999.99)
@example(0.07)
@example(1.005)
@example(5e-324)
@example(float("inf"))
def test_a_float_is_exact_or_refused(number: float) -> None:
    try:
        minor = hundredths(number, "amount")
    except ValueError as error:
        assert str(error).startswith(f"`amount` is {number}: ")  # noqa: PT017
        places = Decimal(repr(number)).as_tuple().exponent
        assert number > MAX_NUMBER or (isinstance(places, int) and places < -2)
    else:
        assert minor == Decimal(repr(number)) * 100


def test_between_floats_at_the_limit_no_hundredth_is_lost() -> None:
    beyond = [MAX_NUMBER - 1 + n / 100 for n in range(101)]
    assert len(set(beyond)) == len(beyond)


def test_events_are_ordered_by_time_then_source_then_id() -> None:
    data = convert("lead.lost", LEAD)
    events = [
        Event(*key, data) for key in ((2, "a", "a"), (1, "b", "a"), (1, "a", "b"), (1, "a", "a"))
    ]
    assert sorted(events, key=lambda event: event.order) == events[::-1]
