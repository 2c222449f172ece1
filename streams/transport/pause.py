"""How long an empty fetch takes: not long, and not no time at all.

The client has one fetch under way per broker. While Kafka holds it for partitions without
records, those whose records were handed over meanwhile are not asked for, so it is not to be
held for long. A broker that answers an empty fetch at once would have an idle consumer ask
thousands of times a second and keep a core busy, so the client pauses after one.
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aiokafka import AIOKafkaConsumer

FETCH_MAX_WAIT_MS = 20
"""How long the broker may hold a fetch that finds no record (Faust has 1,500 built in)."""

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
