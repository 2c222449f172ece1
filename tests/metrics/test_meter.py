"""Counters of a worker, and the stamps by which it knows how old its work is."""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import Any

from streams.distribution import Distribution
from streams.meter import Meter, StageMeter
from streams.stamps import HEADER, Stamp, headers, stamp_of
from streams.transport import Batch

FIRST, SECOND = Stamp(0, 1_000_000, 900_000), Stamp(0, 2_000_000, 5)


def batch(*stamps: Stamp | None) -> Batch:
    records: list[Any] = [SimpleNamespace(headers=headers(stamp)) for stamp in stamps]
    return Batch("facts", 0, records, 0, len(records), 10)


def test_a_bound_belongs_to_its_bucket() -> None:
    sizes = Distribution((1.0, 10.0))
    for size in (1.0, 1.5, 10.0, 11.0):
        sizes.note(size)
    assert sizes.cumulative() == [(1.0, 1), (10.0, 3), (float("inf"), 4)]
    assert (sizes.count, sizes.total) == (4, 23.5)


def carried(stamp: Stamp) -> Stamp:
    return stamp._replace(hops=stamp.hops + 1)


def test_the_stamp_that_was_ingested_first_stands_for_a_piece() -> None:
    assert stamp_of([batch(SECOND, None), batch(FIRST)]) == carried(FIRST)
    assert stamp_of([batch(None), batch()]) is None
    assert headers(None) == ()


def test_in_a_stage_that_feeds_itself_no_stamp_goes_round_for_ever() -> None:
    """Each piece holds fresh work and what the piece before it caused."""
    piece = FIRST
    for moment in range(10_000_000, 10_000_100):
        found = stamp_of([batch(piece), batch(Stamp(0, moment, 0))])
        assert found is not None
        assert found.ingested in {FIRST.ingested, moment - 1, moment}
        piece = found
    assert piece.ingested > FIRST.ingested


def test_a_way_without_end_is_counted_to_a_limit() -> None:
    piece = stamp_of([batch(Stamp(0xFFFF, 1, 1))])
    assert piece == Stamp(0xFFFF, 1, 1)


def test_a_strange_header_is_no_stamp() -> None:
    found = [(HEADER, b"short"), (HEADER, None), ("other", b"x" * 17)]
    strange: Any = SimpleNamespace(headers=found)
    assert stamp_of([Batch("facts", 0, [strange], 0, 0, 10)]) is None


def test_delays_are_noted_when_scores_are_published() -> None:
    publishing, passing = StageMeter(publishes=True), StageMeter()
    now = time.time_ns() // 1_000
    seen = batch(Stamp(0, now - 3_000_000, now - 60_000_000))
    for meter in (publishing, passing):
        meter.settled(seen)
        meter.settled(batch(None))
    assert passing.since_ingestion.count == 0
    assert (publishing.since_ingestion.count, publishing.since_event.count) == (1, 1)
    assert publishing.since_ingestion.total >= 3
    assert publishing.since_event.total >= 60


def test_a_clock_that_runs_behind_makes_no_negative_delay() -> None:
    meter = StageMeter(publishes=True)
    ahead = time.time_ns() // 1_000 + 60_000_000
    meter.settled(batch(Stamp(0, ahead, ahead)))
    assert meter.since_ingestion.total == 0


def test_a_source_knows_its_newest_event_whatever_the_order() -> None:
    meter = Meter()
    meter.took_in("leads", 2, Stamp(0, 10_000_000, 7_000_000), 7_000_000)
    meter.took_in("leads", 3, Stamp(0, 11_000_000, 1_000_000), 2_000_000)
    meter.took_in("leads", 1, None, None)
    assert (meter.taken_in["leads"], meter.newest["leads"]) == (6, 7_000_000)
    assert (meter.late("leads").count, meter.late("leads").total) == (2, 13.0)
