"""The grid: false alarms in health and days to a drop, by volume and base rate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from bench.alarm.floor import (
    HORIZON,
    USUAL,
    Conditions,
    Floor,
    known_baseline,
    weibull,
)
from bench.alarm.traces import (
    BUDGET,
    LOOKS,
    RULES,
    Calls,
    Delay,
    calibrated,
    calls,
    delay,
    looked,
    ticks,
    trace,
)

if TYPE_CHECKING:
    from bench.alarm.arrays import Figures

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
    def delay(self) -> Figures:
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
    baseline = known_baseline(setting.base, setting.delay)
    floor = _floor(setting, runs, seed)
    found = calls(trace((floor.day() for _ in range(days)), baseline).evidence, BUDGET)
    floor = _floor(setting, runs, seed + 1)
    seen = ticks((floor.day() for _ in range(days)), baseline, np.random.default_rng(seed))
    limits = {
        name: calibrated(rule(seen)[:, 40 * LOOKS :], LOOKS)
        for name, rule in RULES.items()
        if name != "ours"
    }
    return Health(setting, found, {"ours": BUDGET, **limits})


def cell(known: Health, kind: str, drop: float, runs: int, seed: int) -> Cell:
    """Days from a drop to the alarm of each rule."""
    setting, left = known.setting, 1 - drop
    changed = Conditions(closing=left) if kind == "closing" else Conditions(quality=left)
    floor = _floor(setting, runs, seed)
    days = (floor.day(each) for each in [USUAL] * CALM + [changed] * _NEVER)
    baseline = known_baseline(setting.base, setting.delay)
    seen = looked(days, baseline, np.random.default_rng(seed), CALM)
    delays = {
        name: delay(rule(seen), known.limits[name], CALM, LOOKS) for name, rule in RULES.items()
    }
    return Cell(setting, kind, drop, delays)


def looks(setting: Setting, runs: int, days: int, seed: int, often: int = LOOKS) -> Calls:
    """First false alarms with several looks a day, as the product takes them."""
    floor, baseline = _floor(setting, runs, seed), known_baseline(setting.base, setting.delay)
    seen = looked(
        (floor.day() for _ in range(days)),
        baseline,
        np.random.default_rng(seed),
        change=0,
        looks=often,
    )
    return calls(seen.evidence, BUDGET, often)


def _floor(setting: Setting, runs: int, seed: int) -> Floor:
    floor = Floor(np.random.default_rng(seed), runs, setting.leads, setting.base, setting.delay)
    floor.days(HORIZON + 1)
    return floor
