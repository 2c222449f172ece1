"""A tail: a small topic of one partition, read whole and then on, by every worker."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from aiokafka import AIOKafkaConsumer, TopicPartition

from streams.broker import reader_options
from streams.transport.pause import pause_after_empty_fetches

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from aiokafka import ConsumerRecord

    from streams.settings import Settings

_POLL_MS = 200
#: How long the broker may hold a fetch that finds nothing. A record ends it at once, and there is
#: no other partition that would wait behind this one.
_PATIENCE_MS = 200


class Tail:
    """Reads a topic for ever.

    Args:
        settings: How the broker is reached.
        topic: Which topic.
        learn: Takes records in the order of the topic, none if nothing new came.
    """

    def __init__(
        self, settings: Settings, topic: str, learn: Callable[[Iterable[ConsumerRecord]], None]
    ) -> None:
        self._settings = settings
        self._partition = TopicPartition(topic, 0)
        self._learn = learn
        self._ready = asyncio.Event()
        self._asked = 0

    def catch_up(self) -> None:
        """Be ready again only when everything that is in the topic from now on has been read."""
        self._ready.clear()
        self._asked += 1

    @property
    def is_ready(self) -> bool:
        """Whether everything that was there at the start, or at `catch_up`, has been read."""
        return self._ready.is_set()

    async def ready(self) -> None:
        """Wait until it is ready."""
        await self._ready.wait()

    async def run(self) -> None:
        """Read for ever; runs as a task of the application."""
        options = {**reader_options(self._settings), "fetch_max_wait_ms": _PATIENCE_MS}
        consumer = AIOKafkaConsumer(auto_offset_reset="earliest", **options)
        await consumer.start()
        pause_after_empty_fetches(consumer)
        try:
            await self._follow(consumer)
        finally:
            await consumer.stop()

    async def _follow(self, consumer: AIOKafkaConsumer) -> None:
        partition = self._partition
        consumer.assign([partition])
        await consumer.seek_to_beginning(partition)
        asked, end = -1, 0
        while True:
            if not self._ready.is_set():
                if asked != self._asked:
                    asked = self._asked
                    end = (await consumer.end_offsets([partition]))[partition]
                if await consumer.position(partition) >= end and asked == self._asked:
                    self._ready.set()
            fetched = await consumer.getmany(partition, timeout_ms=_POLL_MS)
            self._learn(fetched.get(partition, ()))
