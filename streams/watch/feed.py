"""The feed of a board: the scores topic from its beginning, and whether the broker answers."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, NoReturn

from aiokafka.errors import KafkaError

from streams.feed.reader import FeedError, read
from streams.names import Names

if TYPE_CHECKING:
    from scoring.events import Micros
    from streams.settings import Settings
    from streams.watch.board import Board

_RETRY_SECONDS = 0.5


async def follow(settings: Settings, board: Board) -> NoReturn:
    """Keep a board up to date until cancelled, whatever becomes of the broker.

    It is in no consumer group and commits nothing.
    """
    topic = Names(settings.prefix).scores
    while True:
        connected = False
        try:
            async for reading in read(settings, topic):
                if not connected:
                    board.connected()
                    connected = True
                for record in reading.records:
                    board.read(record.key, record.value, present())
        except FeedError as error:
            board.connected(str(error))
        except (KafkaError, TimeoutError, OSError):
            board.lost(present())
        await asyncio.sleep(_RETRY_SECONDS)


def present() -> Micros:
    """The present moment, microseconds."""
    return time.time_ns() // 1000
