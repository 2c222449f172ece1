"""Waiting until a pipeline has drained: until, at one moment, all that there is is done."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from streams.progress import Gauge, Progress

_POLL = 0.1


async def drained(
    measure: Gauge, on_progress: Callable[[Progress], None], check: Callable[[], None]
) -> None:
    """Wait until nothing is under way.

    Args:
        measure: The gauge.
        on_progress: Told of the progress again and again.
        check: Raises when waiting has become vain.
    """
    while True:
        check()
        progress = await measure.progress()
        on_progress(progress)
        if progress.drained:
            return
        await asyncio.sleep(_POLL)
