"""The board: every score as known now, and in which order keys last changed."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, NamedTuple

from scoring.windows import ALL_WINDOWS
from streams.feed.newest import Newest
from streams.feed.order import REMEMBERED, Order

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scoring.cells import Entity
    from streams.feed.newest import Key, Published


class Change(NamedTuple):
    """A key as it is now, and when it last changed; no score if it was removed."""

    sequence: int
    key: Key
    published: Published | None


class Board:
    """The newest scores, and the order of their last changes.

    Args:
        remembered: How many removed keys are remembered for followers.

    Attributes:
        epoch: Names this board among those of other processes; sequences are its own.
    """

    def __init__(self, remembered: int = REMEMBERED) -> None:
        self.epoch = secrets.token_hex(6)
        self._newest = Newest()
        self._shelves: dict[tuple[str, str], dict[Key, Published]] = {}
        self._order = Order(remembered)

    @property
    def sequence(self) -> int:
        """Number of changes so far."""
        return self._order.sequence

    @property
    def unreadable(self) -> int:
        """How many records were not scores."""
        return self._newest.unreadable

    def __len__(self) -> int:
        return len(self._newest)

    def take(self, key: bytes | None, value: bytes | None) -> bool:
        """Take a record of the scores topic; whether the board changed."""
        changed = self._newest.take(key, value)
        if changed is None:
            return False
        self._note(changed)
        return True

    def replace(self, newest: Newest) -> None:
        """Show what was read anew from the topic's beginning; only differences are changes.

        A key that the topic no longer has goes. A version may be lower than before: the topic
        is then another one.
        """
        before, self._newest = self._newest, newest
        for key in before.keys() - newest.keys():
            self._note(key)
        for key, published in newest:
            known = before.get(key)
            if known is None or known.raw != published.raw:
                self._note(key)

    def get(self, key: Key) -> Published | None:
        """The score of a key."""
        return self._newest.get(key)

    def of_entity(self, entity: Entity) -> list[Published]:
        """The scores of an entity over all windows that it has, shortest first."""
        found = (self.get(f"{entity}|{window}") for window in ALL_WINDOWS)
        return [published for published in found if published is not None]

    def shelf(self, level: str, window: str) -> Iterable[Published]:
        """The scores of a level over a window."""
        return self._shelves.get((level, window), {}).values()

    def keys(self) -> set[Key]:
        """The keys that have a score."""
        return self._newest.keys()

    def follows(self, sequence: int) -> bool:
        """Whether everything that changed after a sequence of this board is still known."""
        return self._order.follows(sequence)

    def since(self, sequence: int) -> Iterator[Change]:
        """The keys that changed after a sequence, in the order of their last change.

        The board must not change while it is iterated.
        """
        for at, key in self._order.since(sequence):
            yield Change(at, key, self._newest.get(key))

    def _note(self, key: Key) -> None:
        published = self._newest.get(key)
        self._order.note(key, removed=published is None)
        level, window = key.partition(":")[0], key.rpartition("|")[2]
        shelf = self._shelves.setdefault((level, window), {})
        if published is not None:
            shelf[key] = published
        else:
            shelf.pop(key, None)
