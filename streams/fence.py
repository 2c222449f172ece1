"""The fence: a worker that may have been replaced writes nothing more.

Kafka cannot fence at-least-once writers, so a batch notes under which group generation and
how lively a loop it began, and everything it writes is behind a check that both still hold.
What remains, a stall between a check and the broker's receipt, is bounded by the request
timeout, which is below the session timeout, and harmless to state: the larger version wins.
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import faust

_BEATS_PER_SESSION = 40


class FencedError(RuntimeError):
    """The worker may no longer own what it works on; it must not write."""


class Fence:
    """Watches the group generation and the liveliness of the event loop.

    Args:
        app: The application.
        session_timeout: Seconds after which the group replaces a silent worker.
    """

    def __init__(self, app: faust.App, session_timeout: float) -> None:
        self._app = app
        self._limit = session_timeout / 2
        self._interval = session_timeout / _BEATS_PER_SESSION
        self._beat = time.monotonic()

    @property
    def generation(self) -> int:
        """The group generation now."""
        return int(self._app.consumer_generation_id)

    def check(self, generation: int) -> None:
        """Pass only if nothing has changed since a batch began.

        Args:
            generation: The generation when it began.

        Raises:
            FencedError: If the generation changed, or the loop stood still for more than half
                a session since its last beat.
        """
        stall = time.monotonic() - self._beat
        if stall > self._limit:
            raise FencedError(
                f"the event loop stood still for {stall:.1f} s, over half the session timeout: "
                "another worker may own these partitions; the worker stops and starts again"
            )
        if self.generation != generation:
            raise FencedError(
                f"the group moved from generation {generation} to {self.generation} during a "
                "batch: it is dropped and read again by whoever owns its partition now"
            )

    async def watch(self) -> None:
        """Beat while the loop turns; runs as a task of the application.

        Raises:
            FencedError: After a stall of over half a session.
        """
        self._beat = time.monotonic()
        while True:
            await asyncio.sleep(self._interval)
            self.check(self.generation)
            self._beat = time.monotonic()
