"""The sender: events on their way to the broker, many in flight, none forgotten."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from streams.broker import client_options
from streams.names import Names

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine, Iterable

    from streams.demo.book import OutgoingEvent
    from streams.settings import Settings

_RETRY_SECONDS = 1.0
_FAREWELL_SECONDS = 5.0
_LINGER_MS = 20
_BATCH_BYTES = 128 * 1024
#: Events between two turns of the event loop, which a full sender would else starve.
_BREATH = 200

_log = logging.getLogger(__name__)


@asynccontextmanager
async def sender(
    settings: Settings, stop: asyncio.Event
) -> AsyncIterator[Callable[[Iterable[OutgoingEvent]], Coroutine[None, None, None]]]:
    """A connection to the broker for the length of a block.

    Args:
        settings: Where to send.
        stop: Ends waiting for a broker that is away.

    Yields:
        Sends events. It returns when they are on their way, before the broker has them, and
        waits while too many are. What the broker does not take is sent again by a later call.

    Raises:
        KafkaConnectionError: If no broker is reachable at the beginning.
    """
    producer = AIOKafkaProducer(
        **client_options(settings), linger_ms=_LINGER_MS, max_batch_size=_BATCH_BYTES
    )
    try:
        await producer.start()
        yield _Sender(producer, Names(settings.prefix).sources, stop).send
    finally:
        with suppress(TimeoutError):
            await asyncio.wait_for(producer.stop(), _FAREWELL_SECONDS)


class _Sender:
    def __init__(
        self, producer: AIOKafkaProducer, topics: dict[str, str], stop: asyncio.Event
    ) -> None:
        self._producer = producer
        self._topics = topics
        self._stop = stop
        self._refused: deque[OutgoingEvent] = deque()

    async def send(self, events: Iterable[OutgoingEvent]) -> None:
        if self._refused:
            _log.warning("the broker did not take %d events, sending again", len(self._refused))
        for _ in range(len(self._refused)):
            await self._send(self._refused.popleft())
        for turn, event in enumerate(events):
            if self._stop.is_set():
                return
            if turn % _BREATH == 0:
                await asyncio.sleep(0)
            await self._send(event)

    async def _send(self, event: OutgoingEvent) -> None:
        topic = self._topics[event.topic_family]
        while not self._stop.is_set():
            try:
                sent = await self._producer.send(topic, event.value, event.key)
            except KafkaError as error:
                _log.warning("the broker takes no events, trying again: %r", error)
                await asyncio.sleep(_RETRY_SECONDS)
            else:
                sent.add_done_callback(lambda done: self._settle(event, done))
                return

    def _settle(self, event: OutgoingEvent, done: asyncio.Future[object]) -> None:
        if not done.cancelled() and done.exception() is not None:
            self._refused.append(event)
