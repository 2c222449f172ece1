"""Roll-ups stage: what children say adds up to teams, branches and the company.

Order of effects: contributions are written and their changelog is acknowledged *before* the
parent speaks to its own parents and its scores are published. A contribution that is known
changes nothing, but its parent speaks again, in case a crash came between the two. A batch
is acknowledged when the scores that it touched are published.

A team speaks to the evaluators of its members too: what it sold on a day is a note to the
reference, under the version of that day. What is usual in a parent is one too (`norms.py`).
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from scoring.books import is_book
from scoring.events.fields import SEPARATOR
from scoring.rollups import Contribution, ParentDay, replace, touches_sales
from streams.frames import FrameReader, FrameWriter, Upsert
from streams.outbox import Outbox
from streams.stamps import stamp_of
from streams.transport import Record
from streams.turns import Turn

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import TypeAlias

    from scoring.calendar import Day
    from scoring.cells import Entity
    from streams.norms import Teller
    from streams.scoreboard import Scoreboard
    from streams.stage import Stage
    from streams.table import Table
    from streams.transport import Batch

    _ParentDayAt: TypeAlias = tuple[int, Entity, Day]

encode = msgspec.msgpack.Encoder().encode
decode_contribution = msgspec.msgpack.Decoder(Contribution).decode


class _Line(NamedTuple):
    """Where a contribution is kept."""

    partition: int
    parent: Entity
    day: Day
    child: Entity

    @property
    def key(self) -> str:
        """Its key in the table."""
        return SEPARATOR.join((self.parent, str(self.day), self.child))


class Rollups:
    """The stage that owns the table of contributions.

    Args:
        stage: What all stages share.
        table: Contributions by parent, day and child.
        scoreboard: Where totals are kept and scores are published.
        teller: Where it is kept who brought which cases.
    """

    def __init__(
        self, stage: Stage, table: Table[Contribution], scoreboard: Scoreboard, teller: Teller
    ) -> None:
        self._stage = stage
        self._table = table
        self._scoreboard = scoreboard
        self._teller = teller
        self._days: dict[int, dict[tuple[Entity, Day], ParentDay]] = {}
        self._reader: FrameReader[Upsert] = FrameReader(Upsert)

    async def recover(self) -> None:
        """Rebuild what is derived from the table, for the partitions owned now."""
        self._days.clear()
        self._scoreboard.clear()
        self._teller.clear()
        for partition in self._table.owned_partitions():
            days = self._days[partition] = defaultdict(ParentDay)
            for key, contribution in self._table.partition(partition).items():
                parent, day, child = key.split(SEPARATOR)
                days[parent, int(day)].keep(child, contribution)
                totals = self._scoreboard.touch(partition, parent)
                totals.version += contribution.version
                totals.hear(child, int(day), contribution.cells)
                self._teller.hear(parent, totals, child, int(day), contribution.cells)

    async def process(self, batches: Sequence[Batch]) -> None:
        """Apply batches of partitions of the roll-ups topic."""
        stage = self._stage
        generation = stage.fence.generation
        said: dict[_Line, Contribution] = {}
        # The days that are touched, and whether their own parents must hear of it.
        touched: dict[_ParentDayAt, bool] = {}
        again: dict[_ParentDayAt, None] = {}
        turn = Turn()
        for partition, item in self._items(batches):
            await turn.pause()
            at = partition, item.parent, item.day
            touched[at] = touched.get(at, False) or not is_book(item.child)
            line = _Line(partition, item.parent, item.day, item.child)
            kept = replace(said.get(line) or self._known(line), item.contribution)
            if kept is None:
                stage.meter.replays += 1
                again[at] = None
            else:
                said[line] = kept
        entries: dict[int, dict[str, Contribution | None]] = defaultdict(dict)
        for line, contribution in said.items():
            entries[line.partition][line.key] = contribution
        stage.fence.check(generation)
        await asyncio.gather(*(self._table.write(p, changed) for p, changed in entries.items()))
        stage.fence.check(generation)
        sold = self._account(said, touched)
        outbox = Outbox(stage.app)
        speaking = [at for at, passed_on in touched.items() if passed_on]
        outbox.frames(stage.names.rollups, self._upward(speaking), stamp_of(batches))
        outbox.records(stage.names.reference_latest, 0, self._sales({**again, **sold}))
        await outbox.send()

    def _items(self, batches: Sequence[Batch]) -> Iterator[tuple[int, Upsert]]:
        for batch in batches:
            for record in batch.records:
                for item in self._reader.items(record.value):
                    yield batch.partition, item

    def _known(self, line: _Line) -> Contribution | None:
        return self._days[line.partition][line.parent, line.day].known(line.child)

    def _account(
        self,
        said: dict[_Line, Contribution],
        touched: Iterable[_ParentDayAt],
    ) -> dict[_ParentDayAt, None]:
        """Bring the totals up to what is written now.

        Returns:
            The days of which sales changed.
        """
        sold: dict[_ParentDayAt, None] = {}
        for partition, parent, _day in touched:
            self._scoreboard.touch(partition, parent)
        for line, kept in said.items():
            day = self._days[line.partition][line.parent, line.day]
            totals = self._scoreboard.touch(line.partition, line.parent)
            totals.version -= day.version
            delta = day.keep(line.child, kept)
            totals.hear(line.child, line.day, delta)
            self._teller.hear(line.parent, totals, line.child, line.day, delta)
            totals.version += day.version
            if touches_sales(delta):
                sold[line.partition, line.parent, line.day] = None
        return sold

    def _sales(self, days: Iterable[_ParentDayAt]) -> Iterator[Record]:
        """The words of teams to the evaluators of their members."""
        for partition, parent, day in days:
            level, _, team = parent.partition(":")
            if level == "team":
                version, note = self._days[partition][parent, day].sales(team, day)
                yield Record(note.key.encode(), encode((version, note)))

    def _upward(self, speaking: Iterable[_ParentDayAt]) -> FrameWriter:
        frames = FrameWriter(self._stage.settings.partitions)
        for partition, parent, day in speaking:
            for above in self._days[partition][parent, day].upward(parent):
                frames.add(above.parent, Upsert(above.parent, day, parent, above.contribution))
        return frames
