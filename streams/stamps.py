"""Stamps: how old what travels is, so that the delay from an event to its score can be told.

A piece of work carries the stamp of one event: at intake the first accepted one of each batch,
after that the one that was ingested first. It travels as a header of the frames that the piece
causes. Metrics tell it, and the alarm looks only while it is young; no total depends on it.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scoring.events import Micros
    from streams.transport import Batch

HEADER = "salesbell_stamp"
_layout = struct.Struct(">qq")


class Stamp(NamedTuple):
    """When an event was ingested and when it happened; ordered by the former.

    Attributes:
        ingested: The time of its record in the source topic.
        occurred: The event's own time.
    """

    ingested: Micros
    occurred: Micros


def headers(stamp: Stamp | None) -> tuple[tuple[str, bytes], ...]:
    """A stamp as the headers of a frame."""
    return ((HEADER, _layout.pack(*stamp)),) if stamp is not None else ()


def oldest(batches: Iterable[Batch]) -> Stamp | None:
    """The stamp that was ingested first among the frames of some batches; None without one."""
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
