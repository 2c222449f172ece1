"""Intake: source records become arrivals at their subjects, or dead letters.

Stateless. A batch's arrivals and dead letters are acknowledged by the broker before the
batch is; after a crash a batch is read again, and its repeats are recognised downstream by
their origin (topic, partition, offset).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from streams.cloudevents import admit, decode
from streams.dead_letters import RejectedError, dead_letter
from streams.frames import Arrival, FrameWriter, partition_of
from streams.outbox import Outbox
from streams.stamps import Stamp

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aiokafka import ConsumerRecord

    from scoring.events import Event, Micros
    from streams.stage import Stage
    from streams.transport import Batch, Record


#: Timestamps of records are in milliseconds.
_MILLISECOND = 1_000


class _Routed(NamedTuple):
    """What became of a batch.

    Attributes:
        rejected: Its dead letters.
        first: Stamp of its first accepted event.
        newest: Time of its newest accepted event.
    """

    rejected: list[Record]
    first: Stamp | None
    newest: Micros | None


class Intake:
    """The first stage.

    Args:
        stage: What all stages share.
    """

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._admission = stage.settings.admission

    async def process(self, batches: Sequence[Batch]) -> None:
        """Route batches of source partitions."""
        stage = self._stage
        generation = stage.fence.generation
        arrivals = FrameWriter(stage.settings.partitions)
        outbox = Outbox(stage.app)
        stamps: list[Stamp | None] = []
        for batch in batches:
            routed = self._route(batch, arrivals)
            home = partition_of(f"{batch.topic}:{batch.partition}", stage.settings.partitions)
            outbox.records(stage.names.dead_letters, home, routed.rejected)
            stage.meter.took_in(batch.topic, len(batch.records), routed.first, routed.newest)
            stamps.append(routed.first)
        first = min(filter(None, stamps), default=None)
        outbox.frames(stage.names.subjects, arrivals, first)
        stage.fence.check(generation)
        await outbox.send()

    def _route(self, batch: Batch, arrivals: FrameWriter) -> _Routed:
        """Add a batch's arrivals; what became of its records."""
        rejected: list[Record] = []
        first: Stamp | None = None
        newest: Micros | None = None
        now = self._stage.clock.now()
        for record in batch.records:
            try:
                event = self._event(record, now)
            except RejectedError as error:
                self._stage.meter.rejected[batch.topic, error.reason] += 1
                rejected.append(
                    dead_letter(
                        error,
                        key=record.key,
                        value=record.value,
                        headers=record.headers,
                        origin=(batch.topic, record.partition, record.offset),
                        now=self._stage.clock.iso(),
                    )
                )
                continue
            if newest is None or event.time > newest:
                newest = event.time
            if first is None:
                first = Stamp(0, record.timestamp * _MILLISECOND, event.time)
            arrivals.add(event.data.subject, _arrival(event.data.subject, batch.topic, record))
        return _Routed(rejected, first, newest)

    def _event(self, record: ConsumerRecord, now: Micros) -> Event:
        event = decode(record.value, record.headers, record.key)
        admit(event, now, self._admission)
        return event


def _arrival(subject: str, topic: str, record: ConsumerRecord) -> Arrival:
    return Arrival(
        subject,
        topic,
        record.partition,
        record.offset,
        record.key,
        record.value,
        tuple(record.headers),
    )
