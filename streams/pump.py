"""The pump: between a stream and its stage, it makes one piece of work of all that waits.

Fetching runs ahead of a busy stage, so what waits comes in many small batches. A stage that
takes them all at once pays for one round of acknowledged writes instead of many, and the
more it lags the larger its pieces are. A steady trickle is gathered for a moment too: the
first batch after a pause is taken at once, the next ones at a pace.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from faust.types import EventT

    from streams.fence import Fence
    from streams.meter import StageMeter
    from streams.transport import Batch

#: Batches that may wait; beyond them the stream waits, and then the fetcher.
_WAITING = 64
#: A piece of work is closed when it passes this size.
_PIECE_BYTES = 4 * 1024 * 1024
#: Least seconds from the beginning of a piece to that of the next.
_PACE = 0.04


@dataclass
class Backlog:
    """What a worker has taken and not yet processed.

    Attributes:
        batches: How many.
        bytes: Their size.
    """

    batches: int = 0
    bytes: int = 0

    def take(self, batch: Batch) -> None:
        """Count a batch that was taken."""
        self.batches += 1
        self.bytes += batch.size

    def leave(self, batch: Batch) -> None:
        """Count a batch that was processed, or left to another worker."""
        self.batches -= 1
        self.bytes -= batch.size


class Pump:
    """Feeds a stage.

    Offsets and failure: a batch is settled after the stage has processed it; if the stage
    raises, nothing of the piece is settled and the worker ends.

    Args:
        process: The stage; it takes batches in the order in which they were fetched.
        settle: Given the acknowledgement of each batch once it is processed.
        fence: Tells the generation; batches of another are left to their new owner.
        backlog: Told of what is taken and what is processed.
        meter: Counts what the stage does.
    """

    def __init__(
        self,
        process: Callable[[Sequence[Batch]], Awaitable[None]],
        settle: Callable[[Callable[[], object]], None],
        fence: Fence,
        backlog: Backlog,
        meter: StageMeter,
    ) -> None:
        self._backlog = backlog
        self._meter = meter
        self._process = process
        self._settle = settle
        self._fence = fence
        self._waiting: asyncio.Queue[EventT[Batch]] = asyncio.Queue(_WAITING)

    async def feed(self, event: EventT[Batch]) -> None:
        """Take a batch; waits while too many are waiting."""
        self._backlog.take(batch_in(event))
        await self._waiting.put(event)

    async def run(self) -> None:
        """Work for ever; runs as a task of the application."""
        began = time.monotonic()
        while True:
            first = await self._waiting.get()
            await asyncio.sleep(max(began + _PACE - time.monotonic(), 0))
            began = time.monotonic()
            events = self._piece(first)
            current = [e for e in events if e.message.generation_id == self._fence.generation]
            if current:
                await self._work([batch_in(event) for event in current])
                for event in current:
                    self._settle(partial(self._done, event))
            for event in events:
                self._backlog.leave(batch_in(event))

    async def _work(self, batches: Sequence[Batch]) -> None:
        began = time.monotonic()
        await self._process(batches)
        self._meter.processed(batches, time.monotonic() - began)

    def _done(self, event: EventT[Batch]) -> None:
        event.ack()
        self._meter.settled(batch_in(event))

    def _piece(self, first: EventT[Batch]) -> list[EventT[Batch]]:
        """The first batch and what waits behind it, up to the size of a piece."""
        events = [first]
        size = batch_in(first).size
        while size < _PIECE_BYTES and not self._waiting.empty():
            events.append(self._waiting.get_nowait())
            size += batch_in(events[-1]).size
        return events


def batch_in(event: EventT[Batch]) -> Batch:
    """The batch that an event of the `salesbell://` transport carries."""
    return cast("Batch", event.value)
