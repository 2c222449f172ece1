"""The feed of a board: the scores topic from its beginning, and whether the broker answers."""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, NoReturn

from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError

from streams.broker import client_options
from streams.names import Names
from streams.transport.pause import pause_after_empty_fetches

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from scoring.events import Micros
    from streams.settings import Settings
    from streams.watch.board import Board

_POLL_MS = 250
_PROBE_SECONDS = 1.0
_PATIENCE_SECONDS = 3.0
_RETRY_SECONDS = 0.5


async def follow(settings: Settings, board: Board) -> NoReturn:
    """Keep a board up to date until cancelled, whatever becomes of the broker.

    It is in no consumer group and commits nothing.
    """
    while True:
        try:
            await _follow(settings, board)
        except (KafkaError, TimeoutError, OSError):
            board.lost(present())
            await asyncio.sleep(_RETRY_SECONDS)


def present() -> Micros:
    """The present moment, microseconds."""
    return time.time_ns() // 1000


async def _follow(settings: Settings, board: Board) -> NoReturn:
    """Read the topic until the connection is lost.

    Raises:
        KafkaError: If the broker refuses or does not answer.
        TimeoutError: If it is silent.
    """
    topic = Names(settings.prefix).scores
    async with _consumer(settings) as consumer:
        board.connected()
        await _await_topic(consumer, topic)
    async with _consumer(settings, topic) as consumer:
        while True:
            # Without a broker a consumer returns no records, for ever: so it must be asked.
            await _topics(consumer)
            await _read(consumer, board, time.monotonic() + _PROBE_SECONDS)


@asynccontextmanager
async def _consumer(settings: Settings, *topics: str) -> AsyncIterator[AIOKafkaConsumer]:
    consumer = AIOKafkaConsumer(
        *topics,
        **client_options(settings),
        auto_offset_reset="earliest",
        enable_auto_commit=False,
    )
    try:
        await asyncio.wait_for(consumer.start(), _PATIENCE_SECONDS)
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


async def _await_topic(consumer: AIOKafkaConsumer, topic: str) -> None:
    """Wait until there is a topic: to subscribe before would make some brokers create it."""
    while True:
        if topic in await _topics(consumer):
            return
        await asyncio.sleep(_RETRY_SECONDS)


async def _read(consumer: AIOKafkaConsumer, board: Board, until: float) -> None:
    while time.monotonic() < until:
        for records in (await consumer.getmany(timeout_ms=_POLL_MS)).values():
            for record in records:
                board.read(record.key, record.value, present())


async def _topics(consumer: AIOKafkaConsumer) -> set[str]:
    return set(await asyncio.wait_for(consumer.topics(), _PATIENCE_SECONDS))
