"""Traces: what every rule sees of the runs of a floor, and when each of them calls."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from bench.alarm.floor import ARRAYS, Array, Day
from scoring.alerting.detector import NOTHING, Cohort, Evidence, Slice, advance, odds

if TYPE_CHECKING:
    from scoring.alerting.baseline import Baseline

#: Days per false alarm that every rule is held to.
BUDGET = 1000.0
_TYPICAL = 0.7


class Trace(NamedTuple):
    """Figures by run and day.

    Attributes:
        leads: Created.
        cases: Seen.
        expected: By the age of open leads.
        evidence: The product's, in days.
        rate: Share of leads that convert in health.
    """

    leads: Array
    cases: Array
    expected: Array
    evidence: Array
    rate: float | Array


def trace(days: Iterable[Day], baseline: Baseline, *, restart: bool = False) -> Trace:
    """Drive the product's detector over days.

    Args:
        days: Their first ones fill the ring of cohorts, before which nothing is watched.
        baseline: What is expected.
        restart: Begin anew after an alarm.
    """
    evidence, horizon = blank(len(baseline.delay) - 1), len(baseline.delay) - 1
    columns: list[tuple[Array, ...]] = []
    for day in days:
        seen = judged(day, baseline)
        evidence = advance(evidence, seen, 1.0, horizon, ARRAYS)
        now = evidence.days(ARRAYS)
        columns.append((day.leads, sum(seen.observed), sum(seen.expected), now))
        if restart and (now >= BUDGET).any():
            evidence = forget(evidence, now >= BUDGET)
    leads, cases, expected, found = (np.array(column).T for column in zip(*columns, strict=True))
    return Trace(leads, cases, expected, found, baseline.rate)


def judged(day: Day, baseline: Baseline) -> Slice:
    """A day of all runs beside what it should have brought."""
    return baseline.slice(day.number, list(day.open), list(day.cases))


def blank(horizon: int) -> Evidence:
    """No evidence, and cohorts that start none."""
    return Evidence(young=(Cohort(0.0, NOTHING),) * horizon)


def forget(evidence: Evidence, where: Array) -> Evidence:
    """`Evidence.forget` in some of the runs."""
    keep = ~where * 1.0
    young = tuple(
        Cohort(cohort.weight * keep, tuple(g * keep for g in cohort.growth))
        for cohort in evidence.young
    )
    return Evidence(
        tuple(m * keep for m in evidence.sales), tuple(m * keep for m in evidence.settled), young
    )


# --------------------------------------------------------------------------------- other rules

Rule = Callable[[Trace], Array]


def summed(figures: Array, days: int) -> Array:
    """Sums of the last days, by run and day."""
    upto = np.cumsum(np.pad(figures.astype(float), ((0, 0), (days, 0))), axis=1)
    return upto[:, days:] - upto[:, :-days]


def rolling(days: int) -> Rule:
    """Shortfall of cases over leads in the last days, relative to the rate in health."""

    def rule(seen: Trace) -> Array:
        usual = summed(seen.leads * np.reshape(seen.rate, (-1, 1)), days)
        return 1 - summed(seen.cases, days) / np.maximum(usual, 1e-9)

    return rule


def two_proportions(recent: int = 7, before: int = 28) -> Rule:
    """Z of the last days' rate against the days before them."""

    def rule(seen: Trace) -> Array:
        x, n = summed(seen.cases, recent), np.maximum(summed(seen.leads, recent), 1)
        x_all, n_all = summed(seen.cases, recent + before), summed(seen.leads, recent + before)
        x_before, n_before = x_all - x, np.maximum(n_all - n, 1)
        pooled = np.clip((x + x_before) / (n + n_before), 1e-4, 1)
        error = np.sqrt(pooled * (1 - pooled) * (1 / n + 1 / n_before))
        return (x_before / n_before - x / n) / error

    return rule


def cusum(seen: Trace) -> Array:
    """Page's CUSUM on observed and expected cases, tuned to a drop to 0.7."""
    total, columns = np.zeros(len(seen.cases)), []
    for cases, expected in zip(seen.cases.T, seen.expected.T, strict=True):
        step = odds(_TYPICAL, expected, 0.0, ARRAYS)
        total = np.maximum(total + step.case * cases + step.credit, 0)
        columns.append(total)
    return np.array(columns).T


def ours(seen: Trace) -> Array:
    """The product's evidence, in days."""
    return seen.evidence


RULES: dict[str, Rule] = {
    "ours": ours,
    "cusum": cusum,
    "rolling7": rolling(7),
    "rolling28": rolling(28),
    "ztest": two_proportions(),
}


# --------------------------------------------------------------------------------- when they call


class Calls(NamedTuple):
    """First alarms of runs in health: how many, and days watched until them."""

    alarms: int
    days: int

    @property
    def per_1000(self) -> float:
        """Alarms per 1,000 days."""
        return 1000 * self.alarms / self.days


def calls(figures: Array, limit: float) -> Calls:
    """First alarms of runs in health, counted until the trace ends."""
    over = figures >= limit
    hit = over.any(axis=1)
    lengths = np.where(hit, over.argmax(axis=1) + 1, over.shape[1])
    return Calls(int(hit.sum()), int(lengths.sum()))


def calibrated(figures: Array, per_1000: float = 1000 / BUDGET) -> float:
    """The limit with which a rule alarms so often in health."""
    low, high = float(np.quantile(figures, 0.5)), float(figures.max()) + 1e-6
    for _ in range(40):
        limit = (low + high) / 2
        low, high = (limit, high) if calls(figures, limit).per_1000 > per_1000 else (low, limit)
    return high


class Delay(NamedTuple):
    """Days from a change to the alarm; a run without one counts as the days that were left."""

    mean: float
    p90: float


def delay(figures: Array, limit: float, change: int, before: int = 30) -> Delay:
    """Days from a change to the alarm, of the runs that were calm before it."""
    calm = ~(figures[:, max(change - before, 0) : change] >= limit).any(axis=1)
    over = figures[calm, change:] >= limit
    days = np.where(over.any(axis=1), over.argmax(axis=1) + 1, over.shape[1])
    return Delay(float(days.mean()), float(np.quantile(days, 0.9)))
