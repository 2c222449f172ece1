"""The scoreboard: what is published, when again, and which batches are acknowledged for it."""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from scoring import slots
from scoring.calendar import PANE, micros
from scoring.catalogue import BUILT_IN
from scoring.evaluation import Evaluator
from scoring.notes import Placement, Placements
from scoring.reference import Reference
from scoring.score import Score
from scoring.windows import ALL_WINDOWS
from streams.frames import partition_of
from streams.meter import Meter
from streams.names import Names
from streams.pump import Backlog
from streams.scoreboard import Scoreboard
from streams.settings import Settings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence

    from scoring.events import Micros
    from streams.transport import Record

NOON = micros(datetime.fromisoformat("2026-03-24T12:00:00+05:30"))
E1, E2 = "executive:E-1", "executive:E-2"
SETTINGS = Settings(publish_interval=0.001, partitions=8)
VOLUME = "sales_targets.sales_volume"

decode = msgspec.json.Decoder(Score).decode


class Producer:
    """Keeps what is written; a write returns when `free` lets it."""

    def __init__(self) -> None:
        self.written: list[tuple[str, int, Record]] = []
        self.begun = 0
        self.free = asyncio.Event()
        self.free.set()
        self.failure: Exception | None = None

    async def write(self, topic: str, partition: int, records: Sequence[Record]) -> int:
        self.begun += 1
        await self.free.wait()
        if self.failure is not None:
            raise self.failure
        self.written += [(topic, partition, record) for record in records]
        return 0

    def published(self) -> list[str]:
        return [(record.key or b"").decode() for _, _, record in self.written]

    def values(self, key: str) -> list[float | int | None]:
        """The volumes published under a key, in order."""
        found = [r.value for _, _, r in self.written if r.key == key.encode() and r.value]
        return [decode(value).kpis[VOLUME]["value"] for value in found]  # type: ignore[misc]


class Clock:
    """The real one, moved so that it began at a moment of one's choice."""

    def __init__(self) -> None:
        self.start(NOON)

    def start(self, at: Micros) -> None:
        self._ahead = at - time.monotonic_ns() // 1000

    def now(self) -> Micros:
        return time.monotonic_ns() // 1000 + self._ahead


class Fence:
    """Tells a generation: those of `generation_at` one after the other, then always 2."""

    def __init__(self) -> None:
        self.generation_at: list[int] = []

    @property
    def generation(self) -> int:
        return self.generation_at.pop(0) if self.generation_at else 2


@dataclass
class Stand:
    """A scoreboard and everything around it."""

    producer: Producer = field(default_factory=Producer)
    clock: Clock = field(default_factory=Clock)
    fence: Fence = field(default_factory=Fence)
    reference: Any = field(
        default_factory=lambda: SimpleNamespace(
            reference=Reference(), changed=[], sold=[], norms=[], known=asyncio.Event()
        )
    )
    settled: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.reference.on_change = self.reference.changed.append
        self.reference.on_sales = self.reference.sold.append
        self.reference.on_norms = self.reference.norms.append
        self.reference.catch_up = self.reference.known.clear
        self.reference.ready = self.reference.known.wait
        self.reference.known.set()
        self.calendar = SETTINGS.calendar
        self.meter = Meter()
        stage: Any = SimpleNamespace(
            app=SimpleNamespace(producer=self.producer),
            settings=SETTINGS,
            names=Names("t"),
            fence=self.fence,
            meter=self.meter,
            backlog=Backlog(),
        )
        evaluator = Evaluator(BUILT_IN, self.calendar, 14, self.reference.reference)
        self.board = Scoreboard(stage, evaluator, self.calendar, self.reference, self.clock.now)

    def sell(self, entity: str, amount: int, at: Micros = NOON, partition: int = 0) -> None:
        """A loan of some minor units; a negative one takes it back."""
        pane = self.calendar.pane(at)
        vector = {slots.LOANS: 1 if amount > 0 else -1, slots.VOLUME: amount}
        totals = self.board.touch(partition, entity)
        totals.version += 1
        totals.add(pane.day, {pane.number: vector})

    def hold(self, batch: str) -> None:
        self.board.hold(lambda: self.settled.append(batch))

    @asynccontextmanager
    async def running(self) -> AsyncIterator[asyncio.Task[None]]:
        task = asyncio.create_task(self.board.run())
        try:
            yield task
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError, RuntimeError):
                await task

    async def until(self, condition: Callable[[], object]) -> None:
        async with asyncio.timeout(20):
            while not condition():
                await asyncio.sleep(0.001)


@pytest.fixture
async def stand() -> Stand:
    return Stand()


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


async def test_a_batch_is_acknowledged_after_its_scores_are_written(stand: Stand) -> None:
    stand.producer.free.clear()
    stand.sell(E1, 100)
    stand.hold("first")
    async with stand.running():
        await stand.until(lambda: stand.producer.begun)
        stand.sell(E1, 200)
        stand.hold("second")
        assert stand.settled == []
        stand.producer.free.set()
        await stand.until(lambda: "second" in stand.settled)
    assert stand.settled == ["first", "second"]
    assert stand.producer.values(f"{E1}|month") == [1, 3]


async def test_a_batch_that_came_during_a_write_waits_for_the_next(stand: Stand) -> None:
    stand.producer.free.clear()
    stand.sell(E1, 100)
    stand.hold("first")
    async with stand.running():
        await stand.until(lambda: stand.producer.begun == 1)
        stand.sell(E2, 200)
        stand.hold("second")
        stand.producer.free.set()
        stand.producer.free.clear()
        await stand.until(lambda: stand.producer.begun == 2)
        assert stand.settled == ["first"]
        stand.producer.free.set()
        await stand.until(lambda: len(stand.settled) == 2)
    assert stand.producer.values(f"{E2}|month") == [2]


async def test_a_failed_write_acknowledges_nothing_and_ends_the_task(stand: Stand) -> None:
    stand.producer.failure = RuntimeError("refused")
    stand.sell(E1, 100)
    stand.hold("batch")
    async with stand.running() as task:
        with pytest.raises(RuntimeError, match="refused"):
            await asyncio.wait_for(task, 20)
    assert stand.settled == []


async def test_what_a_former_generation_held_is_not_acknowledged(stand: Stand) -> None:
    stand.fence.generation_at = [1, 2]
    stand.sell(E1, 100)
    stand.hold("old")
    async with stand.running():
        await stand.until(lambda: not stand.fence.generation_at)
        stand.sell(E2, 100)
        stand.hold("new")
        await stand.until(lambda: stand.settled)
    assert stand.settled == ["new"]
    assert {key.partition("|")[0] for key in stand.producer.published()} == {E2}


async def test_many_changes_are_scored_once(stand: Stand) -> None:
    for _ in range(50):
        stand.sell(E1, 100)
        stand.hold("batch")
    async with stand.running():
        await stand.until(lambda: len(stand.settled) == 50)
    assert stand.producer.values(f"{E1}|month") == [50]


async def test_a_batch_without_scores_is_acknowledged_too(stand: Stand) -> None:
    stand.sell("campaign:CMP-9", 100)
    stand.hold("campaign")
    async with stand.running():
        await stand.until(lambda: stand.settled)
    assert stand.producer.written == []


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


async def test_a_change_of_the_reference_scores_everybody_again(stand: Stand) -> None:
    stand.sell(E1, 100)
    stand.sell(E2, 100, partition=3)
    async with stand.running():
        await stand.until(lambda: len(stand.producer.written) == 2 * len(ALL_WINDOWS))
        for listener in stand.reference.changed:
            listener()
        await stand.until(lambda: len(stand.producer.written) == 4 * len(ALL_WINDOWS))
    assert stand.producer.values(f"{E1}|month") == [1, 1]
    assert stand.producer.values(f"{E2}|month") == [1, 1]


async def test_what_a_team_sold_concerns_only_its_members(stand: Stand) -> None:
    known: Reference = stand.reference.reference
    for executive, team in ((E1, "T-1"), (E2, "T-2")):
        name = executive.partition(":")[2]
        seat = Placement(0, team, "B-1", active=True, name=None)
        known.learn(executive, 1, Placements(name, (seat,)))
    for entity in (E1, E2, "executive:E-3", "team:T-1"):
        stand.sell(entity, 100)
    async with stand.running():
        await stand.until(lambda: len(stand.producer.written) == 4 * len(ALL_WINDOWS))
        for teams in ({"T-1"}, {"unplaced", "T-9"}):
            stand.producer.written.clear()
            for told in stand.reference.sold:
                told(teams)
            stand.hold("sold")
            await stand.until(lambda: stand.settled)
            stand.settled.clear()
            woken = E1 if "T-1" in teams else "executive:E-3"
            assert {key.partition("|")[0] for key in stand.producer.published()} == {woken}


async def test_what_a_parent_says_concerns_only_its_children(stand: Stand) -> None:
    known: Reference = stand.reference.reference
    for executive, team, branch in ((E1, "T-1", "B-1"), (E2, "T-2", "B-2")):
        name = executive.partition(":")[2]
        seat = Placement(0, team, branch, active=True, name=None)
        known.learn(executive, 1, Placements(name, (seat,)))
    everybody = (E1, E2, "team:T-1", "team:T-2", "team:T-9", "branch:B-1", "company:company")
    for entity in everybody:
        stand.sell(entity, 100)
    children = {
        "team:T-1": {E1},
        "branch:B-2": {"team:T-2"},
        # A team without members belongs to the company.
        "company:company": {"branch:B-1", "team:T-9"},
    }
    async with stand.running():
        await stand.until(lambda: len(stand.producer.written) == len(everybody) * len(ALL_WINDOWS))
        for parent, woken in children.items():
            stand.producer.written.clear()
            for told in stand.reference.norms:
                told({parent})
            stand.hold("said")
            await stand.until(lambda: stand.settled)
            stand.settled.clear()
            assert {key.partition("|")[0] for key in stand.producer.published()} == woken


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


async def test_rolling_windows_are_scored_again_in_the_next_pane(stand: Stand) -> None:
    # The sale is in the first of the twelve panes of the last hour, for a moment more.
    stand.clock.start(NOON + 12 * PANE - 200_000)
    stand.sell(E1, 100, at=NOON)
    async with stand.running():
        await stand.until(lambda: len(stand.producer.values(f"{E1}|1h")) == 2)
    assert stand.producer.values(f"{E1}|1h") == [1, 0]
    assert stand.producer.values(f"{E1}|day") == [1, 1]
    moments = [
        micros(datetime.fromisoformat(decode(r.value).as_of))
        for _, _, r in stand.producer.written
        if r.value is not None and r.key == f"{E1}|1h".encode()
    ]
    assert moments[0] < NOON + 12 * PANE <= moments[1]


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
