"""Baseline: how leads convert when all is well, learned from cohorts that are settled.

A rate, a delay curve, a profile of weekdays and of hours, and how uneven days are. An entity
with little history is shrunk towards its parent, and its rate is taken low by a share of
what is not known about it, so that an unlucky guess does not become a false alarm.
"""

from __future__ import annotations

from math import sqrt
from operator import mul
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from scoring.alerting.cohorts import HOURS
from scoring.alerting.detector import Slice, at_most
from scoring.calendar import Day

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scoring.alerting.cohorts import Cohorts
    from scoring.alerting.policy import Policy
    from scoring.alerting.scopes import Scope

WEEK = 7
#: How many cases of its own outweigh what a parent says of delay, weekday and hour.
_CURVE_CASES = 100
_WEEKDAY_CASES = 300
#: The same where there is no parent, and every weekday is taken to be alike.
_ALIKE_CASES = 10
_HOUR_CASES = 100
#: The spread of days where little is known, a factor of 10 % that a day shares, and by how
#: much spreads differ.
_USUAL_SPREAD = 0.01
_SPREADS_DIFFER = 0.04
#: A hazard of 1 would leave nothing to chance.
_LARGEST_HAZARD = 0.95
_TINY = 1e-12
#: Business hours, where nothing is known.
_OPENING, _CLOSING = 9, 18


class Baseline(msgspec.Struct, frozen=True, array_like=True):
    """What is expected of one entity's leads at one stage.

    Attributes:
        since: Day from which it holds.
        rate: Share of leads that reach the stage within the horizon.
        low: The same, as low as it may be without surprise: what the detector goes by.
        cases: How many cases it was learned from.
        delay: Share of those that reach it which do so at each age.
        hazards: Chance that a lead still open reaches it at each age, by `low`.
        weekdays: Factor on hazards, Monday first.
        hours: Share of a day's cases that have come by each hour.
        spread: Variance of a day beyond chance, relative to its squared expectation.
    """

    since: Day
    rate: float
    low: float
    cases: int
    delay: tuple[float, ...]
    hazards: tuple[float, ...]
    weekdays: tuple[float, ...]
    hours: tuple[float, ...]
    spread: float

    def expect(self, day: Day, leads_open: Sequence[float], share: float = 1.0) -> list[float]:
        """Cases expected on a day of each young cohort, oldest first.

        Args:
            day: Which day; its weekday counts.
            leads_open: Leads still open of each cohort.
            share: How much of the day's cases should have come by now.
        """
        factor = self.weekdays[(day - 1) % WEEK]
        return [
            n * share * chance
            for n, chance in zip(leads_open, _chances(self.hazards, factor), strict=True)
        ]

    def slice(
        self,
        day: Day,
        leads_open: Sequence[float],
        observed: Sequence[float],
        share: float = 1.0,
    ) -> Slice:
        """What a day brought beside what it should have brought."""
        chances = _chances(self.hazards, self.weekdays[(day - 1) % WEEK])
        expected = [n * share * chance for n, chance in zip(leads_open, chances, strict=True)]
        # Leads convert or do not, so that their sum is less uneven than Poisson's.
        certain = sum(e * share * chance for e, chance in zip(expected, chances, strict=True))
        total = sum(expected)
        return Slice(observed, expected, self.spread - certain / (total * total + _TINY))

    def passed(self, hours: float) -> float:
        """Share of a day's cases that should have come after so many hours."""
        whole = min(int(hours), HOURS - 1)
        before = self.hours[whole - 1] if whole else 0.0
        return before + (hours - whole) * (self.hours[whole] - before)


def learn(
    cohorts: Cohorts,
    hours: Sequence[int],
    since: Day,
    skip: frozenset[Day],
    parent: Baseline | None,
    scope: Scope,
    policy: Policy,
) -> Baseline | None:
    """The baseline that holds from a day, learned from what was settled before it.

    Args:
        cohorts: The entity's leads.
        hours: Its cases by hour of the day.
        since: The day; nothing on or after it is looked at.
        skip: Days that were not normal.
        parent: The parent's baseline of the same day; None at the top.
        scope: Of what kind the entity is.
        policy: Settings.

    Returns:
        None where there are too few cases and no parent whose rate stands in for them.
    """
    first = max(cohorts.first, since - policy.horizon - policy.history)
    settled = [
        day for day in range(first, since - policy.horizon) if _normal(day, skip, policy.horizon)
    ]
    n = sum(cohorts.leads[day - cohorts.first] for day in settled)
    ages = [
        sum(column)
        for column in zip(*(cohorts.reached[day - cohorts.first] for day in settled), strict=True)
    ] or [0] * (policy.horizon + 1)
    cases = sum(ages)
    if (parent is None or scope.is_origin) and cases < policy.least_cases:
        return None
    rate, weight = _rate(cases, n, parent, policy.differences[scope])
    delay = _shares(ages, parent.delay if parent else (0.0,) * len(ages), _CURVE_CASES)
    days = Rows.gather(
        cohorts, (d for d in range(first + policy.horizon, since) if d not in skip), rate, delay
    )
    weekdays = days.weekdays(parent.weekdays if parent else ())
    spread = days.spread(weekdays, parent.spread if parent else 0.0)
    unknown = (rate * (1 - rate) / weight + rate * rate * spread / max(len(settled), 1)) ** 0.5
    low = max(rate - policy.caution * unknown, rate / 2)
    return Baseline(
        since=since,
        rate=rate,
        low=low,
        cases=cases,
        delay=delay,
        hazards=_hazards(low, delay),
        weekdays=weekdays,
        hours=_by_hour(hours, parent),
        spread=spread,
    )


class Rows(NamedTuple):
    """Days of history: weekday, observed, expected without weekdays, and its certain part."""

    rows: list[tuple[int, float, float, float]]

    @classmethod
    def gather(
        cls, cohorts: Cohorts, days: Iterable[Day], rate: float, delay: tuple[float, ...]
    ) -> Rows:
        """Those of an entity's cohorts."""
        chances = _chances(_hazards(rate, delay), 1.0)
        squares = [chance * chance for chance in chances]
        rows: list[tuple[int, float, float, float]] = []
        for day in days:
            leads_open = cohorts.open(day)
            expected = sum(map(mul, leads_open, chances), 0.0)
            certain = sum(map(mul, leads_open, squares), 0.0)
            rows.append(((day - 1) % WEEK, sum(cohorts.observed(day)), expected, certain))
        return cls(rows)

    def weekdays(self, usual: Sequence[float]) -> tuple[float, ...]:
        """Factors by weekday, shrunk towards the usual ones, if any are known."""
        cases = _WEEKDAY_CASES if usual else _ALIKE_CASES
        seen = [cases * factor for factor in usual or (1.0,) * WEEK]
        expected = [float(cases)] * WEEK
        for weekday, o, e, _ in self.rows:
            seen[weekday] += o
            expected[weekday] += e
        return tuple(o / e for o, e in zip(seen, expected, strict=True))

    def spread(self, weekdays: Sequence[float], least: float) -> float:
        """Unevenness of days beyond chance, by moments, shrunk where few cases tell little of it.

        What a parent's days share its children's days share too: theirs are no less uneven.
        """
        deviations = chance = squares = total = 0.0
        for weekday, o, e, certain in self.rows:
            factor = weekdays[weekday]
            mean = e * factor
            deviations += (o - mean) ** 2
            chance += mean - certain * factor * factor
            squares += mean * mean
            total += mean
        days = len(self.rows)
        if days <= 2 * WEEK or not total:
            return least
        # Seven factors were fitted to the same days.
        own = max((deviations * days / (days - WEEK) - chance) / squares, least)
        usual = max(least, _USUAL_SPREAD)
        error = sqrt(2 / days) * (chance / total * days / total + usual)
        return usual + (own - usual) / (1 + (error / _SPREADS_DIFFER) ** 2)


def _normal(created: Day, skip: frozenset[Day], horizon: int) -> bool:
    """Whether a cohort saw none of the days to skip."""
    return not skip or skip.isdisjoint(range(created, created + horizon + 1))


def _rate(cases: int, n: int, parent: Baseline | None, difference: float) -> tuple[float, float]:
    """The posterior mean of a Beta-binomial rate, and from how many leads it is known."""
    if parent is None:
        return cases / n, float(n)
    prior = max((1 - parent.rate) / (parent.rate * difference * difference), 1.0)
    return (cases + prior * parent.rate) / (n + prior), n + prior


def _shares(counts: Sequence[int], usual: Sequence[float], weight: int) -> tuple[float, ...]:
    """Shares of a whole, shrunk towards the usual ones, if there are any."""
    weighed = [n + weight * share for n, share in zip(counts, usual, strict=True)]
    total = sum(weighed)
    return tuple(share / total for share in weighed)


def _hazards(rate: float, delay: Sequence[float]) -> tuple[float, ...]:
    hazards, left = [], 1.0
    for share in delay:
        hazards.append(min(rate * share / left, _LARGEST_HAZARD) if left > 0 else 0.0)
        left -= rate * share
    return tuple(hazards)


def _chances(hazards: Sequence[float], factor: float) -> list[float]:
    """Hazards on a weekday, oldest cohort first."""
    return [at_most(hazard * factor, _LARGEST_HAZARD) for hazard in reversed(hazards)]


def _by_hour(counts: Sequence[int], parent: Baseline | None) -> tuple[float, ...]:
    if parent is not None:
        before = (0.0, *parent.hours)
        usual = [after - at for after, at in zip(parent.hours, before, strict=False)]
    else:
        open_hours = _CLOSING - _OPENING
        usual = [float(_OPENING <= hour < _CLOSING) / open_hours for hour in range(HOURS)]
    total, cumulative = 0.0, []
    for share in _shares(counts, usual, _HOUR_CASES):
        total += share
        cumulative.append(total)
    return tuple(cumulative)
