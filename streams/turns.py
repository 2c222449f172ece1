"""Taking turns: long work on the event loop lets others run again and again.

A stage that works through thousands of items without a pause would hold up heartbeats, the
publication of scores and the acknowledgements that it waits for itself.
"""

from __future__ import annotations

import asyncio
import time

_TURN_SECONDS = 0.02


class Turn:
    """The present turn of a piece of work.

    Args:
        rest: For how many times as long as a turn others come first after it.
    """

    def __init__(self, rest: float = 0) -> None:
        self._rest = rest
        self._began = time.monotonic()

    @property
    def is_over(self) -> bool:
        """Whether it has lasted for 20 ms."""
        return time.monotonic() - self._began > _TURN_SECONDS

    async def pause(self) -> None:
        """Let others run if this turn is over."""
        if self.is_over:
            await asyncio.sleep(self._rest * (time.monotonic() - self._began))
            self._began = time.monotonic()
