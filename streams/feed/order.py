"""The order in which keys last changed.

A follower holds one number, the sequence up to which it has seen what is followed. What it lacks
are the keys that changed after it, each once and as it is now: changes are conflated by key
without any state per follower, and one that fell far behind costs nothing.
"""

from __future__ import annotations

from bisect import bisect_right
from operator import itemgetter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Removed keys that followers can still be told of; behind them a follower begins anew.
REMEMBERED = 10_000
#: Superseded places that are kept at least, so that what is small seldom tidies.
_SLACK = 1_000


class Order:
    """The changes of some keys, each at its last place.

    Args:
        remembered: How many removed keys are remembered for followers.

    Attributes:
        sequence: Number of changes so far.
    """

    def __init__(self, remembered: int = REMEMBERED) -> None:
        self.sequence = 0
        self._remembered = remembered
        self._forgotten = 0
        self._places: list[tuple[int, str]] = []
        self._changed_at: dict[str, int] = {}
        #: The removed keys, the first to go first.
        self._removed: dict[str, None] = {}

    def note(self, key: str, *, removed: bool) -> None:
        """Note that a key has changed, or is no more."""
        self.sequence += 1
        self._changed_at[key] = self.sequence
        self._places.append((self.sequence, key))
        self._removed.pop(key, None)
        if removed:
            self._removed[key] = None
            self._forget()
        if len(self._places) > 2 * len(self._changed_at) + _SLACK:
            self._places = list(self.since(0))

    def follows(self, sequence: int) -> bool:
        """Whether everything that changed after a sequence is still known."""
        return self._forgotten <= sequence <= self.sequence

    def since(self, sequence: int) -> Iterator[tuple[int, str]]:
        """The keys that changed after a sequence and when, in the order of their last change.

        Nothing may be noted while this is iterated.
        """
        begin = bisect_right(self._places, sequence, key=itemgetter(0))
        for index in range(begin, len(self._places)):
            at, key = self._places[index]
            if self._changed_at.get(key) == at:
                yield at, key

    def _forget(self) -> None:
        """Forget the removed keys that are too many."""
        while len(self._removed) > self._remembered:
            first = next(iter(self._removed))
            del self._removed[first]
            self._forgotten = self._changed_at.pop(first)
