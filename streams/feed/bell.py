"""A bell: it wakes everybody who waits."""

from __future__ import annotations

import asyncio


class Bell:
    """Wakes whoever waits, each time it is rung.

    Who must miss nothing takes `next` before looking at what the bell is about, and waits for
    it after.
    """

    def __init__(self) -> None:
        self.next = asyncio.Event()

    def ring(self) -> None:
        """Wake all who wait now."""
        self.next.set()
        self.next = asyncio.Event()


async def rung(event: asyncio.Event, seconds: float) -> bool:
    """Wait for a ring for so long at most; whether it rang."""
    try:
        # Not `wait_for`: before Python 3.12 it can swallow a cancellation.
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return False
    return True
