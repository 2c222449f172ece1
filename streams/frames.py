"""Frames: how Salesbell's own stages speak to each other over Kafka.

One record carries many items for one partition, so that the cost per event falls with the
batch. Every item names its own origin, so that a replay with other frame borders still
counts each once.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Generic, TypeVar
from zlib import crc32

import msgspec

from scoring.calendar import Day
from scoring.cells import Cells, Entity
from scoring.events import Micros
from scoring.journeys import Told
from scoring.notes import Membership
from scoring.rollups import Contribution
from streams.transport import Record

if TYPE_CHECKING:
    from collections.abc import Iterator

#: A frame is closed when its items pass this size; one item may be as large as a record.
FRAME_BYTES = 256 * 1024


class Arrival(msgspec.Struct, frozen=True, array_like=True, tag="e", gc=False):
    """To a subject: an event, as the bytes that arrived, and where they were read."""

    subject: str
    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes
    headers: tuple[tuple[str, bytes | None], ...]


class Hearsay(msgspec.Struct, frozen=True, array_like=True, tag="n", gc=False):
    """To a subject: what another subject says of itself."""

    subject: str
    sender: str
    told: Told


class Retirement(msgspec.Struct, frozen=True, array_like=True, tag="r", gc=False):
    """To a subject: the state of this version is over and can be forgotten, said at `time`."""

    subject: str
    version: int
    time: Micros


class Fact(msgspec.Struct, frozen=True, array_like=True, tag="f", gc=False):
    """To an entity: a difference of contributions to one of its days, and what caused it.

    Attributes:
        entity: Whose day.
        day: Which.
        cause_partition: Partition of the subjects' log that caused it.
        cause: Position there of the last of the items, all of one record, that caused it.
        cells: The difference; empty if what they caused cancels out.
    """

    entity: Entity
    day: Day
    cause_partition: int
    cause: int
    cells: Cells


class Belonging(msgspec.Struct, frozen=True, array_like=True, tag="m", gc=False):
    """To an entity: its parents over time; None when nobody places it any more."""

    entity: Entity
    version: int
    membership: Membership | None


class Upsert(msgspec.Struct, frozen=True, array_like=True, tag="c", gc=False):
    """To a parent: what a child's day amounts to now."""

    parent: Entity
    day: Day
    child: Entity
    contribution: Contribution


SubjectItem = Arrival | Hearsay | Retirement
EntityItem = Fact | Belonging

T = TypeVar("T")


def partition_of(key: str, partitions: int) -> int:
    """The partition of a key; stable across processes and releases."""
    return crc32(key.encode()) % partitions


class FrameWriter:
    """Collects items by partition and closes them into records.

    Args:
        partitions: Number of partitions of the target topic.
    """

    def __init__(self, partitions: int) -> None:
        self._partitions = partitions
        self._open: dict[int, list[bytes]] = defaultdict(list)
        self._encoder = msgspec.msgpack.Encoder()

    def add(self, key: str, item: msgspec.Struct) -> None:
        """Add an item for the partition of a key, after those already there."""
        self._open[partition_of(key, self._partitions)].append(self._encoder.encode(item))

    def records(self) -> Iterator[tuple[int, list[Record]]]:
        """The frames by partition, in the order in which items were added."""
        for partition, items in self._open.items():
            yield partition, [Record(None, frame) for frame in _frames(items)]


class FrameReader(Generic[T]):
    """Decodes the items of a frame.

    Args:
        item: The type, or union of types, of the items.
    """

    def __init__(self, item: type[T]) -> None:
        self._decoder = msgspec.msgpack.Decoder(list[item])  # type: ignore[valid-type]

    def items(self, frame: bytes) -> list[T]:
        """The items of a frame, in order."""
        return self._decoder.decode(frame)


def _frames(items: list[bytes]) -> Iterator[bytes]:
    start = size = 0
    for at, item in enumerate(items):
        if size and size + len(item) > FRAME_BYTES:
            yield _array(items[start:at])
            start, size = at, 0
        size += len(item)
    yield _array(items[start:])


_ARRAY_32 = b"\xdd"


def _array(items: list[bytes]) -> bytes:
    # An array header and the items as they are: no second encoding of what is encoded.
    return b"".join((_ARRAY_32, len(items).to_bytes(4, "big"), *items))
