"""Reads the reference topic whole, on every worker: everybody needs it, and it is small."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import msgspec
from aiokafka import AIOKafkaConsumer, TopicPartition

from scoring.notes import ReferenceNote
from scoring.reference import Reference
from streams.broker import reader_options
from streams.transport.pause import pause_after_empty_fetches

if TYPE_CHECKING:
    from collections.abc import Callable

    from streams.names import Names
    from streams.settings import Settings

#: Version and note of a record of the reference topic.
decode_note = msgspec.msgpack.Decoder(tuple[int, ReferenceNote]).decode
_POLL_MS = 200


class ReferenceReader:
    """Keeps the reference as known now.

    Repeats and disorder are harmless: for each key the larger version wins.

    Attributes:
        reference: The reference.
    """

    def __init__(self, settings: Settings, names: Names) -> None:
        self.reference = Reference()
        self._settings = settings
        self._names = names
        self._ready = asyncio.Event()
        self._listeners: list[Callable[[], None]] = []

    def on_change(self, listener: Callable[[], None]) -> None:
        """Call a listener after every change."""
        self._listeners.append(listener)

    async def ready(self) -> None:
        """Wait until everything that was there at the start has been read."""
        await self._ready.wait()

    async def run(self) -> None:
        """Read for ever; runs as a task of the application."""
        consumer = AIOKafkaConsumer(auto_offset_reset="earliest", **reader_options(self._settings))
        await consumer.start()
        pause_after_empty_fetches(consumer)
        try:
            await self._follow(consumer)
        finally:
            await consumer.stop()

    async def _follow(self, consumer: AIOKafkaConsumer) -> None:
        partition = TopicPartition(self._names.reference_latest, 0)
        consumer.assign([partition])
        await consumer.seek_to_beginning(partition)
        end = (await consumer.end_offsets([partition]))[partition]
        while True:
            if not self._ready.is_set() and await consumer.position(partition) >= end:
                self._ready.set()
            fetched = await consumer.getmany(partition, timeout_ms=_POLL_MS)
            changed = False
            for record in fetched.get(partition, ()):
                version, note = decode_note(record.value)
                changed |= self.reference.learn(record.key.decode(), version, note)
            if changed:
                for listener in self._listeners:
                    listener()
