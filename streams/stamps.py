"""Stamps: how old what travels is, so that the delay from an event to its score can be told.

A piece of work carries the stamp of one event: at intake the one that was ingested first, after
that the same of the frames that came by the shortest way. What the piece causes carries it on, as
a header of frames. Some stages feed themselves, so that the oldest of all stamps would go round
for ever; each way counts its hops, and fresh work has made fewer. Metrics tell stamps;
no total depends on them.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scoring.events import Micros
    from streams.transport import Batch

HEADER = "salesbell_stamp"
_layout = struct.Struct(">Hqq")
_MOST_HOPS = 0xFFFF


class Stamp(NamedTuple):
    """When an event was ingested and when it happened; ordered by the way, then by the former.

    Attributes:
        hops: How many pieces of work have carried it on.
        ingested: The time of its record in the source topic.
        occurred: The event's own time.
    """

    hops: int
    ingested: Micros
    occurred: Micros


def headers(stamp: Stamp | None) -> tuple[tuple[str, bytes], ...]:
    """A stamp as the headers of a frame that is caused by what carries it."""
    if stamp is None:
        return ()
    further = stamp._replace(hops=min(stamp.hops + 1, _MOST_HOPS))
    return ((HEADER, _layout.pack(*further)),)


def stamp_of(batches: Iterable[Batch]) -> Stamp | None:
    """The stamp of a piece of work: the first of those among its frames; None without one."""
    return min(
        (
            Stamp(*_layout.unpack(content))
            for batch in batches
            for record in batch.records
            for name, content in record.headers
            if name == HEADER and content is not None and len(content) == _layout.size
        ),
        default=None,
    )
