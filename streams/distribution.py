"""A distribution: how often values fell under each of some bounds, in plain integers."""

from __future__ import annotations

from bisect import bisect_left
from itertools import accumulate


class Distribution:
    """Counts values by size; to note one costs a fraction of a microsecond.

    Args:
        bounds: Upper bounds of the buckets, each included, ascending; a last one without a bound
            is added.

    Attributes:
        total: The sum of all values.
    """

    def __init__(self, bounds: tuple[float, ...]) -> None:
        self.total = 0.0
        self._bounds = bounds
        self._counts = [0] * (len(bounds) + 1)

    def note(self, value: float) -> None:
        """Count a value."""
        self._counts[bisect_left(self._bounds, value)] += 1
        self.total += value

    @property
    def count(self) -> int:
        """How many values were noted."""
        return sum(self._counts)

    def cumulative(self) -> list[tuple[float, int]]:
        """How many values were not above each bound; the last one is infinite.

        >>> sizes = Distribution((1, 10))
        >>> for size in (1, 5, 50):
        ...     sizes.note(size)
        >>> sizes.cumulative()
        [(1, 1), (10, 2), (inf, 3)]
        """
        return list(zip((*self._bounds, float("inf")), accumulate(self._counts), strict=True))
