"""Totals: an entity's panes indexed so that any window is a few look-ups.

Day panes are running sums by slot; the recent days' hours and five-minute panes are kept
beside them. Totals are derived from panes and can be rebuilt from them at any time. They
also know what is read from them and what changed since, so that values can be kept.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from functools import lru_cache
from operator import sub
from typing import TYPE_CHECKING, NamedTuple

from scoring.books import executive_of, is_book
from scoring.cells import hour_of, merge, nonzero
from scoring.slots import KEY, MEMBER, Vector, add
from scoring.windows import Days

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from scoring.calendar import Day
    from scoring.cells import Cells, Entity
    from scoring.reference import Reference
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


#: The measure that stands for whatever is in books.
BOOKS = "#books"
_EVER = Days(0, 1 << 32)


class Change(NamedTuple):
    """That a measure of a day has changed."""

    measure: str
    day: Day


class Totals:
    """All of one entity's panes, indexed.

    Attributes:
        version: Sum of the versions of the panes; grows with every change.
        changes: How often a slot of a day was changed.
        books: The balances of executives who are or were here, in books of their own.
    """

    def __init__(self) -> None:
        self.version = 0
        self.changes = 0
        self._nonzero = 0
        self._plain: dict[Slot, Series] = defaultdict(Series)
        self._keyed: dict[str, dict[str, Series]] = defaultdict(lambda: defaultdict(Series))
        self._members: dict[str, dict[Day, Vector]] = defaultdict(lambda: defaultdict(dict))
        self._hours: dict[tuple[Day, int], dict[str, Vector]] = defaultdict(_split_vector)
        self._panes: dict[tuple[Day, int], dict[str, Vector]] = defaultdict(_split_vector)
        self._changed: dict[str, dict[Day, int]] = defaultdict(dict)
        self._latest: dict[str, int] = {}
        self._reads: dict[str, Days] = {}
        self.books = Books()

    @property
    def empty(self) -> bool:
        """Whether nothing is left of all that was ever added."""
        return not self._nonzero

    def hear(self, child: Entity, day: Day, cells: Cells) -> None:
        """Add to a day what a child said of it; a book stays apart."""
        if is_book(child):
            self._note_change(BOOKS, day)
            self.books.add(executive_of(child), day, cells)
        else:
            self.add(day, cells)

    def add(self, day: Day, cells: Cells) -> None:
        """Add cells to a day."""
        for index, slot, n in nonzero(cells):
            measure, key, name = _split(slot)
            self._note_change(measure, day)
            now = self._add_to_day(day, measure, key, name, n)
            self._nonzero += (now != 0) - (now - n != 0)
            hour = hour_of(index)
            if hour is not None:
                change = {key + name: n}
                add(self._hours[day, hour][measure], change)
                if index >= 0:
                    add(self._panes[day, index][measure], change)

    def forget_panes(self, before: Day) -> None:
        """Drop the sub-day panes of days before `before`; their day sums stay."""
        for recent in (self._panes, self._hours):
            for key in [key for key in recent if key[0] < before]:
                del recent[key]

    def record(self) -> Mapping[str, Days]:
        """Begin to note what is read.

        Returns:
            By measure the least span of days that holds all that is read of it from now on, until
            the next call.
        """
        self._reads = {}
        return self._reads

    def changes_since(self, since: int) -> list[Change]:
        """What has changed after there were `since` changes, each day of a measure once."""
        found: list[Change] = []
        for measure, latest in self._latest.items():
            if latest > since:
                for day, at in reversed(self._changed[measure].items()):
                    if at <= since:
                        break
                    found.append(Change(measure, day))
        return found

    def placed(self, entity: Entity, today: Day, reference: Reference) -> Totals:
        """The sum of the books of those whose place on a day is in this team or branch."""
        self._note_read(BOOKS, _EVER)
        return self.books.placed(entity, today, reference)

    def daily(self, slot: Slot, span: Days) -> list[int]:
        """The sum of a plain slot on each day of a span."""
        self._note_read(slot, span)
        series = self._plain.get(slot)
        return series.daily(span) if series is not None else [0] * max(span.length, 0)

    def by_day(self, measure: str) -> dict[Day, dict[str, int]]:
        """The sums of a split measure by day and key, without zeros."""
        days: dict[Day, dict[str, int]] = defaultdict(dict)
        for key, series in self._keyed.get(measure, {}).items():
            for day, n in series.items():
                days[day][key] = n
        return days

    def daily_by_key(self, measure: str, span: Days) -> dict[str, list[int]]:
        """The sums of a split measure on each day of a span, by key."""
        split = self._keyed.get(measure, {})
        return {key: series.daily(span) for key, series in split.items()}

    def over(self, span: Span) -> Measures:
        """The measures of a window."""
        return DayMeasures(self, span) if isinstance(span, Days) else PaneMeasures(self, span)

    def _note_read(self, measure: str, days: Days) -> None:
        known = self._reads.get(measure)
        self._reads[measure] = days if known is None or known == days else known.hull(days)

    def _note_change(self, measure: str, day: Day) -> None:
        self.changes += 1
        self._latest[measure] = self.changes
        days = self._changed[measure]
        days.pop(day, None)  # so that the latest change is the last item
        days[day] = self.changes

    def _add_to_day(self, day: Day, measure: str, key: str, name: str, n: int) -> int:
        if key == MEMBER:
            members = self._members[measure][day]
            add(members, {name: n})
            return members.get(name, 0)
        if key == KEY:
            return self._keyed[measure][name].add(day, n)
        return self._plain[measure].add(day, n)


class Books:
    """The books that a team or branch was told, and the sum of those that are in it.

    Attributes:
        changes: How often a book was changed, by executive.
    """

    def __init__(self) -> None:
        self.changes: dict[str, int] = {}
        self._days: dict[str, dict[Day, Cells]] = defaultdict(lambda: defaultdict(dict))
        self._here: set[str] = set()
        self._sum: Totals | None = None
        self._asked: tuple[Day, int] | None = None

    def add(self, executive: str, day: Day, cells: Cells) -> None:
        """Add cells to a day of an executive's book."""
        if executive not in self._days:
            self._asked = None
        merge(self._days[executive][day], cells)
        self.changes[executive] = self.changes.get(executive, 0) + 1
        if executive in self._here and self._sum is not None:
            self._sum.add(day, cells)

    def placed(self, entity: Entity, today: Day, reference: Reference) -> Totals:
        """The sum of the books of those whose place on a day is in a team or branch."""
        asked = today, reference.common
        if self._sum is None or asked != self._asked:
            here = {each for each in self._days if reference.is_in(entity, each, today)}
            if self._sum is None or here != self._here:
                self._here, self._sum = here, self.added(here)
            self._asked = asked
        return self._sum

    @property
    def executives(self) -> Iterable[str]:
        """Everybody whose book was ever told."""
        return self._days.keys()

    def added(self, executives: Iterable[str]) -> Totals:
        """The sum of the books of some executives."""
        total = Totals()
        for executive in executives:
            for day, cells in sorted(self._days[executive].items()):
                total.add(day, cells)
        return total


class Measures:
    """Sums of slots over a window."""

    def total(self, slot: Slot) -> int:
        """Sum of a plain slot."""
        raise NotImplementedError

    def by_key(self, measure: str) -> dict[str, int]:
        """Sums of a split measure by key, without zeros."""
        raise NotImplementedError

    def by_member(self, measure: str) -> Vector:
        """Sums of a measure by member, without zeros."""
        raise NotImplementedError

    def members(self, measure: str) -> set[str]:
        """Members with a sum above 0."""
        return {name for name, n in self.by_member(measure).items() if n > 0}

    def distinct(self, measure: str) -> int:
        """Number of members with a sum above 0."""
        return len(self.members(measure))


class DayMeasures(Measures):
    """Measures over whole days."""

    def __init__(self, totals: Totals, span: Days) -> None:
        self._totals = totals
        self._span = span

    def total(self, slot: Slot) -> int:  # noqa: D102
        self._totals._note_read(slot, self._span)  # noqa: SLF001
        series = self._totals._plain.get(slot)  # noqa: SLF001
        return series.between(self._span) if series is not None else 0

    def by_key(self, measure: str) -> dict[str, int]:  # noqa: D102
        self._totals._note_read(measure, self._span)  # noqa: SLF001
        split = self._totals._keyed.get(measure)  # noqa: SLF001
        if not split:
            return {}
        sums = ((key, series.between(self._span)) for key, series in split.items())
        return {key: n for key, n in sums if n}

    def by_member(self, measure: str) -> Vector:  # noqa: D102
        self._totals._note_read(measure, self._span)  # noqa: SLF001
        total: Vector = {}
        days = self._totals._members.get(measure, {})  # noqa: SLF001
        for day in range(self._span.first, self._span.last + 1) if days else ():
            add(total, days.get(day, {}))
        return total


class PaneMeasures(Measures):
    """Measures over hour or five-minute panes of recent days."""

    def __init__(self, totals: Totals, span: Panes) -> None:
        self._totals = totals
        kept = totals._hours if span.hourly else totals._panes  # noqa: SLF001
        self._panes = [kept[pane] for pane in span.panes if pane in kept]
        days = [day for day, _ in span.panes]
        self._days = Days(min(days, default=0), max(days, default=0))

    def total(self, slot: Slot) -> int:  # noqa: D102
        return self._sums(slot).get("", 0)

    def by_key(self, measure: str) -> dict[str, int]:  # noqa: D102
        return self._named(measure, KEY)

    def by_member(self, measure: str) -> Vector:  # noqa: D102
        return self._named(measure, MEMBER)

    def _named(self, measure: str, mark: str) -> Vector:
        return {k[1:]: n for k, n in self._sums(measure).items() if k.startswith(mark)}

    def _sums(self, measure: str) -> Vector:
        self._totals._note_read(measure, self._days)  # noqa: SLF001
        sums: Vector = {}
        for pane in self._panes:
            if measure in pane:
                add(sums, pane[measure])
        return sums


def _split_vector() -> dict[str, Vector]:
    """A vector by measure; the names in it are the rest of the slots, with their marks."""
    return defaultdict(dict)


@lru_cache(maxsize=100_000)
def _split(slot: Slot) -> tuple[str, str, str]:
    """Measure, mark and name of a slot; the first mark counts, for names may hold any."""
    at = next((i for i, letter in enumerate(slot) if letter in (KEY, MEMBER)), None)
    return (slot, "", "") if at is None else (slot[:at], slot[at], slot[at + 1 :])
