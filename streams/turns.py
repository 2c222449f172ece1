"""Taking turns: long work on the event loop lets others run again and again.

A stage that works through thousands of items without a pause would hold up heartbeats, the
publication of scores and the acknowledgements that it waits for itself.
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable

T = TypeVar("T")

_TURN_SECONDS = 0.02


async def in_turns(items: Iterable[T], look_after: int = 32) -> AsyncIterator[T]:
    """The items, with a pause for others after every 20 ms of work.

    Args:
        items: What to work through.
        look_after: How many items are worked through between two looks at the clock.
    """
    began = time.monotonic()
    for number, item in enumerate(items):
        if number % look_after == 0 and time.monotonic() - began > _TURN_SECONDS:
            await asyncio.sleep(0)
            began = time.monotonic()
        yield item
