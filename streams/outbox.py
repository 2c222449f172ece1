"""The outbox: what a batch sends, written partition by partition and awaited as a whole."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from typing import TYPE_CHECKING, cast

from streams.stamps import headers
from streams.transport import Record

if TYPE_CHECKING:
    from collections.abc import Iterable

    import faust

    from streams.frames import FrameWriter
    from streams.stamps import Stamp
    from streams.transport.producer import Producer


class Outbox:
    """Collects writes; `send` returns when the broker has acknowledged every record."""

    def __init__(self, app: faust.App) -> None:
        self._app = app
        self._parcels: dict[tuple[str, int], list[Record]] = defaultdict(list)

    def __bool__(self) -> bool:
        """Whether there is anything to send."""
        return any(self._parcels.values())

    def frames(self, topic: str, frames: FrameWriter, stamp: Stamp | None) -> None:
        """Add a topic's frames, with the stamp of what caused them."""
        stamped = headers(stamp)
        for partition, records in frames.records():
            self._parcels[topic, partition].extend(
                Record(record.key, record.value, stamped) for record in records
            )

    def records(self, topic: str, partition: int, records: Iterable[Record]) -> None:
        """Add plain records of one partition."""
        self._parcels[topic, partition].extend(records)

    async def send(self) -> None:
        """Write everything and wait for all acknowledgements.

        Raises:
            ProducerSendError: If a record was refused or timed out; nothing may be acknowledged.
        """
        producer = cast("Producer", self._app.producer)
        writes = [
            producer.write(topic, partition, records)
            for (topic, partition), records in self._parcels.items()
            if records
        ]
        self._parcels.clear()
        await asyncio.gather(*writes)
