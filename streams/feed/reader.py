"""Reads a topic from its beginning and on, and notices when the broker is away."""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, NamedTuple

from aiokafka import AIOKafkaConsumer

from streams.broker import partitions_of, reader_options
from streams.transport.pause import pause_after_empty_fetches

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Sequence
    from typing import TypeVar

    from aiokafka import ConsumerRecord, TopicPartition

    from streams.settings import Settings

    T = TypeVar("T")

_POLL_MS = 250
_PROBE_SECONDS = 1.0
_PATIENCE_SECONDS = 3.0
#: So few that a process which also answers requests is not kept from them for long.
_BATCH_RECORDS = 500


class FeedError(RuntimeError):
    """The topic cannot be followed as it is; the message says what to do."""


class Reading(NamedTuple):
    """Some records in the order of their partitions, none if nothing new came.

    Attributes:
        records: The records.
        caught_up: Whether everything is read that was there when the reading began.
        answered: Whether the broker is known to have answered since the last reading.
    """

    records: Sequence[ConsumerRecord]
    caught_up: bool
    answered: bool


async def read(settings: Settings, topic: str) -> AsyncGenerator[Reading, None]:
    """Read a topic's partitions from the beginning, and go on for ever.

    Raises:
        FeedError: If there is no such topic, or it was created anew meanwhile.
        KafkaError: If the broker refuses.
        TimeoutError: If it is silent.
    """
    async with _consumer(settings) as consumer:
        partitions = await _assign(consumer, topic)
        ends = await _answer(consumer.end_offsets(partitions))
        caught_up, asked = False, time.monotonic()
        while True:
            # Without a broker a consumer returns no records, for ever: so it must be asked.
            probing = time.monotonic() - asked >= _PROBE_SECONDS
            if probing:
                await _probe(consumer, partitions)
                asked = time.monotonic()
            fetched = await consumer.getmany(timeout_ms=_POLL_MS, max_records=_BATCH_RECORDS)
            records = [record for batch in fetched.values() for record in batch]
            if not caught_up:
                positions = await _positions(consumer, partitions)
                caught_up = all(positions[tp] >= end for tp, end in ends.items())
            yield Reading(records, caught_up, probing or bool(records))
            # What is buffered is handed over without a pause: others must have theirs.
            await asyncio.sleep(0)


@asynccontextmanager
async def _consumer(settings: Settings) -> AsyncIterator[AIOKafkaConsumer]:
    # A position that is no more raises: the topic is another one, and is to be read anew.
    consumer = AIOKafkaConsumer(auto_offset_reset="none", **reader_options(settings))
    try:
        await _answer(consumer.start())
        pause_after_empty_fetches(consumer)
        yield consumer
    finally:
        await _close(consumer)


async def _close(consumer: AIOKafkaConsumer) -> None:
    """Stop a consumer, even if the broker is away.

    `stop` of aiokafka 0.14 then lets the cancellation of its own fetches escape, and leaves the
    connection open: in a task of its own it does not end the caller.
    """
    stopping = asyncio.create_task(consumer.stop())
    await asyncio.wait([stopping], timeout=_PATIENCE_SECONDS)
    if not stopping.done() or stopping.cancelled():
        stopping.cancel()
        await consumer._client.close()  # noqa: SLF001


async def _assign(consumer: AIOKafkaConsumer, topic: str) -> list[TopicPartition]:
    # To subscribe to a topic that is not there would make some brokers create it.
    if topic not in await _answer(consumer.topics()):
        raise FeedError(f"topic {topic} does not exist: run `salesbell topics create`")
    partitions = await _answer(partitions_of(consumer, topic))
    consumer.assign(partitions)
    await _answer(consumer.seek_to_beginning(*partitions))
    return partitions


async def _probe(consumer: AIOKafkaConsumer, partitions: list[TopicPartition]) -> None:
    ends = await _answer(consumer.end_offsets(partitions))
    positions = await _positions(consumer, partitions)
    for partition, end in ends.items():
        if positions[partition] > end:
            raise FeedError(
                f"{partition.topic}/{partition.partition} ends at {end}, but was read to "
                f"{positions[partition]}: it was created anew, and is read again"
            )


async def _positions(
    consumer: AIOKafkaConsumer, partitions: list[TopicPartition]
) -> dict[TopicPartition, int]:
    return {tp: await _answer(consumer.position(tp)) for tp in partitions}


async def _answer(request: Awaitable[T]) -> T:
    # Not `wait_for`: before Python 3.12 it can swallow a cancellation, and then nothing ends.
    async with asyncio.timeout(_PATIENCE_SECONDS):
        return await request
