"""A fetched batch of records, and how it travels through Faust as one message."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import faust
from faust.types.tuples import TP, ConsumerMessage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aiokafka import ConsumerRecord
    from faust.serializers.schemas import DecodeFunction
    from faust.types import AppT, EventT, Message

    from streams.transport.tracking import PartitionTracker, Span


@dataclass(frozen=True, slots=True)
class Batch:
    """Consecutive records of one partition, as one fetch delivered them.

    Attributes:
        topic: Topic the records were read from.
        partition: Partition the records were read from.
        records: The records in offset order, as the client decoded them; keys and values are
            bytes or None. Empty only at the end of a changelog whose last offsets hold no record.
        first: Offset of the first record.
        last: Offset of the last record.
        size: Bytes of all keys, values and headers.
    """

    topic: str
    partition: int
    records: Sequence[ConsumerRecord]
    first: int
    last: int
    size: int


def batch_of(records: Sequence[ConsumerRecord]) -> Batch:
    """Wrap the records of one fetch of one partition; there must be at least one."""
    first, last = records[0], records[-1]
    return Batch(
        topic=first.topic,
        partition=first.partition,
        records=records,
        first=first.offset,
        last=last.offset,
        size=sum(map(_size_of, records)),
    )


def _size_of(record: ConsumerRecord) -> int:
    size = len(record.key or b"") + len(record.value or b"")
    for name, value in record.headers:
        size += len(name) + len(value or b"")
    return size


class BatchMessage(ConsumerMessage):
    """The Faust message of one batch; its offset is that of the batch's last record.

    Faust acknowledges in two ways: the pure stream iterator calls the consumer, the compiled one
    inlines that call. Both set ``acked``, so that is where the acknowledgement is taken.
    """

    __slots__ = ("_acked", "_span", "_tracker")

    def __init__(
        self,
        batch: Batch,
        timestamp: float,
        timestamp_type: int,
        *,
        generation_id: int | None,
        tracker: PartitionTracker,
        span: Span | None,
    ) -> None:
        self._tracker = tracker
        self._span = span
        super().__init__(
            batch.topic,
            batch.partition,
            batch.last,
            timestamp,
            timestamp_type,
            None,
            None,
            batch,  # type: ignore[arg-type]  # the batch itself, no bytes to decode
            None,
            0,
            batch.size,
            TP(batch.topic, batch.partition),
            generation_id=generation_id,
        )

    @property
    def tracker(self) -> PartitionTracker:
        """The tracker of the run of offsets this batch was fetched in."""
        return self._tracker

    @property
    def acked(self) -> bool:
        """Whether every stream that received the batch has finished it."""
        return self._acked

    @acked.setter
    def acked(self, value: bool) -> None:
        self._acked = value
        # A batch no stream has begun (`tracked` is false) was skipped, not processed: the pure
        # stream iterator acknowledges what it skips during a rebalance.
        if value and self.tracked and self._span is not None:
            self._tracker.acknowledge(self._span)


class BatchSchema(faust.Schema[None, Batch]):
    """The schema of every topic read through this transport: the event's value is the batch.

    Nothing is decoded here, so nothing can fail here: the codecs of the records belong to the
    agent, which can name the offset of a record it cannot read.
    """

    def compile(self, app: AppT, **_: Any) -> DecodeFunction:
        """Return the function Faust calls to make an event of a message."""
        create_event = app.create_event

        async def decode(message: Message, *, propagate: bool = False) -> EventT[Batch]:
            del propagate
            return create_event(None, message.value, None, message)

        return decode
