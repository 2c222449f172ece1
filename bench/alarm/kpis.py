"""KPIs under watch: a count, a share and a mean, in health and after changes, days one by one.

Their days are the product's to judge. What is normal is known, so that the promise itself is
measured, or else learned from 90 days as the product learns it.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, NamedTuple

from bench.alarm.traces import BUDGET, Calls
from scoring.alerting.detector import Single
from scoring.alerting.judging import Given, judge
from scoring.alerting.policy import Policy
from scoring.alerting.scopes import Scope
from scoring.alerting.usual import Daily, Learning, Usual
from scoring.watching import Count, Mean, Share

if TYPE_CHECKING:
    from collections.abc import Callable

    from scoring.watching import Observed

#: Deviation of the factor that all of a day's cases share.
_UNEVEN = 0.1
_LONGEST = 400
_POLICY = Policy()
#: Days for which what was learned is watched by: four times as long as it holds.
_HELD = 4 * _POLICY.refit
#: Waiting times with a mean of 1 and a deviation as large.
_LOG_MEAN, _LOG_DEVIATION = -0.3466, 0.8326
_PROMOTERS, _DETRACTORS = 0.6, 0.15
_NPS = _PROMOTERS - _DETRACTORS
_NPS_VARIANCE = _PROMOTERS + _DETRACTORS - _NPS * _NPS
_PASSED = 0.95


class Figure(NamedTuple):
    """A figure that is watched.

    Attributes:
        name: What it is.
        observed: What a day brings.
        bad: 1 if more is worse, -1 if less is.
        usual: What is normal, by the cases of a usual day.
        day: What one brings: amount and cases; by cases, and how much worse it is than normal.
        changes: How much worse, from little to much.
    """

    name: str
    observed: Observed
    bad: int
    usual: Callable[[int], Usual]
    day: Callable[[random.Random, int, float], tuple[float, int]]
    changes: tuple[float, float]


class Found(NamedTuple):
    """What came of it.

    Attributes:
        figure: Which.
        cases: Of a usual day.
        calls: In health.
        learned: The same where what is normal is learned.
        delays: Days to the alarm, on average, by change.
    """

    figure: Figure
    cases: int
    calls: Calls
    learned: Calls
    delays: dict[float, float]


def found(figure: Figure, cases: int, runs: int, days: int, seed: int) -> Found:
    """Watch a figure in health, and after changes."""
    rng = random.Random(seed)  # noqa: S311
    known = figure.usual(cases)
    calls = _calls([_until(figure, cases, known, 0.0, days, rng) for _ in range(runs)], days)
    learned = [
        _until(figure, cases, _learned(figure, cases, rng), 0.0, _HELD, rng)
        for _ in range(runs * days // _HELD)
    ]
    delays = {}
    for change in figure.changes:
        lengths = [_until(figure, cases, known, change, _LONGEST, rng) for _ in range(runs)]
        delays[change] = sum(length or _LONGEST for length in lengths) / runs
    return Found(figure, cases, calls, _calls(learned, _HELD), delays)


def _calls(lengths: list[int | None], days: int) -> Calls:
    return Calls(
        sum(length is not None for length in lengths),
        float(sum(length or days for length in lengths)),
    )


def _learned(figure: Figure, cases: int, rng: random.Random) -> Usual:
    days = [figure.day(rng, cases, 0.0) for _ in range(_POLICY.history)]
    amounts, of = zip(*days, strict=True)
    learning = Learning(figure.observed, figure.bad, Scope.BRANCH, _POLICY)
    usual = learning.learn(Daily(1, amounts, of), 1 + len(days), range(1, 1 + len(days)), None)
    if usual is None:
        raise SystemExit("bench: there is too little history to learn from; raise the cases")
    return usual


def _until(
    figure: Figure, cases: int, usual: Usual, change: float, days: int, rng: random.Random
) -> int | None:
    """Days until the alarm; None if it does not come."""
    evidence = Single()
    for day in range(1, days + 1):
        given = Given(day, *figure.day(rng, cases, change))
        word = judge(figure.observed, usual, figure.bad, given)
        evidence = evidence.grown(word.growths, word.weight)
        if evidence.days() >= BUDGET:
            return day
    return None


def _many(rng: random.Random, mean: float) -> int:
    """A Poisson number."""
    at, n = rng.expovariate(1), 0
    while at < mean:
        at, n = at + rng.expovariate(1), n + 1
    return n


def _shared(rng: random.Random) -> float:
    return max(rng.gauss(1, _UNEVEN), 0.0)


def _leads(rng: random.Random, cases: int, change: float) -> tuple[float, int]:
    n = _many(rng, cases * _shared(rng) * (1 - change))
    return n, n


def _checks(rng: random.Random, cases: int, change: float) -> tuple[float, int]:
    n, failing = _many(rng, cases), (1 - _PASSED) * _shared(rng) + change
    return sum(rng.random() >= failing for _ in range(n)), n


def _responses(rng: random.Random, cases: int, change: float) -> tuple[float, int]:
    n, moved = _many(rng, cases), rng.gauss(0, _UNEVEN / 2)
    fond = _PROMOTERS + moved - change / 2
    drawn = [rng.random() for _ in range(n)]
    against = 1 - _DETRACTORS + moved - change / 2
    return sum((d < fond) - (d > against) for d in drawn), n


def _answers(rng: random.Random, cases: int, change: float) -> tuple[float, int]:
    n, slow = _many(rng, cases), _shared(rng) * (1 + change)
    return sum(rng.lognormvariate(_LOG_MEAN, _LOG_DEVIATION) for _ in range(n)) * slow, n


def _of_mean(level: float, of_case: float, of_day: float, notable: float) -> Callable[[int], Usual]:
    def usual(cases: int) -> Usual:
        variance = of_case / cases + of_day
        return Usual(0, level, level, 1, float(cases), variance, notable=notable)

    return usual


FIGURES = (
    Figure(
        "count of leads",
        Count("leads"),
        -1,
        lambda cases: Usual(0, cases, cases, 1, cases, spread=_UNEVEN**2),
        _leads,
        (0.2, 0.3),
    ),
    Figure(
        "share of checks passed, 95 %",
        Share("passed", "checks"),
        -1,
        lambda cases: Usual(0, _PASSED, _PASSED, 1, cases, spread=_UNEVEN**2),
        _checks,
        (0.05, 0.1),
    ),
    Figure(
        "NPS, 45",
        Mean("net", "responses", notable=0.2),
        -1,
        _of_mean(_NPS, _NPS_VARIANCE, _UNEVEN**2, 0.2),
        _responses,
        (0.2, 0.4),
    ),
    Figure(
        "mean turnaround, skewed",
        Mean("time", "answers"),
        1,
        _of_mean(1.0, 1.0, _UNEVEN**2, 0.3),
        _answers,
        (0.3, 0.5),
    ),
)
