"""Journeys stage: arrivals and hearsay change subjects; the differences travel on.

Order of effects: facts and notes are acknowledged by the broker *before* the subject's state
is written, so a state on disk implies that what it caused is on disk. After a crash between
the two, the record is applied again to the old state and causes the same facts under the
same positions, which panes recognise. What the items of one record cause at one place is one fact.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from scoring.cells import merge
from scoring.journeys import NEW, Change, Grave, Journey, Told, Verdict, born, hear, receive, retire
from scoring.panes import position
from scoring.subjects import lifetime_of, meaning_of
from streams.cloudevents import decode
from streams.dead_letters import Reason, RejectedError, dead_letter
from streams.frames import (
    Arrival,
    Belonging,
    Fact,
    FrameReader,
    FrameWriter,
    Hearsay,
    Retirement,
    SubjectItem,
    partition_of,
)
from streams.outbox import Outbox
from streams.stamps import stamp_of
from streams.transport import Record
from streams.turns import Turn

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scoring.cells import Cells, Place
    from scoring.meaning import Meaning, Rules
    from streams.stage import Stage
    from streams.stamps import Stamp
    from streams.table import Table
    from streams.transport import Batch

encode = msgspec.msgpack.Encoder().encode
decode_journey = msgspec.msgpack.Decoder(Journey).decode


class Journeys:
    """The stage that owns the table of subjects.

    Args:
        stage: What all stages share.
        table: Journeys by subject key.
        rules: What decides the content of facts.
    """

    def __init__(self, stage: Stage, table: Table[Journey], rules: Rules) -> None:
        self._stage = stage
        self._table = table
        self._rules = rules
        self._reader: FrameReader[SubjectItem] = FrameReader(SubjectItem)  # type: ignore[arg-type]

    async def process(self, batches: Sequence[Batch]) -> None:
        """Apply batches of partitions of the subjects topic."""
        stage = self._stage
        generation = stage.fence.generation
        work = {batch.partition: _Work(stage, batch.partition) for batch in batches}
        turn = Turn()
        for batch in batches:
            known = self._table.partition(batch.partition)
            for record in batch.records:
                for index, item in enumerate(self._reader.items(record.value)):
                    at = position("", record.offset, index)[1]
                    self._apply(item, at, known, work[batch.partition])
                    if turn.is_over:
                        await turn.pause()
                work[batch.partition].end_frame()
        outbox = Outbox(stage.app)
        stamp = stamp_of(batches)
        for part in work.values():
            part.fill(outbox, stamp)
        stage.fence.check(generation)
        await outbox.send()
        stage.fence.check(generation)
        await asyncio.gather(
            *(self._table.write(partition, part.journeys) for partition, part in work.items())
        )

    def _apply(self, item: SubjectItem, at: int, known: Mapping[str, Journey], work: _Work) -> None:
        journey = work.journey(item.subject, known)
        if isinstance(item, Retirement):
            if journey is not None:
                work.retire(item, at, journey)
            return
        if journey is None:
            journey = NEW if lifetime_of(item.subject) is None else born(at)
        if journey.grave is not None and at <= journey.grave.at:
            self._stage.meter.verdicts[Verdict.REPLAY.value] += 1
            return
        meaning = meaning_of(item.subject, self._rules)
        if isinstance(item, Arrival):
            origin = f"{item.topic}/{item.partition}@{self._stage.settings.epoch}", item.offset
            event = decode(item.value, item.headers)
            change = receive(journey, event, origin, meaning, work.meanings.get(item.subject))
            self._stage.meter.verdicts[change.verdict.value] += 1
            if change.verdict is Verdict.CONFLICT:
                work.reject(item)
        else:
            was = work.meanings.get(item.subject)
            change = hear(journey, item.sender, item.told, meaning, was)
        if change.verdict is not Verdict.REPLAY:
            work.take(item.subject, at, change)


@dataclass(slots=True)
class _Difference:
    """What the items of a frame caused at one place, and the position of the last that did."""

    cause: int
    cells: Cells


class _Work:
    """The effects of one batch, in order."""

    def __init__(self, stage: Stage, partition: int) -> None:
        self._stage = stage
        self._partition = partition
        partitions = stage.settings.partitions
        self.journeys: dict[str, Journey | None] = {}
        self.meanings: dict[str, Meaning] = {}
        self._differences: dict[Place, _Difference] = {}
        self._facts = FrameWriter(partitions)
        self._hearsay = FrameWriter(partitions)
        self._reference: dict[str, Record] = {}
        self._rejected: list[Record] = []

    def journey(self, subject: str, known: Mapping[str, Journey]) -> Journey | None:
        """The state of a subject; None if nothing is kept of it."""
        return self.journeys[subject] if subject in self.journeys else known.get(subject)

    def retire(self, item: Retirement, at: int, journey: Journey) -> None:
        """Forget a subject whose last word was spoken, if it has not changed since."""
        after = retire(journey, item.version, Grave(item.time, at))
        if after is journey:
            return
        self.journeys[item.subject] = after
        self.meanings.pop(item.subject, None)
        self._stage.meter.retired += after is not None

    def take(self, subject: str, at: int, change: Change) -> None:
        """Note a change of a subject, caused by the item at a position."""
        self.journeys[subject] = change.journey
        if change.meaning is not None:
            self.meanings[subject] = change.meaning
        version = change.journey.version
        for place, cells in change.facts.items():
            known = self._differences.get(place)
            if known is None:
                copied = {index: dict(vector) for index, vector in cells.items()}
                self._differences[place] = _Difference(at, copied)
            else:
                known.cause = at
                merge(known.cells, cells)
        for entity, membership in change.memberships.items():
            self._facts.add(entity, Belonging(entity, version, membership))
        for other, note in change.notes.items():
            self._hearsay.add(other, Hearsay(other, subject, Told(version, note)))
        for key, reference in change.reference.items():
            value = encode((version, reference))
            self._reference[key] = Record(key.encode(), value)

    def end_frame(self) -> None:
        """Make facts of what the items of a frame caused, one for each place.

        A frame is a record of a log, so its borders are the same for whoever reads it again. A
        reader that knows some of its subjects' states already causes less, under positions that are
        no larger; but such a state implies that the whole fact is on disk, so it is a repeat of
        that. So is one where all cancels out: even an empty fact must be there to be repeated.
        """
        for (entity, day), caused in self._differences.items():
            fact = Fact(entity, day, self._partition, caused.cause, caused.cells)
            self._facts.add(entity, fact)
        self._differences.clear()

    def reject(self, item: Arrival) -> None:
        """Send an arrival to the dead letters: its identity is taken by an earlier event."""
        error = RejectedError(
            Reason.CONFLICTING_DUPLICATE,
            f"another event of {item.subject} has the same source and id, other content and an "
            "earlier time",
        )
        self._stage.meter.rejected[item.topic, error.reason] += 1
        self._rejected.append(
            dead_letter(
                error,
                key=item.key,
                value=item.value,
                headers=item.headers,
                origin=(item.topic, item.partition, item.offset),
                now=self._stage.clock.iso(),
            )
        )

    def fill(self, outbox: Outbox, stamp: Stamp | None) -> None:
        """Put in everything that must be acknowledged before the journeys are written."""
        names = self._stage.names
        outbox.frames(names.facts, self._facts, stamp)
        outbox.frames(names.subjects, self._hearsay, stamp)
        outbox.records(names.reference_latest, 0, self._reference.values())
        home = partition_of(f"subjects:{self._partition}", self._stage.settings.partitions)
        outbox.records(names.dead_letters, home, self._rejected)
