"""A scoreboard and everything around it, which tests hold, free and look at."""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import msgspec

from scoring import slots
from scoring.calendar import micros
from scoring.catalogue import BUILT_IN
from scoring.evaluation import Evaluator
from scoring.reference import Reference
from scoring.score import Score
from streams.meter import Meter
from streams.names import Names
from streams.pump import Backlog
from streams.scoreboard import Scoreboard
from streams.settings import Settings
from tests.scoring.making import number

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

    def values(self, key: str) -> list[float | None]:
        """The volumes published under a key, in order."""
        found = [r.value for _, _, r in self.written if r.key == key.encode() and r.value]
        return [number(decode(value).kpis[VOLUME], "value") for value in found]


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
