"""The scoreboard: live totals of owned entities, and the publication of their scores.

Publication is conflated: an entity that changed many times is scored once a round, and a round
begins at most every `publish_interval`. It goes in slices: the scores of some entities are
evaluated and sent, then other work that waits gets its time. A batch is acknowledged only when
the scores of everything that it touched are with the broker.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from scoring.calendar import HOUR, PANE
from scoring.cells import Horizon
from scoring.kpi import Level, level_of
from scoring.origins import ORIGIN, counted_as, watched_as
from scoring.totals import Totals
from scoring.windows import ALL_WINDOWS
from streams.frames import FrameWriter, partition_of
from streams.outbox import Outbox
from streams.transport import Record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from scoring.calendar import Calendar
    from scoring.cells import Entity
    from scoring.evaluation import Evaluator
    from scoring.events import Micros
    from streams.judgements import Judgements, Saying
    from streams.norms import Teller
    from streams.reference import ReferenceReader
    from streams.stage import Stage

_encode = msgspec.json.Encoder().encode
_LEVELS = tuple(f"{level}:" for level in Level)
_WATCHED = (*_LEVELS, ORIGIN)
#: Whom a parent may have as children: a team without members belongs to the company.
_CHILDREN = {
    Level.EXECUTIVE: (),
    Level.TEAM: (Level.EXECUTIVE,),
    Level.BRANCH: (Level.TEAM,),
    Level.COMPANY: (Level.BRANCH, Level.TEAM),
}
#: Windows of hours and their previous values reach back to the day before yesterday.
_DAYS_WITH_HOURS = 2
#: The window of five-minute panes and the one before it.
_HOURS_WITH_PANES = 2
#: A slice ends when its evaluation has taken so long; heartbeats wait for no more than that.
_SLICE_SECONDS = 0.03
#: After evaluating for t seconds, and while work waits, the scoreboard rests for this times t.
_REST = 1
_REST_BEHIND = 4
#: A worker behind by so many bytes, those of some hundred events, catches up sooner the less it
#: publishes what soon changes.
_BEHIND_BYTES = 256 * 1024
_REST_STEP = 0.01


@dataclass
class _Slice:
    """The scores that are evaluated, and sent, at one go.

    Attributes:
        began: When its evaluation began, by the monotonic clock.
        ended: When it ended.
        records: Scores by partition.
        sayings: What the executives among the entities say of their reports.
        totals: From what the scores were evaluated, by entity.
    """

    began: float
    ended: float = 0.0
    records: defaultdict[int, list[Record]] = field(default_factory=lambda: defaultdict(list))
    sayings: list[Saying] = field(default_factory=list)
    totals: dict[Entity, Totals] = field(default_factory=dict)

    @property
    def seconds(self) -> float:
        """How long its evaluation took."""
        return self.ended - self.began


class Scoreboard:
    """Totals and scores of the entities of one stage.

    Args:
        stage: What all stages share.
        evaluator: Turns totals into scores.
        calendar: The business calendar.
        reference: Placements, targets and campaigns as known now.
        as_of: Tells the moment that places the windows.
        judgements: What executives say to their parents of their reports, if these are theirs.
        teller: Tells children what is usual around them, if these are parents.
    """

    def __init__(
        self,
        stage: Stage,
        evaluator: Evaluator,
        calendar: Calendar,
        reference: ReferenceReader,
        as_of: Callable[[], Micros],
        judgements: Judgements | None = None,
        teller: Teller | None = None,
    ) -> None:
        self._stage = stage
        self._evaluator = evaluator
        self._calendar = calendar
        self._reference = reference
        self._as_of = as_of
        self._judgements = judgements
        self._teller = teller
        self._totals: dict[int, dict[Entity, Totals]] = {}
        self._dirty: dict[tuple[int, Entity], None] = {}
        self._touched: set[Entity] = set()
        self._parents: set[Entity] = set()
        self._held: list[Callable[[], object]] = []
        self._wake = asyncio.Event()
        self._pane: Micros = 0
        reference.on_change(self.touch_all)
        reference.on_sales(self.touch_members)
        reference.on_norms(self.touch_children)

    @property
    def horizon(self) -> Horizon:
        """What windows within days still need."""
        as_of = self._as_of()
        pane = self._calendar.pane(as_of - _HOURS_WITH_PANES * HOUR)
        return Horizon(self._calendar.day(as_of) - _DAYS_WITH_HOURS, pane)

    def clear(self) -> None:
        """Forget all entities; their partitions may have gone."""
        self._totals.clear()
        self._dirty.clear()
        self._reference.catch_up()

    def touch(self, partition: int, entity: Entity) -> Totals:
        """The totals of an entity that changes; it will be scored."""
        totals = self._totals.setdefault(partition, {}).get(entity)
        if totals is None:
            totals = self._totals[partition][entity] = Totals()
        if entity.startswith(_LEVELS):
            self._dirty[partition, entity] = None
            self._wake.set()
        if entity.startswith(_WATCHED):
            self._touched.add(entity)
        return totals

    def watched(self, *, everything: bool) -> list[tuple[Entity, Totals]]:
        """The watched entities that were touched since the last call, or all of them, by name."""
        touched, self._touched = self._touched, set()
        return [
            (watched_as(entity), totals)
            for entities in self._totals.values()
            for entity, totals in entities.items()
            if entity.startswith(_WATCHED) and (everything or entity in touched)
        ]

    def has(self, entity: Entity) -> bool:
        """Whether an entity, by the name by which it is watched, is one of this worker's."""
        counted = counted_as(entity)
        return any(counted in entities for entities in self._totals.values())

    def touch_all(self) -> None:
        """Score every entity again: something that all depend on has changed."""
        for partition, entities in self._totals.items():
            for entity in entities:
                self.touch(partition, entity)

    def touch_members(self, teams: set[str]) -> None:
        """Score the executives of some teams again: what the teams sold has changed."""
        self.touch_children({f"{Level.TEAM}:{team}" for team in teams})

    def touch_children(self, parents: set[Entity]) -> None:
        """Score the children of some parents again: what is known of the parents has changed."""
        self._parents |= parents
        self._wake.set()

    def hold(self, acknowledge: Callable[[], object]) -> None:
        """Acknowledge a batch when the scores of what it touched are published."""
        self._held.append(acknowledge)
        self._wake.set()

    async def run(self) -> None:
        """Publish for ever; runs as a task of the application."""
        while True:
            await self._next()
            await self._reference.ready()
            began = time.monotonic()
            await self._round()
            left = began + self._stage.settings.publish_interval - time.monotonic()
            await asyncio.sleep(max(left, 0))

    async def _next(self) -> None:
        """Wait for a change, or for the next pane, in which rolling values change by themselves."""
        pane = self._as_of() // PANE
        if pane == self._pane and not self._wake.is_set():
            left = (pane + 1) * PANE - self._as_of()
            try:
                await asyncio.wait_for(self._wake.wait(), left / 1_000_000 + 0.001)
            except TimeoutError:
                pane = self._as_of() // PANE
        if pane != self._pane:
            self._pane = pane
            self._forget_panes()
            self.touch_all()
        self._wake.clear()

    async def _round(self) -> None:
        """Publish what has changed, and acknowledge what changed it."""
        self._find_children()
        held, self._held = self._held, []
        dirty, self._dirty = self._dirty, {}
        generation = self._stage.fence.generation
        left = iter(dirty)
        while (slice_ := self._evaluated(left)) is not None:
            if not await self._publish(slice_, generation):
                # The group moved: whoever owns these entities now publishes them, from the
                # batches that stay unacknowledged.
                return
            await self._rest(slice_)
        if self._stage.fence.generation == generation:
            for acknowledge in held:
                acknowledge()

    def _evaluated(self, dirty: Iterator[tuple[int, Entity]]) -> _Slice | None:
        """The scores of the next dirty entities, as many as a slice has time for; None at last."""
        slice_ = None
        for partition, entity in dirty:
            slice_ = slice_ or _Slice(time.monotonic())
            totals = self._totals.get(partition, {}).get(entity)
            if totals is not None:
                home = partition_of(entity, self._stage.settings.partitions)
                slice_.records[home] += self._records(entity, totals)
                slice_.sayings += self._sayings(entity, totals)
                slice_.totals[entity] = totals
            slice_.ended = time.monotonic()
            if slice_.seconds > _SLICE_SECONDS:
                break
        return slice_

    async def _publish(self, slice_: _Slice, generation: int) -> bool:
        """Send the scores of a slice; False if they are no longer this worker's to send."""
        outbox = Outbox(self._stage.app)
        for home, scores in slice_.records.items():
            outbox.records(self._stage.names.scores, home, scores)
            self._stage.meter.scores += len(scores)
        if self._stage.fence.generation != generation:
            return False
        if slice_.sayings:
            # Before the scores: whoever sees that they are final knows that nothing else follows.
            await self._say(slice_.sayings)
            if self._stage.fence.generation != generation:
                return False
        if self._teller is not None:
            # As before, and after their evaluation: the norms know no less than the scores.
            await self._teller.touched(slice_.totals)
            if self._stage.fence.generation != generation:
                return False
        await outbox.send()
        return True

    async def _rest(self, slice_: _Slice) -> None:
        """Leave time to other work while any is waiting."""
        backlog = self._stage.backlog
        rest = _REST_BEHIND if backlog.bytes > _BEHIND_BYTES else _REST
        while backlog.batches and time.monotonic() < slice_.ended + rest * slice_.seconds:
            await asyncio.sleep(_REST_STEP)

    def _find_children(self) -> None:
        """Touch those who belong to the parents of which something else is known."""
        parents, self._parents = self._parents, set()
        levels = {child for parent in parents for child in _CHILDREN[level_of(parent)]}
        today, reference = self._calendar.day(self._as_of()), self._reference.reference
        for partition, entities in self._totals.items() if parents else ():
            for entity in entities:
                if (
                    entity.startswith(_LEVELS)
                    and level_of(entity) in levels
                    and reference.ancestors(entity, today)[0] in parents
                ):
                    self.touch(partition, entity)

    def _sayings(self, entity: Entity, totals: Totals) -> Iterator[Saying]:
        if self._judgements is not None:
            saying = self._judgements.unsaid(entity, totals, self._as_of())
            if saying is not None:
                yield saying

    async def _say(self, sayings: Sequence[Saying]) -> None:
        frames = FrameWriter(self._stage.settings.partitions)
        for saying in sayings:
            for upsert in saying.upserts():
                frames.add(upsert.parent, upsert)
        outbox = Outbox(self._stage.app)
        outbox.frames(self._stage.names.rollups, frames, stamp=None)
        await outbox.send()
        if self._judgements is not None:
            self._judgements.said(sayings)

    def _records(self, entity: Entity, totals: Totals) -> list[Record]:
        if totals.empty:
            # Whether it was ever seen depends on the order of arrivals; that it is empty does not.
            return [Record(f"{entity}|{window}".encode(), None) for window in ALL_WINDOWS]
        scores = self._evaluator.scores(entity, totals, self._as_of())
        return [Record(f"{entity}|{score.window}".encode(), _encode(score)) for score in scores]

    def _forget_panes(self) -> None:
        if self._teller is not None:
            self._teller.forget_panes(self.horizon.day)
        for entities in self._totals.values():
            for totals in entities.values():
                totals.forget_panes(self.horizon.day)
