"""The newest score of every key, whatever the order and however often records arrive."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import msgspec

from scoring.calendar import micros
from scoring.score import Score

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scoring.events import Micros

#: `level:entity|window`: the key of a record of the scores topic.
Key: TypeAlias = str

_decode = msgspec.json.Decoder(Score).decode


class Published(NamedTuple):
    """A score as it was published.

    Attributes:
        score: Its head: the score without the figures of areas and KPIs, which would take ten
            times the memory of their text.
        raw: Its whole JSON text, on one line.
        order: Version, and as-of in microseconds; the larger is the newer.
    """

    score: Score
    raw: bytes
    order: tuple[int, Micros]


class Newest:
    """Keeps the newest score of each key.

    Attributes:
        unreadable: How many records were not scores.
    """

    def __init__(self) -> None:
        self.unreadable = 0
        self._published: dict[Key, Published] = {}

    def take(self, key: bytes | None, value: bytes | None) -> Key | None:
        """Take a record of the scores topic.

        Args:
            key: `level:entity|window`.
            value: The score; None removes it.

        Returns:
            The key, if what is known of it has changed.
        """
        name = (key or b"").decode(errors="replace")
        if value is None:
            return name if self._published.pop(name, None) is not None else None
        read = _read(name, value)
        if read is None:
            self.unreadable += 1
            return None
        known = self._published.get(name)
        if known is not None and read.order <= known.order:
            return None
        self._published[name] = read
        return name

    def get(self, key: Key) -> Published | None:
        """The newest score of a key."""
        return self._published.get(key)

    def keys(self) -> set[Key]:
        """The keys that have a score."""
        return set(self._published)

    def __iter__(self) -> Iterator[tuple[Key, Published]]:
        return iter(self._published.items())

    def __len__(self) -> int:
        return len(self._published)


def _read(key: Key, value: bytes) -> Published | None:
    """The score of a record; None if it is none, or one of another key."""
    try:
        score = _decode(value)
        order = score.version, micros(datetime.fromisoformat(score.as_of))
    except (msgspec.DecodeError, ValueError, TypeError):
        return None
    if key != f"{score.key}|{score.window}":
        return None
    # Event streams and Redis readers split at line ends.
    raw = msgspec.json.format(value, indent=-1) if b"\n" in value or b"\r" in value else value
    return Published(msgspec.structs.replace(score, kras={}, kpis={}), raw, order)
