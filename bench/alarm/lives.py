"""Lives: alerts of the product as people see them, run by run.

Teams of 8 and of 25 under the product's own course of days: how often one incident is told, how
well its beginning is dated, how soon it resolves, and what raises a wrong alert.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from bench.alarm.floor import USUAL, Conditions, Floor, by_cohort, known_baseline, weibull
from scoring.alerting.alarms import follow_day
from scoring.alerting.cohorts import triangle
from scoring.alerting.course import Terms, begin

if TYPE_CHECKING:
    from collections.abc import Callable

    from scoring.alerting.course import Incident

_HORIZON = 14
_BASE = 0.08
_BEFORE = 60
_DROP = 60
_AFTER = 90
_SPAN = _BEFORE + _DROP + _AFTER
_START = _HORIZON + 2
_TERMS = Terms(budget=1000.0, recovery=float(np.log(100.0)), horizon=_HORIZON)


class Life(NamedTuple):
    """Alerts about incidents of 60 days.

    Attributes:
        leads: Leads a day.
        drop: By how much cases fell.
        found: Share of incidents that were told.
        onsets: Alerts raised in an incident that was told.
        dated: Share of those whose beginning was told within a day.
        resolving: Days until they resolved after the end, on average.
    """

    leads: int
    drop: float
    found: float
    onsets: float
    dated: float
    resolving: float


def life(leads: int, drop: float, runs: int, seed: int) -> Life:
    """Alerts about a drop of 60 days."""

    def conditions(day: int) -> Conditions:
        return Conditions(closing=1 - drop) if _BEFORE <= day < _BEFORE + _DROP else USUAL

    began = _START + _BEFORE
    ended = began + _DROP
    told = [
        [i for i in incidents if began <= i.raised < ended]
        for incidents in _incidents(leads, conditions, runs, seed, _TERMS)
    ]
    found = [each for each in told if each]
    resolved = [each[-1].resolved for each in found]
    after = [day - ended + 1 for day in resolved if day is not None and day >= ended]
    return Life(
        leads,
        drop,
        len(found) / runs,
        float(np.mean([len(each) for each in found])),
        float(np.mean([abs(each[0].since.mark.day - began) <= 1 for each in found])),
        float(np.mean(after)),
    )


def harmless(leads: int, runs: int, seed: int) -> dict[str, float]:
    """Share of runs with an alert within 30 days of something that is not a drop."""
    on = _START + _BEFORE
    rest = _TERMS._replace(rests=frozenset({on}))
    lost, dip = Conditions(closing=0.0), Conditions(closing=0.6)
    cases: dict[str, tuple[Callable[[int], Conditions], Terms]] = {
        "nothing": (lambda _: USUAL, _TERMS),
        "volume doubles": (_from(Conditions(volume=2.0)), _TERMS),
        "volume halves": (_from(Conditions(volume=0.5)), _TERMS),
        "one day at 60 %": (_on_first(dip), _TERMS),
        "holiday or silence, nothing happens": (_on_first(Conditions(0.0, 0.0)), _TERMS),
        "sales feed lost for a day": (_on_first(lost), _TERMS),
        "the same, the clock stopped": (_on_first(lost), rest),
    }
    return {
        name: float(
            np.mean(
                [
                    any(on <= i.raised < on + 30 for i in incidents)
                    for incidents in _incidents(leads, conditions, runs, seed, terms)
                ]
            )
        )
        for name, (conditions, terms) in cases.items()
    }


def _from(changed: Conditions) -> Callable[[int], Conditions]:
    return lambda day: changed if day >= _BEFORE else USUAL


def _on_first(changed: Conditions) -> Callable[[int], Conditions]:
    return lambda day: changed if day == _BEFORE else USUAL


def _incidents(
    leads: int, conditions: Callable[[int], Conditions], runs: int, seed: int, terms: Terms
) -> list[tuple[Incident, ...]]:
    """The product's alerts of each run."""
    delay = weibull(5.0, horizon=_HORIZON)
    floor = Floor(np.random.default_rng(seed), runs, leads, _BASE, delay)
    floor.days(_START - 1)
    days = [floor.day(conditions(at)) for at in range(_SPAN)]
    reached = by_cohort(days)
    created = np.array([day.leads for day in days])
    baseline = known_baseline(_BASE, delay)
    found = []
    for run in range(runs):
        known = triangle(_START, created[:, run].tolist(), reached[:, :, run].tolist())
        # Cohorts of before the start are not known: watch from when all young ones are.
        first = _START + _HORIZON
        course = begin(first, _HORIZON, ())
        for day in range(first, _START + _SPAN):
            course = follow_day(course, known, day, baseline, terms)
        found.append(course.incidents)
    return found
