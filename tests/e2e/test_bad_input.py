"""Bad input, end to end: each bad record is kept whole with its reason, each good one counts."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from aiokafka import AIOKafkaProducer

from streams import dead_letters, topics
from streams.broker import client_options
from streams.dead_letters import Reason
from streams.names import Names
from streams.progress import gauge
from streams.reading import records
from streams.replay import results
from streams.replay.accounts import settle
from streams.replay.drain import drained
from streams.settings import Settings
from streams.workers import workers
from tests.e2e.conftest import figures, salesbell, summary

if TYPE_CHECKING:
    from pathlib import Path


AS_OF = datetime.fromisoformat("2026-03-24T18:00:00+05:30")
VOLUME = "sales_targets.sales_volume"
ATTRIBUTES = ("specversion", "id", "source", "type", "time")
GONE = object()

Headers = tuple[tuple[str, bytes | None], ...]


@dataclass(frozen=True)
class Sent:
    """A record as it is sent, and why it is refused; None if it counts."""

    value: bytes | None
    reason: Reason | None = None
    detail: str = ""
    key: bytes | None = b"key \xff\x00"
    headers: Headers = ()


def sale(number: int, **fields: Any) -> dict[str, Any]:
    """A sale of 100 rupees, with some fields of its data changed or gone."""
    data = {
        "loan_id": f"LN-{number}",
        "customer_id": f"C-{number}",
        "executive_id": "E-1",
        "amount": 100,
        "currency": "INR",
        **fields,
    }
    return {
        "specversion": "1.0",
        "id": f"ev-{number}",
        "source": "/core",
        "type": "sale.disbursed",
        "time": (AS_OF - timedelta(hours=1)).isoformat(),
        "data": {name: value for name, value in data.items() if value is not GONE},
    }


def line(event: dict[str, Any], **attributes: Any) -> bytes:
    whole = {**event, **attributes}
    return json.dumps({k: v for k, v in whole.items() if v is not GONE}).encode()


def binary(event: dict[str, Any], **attributes: bytes | None) -> Headers:
    own: dict[str, bytes | None] = {name: event[name].encode() for name in ATTRIBUTES}
    return tuple((f"ce_{name}", value) for name, value in {**own, **attributes}.items())


def data_of(event: dict[str, Any]) -> bytes:
    return json.dumps(event["data"]).encode()


def bad_lines() -> list[Sent]:
    """Lines that are refused wherever they come from."""
    bad = sale(0)
    invalid = Reason.INVALID_FIELD
    return [
        Sent(line(bad)[:-9], Reason.MALFORMED_JSON, "truncated"),
        Sent(b"loan LN-0 disbursed", Reason.MALFORMED_JSON, "byte 0"),
        Sent(line(bad).replace(b"LN-0", b"LN\xff\xfe"), Reason.MALFORMED_JSON, "utf-8"),
        Sent(line(sale(0, amount=float("nan"))), Reason.MALFORMED_JSON, "invalid character"),
        Sent(b"[1, 2, 3]", invalid, "envelope: Expected `object`"),
        Sent(line(bad, id=GONE), invalid, "`id` is missing"),
        Sent(line(bad, id="ev\x00-0"), invalid, "`id`"),
        Sent(line(bad, source=None), invalid, "`source` is missing"),
        Sent(line(bad, time=1_774_332_000), invalid, "$.time"),
        Sent(line(bad, time="24.03.2026"), invalid, "`time` is '24.03.2026'"),
        Sent(line(bad, time=GONE), Reason.MISSING_TIME, "`time` is missing"),
        Sent(line(bad, time=None), Reason.MISSING_TIME, "`time` is missing"),
        Sent(line(bad, time="2026-03-24T17:00:00"), Reason.NAIVE_TIME, "`time`"),
        Sent(line(bad, type="sale.paid"), Reason.UNKNOWN_TYPE, "'sale.paid'"),
        Sent(line(bad, type="[/bold]"), Reason.UNKNOWN_TYPE, "'[/bold]'"),
        Sent(line(bad, time=(AS_OF - timedelta(days=801)).isoformat()), Reason.TOO_LATE, "`time`"),
        Sent(line(sale(0, currency="USD")), Reason.WRONG_CURRENCY, "`currency` is USD"),
        Sent(line(sale(0, currency=GONE)), invalid, "`currency`"),
        Sent(line(sale(0, loan_id=None)), invalid, "$.loan_id"),
        Sent(line(sale(0, loan_id="LN\x00")), invalid, "$.loan_id"),
        Sent(line(sale(0, executive_id=17)), invalid, "$.executive_id"),
        Sent(line(sale(0, amount="100")), invalid, "$.amount"),
        Sent(line(sale(0, amount=-100)), invalid, "`amount` is -100"),
        Sent(line(sale(0, amount=10.005)), invalid, "`amount` is 10.005"),
        Sent(line(bad, data=GONE), invalid, "`data` is missing"),
        Sent(line(bad, data=None), invalid, "data: Expected `object`"),
        Sent(line(sale(0, note="x" * 65_536)), Reason.TOO_LARGE, "the limit is 65536"),
    ]


def bad_records() -> list[Sent]:
    """What only a record of a topic can be."""
    event, invalid = sale(0), Reason.INVALID_FIELD
    data = data_of(event)
    late = (AS_OF + timedelta(minutes=6)).isoformat()
    return [
        Sent(None, Reason.MALFORMED_JSON, "the record has no value"),
        Sent(None, Reason.MALFORMED_JSON, "no value", key=None, headers=binary(event)),
        Sent(b"", Reason.MALFORMED_JSON, "truncated", key=b""),
        Sent(line(event, time=late), Reason.FUTURE_TIME, "`time` is 360 s ahead"),
        Sent(line(event), Reason.TOO_LARGE, "the limit is 65536", key=b"k" * 65_536),
        Sent(line(event), Reason.TOO_LARGE, "65536", headers=(("big", b"h" * 300_000),)),
        Sent(data, invalid, "`id` is missing", headers=binary(event, id=None)),
        Sent(data, invalid, "not UTF-8", headers=binary(event, source=b"\xff")),
        Sent(data, invalid, "specversion", headers=binary(event, specversion=b"0.3")),
        Sent(data, Reason.MISSING_TIME, "`time`", headers=binary(event)[:-1]),
        Sent(data, Reason.NAIVE_TIME, "`time`", headers=binary(event, time=b"2026-03-24T17:00:00")),
        Sent(data, Reason.UNKNOWN_TYPE, "sale.paid", headers=binary(event, type=b"sale.paid")),
        Sent(b"{", Reason.MALFORMED_JSON, "truncated", headers=binary(event)),
        Sent(b"{}", invalid, "`loan_id`", headers=binary(event)),
        Sent(line(event), invalid, "`loan_id`", headers=binary(event)),
    ]


def good_records() -> list[Sent]:
    """A sale of 100 rupees each, in every shape that is accepted."""
    return [
        Sent(line(sale(1))),
        Sent(line(sale(2), time=(AS_OF + timedelta(minutes=5)).isoformat())),
        Sent(line(sale(3), subject=None, extension=[1]), headers=(("trace", None), ("", b"\xff"))),
        Sent(data_of(sale(4)), key=None, headers=binary(sale(4))),
        Sent(data_of(sale(5)), headers=(*binary(sale(5)), ("ce_trace", None), ("ce_more", b"1"))),
        Sent(line(sale(6, amount=100.00, future_field={"a": [None]}))),
    ]


def twins() -> list[Sent]:
    """One sale, sent again, and twice with other content under its identity; its amount counts."""
    later = (AS_OF - timedelta(minutes=30)).isoformat()
    conflict = Reason.CONFLICTING_DUPLICATE
    own: Headers = (("trace", None), ("trace", b"\x00"))
    return [
        Sent(line(sale(7))),
        Sent(line(sale(7)), key=None),
        Sent(line(sale(7, amount=999), time=later), conflict, "same source and id", headers=own),
        Sent(line(sale(7)), headers=binary(sale(7))[5:]),
        Sent(line(sale(7, amount=5), time=later), conflict, "loan:LN-7", key=None),
    ]


Origin = tuple[str, str, str]


async def send(settings: Settings, topic: str, sent: list[Sent]) -> dict[Origin, Sent]:
    """Send records to partition 0, in order; which was which, by its origin."""
    origins = {}
    async with AIOKafkaProducer(acks="all", **client_options(settings)) as producer:
        for record in sent:
            # A batch takes what `send` refuses: a record that has neither key nor value.
            batch = producer.create_batch()
            headers = list(record.headers)
            batch.append(key=record.key, value=record.value, timestamp=None, headers=headers)
            batch.close()
            at = await (await producer.send_batch(batch, topic, partition=0))
            origins[topic, "0", str(at.offset)] = record
    return origins


async def letters(settings: Settings) -> dict[Origin, tuple[Sent, str]]:
    """The dead letters by origin: record, reason and detail as found, and when it was rejected."""
    found: dict[Origin, tuple[Sent, str]] = {}
    async for record in records(settings, Names(settings.prefix).dead_letters):
        why = {n: v.decode() for n, v in record.headers if n in dead_letters.HEADERS}
        own = tuple((n, v) for n, v in record.headers if n not in dead_letters.HEADERS)
        origin = why[dead_letters.TOPIC], why[dead_letters.PARTITION], why[dead_letters.OFFSET]
        assert origin not in found
        reason, detail = Reason(why[dead_letters.REASON]), why[dead_letters.DETAIL]
        found[origin] = Sent(record.value, reason, detail, record.key, own), why[dead_letters.TIME]
    return found


@pytest.mark.parametrize("broker", ["embedded_broker", "apache_kafka"])
async def test_every_record_counts_or_is_kept_with_its_reason(
    broker: str, prefix: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    settings = Settings(
        broker=request.getfixturevalue(broker).bootstrap,
        prefix=prefix,
        partitions=2,
        as_of=AS_OF,
        clock=AS_OF,
        commit_interval=0.2,
    )
    names = Names(prefix)
    await topics.create(settings, topics.required(settings, names))
    good, bad, same = good_records(), [*bad_lines(), *bad_records()], twins()
    mixed = [record for pair in zip(bad, good * len(bad), strict=False) for record in pair]

    async with workers(settings, 1, tmp_path, restarts=0) as running:
        sent = await send(settings, names.sources["sales"], [*same, *mixed])
        sent |= await send(settings, names.sources["leads"], bad[::-1])
        async with gauge(settings, names) as measure:
            await drained(measure, lambda _: None, running.check)

    found = await letters(settings)
    refused = {origin: record for origin, record in sent.items() if record.reason is not None}
    assert found.keys() == refused.keys()
    for origin, (letter, time) in found.items():
        want = refused[origin]
        assert (letter.value, letter.key, letter.headers) == (want.value, want.key, want.headers)
        assert letter.reason is want.reason
        assert want.detail in letter.detail
        assert datetime.fromisoformat(time) == AS_OF

    accounts = await settle(settings, names, len(sent), running.logs)
    assert accounts.balanced
    assert accounts.applied == len(good) + 1
    assert accounts.duplicates == len(bad) - len(good) + 2
    reasons = [record.reason for record in refused.values() if record.reason is not None]
    assert accounts.rejected == Counter(reason.value for reason in reasons)
    assert set(reasons) == set(Reason)

    scores = {(s.key, s.window): s for s in await results.newest(settings, names)}
    for entity in ("executive:E-1", "company:company"):
        assert scores[entity, "month"].kpis[VOLUME]["value"] == 100 * (len(good) + 1)


def test_a_replay_counts_what_is_good_and_says_why_the_rest_is_not(tmp_path: Path) -> None:
    recording, output = tmp_path / "mixed.jsonl", tmp_path / "scores.jsonl"
    bad = bad_lines()
    lines = [record.value or b"" for record in bad]
    lines[3:3] = [line(sale(number)) for number in (1, 2, 2, 3)]
    lines += [b"", b"  ", line(sale(4)), line(sale(1))]
    recording.write_bytes(b"\n".join(lines) + b"\n")

    done = salesbell("replay", str(recording), "--output", str(output))

    assert done.returncode == 0, done.stderr
    told = summary(done.stderr)
    assert told["events in"] == str(len(bad) + 6)
    assert told["applied"] == "4"
    assert told["duplicates"] == "2"
    assert told["dead letters"] == str(len(bad))
    for reason, n in Counter(record.reason for record in bad).items():
        assert f"  {reason}".ljust(24) + str(n) in done.stderr.splitlines()
    assert f"{recording}, line 1: malformed_json: " in done.stderr
    currency = f"{recording}, line 21: wrong_currency: `currency` is USD, the company's is INR"
    assert currency in done.stderr.splitlines()
    assert figures(output)["company", "company", "month"][VOLUME]["value"] == 400


def test_a_replay_without_a_valid_event_says_so(tmp_path: Path) -> None:
    recording = tmp_path / "bad.jsonl"
    recording.write_bytes(b"\n".join(record.value or b"" for record in bad_lines()[:5]))
    done = salesbell("replay", str(recording))
    assert done.returncode == 1
    assert "the recording holds no valid event: there is nothing to score" in done.stderr
    assert f"{recording}, line 1: malformed_json: " in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("option", ["--output", "--alerts"])
def test_a_replay_that_could_not_write_does_not_begin(option: str, tmp_path: Path) -> None:
    recording = tmp_path / "good.jsonl"
    recording.write_bytes(line(sale(1)))
    for file, sentence in (
        (tmp_path, f"{tmp_path} is a directory: name a file"),
        (
            tmp_path / "no" / "out",
            f"there is no directory {tmp_path / 'no'} for out: make it first",
        ),
    ):
        done = salesbell("replay", str(recording), option, str(file))
        assert (done.returncode, done.stderr) == (1, f"salesbell: {sentence}\n")


@pytest.mark.parametrize(
    "content",
    [b"no gzip", gzip.compress(b"x" * 9_000, mtime=0)[:30]],
    ids=["not gzip at all", "cut short"],
)
def test_a_replay_names_a_file_that_is_not_whole(content: bytes, tmp_path: Path) -> None:
    recording = tmp_path / "part.jsonl.gz"
    recording.write_bytes(content)
    done = salesbell("replay", str(recording))
    assert done.returncode == 1
    assert done.stderr.startswith(f"salesbell: {recording} is not whole gzip: ")


@pytest.mark.parametrize("time", ["9999-12-31T23:59:59-12:00", "9999-12-31T12:00:00Z"])
def test_a_replay_refuses_what_is_beyond_the_calendar(time: str, tmp_path: Path) -> None:
    recording, output = tmp_path / "end.jsonl", tmp_path / "scores.jsonl"
    now = datetime.fromisoformat("9998-12-31T00:00:00Z")
    recording.write_bytes(
        line(sale(1), time=now.isoformat()) + b"\n" + line(sale(2), time=time) + b"\n"
    )
    done = salesbell("replay", str(recording), "--output", str(output))
    assert done.returncode == 0, done.stderr
    assert "  future_time".ljust(24) + "1" in done.stderr.splitlines()
    assert figures(output)["company", "company", "month"][VOLUME]["value"] == 100
