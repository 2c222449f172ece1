"""The feed of a board: the scores topic from its beginning, and whether the broker answers."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from typing import TYPE_CHECKING, NoReturn

from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError

from streams.broker import client_options
from streams.names import Names

if TYPE_CHECKING:
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
    """Read the topic over one connection; its loss ends it.

    Raises:
        KafkaError: If the broker refuses or does not answer.
        TimeoutError: If it is silent.
    """
    consumer = AIOKafkaConsumer(
        **client_options(settings), auto_offset_reset="earliest", enable_auto_commit=False
    )
    try:
        await asyncio.wait_for(consumer.start(), _PATIENCE_SECONDS)
        board.connected()
        topic = Names(settings.prefix).scores
        while True:
            # Without a broker a consumer returns no records, for ever: so it must be asked.
            # To subscribe to a topic that is not there would make some brokers create it.
            if topic in await _topics(consumer) and not consumer.subscription():
                consumer.subscribe([topic])
            await _read(consumer, board, time.monotonic() + _PROBE_SECONDS)
    finally:
        with suppress(TimeoutError):
            await asyncio.wait_for(consumer.stop(), _PATIENCE_SECONDS)


async def _read(consumer: AIOKafkaConsumer, board: Board, until: float) -> None:
    while time.monotonic() < until:
        for records in (await consumer.getmany(timeout_ms=_POLL_MS)).values():
            for record in records:
                board.read(record.key, record.value, present())


async def _topics(consumer: AIOKafkaConsumer) -> set[str]:
    return set(await asyncio.wait_for(consumer.topics(), _PATIENCE_SECONDS))
