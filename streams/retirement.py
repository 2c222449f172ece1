"""Retirement: subjects that no admissible event can change any more are forgotten.

This only says so, in the subject's own log; the journeys stage does it when it reads that. So
forgetting has a place among the other records of the subject: whoever reads the log again does the
same at the same place, and what a worker says that was replaced meanwhile concerns a version that
the subject no longer has, or is right.

A first retirement leaves a grave, a small state with a version; a second one removes it when
nobody can still write or read again what lies before it.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from scoring.calendar import HOUR
from scoring.lives import forgettable_after
from scoring.subjects import lifetime_of
from streams.frames import FrameWriter, Retirement
from streams.outbox import Outbox
from streams.store import PartitionNotOwnedError
from streams.turns import Turn

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scoring.events import Micros
    from scoring.journeys import Journey
    from scoring.meaning import Rules
    from streams.stage import Stage
    from streams.table import Table

#: Seconds between two looks at all subjects.
_REST = 3600.0
#: Subjects of one step, and seconds between two steps.
_STEP = 500
_PAUSE = 0.1
#: More than clocks differ, and than intake needs from its look at the clock to the log.
_TOLERANCE = 24 * HOUR
#: More than logs are kept, so that nobody reads again what lies before a grave.
_MOURNING = 8 * 24 * HOUR


def is_over(
    subject: str, journey: Journey, now: Micros, silence: Micros, retention: Micros
) -> bool:
    """Whether nothing that is let in from now on can concern what is known of a subject.

    Args:
        subject: Its key.
        journey: Its state.
        now: The moment.
        silence: What ends a life, microseconds.
        retention: How late events may be, microseconds.
    """
    if journey.grave is not None and journey.is_empty:
        return journey.grave.time + _MOURNING < now
    lifetime = lifetime_of(subject)
    first_admitted = now - retention - _TOLERANCE
    if lifetime is None or (journey.events and journey.events[-1].time + silence >= first_admitted):
        return False
    return forgettable_after(journey.history, lifetime, silence) < first_admitted


class Retirements:
    """Finds the subjects that can be forgotten, a few at a time, beside the work.

    Args:
        stage: What all stages share.
        table: Journeys by subject key.
        rules: What decides the content of facts.
    """

    def __init__(self, stage: Stage, table: Table[Journey], rules: Rules) -> None:
        self._stage = stage
        self._table = table
        self._silence = rules.silence
        self._admission = stage.settings.admission.retention
        self._due = asyncio.Event()

    async def recover(self) -> None:
        """Look at the partitions owned now, without waiting for the next hour."""
        self._due.set()

    async def run(self) -> None:
        """Look at all subjects now and then; runs as a task of the application."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(_REST):
                    await self._due.wait()
            self._due.clear()
            generation = self._stage.fence.generation
            for partition in self._table.owned_partitions():
                await self._look(partition, generation)

    async def _look(self, partition: int, generation: int) -> None:
        """Retire what is over in a partition, until somebody else may own it."""
        try:
            known = list(self._table.partition(partition).items())
        except PartitionNotOwnedError:
            return
        now = await self._now(journey for _, journey in known)
        for first in range(0, len(known), _STEP):
            step = known[first : first + _STEP]
            over = [(key, journey) for key, journey in step if self._is_over(key, journey, now)]
            if self._has_moved(generation):
                return
            if over:
                await self._retire(over, now, generation)
            await asyncio.sleep(_PAUSE if over else 0)

    async def _now(self, journeys: Iterable[Journey]) -> Micros:
        """The clock, but no later than the newest event: a wrong clock forgets nothing."""
        newest = 0
        turn = Turn()
        for journey in journeys:
            if journey.events:
                newest = max(newest, journey.events[-1].time)
            await turn.pause()
        return min(self._stage.clock.now(), newest)

    def _is_over(self, subject: str, journey: Journey, now: Micros) -> bool:
        return is_over(subject, journey, now, self._silence, self._admission)

    async def _retire(
        self, over: Iterable[tuple[str, Journey]], now: Micros, generation: int
    ) -> None:
        frames = FrameWriter(self._stage.settings.partitions)
        for subject, journey in over:
            frames.add(subject, Retirement(subject, journey.version, now))
        outbox = Outbox(self._stage.app)
        outbox.frames(self._stage.names.subjects, frames, None)
        self._stage.fence.check(generation)
        await outbox.send()

    def _has_moved(self, generation: int) -> bool:
        return self._stage.fence.generation != generation
