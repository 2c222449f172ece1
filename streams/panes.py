"""Panes stage: facts fold into an executive's days, and the days speak to their parents.

Order of effects: panes are written and their changelog is acknowledged *before* what they
amount to is said to parents and published. A fact that was applied before changes nothing,
but what its pane amounts to is said again, in case a crash came between the two. A batch is
acknowledged when the scores that it touched are published.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from scoring.events.fields import SEPARATOR
from scoring.figures import holds_figures
from scoring.panes import EMPTY, UNKNOWN, Member, OpenPane, Pane, parents_of
from scoring.rollups import Contribution
from scoring.upward import heard
from streams.frames import Belonging, EntityItem, Fact, FrameReader, FrameWriter, Upsert
from streams.judgements import Home
from streams.outbox import Outbox
from streams.stamps import stamp_of
from streams.turns import Turn

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from scoring.calendar import Day
    from scoring.cells import Cells, Entity, Horizon
    from streams.judgements import Judgements
    from streams.scoreboard import Scoreboard
    from streams.stage import Stage
    from streams.table import Table
    from streams.transport import Batch

encode = msgspec.msgpack.Encoder().encode


class StoredPane(msgspec.Struct, frozen=True, array_like=True, tag="p"):
    """A pane as the table keeps it."""

    pane: Pane

    @property
    def version(self) -> int:
        """The pane's version."""
        return self.pane.version


class StoredMember(msgspec.Struct, frozen=True, array_like=True, tag="m"):
    """A membership as the table keeps it."""

    member: Member

    @property
    def version(self) -> int:
        """The membership's version."""
        return self.member.version


Stored = StoredPane | StoredMember
decode_stored = msgspec.msgpack.Decoder(Stored).decode


class Panes:
    """The stage that owns the table of executives' (and campaigns') days.

    Args:
        stage: What all stages share.
        table: Panes by entity and day, memberships by entity.
        scoreboard: Where totals are kept and scores are published.
        judgements: Where days with reports are kept.
    """

    def __init__(
        self,
        stage: Stage,
        table: Table[Stored],
        scoreboard: Scoreboard,
        judgements: Judgements,
    ) -> None:
        self._stage = stage
        self._table = table
        self._scoreboard = scoreboard
        self._judgements = judgements
        self._days: dict[int, dict[Entity, set[Day]]] = {}
        self._reader: FrameReader[EntityItem] = FrameReader(EntityItem)  # type: ignore[arg-type]

    async def recover(self) -> None:
        """Rebuild what is derived from the table, for the partitions owned now."""
        self._days.clear()
        self._scoreboard.clear()
        self._judgements.clear()
        for partition in self._table.owned_partitions():
            days = self._days[partition] = defaultdict(set)
            kept = self._table.partition(partition)
            for key, stored in kept.items():
                entity, _, day = key.partition(SEPARATOR)
                totals = self._scoreboard.touch(partition, entity)
                totals.version += stored.version
                if isinstance(stored, StoredPane):
                    days[entity].add(int(day))
                    totals.add(int(day), stored.pane.cells)
                    if holds_figures(stored.pane.cells):
                        home = _home(entity, int(day), stored.pane, _member(kept, entity))
                        self._judgements.touch(entity, int(day), home, figures=True)

    async def process(self, batches: Sequence[Batch]) -> None:
        """Apply batches of partitions of the facts topic."""
        stage = self._stage
        generation = stage.fence.generation
        work = {
            p: _Work(self._table.partition(p), self._days[p])
            for p in {batch.partition for batch in batches}
        }
        turn = Turn()
        for partition, item in self._items(batches):
            work[partition].apply(item)
            if turn.is_over:
                await turn.pause()
        horizon = self._scoreboard.horizon
        entries = {p: part.entries(horizon) for p, part in work.items()}
        stage.fence.check(generation)
        await asyncio.gather(*(self._table.write(p, changed) for p, changed in entries.items()))
        stage.fence.check(generation)
        outbox = Outbox(stage.app)
        stamp = stamp_of(batches)
        for partition, part in work.items():
            self._account(partition, part)
            outbox.frames(stage.names.rollups, self._upward(part), stamp)
        await outbox.send()

    def _items(self, batches: Sequence[Batch]) -> Iterator[tuple[int, EntityItem]]:
        for batch in batches:
            for record in batch.records:
                for item in self._reader.items(record.value):
                    yield batch.partition, item

    def _account(self, partition: int, work: _Work) -> None:
        """Bring the totals up to what is written now."""
        for entity, growth in work.growth.items():
            self._scoreboard.touch(partition, entity).version += growth
        for entity, day, delta in work.deltas():
            self._scoreboard.touch(partition, entity).add(day, delta)
        for entity, day, _, home in work.touched:
            self._judgements.touch(entity, day, home, figures=work.holds_figures(entity, day))
        self._stage.meter.facts += work.folded
        self._stage.meter.replays += work.replays

    def _upward(self, work: _Work) -> FrameWriter:
        frames = FrameWriter(self._stage.settings.partitions)
        for upsert in work.upserts():
            frames.add(upsert.parent, upsert)
        return frames


class _Work:
    """The panes of one partition that a piece of work touches, opened once each.

    Attributes:
        folded: Number of facts that were new.
        replays: Number of facts that were not.
    """

    def __init__(self, stored: Mapping[str, Stored], days: dict[Entity, set[Day]]) -> None:
        self._stored = stored
        self._days = days
        self._open: dict[tuple[Entity, Day], OpenPane] = {}
        self._members: dict[Entity, Member] = {}
        self._closed: dict[tuple[Entity, Day], Pane] = {}
        self._told: dict[Entity, int] = {}
        self._figures: set[tuple[Entity, Day]] = set()
        self.folded = 0
        self.replays = 0

    def apply(self, item: EntityItem) -> None:
        """Apply an item to the panes that it touches."""
        if isinstance(item, Fact):
            self._fold(item)
        else:
            self._belong(item)

    def _fold(self, fact: Fact) -> None:
        pane = self._pane(fact.entity, fact.day)
        untouched = not pane.changed
        if not pane.fold((str(fact.cause_partition), fact.cause), fact.cells):
            self.replays += 1
            if holds_figures(fact.cells):
                self._figures.add((fact.entity, fact.day))
            return
        self.folded += 1
        if untouched:
            for parent in parents_of(fact.entity, self._member(fact.entity), fact.day):
                pane.meet(parent.entity)

    def _belong(self, said: Belonging) -> None:
        known = self._member(said.entity)
        told = self._told.setdefault(said.entity, 0)
        if said.version <= known.version:
            for day in self._days[said.entity]:
                self._pane(said.entity, day)
            return
        member = Member(version=said.version, membership=said.membership)
        self._members[said.entity] = member
        self._told[said.entity] = told + said.version - known.version
        for day in self._days[said.entity]:
            before, after = (parents_of(said.entity, m, day) for m in (known, member))
            if before != after:
                self._pane(said.entity, day).move(*(parent.entity for parent in after))

    @property
    def growth(self) -> dict[Entity, int]:
        """By how much the version of each touched entity grows."""
        growth = defaultdict(int, self._told)
        for (entity, _), pane in self._open.items():
            growth[entity] += pane.growth
        return growth

    def deltas(self) -> Iterator[tuple[Entity, Day, Cells]]:
        """What the new facts of each touched pane add up to, no finer than windows need."""
        return ((entity, day, pane.delta) for (entity, day), pane in self._open.items())

    def holds_figures(self, entity: Entity, day: Day) -> bool:
        """Whether figures came to a touched pane, went from it, or may have to be said again."""
        return (entity, day) in self._figures or holds_figures(self._open[entity, day].delta)

    def entries(self, horizon: Horizon) -> dict[str, Stored | None]:
        """What the batch writes to the table."""
        entries: dict[str, Stored | None] = {
            entity: StoredMember(member) for entity, member in self._members.items()
        }
        for (entity, day), open_pane in self._open.items():
            if open_pane.changed:
                pane = open_pane.close(day, horizon)
                self._closed[entity, day] = pane
                entries[f"{entity}{SEPARATOR}{day}"] = StoredPane(pane)
        return entries

    @cached_property
    def touched(self) -> Sequence[_Touched]:
        """The touched panes as they are once the entries are made."""
        found = []
        for entity, day in self._open:
            pane = self._closed.get((entity, day)) or self._known(entity, day)
            home = _home(entity, day, pane, self._member(entity))
            found.append(_Touched(entity, day, pane, home))
        return found

    def upserts(self) -> Iterator[Upsert]:
        """What the touched panes amount to, for every parent that ever heard of them."""
        for entity, day, pane, (parents, current) in self.touched:
            for parent in parents:
                here = parent in current
                yield Upsert(
                    parent,
                    day,
                    entity,
                    Contribution(
                        version=pane.version,
                        branch=current.get(parent),
                        cells=heard(pane.cells, current[parent]) if here else {},
                    ),
                )

    def _pane(self, entity: Entity, day: Day) -> OpenPane:
        pane = self._open.get((entity, day))
        if pane is None:
            pane = self._open[entity, day] = OpenPane(self._known(entity, day))
            self._days[entity].add(day)
        return pane

    def _known(self, entity: Entity, day: Day) -> Pane:
        stored = self._stored.get(f"{entity}{SEPARATOR}{day}")
        return stored.pane if isinstance(stored, StoredPane) else EMPTY

    def _member(self, entity: Entity) -> Member:
        changed = self._members.get(entity)
        if changed is not None:
            return changed
        return _member(self._stored, entity)


class _Touched(NamedTuple):
    """A pane, whose it is, and who hears of it."""

    entity: Entity
    day: Day
    pane: Pane
    home: Home


def _member(stored: Mapping[str, Stored], entity: Entity) -> Member:
    known = stored.get(entity)
    return known.member if isinstance(known, StoredMember) else UNKNOWN


def _home(entity: Entity, day: Day, pane: Pane, member: Member) -> Home:
    current = {parent.entity: parent.branch for parent in parents_of(entity, member, day)}
    return Home(pane.parents, current)
