"""Reading a topic once: from its beginning to its present end, or just its last records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiokafka import AIOKafkaConsumer

from streams.broker import partitions_of, reader_options

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from aiokafka import ConsumerRecord, TopicPartition

    from streams.settings import Settings

_POLL_MS = 500


async def records(settings: Settings, topic: str) -> AsyncIterator[ConsumerRecord]:
    """Every record of a topic that is there now, partition by partition in any mixture."""
    consumer = AIOKafkaConsumer(auto_offset_reset="earliest", **reader_options(settings))
    try:
        await consumer.start()
        partitions = await _assign(consumer, topic)
        await consumer.seek_to_beginning(*partitions)
        ends = await consumer.end_offsets(partitions)
        left = [tp for tp in partitions if ends[tp]]
        while left:
            for batch in (await consumer.getmany(*left, timeout_ms=_POLL_MS)).values():
                for record in batch:
                    yield record
            left = [tp for tp in left if await consumer.position(tp) < ends[tp]]
    finally:
        await consumer.stop()


async def newest(settings: Settings, topic: str) -> dict[str, bytes]:
    """What a compacted topic says last under each key, in the order in which it was said."""
    found: dict[str, bytes] = {}
    async for record in records(settings, topic):
        key = (record.key or b"").decode(errors="replace")
        found.pop(key, None)
        if record.value is not None:
            found[key] = record.value
    return found


async def newest_timestamp(settings: Settings, topic: str) -> int | None:
    """The latest timestamp among the last records of a topic's partitions, milliseconds."""
    found = [record.timestamp for record in await last_records(settings, topic)]
    return max(found, default=None)


async def last_records(settings: Settings, topic: str) -> list[ConsumerRecord]:
    """The last record of each of a topic's partitions that has any."""
    consumer = AIOKafkaConsumer(**reader_options(settings))
    try:
        await consumer.start()
        partitions = await _assign(consumer, topic)
        ends = await consumer.end_offsets(partitions)
        full = [tp for tp in partitions if ends[tp]]
        found: list[ConsumerRecord] = []
        for tp in full:
            consumer.seek(tp, ends[tp] - 1)
            for batch in (await consumer.getmany(tp, timeout_ms=_POLL_MS)).values():
                found += batch
        return found
    finally:
        await consumer.stop()


async def is_empty(settings: Settings, tp: TopicPartition, first: int, end: int) -> bool:
    """Whether a partition has no record at offsets from the first one on and below the end."""
    consumer = AIOKafkaConsumer(**reader_options(settings))
    try:
        await consumer.start()
        consumer.assign([tp])
        consumer.seek(tp, first)
        found = await consumer.getmany(tp, timeout_ms=_POLL_MS)
        if any(record.offset < end for batch in found.values() for record in batch):
            return False
        return bool(await consumer.position(tp) >= end)
    finally:
        await consumer.stop()


async def _assign(consumer: AIOKafkaConsumer, topic: str) -> list[TopicPartition]:
    partitions = await partitions_of(consumer, topic)
    consumer.assign(partitions)
    return partitions
