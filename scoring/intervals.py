"""Half-open intervals [start, end) of integers: of microseconds, or of days."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Interval: TypeAlias = tuple[int, int]

#: End of what has not ended.
NEVER = 2**62


def union(intervals: Iterable[Interval]) -> list[Interval]:
    """The maximal intervals, in order; touching ones are one, empty ones none.

    >>> union([(5, 7), (1, 3), (3, 4), (6, 6), (9, 8)])
    [(1, 4), (5, 7)]
    """
    found: list[Interval] = []
    for start, end in sorted(intervals):
        if end <= start:
            continue
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], end)
        else:
            found.append((start, end))
    return found


def intersection(one: Sequence[Interval], other: Sequence[Interval]) -> list[Interval]:
    """What two unions have in common, a union itself.

    >>> intersection([(1, 4), (6, 9)], [(2, 7)])
    [(2, 4), (6, 7)]
    """
    both = ((max(a, c), min(b, d)) for a, b in one for c, d in other)
    return [(start, end) for start, end in both if start < end]
