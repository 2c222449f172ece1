"""Simulated floors: many independent runs of one entity's leads, day by day."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from scoring.alerting.baseline import Baseline

if TYPE_CHECKING:
    from bench.alarm.arrays import Counts, Figures

#: Days of age after which no lead of a simulated floor converts any more.
HORIZON = 45
FLAT_WEEK = (1.0,) * 7
#: Monday first.
UNEVEN_WEEK = (1.25, 1.2, 1.15, 1.15, 1.1, 0.85, 0.3)


def weibull(scale: float, shape: float = 0.8, horizon: int = HORIZON) -> Figures:
    """Share of cases by age in days: a Weibull delay, cut at the horizon."""
    upto = 1 - np.exp(-((np.arange(horizon + 2) / scale) ** shape))
    shares: Figures = np.diff(upto) / upto[-1]
    return shares


def hazards(rate: float | Figures, delay: Figures) -> Figures:
    """Chance that a lead still open converts at each age; one row an age."""
    shares = np.multiply.outer(delay, np.asarray(rate, float))
    before = np.cumsum(shares, axis=0) - shares
    chances: Figures = shares / (1 - before)
    return chances


def known_baseline(rate: float, delay: Figures, spread: float = 0.0) -> Baseline:
    """The product's baseline where nothing has to be learned."""
    return Baseline(
        since=0,
        rate=rate,
        low=rate,
        cases=0,
        delay=tuple(delay),
        hazards=tuple(hazards(rate, delay)),
        weekdays=FLAT_WEEK,
        hours=(),
        spread=spread,
    )


class Conditions(NamedTuple):
    """How a day differs from the usual.

    Attributes:
        volume: Factor on leads.
        closing: Share of the cases of this day that are not lost.
        quality: Factor on the rate of this day's leads.
        uneven: Coefficient of variation of the factor that the whole day shares.
        week: Factors on the chance of a case by weekday.
    """

    volume: float = 1.0
    closing: float = 1.0
    quality: float = 1.0
    uneven: float = 0.0
    week: tuple[float, ...] = FLAT_WEEK


USUAL = Conditions()


class Day(NamedTuple):
    """What a day brought to each run.

    Attributes:
        number: Which day; 1 is a Monday.
        leads: Created, by run.
        open: By cohort, oldest first, and run: leads that had not converted.
        cases: The same: leads that did now.
    """

    number: int
    leads: Counts
    open: Counts
    cases: Counts


class Floor:
    """Runs of one entity.

    Args:
        rng: Source of chance.
        runs: How many.
        leads: Per day, on average.
        rate: Share of leads that convert; one number, or one a run.
        delay: Share of those by age in days.
    """

    def __init__(
        self,
        rng: np.random.Generator,
        runs: int,
        leads: float,
        rate: float | Figures,
        delay: Figures,
    ) -> None:
        self._rng = rng
        self._leads = leads
        self._rate = rate
        self._delay = delay
        self._tables: dict[float, Figures] = {}
        shape = (len(delay), runs)
        # Oldest first. `left` knows which cases were lost, `open` does not.
        self._left, self._open = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
        self._qualities = [1.0] * len(delay)
        self._number = 0

    def days(self, count: int, conditions: Conditions = USUAL) -> list[Day]:
        """The next days."""
        return [self.day(conditions) for _ in range(count)]

    def day(self, conditions: Conditions = USUAL) -> Day:
        """The next day."""
        self._number += 1
        runs = self._left.shape[1]
        leads = self._rng.poisson(self._leads * conditions.volume, runs)
        self._left = np.vstack([self._left[1:], leads])
        self._open = np.vstack([self._open[1:], leads])
        self._qualities = [*self._qualities[1:], conditions.quality]
        factor = conditions.week[(self._number - 1) % 7] * self._effect(conditions.uneven, runs)
        cases = self._rng.binomial(self._left, np.minimum(self._chances() * factor, 0.99))
        self._left -= cases
        if conditions.closing < 1:
            cases = self._rng.binomial(cases, conditions.closing)
        before = self._open.copy()
        self._open -= cases
        return Day(self._number, leads, before, cases)

    def _effect(self, uneven: float, runs: int) -> float | Figures:
        if not uneven:
            return 1.0
        return self._rng.gamma(uneven**-2, uneven**2, runs)

    def _chances(self) -> Figures:
        """By cohort, oldest first, and by run or for all."""
        for quality in set(self._qualities) - self._tables.keys():
            table = hazards(np.asarray(self._rate, float) * quality, self._delay)
            self._tables[quality] = table if table.ndim > 1 else table[:, None]
        oldest = len(self._qualities) - 1
        return np.array([self._tables[q][oldest - at] for at, q in enumerate(self._qualities)])


def by_cohort(days: list[Day]) -> Counts:
    """Cases by day of creation, age and run; cases of leads from before the days are left out."""
    ages, runs = days[0].cases.shape
    found = np.zeros((len(days), ages, runs), np.int64)
    for at, day in enumerate(days):
        for age in range(min(at + 1, ages)):
            found[at - age, age] = day.cases[-1 - age]
    return found
