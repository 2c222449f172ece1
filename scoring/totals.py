"""Totals: an entity's panes, indexed so that any window is a few look-ups.

Day panes are running sums by slot; the recent days' hours and five-minute panes are kept
beside them. Totals are derived from panes and can be rebuilt from them at any time. They
also know what is read from them and what changed since, so that values can be kept.
"""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from scoring.books import executive_of, is_book
from scoring.cells import hour_of, merge, nonzero
from scoring.measures import DayMeasures, PaneMeasures, Reads
from scoring.series import DaySums
from scoring.slots import KEY, MEMBER, Vector, add
from scoring.windows import Days

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from scoring.calendar import Day
    from scoring.cells import Cells, Entity
    from scoring.measures import Measures
    from scoring.reference import Reference
    from scoring.slots import Slot
    from scoring.windows import Span


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
        self._sums = DaySums()
        self._hours: dict[tuple[Day, int], dict[str, Vector]] = defaultdict(_split_vector)
        self._panes: dict[tuple[Day, int], dict[str, Vector]] = defaultdict(_split_vector)
        self._changed: dict[str, dict[Day, int]] = defaultdict(dict)
        self._latest: dict[str, int] = {}
        self._reads = Reads()
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
            measure, mark, name = parts = _split(slot)
            self._note_change(measure, day)
            now = self._sums.add(day, parts, n)
            self._nonzero += (now != 0) - (now - n != 0)
            hour = hour_of(index)
            if hour is not None:
                change = {mark + name: n}
                add(self._hours[day, hour][measure], change)
                if index >= 0:
                    add(self._panes[day, index][measure], change)

    def forget_panes(self, before: Day) -> None:
        """Drop the sub-day panes of days before `before`; their day sums stay."""
        for recent in (self._panes, self._hours):
            for key in [key for key in recent if key[0] < before]:
                del recent[key]

    def record(self) -> Mapping[str, Days]:
        """Begin to note what is read, by measure; until the next call."""
        return self._reads.begin()

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
        self._reads.note(BOOKS, _EVER)
        return self.books.placed(entity, today, reference)

    def daily(self, slot: Slot, span: Days) -> list[int]:
        """The sum of a plain slot on each day of a span."""
        self._reads.note(slot, span)
        return self._sums.daily(slot, span)

    def by_day(self, measure: str) -> dict[Day, dict[str, int]]:
        """The sums of a split measure by day and key, without zeros."""
        return self._sums.by_day(measure)

    def daily_by_key(self, measure: str, span: Days) -> dict[str, list[int]]:
        """The sums of a split measure on each day of a span, by key."""
        return self._sums.daily_by_key(measure, span)

    def over(self, span: Span) -> Measures:
        """The measures of a window."""
        if isinstance(span, Days):
            return DayMeasures(self._sums, span, self._reads)
        return PaneMeasures(self._hours if span.hourly else self._panes, span, self._reads)

    def _note_change(self, measure: str, day: Day) -> None:
        self.changes += 1
        self._latest[measure] = self.changes
        days = self._changed[measure]
        days.pop(day, None)  # so that the latest change is the last item
        days[day] = self.changes


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


def _split_vector() -> dict[str, Vector]:
    """A vector by measure; the names in it are the rest of the slots, with their marks."""
    return defaultdict(dict)


@lru_cache(maxsize=100_000)
def _split(slot: Slot) -> tuple[str, str, str]:
    """Measure, mark and name of a slot; the first mark counts, for names may hold any."""
    at = next((i for i, letter in enumerate(slot) if letter in (KEY, MEMBER)), None)
    return (slot, "", "") if at is None else (slot[:at], slot[at], slot[at + 1 :])
