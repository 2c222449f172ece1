"""Totals: an entity's panes indexed so that any window is a few look-ups.

Day panes are running sums by slot; the recent days' hours and five-minute panes are kept
beside them. Totals are derived from panes and can be rebuilt from them at any time.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING

from scoring.cells import hour_of, nonzero
from scoring.slots import KEY, MEMBER, Vector, add
from scoring.windows import Days

if TYPE_CHECKING:
    from scoring.calendar import Day
    from scoring.cells import Cells
    from scoring.slots import Slot
    from scoring.windows import Panes, Span


class Series:
    """A daily series of integers with prefix sums.

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


class Totals:
    """All of one entity's panes, indexed.

    Attributes:
        version: Sum of the versions of the panes; grows with every change.
    """

    def __init__(self) -> None:
        self.version = 0
        self._nonzero = 0
        self._plain: dict[Slot, Series] = defaultdict(Series)
        self._keyed: dict[str, dict[str, Series]] = defaultdict(lambda: defaultdict(Series))
        self._members: dict[str, dict[Day, Vector]] = defaultdict(lambda: defaultdict(dict))
        self._hours: dict[tuple[Day, int], Vector] = defaultdict(dict)
        self._panes: dict[tuple[Day, int], Vector] = defaultdict(dict)

    @property
    def empty(self) -> bool:
        """Whether nothing is left of all that was ever added."""
        return not self._nonzero

    def add(self, day: Day, cells: Cells) -> None:
        """Add cells to a day."""
        for index, slot, n in nonzero(cells):
            now = self._add_to_day(day, slot, n)
            self._nonzero += (now != 0) - (now - n != 0)
            hour = hour_of(index)
            if hour is not None:
                change = {slot: n}
                add(self._hours[day, hour], change)
                if index >= 0:
                    add(self._panes[day, index], change)

    def forget_panes(self, before: Day) -> None:
        """Drop the sub-day panes of days before `before`; their day sums stay."""
        for recent in (self._panes, self._hours):
            for key in [key for key in recent if key[0] < before]:
                del recent[key]

    def daily(self, slot: Slot, span: Days) -> list[int]:
        """The sum of a plain slot on each day of a span."""
        series = self._plain.get(slot)
        return series.daily(span) if series is not None else [0] * max(span.length, 0)

    def daily_by_key(self, measure: str, span: Days) -> dict[str, list[int]]:
        """The sums of a split measure on each day of a span, by key."""
        split = self._keyed.get(measure, {})
        return {key: series.daily(span) for key, series in split.items()}

    def over(self, span: Span) -> Measures:
        """The measures of a window."""
        return DayMeasures(self, span) if isinstance(span, Days) else PaneMeasures(self, span)

    def _add_to_day(self, day: Day, slot: Slot, n: int) -> int:
        measure, key, name = _split(slot)
        if key == MEMBER:
            members = self._members[measure][day]
            add(members, {name: n})
            return members.get(name, 0)
        if key == KEY:
            return self._keyed[measure][name].add(day, n)
        return self._plain[slot].add(day, n)


class Measures:
    """Sums of slots over a window."""

    def total(self, slot: Slot) -> int:
        """Sum of a plain slot."""
        raise NotImplementedError

    def by_key(self, measure: str) -> dict[str, int]:
        """Sums of a split measure by key, without zeros."""
        raise NotImplementedError

    def distinct(self, measure: str) -> int:
        """Number of members with a sum above 0."""
        raise NotImplementedError


class DayMeasures(Measures):
    """Measures over whole days."""

    def __init__(self, totals: Totals, span: Days) -> None:
        self._totals = totals
        self._span = span

    def total(self, slot: Slot) -> int:  # noqa: D102
        series = self._totals._plain.get(slot)  # noqa: SLF001
        return series.between(self._span) if series is not None else 0

    def by_key(self, measure: str) -> dict[str, int]:  # noqa: D102
        split = self._totals._keyed.get(measure)  # noqa: SLF001
        if not split:
            return {}
        sums = ((key, series.between(self._span)) for key, series in split.items())
        return {key: n for key, n in sums if n}

    def distinct(self, measure: str) -> int:  # noqa: D102
        total: Vector = {}
        days = self._totals._members.get(measure, {})  # noqa: SLF001
        for day, members in days.items():
            if self._span.first <= day <= self._span.last:
                add(total, members)
        return sum(n > 0 for n in total.values())


class PaneMeasures(Measures):
    """Measures over hour or five-minute panes of recent days."""

    def __init__(self, totals: Totals, span: Panes) -> None:
        panes = totals._hours if span.hourly else totals._panes  # noqa: SLF001
        self._sums: Vector = {}
        for pane in span.panes:
            vector = panes.get(pane)
            if vector:
                add(self._sums, vector)

    def total(self, slot: Slot) -> int:  # noqa: D102
        return self._sums.get(slot, 0)

    def by_key(self, measure: str) -> dict[str, int]:  # noqa: D102
        prefix = measure + KEY
        return {s[len(prefix) :]: n for s, n in self._sums.items() if s.startswith(prefix)}

    def distinct(self, measure: str) -> int:  # noqa: D102
        prefix = measure + MEMBER
        return sum(n > 0 for s, n in self._sums.items() if s.startswith(prefix))


@lru_cache(maxsize=100_000)
def _split(slot: Slot) -> tuple[str, str, str]:
    """Measure, mark and name of a slot; the first mark counts, for names may hold any."""
    at = next((i for i, letter in enumerate(slot) if letter in (KEY, MEMBER)), None)
    return (slot, "", "") if at is None else (slot[:at], slot[at], slot[at + 1 :])
