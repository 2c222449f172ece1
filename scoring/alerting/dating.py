"""Dating: when a drop that goes on until now began.

Of every day on which it may have begun it is known how much likelier a drop since then is than
health: to a typical share of what was expected, or to a severe one, for nobody knows how large
it is. A day counts with the two beside it, so that one odd day does not date a drop.
"""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from scoring.calendar import Day

#: The drop against which the day of its end is judged, and one that is harder to overlook.
TYPICAL, SEVERE = 0.7, 0.5
#: Days whose likelihood as a beginning is within this (log) of the best are in the range.
_RANGE = 2.0
#: Within this they are remembered: days beside them count as well.
_REMEMBERED = 4.0


class Walk(NamedTuple):
    """By how much drops are likelier than health, as logarithms: on a day, or up to one.

    Attributes:
        typical: A drop to `TYPICAL`.
        severe: A drop to `SEVERE`.
    """

    typical: float = 0.0
    severe: float = 0.0

    def on(self, day: Walk) -> Walk:
        """The walk up to the end of a day."""
        return Walk(self.typical + day.typical, self.severe + day.severe)


class Mark(NamedTuple):
    """Sums over the days of the course before one.

    Attributes:
        day: The day.
        walk: By how much drops are likelier than health.
        observed: Cases.
        expected: Cases expected.
        leads: Leads created; of a KPI its cases.
        variance: Of what was observed, as expected; of a KPI.
    """

    day: Day
    walk: Walk
    observed: float
    expected: float
    leads: int
    variance: float = 0.0


class Since(NamedTuple):
    """When a drop began: the likeliest day, and the range of those about as likely."""

    mark: Mark
    low: Day
    high: Day


def since(marks: tuple[Mark, ...]) -> Since:
    """When a drop that lasts until the last mark began, at one of those before it.

    Of days about as likely as the likeliest it is the one that is likeliest to be right within a
    day, where either drop and every day are as likely before anything came; at last the latest.
    """
    likely = _likelihoods(marks)
    around = {day: sum(likely.get(day + by, 0.0) for by in (-1, 0, 1)) for day in likely}
    limit = max(likely.values()) * exp(-_RANGE)
    near = [mark for mark in marks[:-1] if likely[mark.day] >= limit]
    best = max(near, key=lambda mark: (around[mark.day], likely[mark.day], mark.day))
    return Since(best, near[0].day, near[-1].day)


def candidates(marks: tuple[Mark, ...]) -> tuple[Mark, ...]:
    """The last mark, and those that may still count in `since`: later days only make fewer do."""
    typical = min(mark.walk.typical for mark in marks) + _REMEMBERED
    severe = min(mark.walk.severe for mark in marks) + _REMEMBERED
    kept = (m for m in marks[:-1] if m.walk.typical <= typical or m.walk.severe <= severe)
    return (*kept, marks[-1])


def _likelihoods(marks: tuple[Mark, ...]) -> dict[Day, float]:
    """How likely each day is as the beginning, up to a common factor."""
    end = marks[-1].walk
    gains = {
        mark.day: (end.typical - mark.walk.typical, end.severe - mark.walk.severe)
        for mark in marks[:-1]
    }
    most = max(map(max, gains.values()))
    return {day: sum(exp(gain - most) for gain in both) for day, both in gains.items()}
