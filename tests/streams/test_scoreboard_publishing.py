"""The scoreboard: which scores are published, where and when."""

from __future__ import annotations

import asyncio

from scoring.calendar import PANE
from scoring.windows import ALL_WINDOWS
from streams.frames import partition_of
from tests.streams.stand import E1, E2, NOON, SETTINGS, Stand


async def test_scores_of_all_windows_are_published_where_the_entity_is_at_home(
    stand: Stand,
) -> None:
    stand.sell(E1, 125_050)
    stand.hold("batch")
    async with stand.running():
        await stand.until(lambda: stand.settled)
    assert sorted(stand.producer.published()) == sorted(f"{E1}|{window}" for window in ALL_WINDOWS)
    places = {(topic, partition) for topic, partition, _ in stand.producer.written}
    assert places == {("t.scores", partition_of(E1, SETTINGS.partitions))}
    assert stand.producer.values(f"{E1}|month") == [1250.5]
    assert stand.meter.scores == len(ALL_WINDOWS)


async def test_many_changes_are_scored_once(stand: Stand) -> None:
    for _ in range(50):
        stand.sell(E1, 100)
        stand.hold("batch")
    async with stand.running():
        await stand.until(lambda: len(stand.settled) == 50)
    assert stand.producer.values(f"{E1}|month") == [50]


async def test_origins_are_watched_by_their_names_and_not_scored(stand: Stand) -> None:
    stand.sell("origin:channel:web", 100)
    stand.sell("campaign:CMP-9", 100)
    stand.sell(E1, 100)
    stand.hold("sold")
    async with stand.running():
        await stand.until(lambda: stand.settled)
    assert {key.partition("|")[0] for key in stand.producer.published()} == {E1}
    names = [
        [entity for entity, _ in stand.board.watched(everything=all_)] for all_ in (False, True)
    ]
    assert [sorted(each) for each in names] == [["channel:web", E1]] * 2
    assert [stand.board.has(each) for each in ("channel:web", "campaign:CMP-9", E1)] == [
        True,
        False,
        True,
    ], "what is said of an alert is heard by who watches"


async def test_entities_that_became_empty_leave_tombstones(stand: Stand) -> None:
    stand.sell(E1, 100)
    stand.sell(E2, 100)
    stand.hold("sold")
    async with stand.running():
        await stand.until(lambda: stand.settled)
        stand.producer.written.clear()
        stand.sell(E1, -100)
        stand.hold("cancelled")
        await stand.until(lambda: len(stand.settled) == 2)
    assert {(r.key, r.value) for _, _, r in stand.producer.written} == {
        (f"{E1}|{window}".encode(), None) for window in ALL_WINDOWS
    }


async def test_nothing_is_published_before_the_reference_is_known(stand: Stand) -> None:
    stand.reference.known.clear()
    stand.sell(E1, 100)
    stand.hold("batch")
    async with stand.running():
        for _ in range(20):
            await asyncio.sleep(0)
        assert not stand.producer.begun
        stand.reference.known.set()
        await stand.until(lambda: stand.settled)
    assert stand.producer.values(f"{E1}|month") == [1]


async def test_a_new_owner_publishes_when_it_knows_what_the_former_one_knew(stand: Stand) -> None:
    stand.hold("first")
    async with stand.running():
        await stand.until(lambda: stand.settled)
        stand.board.clear()
        stand.sell(E1, 100)
        stand.hold("taken over")
        for _ in range(20):
            await asyncio.sleep(0)
        assert not stand.producer.begun
        stand.reference.known.set()
        await stand.until(lambda: len(stand.settled) == 2)
    assert stand.producer.values(f"{E1}|month") == [1]


async def test_days_whose_panes_are_forgotten_still_count(stand: Stand) -> None:
    for days_ago in (0, 1, 2, 3, 30):
        stand.sell(E1, 100, at=NOON - days_ago * 288 * PANE)
    stand.hold("batch")
    async with stand.running():
        await stand.until(lambda: stand.settled)
    volumes = {w: stand.producer.values(f"{E1}|{w}")[0] for w in ("1h", "24h", "7d", "quarter")}
    assert volumes == {"1h": 1, "24h": 1, "7d": 4, "quarter": 5}


async def test_partitions_that_went_are_forgotten(stand: Stand) -> None:
    stand.sell(E1, 100)
    stand.board.clear()
    stand.reference.known.set()
    stand.sell(E2, 100)
    stand.hold("batch")
    async with stand.running():
        await stand.until(lambda: stand.settled)
        for listener in stand.reference.changed:
            listener()
        stand.hold("again")
        await stand.until(lambda: len(stand.settled) == 2)
    assert {key.partition("|")[0] for key in stand.producer.published()} == {E2}
