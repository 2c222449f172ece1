"""A pause after an empty fetch, for brokers that do not wait for records themselves.

Kafka holds an empty fetch back until records come or its wait is over. A broker that answers
at once would have an idle consumer ask thousands of times a second and keep a core busy.
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aiokafka import AIOKafkaConsumer

_PAUSE_SECONDS = 0.01


def pause_after_empty_fetches(consumer: AIOKafkaConsumer) -> None:
    """Make a started consumer wait for 10 ms after a fetch that came back at once and empty."""
    fetcher = consumer._fetcher  # noqa: SLF001
    fetch = fetcher._proc_fetch_request  # noqa: SLF001

    async def patiently(*request: Any) -> bool:
        began = time.monotonic()
        got = bool(await fetch(*request))
        if not got and time.monotonic() - began < _PAUSE_SECONDS:
            try:
                await asyncio.sleep(_PAUSE_SECONDS)
            except asyncio.CancelledError:
                # As the client's own fetch does when it is no longer wanted.
                return False
        return got

    fetcher._proc_fetch_request = patiently  # noqa: SLF001
