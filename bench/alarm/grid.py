"""The grid: false alarms in health and days to a drop, by volume and base rate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from bench.alarm.floor import (
    ARRAYS,
    HORIZON,
    USUAL,
    Array,
    Conditions,
    Floor,
    known_baseline,
    weibull,
)
from bench.alarm.traces import (
    BUDGET,
    RULES,
    Calls,
    Delay,
    Trace,
    blank,
    calibrated,
    calls,
    delay,
    trace,
)
from scoring.alerting.detector import advance

#: Days to sales: 64 % of them within a week, 96 % within four.
SALES = weibull(7.0)
#: Days to the early stages: most leads are contacted on the day on which they came.
CONTACTS = weibull(0.7, horizon=14)
QUALIFICATIONS = weibull(2.0, horizon=14)
CALM = 60
_NEVER = 240


@dataclass(frozen=True)
class Setting:
    """A floor: leads a day, the share that converts, and after how many days."""

    leads: int
    base: float
    stage: str = "disbursed"

    @property
    def delay(self) -> Array:
        """Share of cases by age."""
        return {"disbursed": SALES, "qualified": QUALIFICATIONS, "contacted": CONTACTS}[self.stage]


class Cell(NamedTuple):
    """One drop on one floor.

    Attributes:
        setting: The floor.
        kind: closing: cases are lost from now on; leads: those that come from now on are worse.
        drop: By how much.
        delays: Days to the alarm by rule, each at one false alarm per `BUDGET` days.
    """

    setting: Setting
    kind: str
    drop: float
    delays: dict[str, Delay]


class Health(NamedTuple):
    """A floor where nothing is wrong: our first alarms, and the limits of the other rules."""

    setting: Setting
    calls: Calls
    limits: dict[str, float]


def health(setting: Setting, runs: int, days: int, seed: int) -> Health:
    """Watch a floor where nothing is wrong."""
    floor = _floor(setting, runs, seed)
    seen = _seen(floor, setting, [USUAL] * days)
    limits = {name: calibrated(rule(seen)[:, 40:]) for name, rule in RULES.items()}
    return Health(setting, calls(seen.evidence, BUDGET), {**limits, "ours": BUDGET})


def cell(known: Health, kind: str, drop: float, runs: int, seed: int) -> Cell:
    """Days from a drop to the alarm of each rule."""
    left = 1 - drop
    changed = Conditions(closing=left) if kind == "closing" else Conditions(quality=left)
    floor = _floor(known.setting, runs, seed)
    seen = _seen(floor, known.setting, [USUAL] * CALM + [changed] * _NEVER)
    delays = {name: delay(rule(seen), known.limits[name], CALM) for name, rule in RULES.items()}
    return Cell(known.setting, kind, drop, delays)


def looks(setting: Setting, runs: int, days: int, seed: int, per_day: int = 9) -> Calls:
    """First false alarms with several looks a day, as the product takes them.

    Returns:
        Their days are whole days and parts of days, rounded.
    """
    rng = np.random.default_rng(seed)
    floor, baseline = _floor(setting, runs, seed), known_baseline(setting.base, setting.delay)
    horizon = len(setting.delay) - 1
    evidence, first = blank(horizon), np.full(runs, float(days))
    for number in range(days):
        day = floor.day()
        cases, started = np.zeros_like(day.cases), evidence
        for look in range(1, per_day + 1):
            more = rng.binomial(day.cases - cases, 1 / (per_day - look + 1))
            cases = cases + more
            share = look / per_day
            seen = baseline.slice(day.number, list(day.open), list(cases), share)
            evidence = advance(started, seen, share, horizon, ARRAYS)
            hit = (evidence.days(ARRAYS) >= BUDGET) & (first == days)
            first = np.where(hit, number + share, first)
    return Calls(int((first < days).sum()), round(first.sum()))


def _floor(setting: Setting, runs: int, seed: int) -> Floor:
    floor = Floor(np.random.default_rng(seed), runs, setting.leads, setting.base, setting.delay)
    floor.days(HORIZON + 1)
    return floor


def _seen(floor: Floor, setting: Setting, days: list[Conditions]) -> Trace:
    baseline = known_baseline(setting.base, setting.delay)
    return trace((floor.day(conditions) for conditions in days), baseline)
