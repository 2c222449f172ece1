"""Waiting until a pipeline has drained.

Every stage acknowledges a batch after its effects are with the broker. So if, at one moment,
the group has committed the end of every partition that it reads, nothing is under way.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiokafka import AIOKafkaConsumer, TopicPartition

from streams.broker import client_options
from streams.positions import committed_offsets
from streams.topics import admin
from streams.topology import flows

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from aiokafka.admin import AIOKafkaAdminClient

    from streams.names import Names
    from streams.settings import Settings

_POLL = 0.1


@dataclass(frozen=True)
class Progress:
    """How far the group is.

    Attributes:
        committed: Records of the source topics that are acknowledged.
        acknowledged: Records of all topics that the group reads that are.
        drained: Whether nothing is under way anywhere.
    """

    committed: int
    acknowledged: int
    drained: bool


class Gauge:
    """Reads a group's progress.

    Args:
        consumer: A client that asks for end offsets.
        client: A client that asks for committed offsets.
        names: The deployment's names.
    """

    def __init__(
        self, consumer: AIOKafkaConsumer, client: AIOKafkaAdminClient, names: Names
    ) -> None:
        self._consumer = consumer
        self._client = client
        self._names = names

    async def progress(self) -> Progress:
        """The progress now."""
        read = {topic for flow in flows(self._names) for topic in flow.reads}
        read.discard(self._names.reference_latest)
        partitions = [
            TopicPartition(topic, number)
            for topic in sorted(read)
            for number in self._consumer.partitions_for_topic(topic) or ()
        ]
        # Committed first: what a stage wrote before it committed is then below the ends.
        committed = await committed_offsets(self._client, self._names.group)
        ends = await self._consumer.end_offsets(partitions)
        done = {tp: max(committed.get(tp, 0), 0) for tp in partitions}
        sources = set(self._names.sources.values())
        return Progress(
            sum(done[tp] for tp in partitions if tp.topic in sources),
            sum(done.values()),
            all(done[tp] >= ends[tp] for tp in partitions),
        )


@asynccontextmanager
async def gauge(settings: Settings, names: Names) -> AsyncIterator[Gauge]:
    """A gauge for the length of a block."""
    consumer = AIOKafkaConsumer(*_topics(names), **client_options(settings))
    await consumer.start()
    try:
        async with admin(settings) as client:
            yield Gauge(consumer, client, names)
    finally:
        await consumer.stop()


async def drained(
    measure: Gauge, on_progress: Callable[[Progress], None], check: Callable[[], None]
) -> None:
    """Wait until nothing is under way.

    Args:
        measure: The gauge.
        on_progress: Told of the progress again and again.
        check: Raises when waiting has become vain.
    """
    while True:
        check()
        progress = await measure.progress()
        on_progress(progress)
        if progress.drained:
            return
        await asyncio.sleep(_POLL)


def _topics(names: Names) -> list[str]:
    return sorted({topic for flow in flows(names) for topic in flow.reads})
