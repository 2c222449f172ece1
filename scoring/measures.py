"""Measures: what formulas read of an entity over a window, and the note of what was read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scoring.slots import KEY, MEMBER, Vector, add
from scoring.windows import Days

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scoring.calendar import Day
    from scoring.series import DaySums
    from scoring.slots import Slot
    from scoring.windows import Panes


class Reads:
    """What is read: by measure, the least span of days that holds all that is read of it."""

    def __init__(self) -> None:
        self._days: dict[str, Days] = {}

    def begin(self) -> Mapping[str, Days]:
        """What is read from now on, until the next call."""
        self._days = {}
        return self._days

    def note(self, measure: str, days: Days) -> None:
        """Note that a measure is read over some days."""
        known = self._days.get(measure)
        self._days[measure] = days if known is None or known == days else known.hull(days)


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

    def __init__(self, sums: DaySums, span: Days, reads: Reads) -> None:
        self._sums = sums
        self._span = span
        self._reads = reads

    def total(self, slot: Slot) -> int:  # noqa: D102
        self._reads.note(slot, self._span)
        return self._sums.total(slot, self._span)

    def by_key(self, measure: str) -> dict[str, int]:  # noqa: D102
        self._reads.note(measure, self._span)
        return self._sums.by_key(measure, self._span)

    def by_member(self, measure: str) -> Vector:  # noqa: D102
        self._reads.note(measure, self._span)
        return self._sums.by_member(measure, self._span)


class PaneMeasures(Measures):
    """Measures over hour or five-minute panes of recent days.

    Args:
        kept: Vectors by pane and measure; the names in them are the rest of the slots, with marks.
        span: The panes.
        reads: Told of what is read.
    """

    def __init__(
        self, kept: Mapping[tuple[Day, int], Mapping[str, Vector]], span: Panes, reads: Reads
    ) -> None:
        self._panes = [kept[pane] for pane in span.panes if pane in kept]
        days = [day for day, _ in span.panes]
        self._days = Days(min(days, default=0), max(days, default=0))
        self._reads = reads

    def total(self, slot: Slot) -> int:  # noqa: D102
        return self._sums(slot).get("", 0)

    def by_key(self, measure: str) -> dict[str, int]:  # noqa: D102
        return self._named(measure, KEY)

    def by_member(self, measure: str) -> Vector:  # noqa: D102
        return self._named(measure, MEMBER)

    def _named(self, measure: str, mark: str) -> Vector:
        return {k[1:]: n for k, n in self._sums(measure).items() if k.startswith(mark)}

    def _sums(self, measure: str) -> Vector:
        self._reads.note(measure, self._days)
        sums: Vector = {}
        for pane in self._panes:
            if measure in pane:
                add(sums, pane[measure])
        return sums
