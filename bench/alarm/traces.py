"""Traces: what every rule sees of the runs of a floor, and when each of them calls."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from bench.alarm.arrays import ARRAYS, Counts, Figures, as_figures, as_number
from scoring.alerting.detector import NOTHING, Cohort, Evidence, Slice, advance, odds

if TYPE_CHECKING:
    import numpy.typing as npt

    from bench.alarm.floor import Day
    from scoring.alerting.baseline import Baseline

#: Days per false alarm that every rule is held to.
BUDGET = 1000.0
#: Looks a day, one an hour of a working day.
LOOKS = 9
_TYPICAL = 0.7


class Trace(NamedTuple):
    """Figures by run and look.

    Attributes:
        leads: Created since the last look.
        cases: Seen since then.
        expected: In that time, by the age of open leads.
        evidence: The product's, in days.
        rate: Share of leads that convert in health; a row a run, or one for all.
        looks: How many there are in a day.
    """

    leads: Counts
    cases: Counts
    expected: Figures
    evidence: Figures
    rate: Figures
    looks: int


class _Look(NamedTuple):
    """One look of a trace: figures by run."""

    leads: Counts
    cases: Counts
    expected: Figures
    evidence: Figures


def trace(days: Iterable[Day], baseline: Baseline, *, restart: bool = False) -> Trace:
    """Drive the product's detector over days, with one look at the end of each.

    Args:
        days: Their first ones fill the ring of cohorts, before which nothing is watched.
        baseline: What is expected.
        restart: Begin anew after an alarm.
    """
    horizon = len(baseline.delay) - 1
    evidence = blank(horizon)
    taken: list[_Look] = []
    for day in days:
        seen = judged(day, baseline)
        evidence = advance(evidence, seen, 1.0, horizon, ARRAYS)
        now = as_figures(evidence.days(ARRAYS))
        taken.append(_Look(day.leads, day.cases.sum(axis=0), as_figures(sum(seen.expected)), now))
        if restart and (now >= BUDGET).any():
            evidence = forget(evidence, now >= BUDGET)
    return _trace(taken, baseline, 1)


def looked(
    days: Iterable[Day],
    baseline: Baseline,
    rng: np.random.Generator,
    change: int,
    looks: int = LOOKS,
) -> Trace:
    """Drive it with several looks a day, as the product takes them, until all runs have alarmed.

    Args:
        days: As those of `trace`.
        baseline: What is expected.
        rng: Spreads a day's leads and cases over it.
        change: The day, counted from the first, from which alarms are waited for.
        looks: How many a day.
    """
    horizon = len(baseline.delay) - 1
    evidence, done = blank(horizon), False
    taken: list[_Look] = []
    now = alarmed = np.zeros(1)
    for number, day in enumerate(days):
        started, cases, leads = evidence, np.zeros_like(day.cases), np.zeros_like(day.leads)
        expected = as_figures(sum(judged(day, baseline).expected)) / looks
        for look in range(1, looks + 1):
            left = looks - look + 1
            came, made = (
                rng.binomial(day.cases - cases, 1 / left),
                rng.binomial(day.leads - leads, 1 / left),
            )
            cases, leads = cases + came, leads + made
            if not done and (number >= change or look == looks):
                share = look / looks
                seen = baseline.slice(day.number, list(day.open), list(cases), share)
                evidence = advance(started, seen, share, horizon, ARRAYS)
                now = as_figures(evidence.days(ARRAYS))
            taken.append(_Look(made, came.sum(axis=0), expected, now + np.zeros(leads.size)))
            alarmed = (alarmed + (now >= BUDGET)) * (number >= change)
            done = bool(np.all(alarmed))
    return _trace(taken, baseline, looks)


def ticks(days: Iterable[Day], baseline: Baseline, rng: np.random.Generator) -> Trace:
    """What rules that the product does not drive see of days with `LOOKS` looks."""
    taken: list[_Look] = []
    for day in days:
        expected = as_figures(sum(judged(day, baseline).expected)) / LOOKS
        parts = np.full(LOOKS, 1 / LOOKS)
        cases = rng.multinomial(day.cases.sum(axis=0), parts)
        leads = rng.multinomial(day.leads, parts)
        taken += [_Look(leads[:, at], cases[:, at], expected, expected) for at in range(LOOKS)]
    return _trace(taken, baseline, LOOKS)


def judged(day: Day, baseline: Baseline) -> Slice:
    """A day of all runs beside what it should have brought."""
    return baseline.slice(day.number, list(day.open), list(day.cases))


def _trace(taken: list[_Look], baseline: Baseline, looks: int) -> Trace:
    leads, cases, expected, found = (np.array(column).T for column in zip(*taken, strict=True))
    return Trace(leads, cases, expected, found, np.reshape(baseline.rate, (-1, 1)), looks)


def blank(horizon: int) -> Evidence:
    """No evidence, and cohorts that start none."""
    return Evidence(young=(Cohort(0.0, NOTHING),) * horizon)


def forget(evidence: Evidence, where: npt.NDArray[np.bool_]) -> Evidence:
    """`Evidence.forget` in some of the runs."""
    keep = as_number((~where).astype(float))
    young = tuple(
        Cohort(cohort.weight * keep, tuple(g * keep for g in cohort.growth))
        for cohort in evidence.young
    )
    return Evidence(
        tuple(m * keep for m in evidence.sales), tuple(m * keep for m in evidence.settled), young
    )


# --------------------------------------------------------------------------------- other rules

Rule = Callable[[Trace], Figures]


def summed(figures: Figures | Counts, days: int) -> Figures:
    """Sums of the last days, by run and day."""
    upto: Figures = np.cumsum(np.pad(figures.astype(float), ((0, 0), (days, 0))), axis=1)
    return upto[:, days:] - upto[:, :-days]


def rolling(days: int) -> Rule:
    """Shortfall of cases over leads in the last days, relative to the rate in health."""

    def rule(seen: Trace) -> Figures:
        usual = summed(seen.leads * seen.rate, days * seen.looks)
        return 1 - summed(seen.cases, days * seen.looks) / np.maximum(usual, 1e-9)

    return rule


def two_proportions(recent: int = 7, before: int = 28) -> Rule:
    """Z of the last days' rate against the days before them."""

    def rule(seen: Trace) -> Figures:
        last, both = recent * seen.looks, (recent + before) * seen.looks
        x, n = summed(seen.cases, last), np.maximum(summed(seen.leads, last), 1)
        x_all, n_all = summed(seen.cases, both), summed(seen.leads, both)
        x_before, n_before = x_all - x, np.maximum(n_all - n, 1)
        pooled = np.clip((x + x_before) / (n + n_before), 1e-4, 1)
        error = np.sqrt(pooled * (1 - pooled) * (1 / n + 1 / n_before))
        z: Figures = (x_before / n_before - x / n) / np.maximum(error, 1e-9)
        return z

    return rule


def week_before(seen: Trace) -> Figures:
    """Shortfall of a day's rate against that of a week ago: `rate / rate offset 7d`."""
    cases, leads = (summed(each, seen.looks) for each in (seen.cases, seen.leads))
    rate = cases / np.maximum(leads, 1)
    before = np.pad(rate, ((0, 0), (7 * seen.looks, 0)))[:, : rate.shape[1]]
    return np.where(before > 0, 1 - rate / np.maximum(before, 1e-9), 0)


def cusum(ratio: float = _TYPICAL, spread: float = 0.0) -> Rule:
    """Page's CUSUM on observed and expected cases, tuned to a drop to a ratio."""

    def rule(seen: Trace) -> Figures:
        total, columns = np.zeros(len(seen.cases)), []
        for cases, expected in zip(seen.cases.T, seen.expected.T, strict=True):
            step = odds(ratio, expected, spread, ARRAYS)
            total = np.maximum(total + step.case * cases + step.credit, 0)
            columns.append(total)
        return np.array(columns).T

    return rule


def ours(seen: Trace) -> Figures:
    """The product's evidence, in days."""
    return seen.evidence


RULES: dict[str, Rule] = {
    "ours": ours,
    "cusum": cusum(),
    "rolling7": rolling(7),
    "rolling28": rolling(28),
    "ztest": two_proportions(),
    "week_before": week_before,
}


# --------------------------------------------------------------------------------- when they call


class Calls(NamedTuple):
    """First alarms of runs in health: how many, and days watched until them."""

    alarms: int
    days: float

    @property
    def per_1000(self) -> float:
        """Alarms per 1,000 days."""
        return 1000 * self.alarms / self.days


def calls(figures: Figures, limit: float, looks: int = 1) -> Calls:
    """First alarms of runs in health, counted until the trace ends."""
    over = figures >= limit
    hit = over.any(axis=1)
    lengths = np.where(hit, over.argmax(axis=1) + 1, over.shape[1])
    return Calls(int(hit.sum()), float(lengths.sum()) / looks)


def calibrated(figures: Figures, looks: int = 1, per_1000: float = 1000 / BUDGET) -> float:
    """The limit with which a rule alarms so often in health."""
    low, high = float(np.quantile(figures, 0.5)), float(figures.max()) + 1e-6
    for _ in range(40):
        limit = (low + high) / 2
        often = calls(figures, limit, looks).per_1000 > per_1000
        low, high = (limit, high) if often else (low, limit)
    return high


class Delay(NamedTuple):
    """Days from a change to the alarm; a run without one counts as the days that were left."""

    mean: float
    p90: float


def delay(figures: Figures, limit: float, change: int, looks: int = 1, before: int = 30) -> Delay:
    """Days from a change to the alarm, of the runs that were calm in the days before it."""
    start = change * looks
    calm = ~(figures[:, max(start - before * looks, 0) : start] >= limit).any(axis=1)
    over = figures[calm, start:] >= limit
    days = np.where(over.any(axis=1), over.argmax(axis=1) + 1, over.shape[1]) / looks
    return Delay(float(days.mean()), float(np.quantile(days, 0.9)))
