"""Everything at once: what is normal is not known but learned, and nothing else stands still.

Baselines are the product's, learned from 60 days of settled leads and shrunk towards a parent;
weekdays are uneven, days are good or bad for everybody, cases come late, and the volume of
leads doubles and halves.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from bench.alarm.floor import HORIZON, UNEVEN_WEEK, Array, Conditions, Day, Floor, weibull
from bench.alarm.traces import BUDGET, RULES, Delay, Trace, calibrated, delay, trace
from scoring.alerting.baseline import Baseline, learn
from scoring.alerting.cohorts import HOURS, Cohorts, triangle
from scoring.alerting.policy import Policy
from scoring.alerting.scopes import Scope

BASE = 0.08
_HISTORY = 60
_CALM = 60
_CAP = 180
_POLICY = Policy(horizon=HORIZON, history=_HISTORY)


class Entity(NamedTuple):
    """A kind of entity: its scope, leads a day, and how much the rates of siblings differ."""

    name: str
    scope: Scope
    leads: int
    difference: float


ENTITIES = (
    Entity("executive", Scope.EXECUTIVE, 20, 0.25),
    Entity("team of 8", Scope.TEAM, 160, 0.12),
    Entity("team of 25", Scope.TEAM, 500, 0.08),
)


class Outcome(NamedTuple):
    """What came of it.

    Attributes:
        entity: Of which kind.
        uneven: Coefficient of variation of the factor that a day shares.
        days: Entity-days watched in health.
        alarms: False alarms in them.
        delays: Days to the alarm by drop.
        rolling7: The same of the 7-day rule, with the limit that alarms as often in health.
    """

    entity: Entity
    uneven: float
    days: int
    alarms: int
    delays: dict[float, Delay]
    rolling7: dict[float, Delay]

    @property
    def per_1000(self) -> float:
        """False alarms per 1,000 entity-days."""
        return 1000 * self.alarms / self.days


def outcome(entity: Entity, uneven: float, runs: int, days: int, seed: int) -> Outcome:
    """Watch entities of a kind in health, and after drops."""
    usual = Conditions(uneven=uneven, week=UNEVEN_WEEK)
    third = days // 3
    volumes = [1.0] * third + [2.0] * third + [0.5] * third
    calm = _watched(entity, usual, [usual._replace(volume=v) for v in volumes], runs, seed)
    alarms = int((calm.evidence >= BUDGET).sum())
    per_1000 = 1000 * alarms / calm.evidence.size
    naive = RULES["rolling7"]
    limit = calibrated(naive(calm), per_1000=max(per_1000, 0.05))
    delays, rolling = {}, {}
    for drop in (0.3, 0.5):
        after = [usual] * _CALM + [usual._replace(closing=1 - drop)] * _CAP
        seen = _watched(entity, usual, after, runs, seed + 1)
        delays[drop] = delay(seen.evidence, BUDGET, _CALM)
        rolling[drop] = delay(naive(seen), limit, _CALM, before=1)
    return Outcome(entity, uneven, calm.evidence.size, alarms, delays, rolling)


def _watched(
    entity: Entity, usual: Conditions, days: list[Conditions], runs: int, seed: int
) -> Trace:
    """Learn what is normal of each run, then watch it; an alarm begins anew."""
    rng = np.random.default_rng(seed)
    known = BASE * (1 - BASE) / (BASE * entity.difference) ** 2 - 1
    rate = rng.beta(BASE * known, (1 - BASE) * known, runs)
    floor = Floor(rng, runs, entity.leads, rate, weibull(7.0))
    floor.days(HORIZON + 1)
    history = floor.days(_HISTORY + HORIZON, usual)
    baseline = _together(_learned(entity, history))
    return trace((floor.day(each) for each in days), baseline, restart=True)


def _learned(entity: Entity, history: list[Day]) -> list[Baseline]:
    since, leads = history[-1].number + 1, np.array([day.leads for day in history])
    reached = _by_cohort(history)
    parent = _learn(cohorts(history, leads.sum(axis=1), reached.sum(axis=2)), since, None, entity)
    return [
        _learn(cohorts(history, leads[:, run], reached[:, :, run]), since, parent, entity)
        for run in range(leads.shape[1])
    ]


def cohorts(history: list[Day], leads: Array, reached: Array) -> Cohorts:
    """The product's cohorts of one run."""
    return triangle(history[0].number, leads.tolist(), reached.tolist())


def _by_cohort(history: list[Day]) -> Array:
    """Cases by day of creation, age and run; cases of earlier leads are left out."""
    runs = history[0].leads.size
    found = np.zeros((len(history), HORIZON + 1, runs), np.int64)
    for at, day in enumerate(history):
        for age in range(min(at, HORIZON) + 1):
            found[at - age, age] = day.cases[-1 - age]
    return found


def _learn(known: Cohorts, since: int, parent: Baseline | None, entity: Entity) -> Baseline:
    scope = entity.scope if parent is not None else Scope.COMPANY
    learned = learn(known, [0] * HOURS, since, frozenset(), parent, scope, _POLICY)
    if learned is None:
        raise SystemExit("bench: there is too little history to learn from; raise the runs")
    return learned


def _together(each: list[Baseline]) -> Baseline:
    """Baselines of many runs as one of arrays."""

    def columns(values: list[tuple[float, ...]]) -> tuple[Array, ...]:
        return tuple(np.array(values).T)

    return Baseline(
        since=each[0].since,
        rate=np.array([b.rate for b in each]),
        low=np.array([b.low for b in each]),
        cases=0,
        delay=each[0].delay,
        hazards=columns([b.hazards for b in each]),
        weekdays=columns([b.weekdays for b in each]),
        hours=(),
        spread=np.array([b.spread for b in each]),
    )
