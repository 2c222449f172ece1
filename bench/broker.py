"""The broker of a benchmark and the topic that every contender reads."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from bench.events import load_events
from tests.services.kafka import Kafka

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aiokafka.producer.message_accumulator import BatchBuilder

TOPIC: Final = "bench-events"
PARTITIONS: Final = 4
BATCH_BYTES: Final = 256 * 1024


@contextmanager
def broker() -> Iterator[str]:
    """Run Apache Kafka with an empty data directory; yield its address, "host:port"."""
    with (
        tempfile.TemporaryDirectory(prefix="salesbell-bench-") as directory,
        Kafka(Path(directory), heap="1g") as kafka,
    ):
        yield kafka.bootstrap


async def load(bootstrap: str, count: int) -> None:
    """Write `count` events to `TOPIC`, each executive's to one partition, in time order.

    Args:
        bootstrap: The broker's address, "host:port".
        count: How many events.

    Raises:
        ValueError: The topic does not hold exactly these events: its broker is not a fresh one.

    """
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    await admin.create_topics([NewTopic(TOPIC, PARTITIONS, replication_factor=1)])
    await admin.close()
    async with AIOKafkaProducer(
        bootstrap_servers=bootstrap, max_batch_size=BATCH_BYTES, enable_idempotence=True
    ) as producer:
        batches = [producer.create_batch() for _ in range(PARTITIONS)]
        for event in load_events(count):
            partition = event.executive % PARTITIONS
            while not batches[partition].append(key=event.key, value=event.value, timestamp=None):
                await _send(producer, batches, partition)
        for partition in range(PARTITIONS):
            await _send(producer, batches, partition)
    async with AIOKafkaConsumer(bootstrap_servers=bootstrap) as consumer:
        partitions = [TopicPartition(TOPIC, number) for number in range(PARTITIONS)]
        held = sum((await consumer.end_offsets(partitions)).values())
    if held != count:
        raise ValueError(f"{TOPIC} holds {held} events instead of {count}: use a fresh broker")


async def _send(producer: AIOKafkaProducer, batches: list[BatchBuilder], partition: int) -> None:
    written = await producer.send_batch(batches[partition], TOPIC, partition=partition)
    await written
    batches[partition] = producer.create_batch()
