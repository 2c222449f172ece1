"""The Faust transport ``salesbell://``: record batches in and out, exact offsets.

An app says ``broker="salesbell://host:port"`` (several hosts separated by ``;``) and reads topics
declared with ``schema=BatchSchema()``; the value of each event is then a :class:`Batch`.
"""

from __future__ import annotations

from typing import ClassVar

from faust.transport.drivers import aiokafka as driver

from streams.transport.batch import Batch, BatchSchema
from streams.transport.consumer import Consumer
from streams.transport.producer import (
    Producer,
    Record,
    RecordTooLargeError,
    TopicMissingError,
    WriteError,
)

__all__ = [
    "Batch",
    "BatchSchema",
    "Record",
    "RecordTooLargeError",
    "TopicMissingError",
    "Transport",
    "WriteError",
]


class Transport(driver.Transport):
    """Kafka through aiokafka, batch by batch.

    Limits are attributes of ``app.transport``, to be set before the app starts.

    Attributes:
        max_partition_bytes: Fetched and unacknowledged bytes of a partition above which it is no
            longer fetched; it is again below half of that.
        max_batch_bytes: Record batches are filled up to this size.
        max_record_bytes: Largest record written, in a batch of its own if it must be; no less
            than ``max_batch_bytes``.
    """

    Consumer: ClassVar[type[Consumer]] = Consumer
    Producer: ClassVar[type[Producer]] = Producer

    default_port = 9092
    max_partition_bytes: int = 8 * 1024 * 1024
    max_batch_bytes: int = 1024 * 1024
    max_record_bytes: int = 0
