"""The teller: says to the children of teams, branches and the company what is usual around them.

Norms go to the reference topic, under the version of what they depend on, which never falls: the
parent's totals, the reference, and the five minutes in which windows are placed. What was said
already is not said again. All children of a parent are scored again for each norm, so in live
work it is said at a pace; a replay has none, and says a norm before it publishes and acknowledges
what the norm depends on. A new owner says all norms anew, so nothing is acknowledged for them.
"""

from __future__ import annotations

import asyncio
import time
from math import inf
from typing import TYPE_CHECKING

import msgspec

from scoring.calendar import PANE
from scoring.kpi import Level, level_of
from scoring.norms import Parts
from streams.outbox import Outbox
from streams.transport import Record
from streams.turns import Turn

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from scoring.calendar import Day
    from scoring.catalogue import Catalogue
    from scoring.cells import Cells, Entity
    from scoring.evaluation import Evaluator
    from scoring.events import Micros
    from scoring.notes import Norm
    from scoring.reference import Reference
    from scoring.totals import Totals
    from streams.stage import Stage

encode = msgspec.msgpack.Encoder().encode


class Teller:
    """What each child brought to its parent, and what the parents said of it.

    Args:
        stage: What all stages share.
        evaluator: Counts cases.
        catalogue: The KPIs.
        reference: Placements, targets and campaigns as known now.
        as_of: Tells the moment that places the windows.
    """

    def __init__(
        self,
        stage: Stage,
        evaluator: Evaluator,
        catalogue: Catalogue,
        reference: Reference,
        as_of: Callable[[], Micros],
    ) -> None:
        self._stage = stage
        self._evaluator = evaluator
        self._measures = catalogue.prior_measures
        self._reference = reference
        self._as_of = as_of
        self._pace = stage.settings.norm_interval
        self._last = -inf
        self._wake = asyncio.Event()
        self.clear()

    def clear(self) -> None:
        """Forget everything; the parents may have gone to another worker."""
        self._parts: dict[Entity, Parts] = {}
        self._said: dict[Entity, Norm] = {}
        self._due: dict[Entity, Totals] = {}

    def hear(self, parent: Entity, totals: Totals, child: Entity, day: Day, cells: Cells) -> None:
        """Add to a day of a parent what a child said of it."""
        parts = self._parts_of(parent, totals)
        if parts is not None:
            parts.hear(child, day, cells)

    def forget_panes(self, before: Day) -> None:
        """Drop the sub-day panes of days before `before`."""
        for parts in self._parts.values():
            parts.forget_panes(before)

    async def touched(self, parents: Mapping[Entity, Totals]) -> None:
        """Take note of parents that changed; without a pace, returns when their norms are said.

        Raises:
            ProducerSendError: If a norm was refused or timed out.
        """
        self._due.update(parents)
        if not self._pace:
            await self._tell()
        elif self._due:
            self._wake.set()

    async def run(self) -> None:
        """Tell at the pace for ever; runs as a task of the application."""
        while True:
            await self._wake.wait()
            await asyncio.sleep(max(self._last + self._pace - time.monotonic(), 0))
            self._wake.clear()
            self._last = time.monotonic()
            await self._tell()

    async def _tell(self) -> None:
        generation = self._stage.fence.generation
        due, self._due = self._due, {}
        norms: list[Norm] = []
        records: list[Record] = []
        turn = Turn()
        for parent, totals in due.items():
            await turn.pause()
            as_of = self._as_of()
            norm = self._evaluator.norm(parent, totals, self._parts_of(parent, totals), as_of)
            if self._said.get(parent) != norm:
                version = totals.version + self._reference.version_of_values + as_of // PANE
                norms.append(norm)
                records.append(Record(norm.key.encode(), encode((version, norm))))
        if self._stage.fence.generation != generation:
            # The group moved: whoever owns these parents now tells their norms.
            return
        outbox = Outbox(self._stage.app)
        outbox.records(self._stage.names.reference_latest, 0, records)
        await outbox.send()
        if self._stage.fence.generation == generation:
            self._said.update((norm.parent, norm) for norm in norms)

    def _parts_of(self, parent: Entity, totals: Totals) -> Parts | None:
        if level_of(parent) is Level.COMPANY:
            return None
        parts = self._parts.get(parent)
        if parts is None:
            parts = self._parts[parent] = Parts(self._measures, totals.books)
        return parts
