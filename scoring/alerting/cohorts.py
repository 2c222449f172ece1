"""Cohorts: leads by the day of their creation, and at which age they reached a stage."""

from __future__ import annotations

from itertools import accumulate
from operator import sub
from typing import TYPE_CHECKING, NamedTuple

from scoring import slots

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scoring.alerting.stages import Stage
    from scoring.calendar import Day
    from scoring.totals import Totals
    from scoring.windows import Days

HOURS = 25


class Cohorts(NamedTuple):
    """The triangle of one stage: what is known now of each day's leads.

    Attributes:
        first: Day of the first cohort.
        leads: Leads created, by day.
        reached: By day of creation and age in days, up to the horizon: leads that reached it.
        left: The same of leads that were still to convert when they became so old.
    """

    first: Day
    leads: Sequence[int]
    reached: Sequence[Sequence[int]]
    left: Sequence[Sequence[int]]

    @property
    def horizon(self) -> int:
        """The largest age, in days."""
        return len(self.reached[0]) - 1

    def since(self, day: Day) -> Cohorts:
        """Those from a day on."""
        at = max(day - self.first, 0)
        return Cohorts(self.first + at, self.leads[at:], self.reached[at:], self.left[at:])

    def open(self, day: Day) -> list[int]:
        """Leads of each young cohort, oldest first, that were still to convert on a day.

        The day's own cohort, the last one, is whole.
        """
        return _diagonal(self.left, day - self.first, self.horizon)

    def observed(self, day: Day) -> list[int]:
        """Leads of each young cohort, oldest first, that reached the stage on a day."""
        return _diagonal(self.reached, day - self.first, self.horizon)

    def until(self, day: Day) -> int:
        """A fingerprint of all that happened up to a day to the cohorts up to it."""
        last = day - self.first
        before = (tuple(ages[: last - at + 1]) for at, ages in enumerate(self.reached[: last + 1]))
        return hash((self.first, tuple(self.leads[: last + 1]), tuple(before)))


def cohorts(totals: Totals, stage: Stage, days: Days, horizon: int) -> Cohorts:
    """The cohorts of an entity's days, read from its totals."""
    by_age = totals.daily_by_key(stage.by_age, days)
    none = [0] * days.length
    ages = (by_age.get(str(age), none) for age in range(horizon + 1))
    return triangle(days.first, totals.daily(slots.LEADS, days), list(zip(*ages, strict=True)))


def triangle(first: Day, leads: Sequence[int], reached: Sequence[Sequence[int]]) -> Cohorts:
    """Cohorts from their leads, and from those that reached a stage at each age."""
    left = [tuple(accumulate(ages, sub, initial=n)) for n, ages in zip(leads, reached, strict=True)]
    return Cohorts(first, leads, reached, left)


def _diagonal(triangle: Sequence[Sequence[int]], at: int, horizon: int) -> list[int]:
    """The figures of a day, of each cohort at its age then; 0 of cohorts before the first."""
    if at >= horizon:
        return [triangle[at - age][age] for age in range(horizon, -1, -1)]
    missing = [0] * (horizon - max(at, -1))
    return [*missing, *(triangle[at - age][age] for age in range(at, -1, -1))]


def hours(totals: Totals, stage: Stage, days: Days) -> list[int]:
    """Leads created on some days that reached a stage, by the hour of the day."""
    found = totals.over(days).by_key(stage.by_hour)
    return [found.get(str(hour), 0) for hour in range(HOURS)]
