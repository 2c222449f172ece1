"""Everything at once: what is normal is not known but learned, and nothing else stands still.

Baselines are the product's, learned from 60 days of settled leads and shrunk towards a parent;
weekdays are uneven, days are good or bad for everybody, cases come late, and the volume of
leads doubles and halves. Beside it stands what no rule can better: one that knows all that is
normal, and by how much it will drop.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from msgspec.structs import replace

from bench.alarm.arrays import Counts, as_number, as_numbers
from bench.alarm.floor import (
    HORIZON,
    UNEVEN_WEEK,
    Conditions,
    Day,
    Floor,
    by_cohort,
    known_baseline,
    weibull,
)
from bench.alarm.traces import BUDGET, RULES, Delay, Trace, calibrated, cusum, delay, trace
from scoring.alerting.baseline import Baseline, learn
from scoring.alerting.cohorts import HOURS, Cohorts, triangle
from scoring.alerting.policy import Policy
from scoring.alerting.scopes import Scope

if TYPE_CHECKING:
    from collections.abc import Iterable

BASE = 0.08
_HISTORY = 60
_CALM = 60
_CAP = 180
#: Days for which the fastest rule is watched in health to know its limit.
_KNOWN = 1000
DROPS = (0.3, 0.5)
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
    Entity("branch", Scope.BRANCH, 1660, 0.08),
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
        best: The same of Page's CUSUM that knows all and the drop, and alarms once in the budget
            in health. For days that are alike no rule is faster in its worst case (Moustakides
            1986, Ann. Statist. 14:1379).
    """

    entity: Entity
    uneven: float
    days: int
    alarms: int
    delays: dict[float, Delay]
    rolling7: dict[float, Delay]
    best: dict[float, Delay]

    @property
    def per_1000(self) -> float:
        """False alarms per 1,000 entity-days."""
        return 1000 * self.alarms / self.days


def outcome(
    entity: Entity, uneven: float, floors: int, siblings: int, days: int, seed: int
) -> Outcome:
    """Watch entities of a kind in health, and after drops.

    Args:
        entity: Of which kind.
        uneven: Coefficient of variation of the factor that a day shares.
        floors: How many parents there are, each with rates and a history of its own.
        siblings: How many entities each parent has.
        days: For how long they are watched in health.
        seed: Of chance.
    """
    usual = Conditions(uneven=uneven, week=UNEVEN_WEEK)
    third = days // 3
    volumes = [1.0] * third + [2.0] * third + [0.5] * third
    healthy = [usual._replace(volume=v) for v in volumes]
    calm = _join(_watched(entity, usual, healthy, siblings, seed + n) for n in range(floors))
    alarms = int((calm.evidence >= BUDGET).sum())
    per_1000 = 1000 * alarms / calm.evidence.size
    naive = RULES["rolling7"]
    limit = calibrated(naive(calm), per_1000=max(per_1000, 0.05))
    delays, rolling, best = {}, {}, {}
    for drop in DROPS:
        after = [usual] * _CALM + [usual._replace(closing=1 - drop)] * _CAP
        seen = _join(_watched(entity, usual, after, siblings, seed - 1 - n) for n in range(floors))
        delays[drop] = delay(seen.evidence, BUDGET, _CALM)
        rolling[drop] = delay(naive(seen), limit, _CALM, before=1)
        best[drop] = _fastest(entity, usual, after, drop, floors * siblings, seed)
    return Outcome(entity, uneven, calm.evidence.size, alarms, delays, rolling, best)


def _fastest(
    entity: Entity, usual: Conditions, after: list[Conditions], drop: float, runs: int, seed: int
) -> Delay:
    """Days to a drop of the rule that nothing can better."""
    rule = cusum(1 - drop, usual.uneven**2)
    calm, seen = (
        _known(entity, days, runs, seed + n) for n, days in enumerate(([usual] * _KNOWN, after))
    )
    return delay(rule(seen), calibrated(rule(calm)), _CALM)


def _known(entity: Entity, days: list[Conditions], runs: int, seed: int) -> Trace:
    """What a rule sees that need not learn what is normal."""
    floor = Floor(np.random.default_rng(seed), runs, entity.leads, BASE, weibull(7.0))
    floor.days(HORIZON + 1, days[0])
    known = replace(known_baseline(BASE, weibull(7.0)), weekdays=UNEVEN_WEEK)
    return trace((floor.day(each) for each in days), known)


def _join(traces: Iterable[Trace]) -> Trace:
    """Traces of several floors as one."""
    each = list(traces)
    return Trace(
        np.concatenate([trace.leads for trace in each]),
        np.concatenate([trace.cases for trace in each]),
        np.concatenate([trace.expected for trace in each]),
        np.concatenate([trace.evidence for trace in each]),
        np.concatenate([trace.rate for trace in each]),
        each[0].looks,
    )


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
    reached = by_cohort(history)
    parent = _learn(cohorts(history, leads.sum(axis=1), reached.sum(axis=2)), since, None, entity)
    return [
        _learn(cohorts(history, leads[:, run], reached[:, :, run]), since, parent, entity)
        for run in range(leads.shape[1])
    ]


def cohorts(history: list[Day], leads: Counts, reached: Counts) -> Cohorts:
    """The product's cohorts of one run."""
    return triangle(history[0].number, leads.tolist(), reached.tolist())


def _learn(known: Cohorts, since: int, parent: Baseline | None, entity: Entity) -> Baseline:
    scope = entity.scope if parent is not None else Scope.COMPANY
    learned = learn(known, [0] * HOURS, since, frozenset(), parent, scope, _POLICY)
    if learned is None:
        raise SystemExit("bench: there is too little history to learn from; raise the runs")
    return learned


def _together(each: list[Baseline]) -> Baseline:
    """Baselines of many runs as one of arrays."""

    def by_run(values: list[float]) -> float:
        return as_number(np.array(values))

    def columns(values: list[tuple[float, ...]]) -> tuple[float, ...]:
        return as_numbers(np.array(values).T)

    return Baseline(
        since=each[0].since,
        rate=by_run([b.rate for b in each]),
        low=by_run([b.low for b in each]),
        cases=0,
        delay=each[0].delay,
        hazards=columns([b.hazards for b in each]),
        weekdays=columns([b.weekdays for b in each]),
        hours=(),
        spread=by_run([b.spread for b in each]),
    )
