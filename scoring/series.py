"""Sums by day, indexed so that those over a span of days are a few look-ups."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from operator import sub
from typing import TYPE_CHECKING

from scoring.slots import KEY, MEMBER, Vector, add

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scoring.calendar import Day
    from scoring.slots import Slot
    from scoring.windows import Days


class Series:
    """A daily series of integers with prefix sums.

    >>> from scoring.windows import Days
    >>> series = Series()
    >>> series.add(10, 5), series.add(12, 1), series.add(10, -2)
    (5, 1, 3)
    >>> series.between(Days(10, 11)), series.between(Days(10, 12))
    (3, 4)
    """

    __slots__ = ("_days", "_sums")

    def __init__(self) -> None:
        self._days: list[Day] = []
        self._sums: list[int] = []

    def add(self, day: Day, n: int) -> int:
        """Add `n` to a day; cheap for the last days, linear for old ones.

        Returns:
            The day's sum now.
        """
        at = bisect_left(self._days, day)
        before = self._sums[at - 1] if at else 0
        if at == len(self._days) or self._days[at] != day:
            self._days.insert(at, day)
            self._sums.insert(at, before)
        for later in range(at, len(self._sums)):
            self._sums[later] += n
        return self._sums[at] - before

    def daily(self, span: Days) -> list[int]:
        """The sum of each day of a span."""
        found = [0] * max(span.length, 0)
        start, upto = bisect_left(self._days, span.first), bisect_right(self._days, span.last)
        before = self._sums[start - 1] if start else 0
        for at in range(start, upto):
            found[self._days[at] - span.first] = self._sums[at] - before
            before = self._sums[at]
        return found

    def items(self) -> Iterator[tuple[Day, int]]:
        """The days with a sum other than 0."""
        daily = zip(self._days, map(sub, self._sums, (0, *self._sums)), strict=False)
        return ((day, n) for day, n in daily if n)

    def between(self, span: Days) -> int:
        """Sum over a span of days."""
        days = self._days
        if not days or span.last < days[0] or span.first > days[-1]:
            return 0
        upto = bisect_right(days, span.last)
        start = bisect_left(days, span.first)
        if upto <= start:
            return 0
        return self._sums[upto - 1] - (self._sums[start - 1] if start else 0)


class DaySums:
    """The sums of all slots by day: of plain ones, of split measures by key, and by member."""

    def __init__(self) -> None:
        self._plain: dict[Slot, Series] = defaultdict(Series)
        self._keyed: dict[str, dict[str, Series]] = defaultdict(lambda: defaultdict(Series))
        self._members: dict[str, dict[Day, Vector]] = defaultdict(lambda: defaultdict(dict))

    def add(self, day: Day, slot: tuple[str, str, str], n: int) -> int:
        """Add `n` to a slot, given by measure, mark and name.

        Returns:
            The slot's sum of the day now.
        """
        measure, mark, name = slot
        if mark == MEMBER:
            members = self._members[measure][day]
            add(members, {name: n})
            return members.get(name, 0)
        if mark == KEY:
            return self._keyed[measure][name].add(day, n)
        return self._plain[measure].add(day, n)

    def total(self, slot: Slot, span: Days) -> int:
        """The sum of a plain slot over a span."""
        series = self._plain.get(slot)
        return series.between(span) if series is not None else 0

    def by_key(self, measure: str, span: Days) -> dict[str, int]:
        """The sums of a split measure over a span by key, without zeros."""
        split = self._keyed.get(measure)
        if not split:
            return {}
        sums = ((key, series.between(span)) for key, series in split.items())
        return {key: n for key, n in sums if n}

    def by_member(self, measure: str, span: Days) -> Vector:
        """The sums of a measure over a span by member, without zeros."""
        total: Vector = {}
        days = self._members.get(measure, {})
        for day in range(span.first, span.last + 1) if days else ():
            add(total, days.get(day, {}))
        return total

    def daily(self, slot: Slot, span: Days) -> list[int]:
        """The sum of a plain slot on each day of a span."""
        series = self._plain.get(slot)
        return series.daily(span) if series is not None else [0] * max(span.length, 0)

    def daily_by_key(self, measure: str, span: Days) -> dict[str, list[int]]:
        """The sums of a split measure on each day of a span, by key."""
        split = self._keyed.get(measure, {})
        return {key: series.daily(span) for key, series in split.items()}

    def by_day(self, measure: str) -> dict[Day, dict[str, int]]:
        """The sums of a split measure by day and key, without zeros."""
        days: dict[Day, dict[str, int]] = defaultdict(dict)
        for key, series in self._keyed.get(measure, {}).items():
            for day, n in series.items():
                days[day][key] = n
        return days
