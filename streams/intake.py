"""Intake: source records become arrivals at their subjects, or dead letters.

Stateless. A batch's arrivals and dead letters are acknowledged by the broker before the
batch is; after a crash a batch is read again, and its repeats are recognised downstream by
their origin (topic, partition, offset).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from streams.cloudevents import admit, decode
from streams.dead_letters import RejectedError, dead_letter
from streams.frames import Arrival, FrameWriter, partition_of
from streams.outbox import Outbox

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aiokafka import ConsumerRecord

    from scoring.events import Micros
    from streams.stage import Stage
    from streams.transport import Batch, Record


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
        for batch in batches:
            rejected = self._route(batch, arrivals)
            home = partition_of(f"{batch.topic}:{batch.partition}", stage.settings.partitions)
            outbox.records(stage.names.dead_letters, home, rejected)
            stage.meter.took_in(batch.topic, len(batch.records), len(rejected))
        outbox.frames(stage.names.subjects, arrivals)
        stage.fence.check(generation)
        await outbox.send()

    def _route(self, batch: Batch, arrivals: FrameWriter) -> list[Record]:
        """Add a batch's arrivals; the dead letters among it."""
        rejected = []
        now = self._stage.clock.now()
        for record in batch.records:
            try:
                arrival = self._arrival(batch.topic, record, now)
                arrivals.add(arrival.subject, arrival)
            except RejectedError as error:
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
        return rejected

    def _arrival(self, topic: str, record: ConsumerRecord, now: Micros) -> Arrival:
        event = decode(record.value, record.headers, record.key)
        admit(event, now, self._admission)
        return Arrival(
            event.data.subject,
            topic,
            record.partition,
            record.offset,
            record.key,
            record.value,
            tuple(record.headers),
        )
