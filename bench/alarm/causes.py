"""Causes: whole floors under the product's back-test, each with one thing that happens.

Four branches of three teams work the leads of three channels. What is normal is learned from
what happened, days of a team and channel are good or bad, and alerts of relatives explain each
other. Of a cause one alert should be told, of the entity where it is.
"""

from __future__ import annotations

from datetime import date
from itertools import product
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np

from bench.alarm.floor import Conditions, Floor, by_cohort, weibull
from bench.alarm.traces import BUDGET
from scoring.alerting.policy import Policy
from scoring.alerting.stages import Stage
from scoring.alerting.watchlist import Watchlist
from scoring.backtest import Backtest
from scoring.calendar import Calendar
from scoring.cells import WHOLE_DAY
from scoring.notes import Placement, Placements
from scoring.reference import Reference
from scoring.slots import LEADS, LEADS_BY_CHANNEL, keyed
from scoring.totals import Totals

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from bench.alarm.arrays import Counts
    from scoring.alerting.alert import Alert
    from scoring.cells import Entity
    from scoring.slots import Vector

_BASE = 0.08
_LEADS = 160
_UNEVEN = 0.1
_CHANNELS = {"web": 0.2, "partners": 0.3, "branch desk": 0.5}
_TEAMS = tuple(f"{branch}{number}" for branch in "ABCD" for number in (1, 2, 3))
_HORIZON = 14
#: Days to learn from before the first look, days in health, and days of the cause.
_LEARNED, _BEFORE, _DURING = 75, 14, 30
_CALENDAR = Calendar(ZoneInfo("UTC"))
_FIRST = 740_001
_BEGAN = _FIRST + _LEARNED + _BEFORE
_USUAL = Conditions(uneven=_UNEVEN)


class Part(NamedTuple):
    """The leads of one channel that one team works."""

    team: str
    channel: str

    @property
    def entities(self) -> tuple[Entity, ...]:
        """Those to whom they count."""
        return (
            f"team:{self.team}",
            f"branch:{self.team[0]}",
            f"channel:{self.channel}",
            "company:company",
        )


_PARTS = tuple(map(Part._make, product(_TEAMS, _CHANNELS)))


class Cause(NamedTuple):
    """What happens.

    Attributes:
        name: In words.
        entity: Where an alert should be told; nowhere if None.
        change: What becomes of a part's usual conditions on a day, counted from the first.
    """

    name: str
    entity: Entity | None
    change: Callable[[Part, int], Conditions]


class Found(NamedTuple):
    """What was told of a cause.

    Attributes:
        cause: The cause.
        alerts: Alerts raised while it lasted, per floor.
        told: Share of floors in which the right entity's alert was among them.
        first: Share of those in which it was the first one; None if there are none.
        dated: Share of those in which its beginning was dated within a day.
        days: Days until it was told, on average.
    """

    cause: str
    alerts: float
    told: float
    first: float | None
    dated: float | None
    days: float | None


def _less(where: Callable[[Part], bool], left: float) -> Callable[[Part, int], Conditions]:
    return lambda part, _: _USUAL._replace(closing=left) if where(part) else _USUAL


def _moved(part: Part, _: int) -> Conditions:
    """One team's leads go to the two beside it."""
    moved = {"A1": 0.0, "A2": 1.5, "A3": 1.5}
    return _USUAL._replace(volume=moved.get(part.team, 1.0))


def _drifting(_: Part, day: int) -> Conditions:
    """All get worse by 0.1 % a day."""
    return _USUAL._replace(closing=1 - day / 1000)


def _one_day(where: Callable[[Part], bool]) -> Callable[[Part, int], Conditions]:
    bad = _USUAL._replace(closing=0.6)
    return lambda part, day: bad if day == 0 and where(part) else _USUAL


CAUSES = (
    Cause("nothing", None, lambda _part, _day: _USUAL),
    Cause("a branch loses 40 %", "branch:A", _less(lambda part: part.team[0] == "A", 0.6)),
    Cause("a team loses 40 %", "team:A1", _less(lambda part: part.team == "A1", 0.6)),
    Cause("a channel is lost", "channel:web", _less(lambda part: part.channel == "web", 0.0)),
    Cause("all lose 30 %", "company:company", _less(lambda _: True, 0.7)),
    Cause("a team's leads go to others", None, _moved),
    Cause("all lose 0.1 % a day", None, _drifting),
    Cause("a team's day at 60 %", None, _one_day(lambda part: part.team == "A1")),
    Cause("everybody's day at 60 %", "company:company", _one_day(lambda _: True)),
)


def told_of(cause: Cause, runs: int, seed: int) -> Found:
    """What the product tells of a cause, and when."""
    during = [
        [alert for alert in told if _day(alert.raised) >= _BEGAN]
        for told in (_back_test(entities) for entities in _floors(cause, runs, seed))
    ]
    right = [[a for a in alerts if a.entity == cause.entity] for alerts in during]
    seen = [(found[0], alerts[0]) for found, alerts in zip(right, during, strict=True) if found]
    return Found(
        cause.name,
        sum(map(len, during)) / runs,
        len(seen) / runs,
        _mean([mine == first for mine, first in seen]),
        _mean([abs(_day(mine.since) - _BEGAN) <= 1 for mine, _ in seen]),
        _mean([_day(mine.raised) - _BEGAN + 1 for mine, _ in seen]),
    )


def _back_test(entities: Mapping[Entity, Totals]) -> list[Alert]:
    """The alerts that were raised while the cause lasted or before, in that order."""
    policy = Policy(budgets=dict.fromkeys(Policy().budgets, BUDGET), horizon=_HORIZON)
    test = Backtest(entities, _reference(), Watchlist(_CALENDAR, policy, ()))
    end = _CALENDAR.midnight(_BEGAN + _DURING) - 1
    raised: dict[str, Alert] = {}
    for _, alert in test.run(_FIRST + _LEARNED, end):
        raised.setdefault(alert.id, alert)
    return list(raised.values())


def _reference() -> Reference:
    known = Reference()
    for team in _TEAMS:
        place = Placement(_FIRST, team, team[0], active=True, name=None)
        known.learn(f"executive:{team}", 1, Placements(team, (place,)))
    return known


def _floors(cause: Cause, runs: int, seed: int) -> Iterator[dict[Entity, Totals]]:
    """The totals of each run's entities."""
    parts = {}
    for number, part in enumerate(_PARTS):
        rng = np.random.default_rng((seed, number))
        floor = Floor(
            rng, runs, _LEADS * _CHANNELS[part.channel], _BASE, weibull(5.0, horizon=_HORIZON)
        )
        days = floor.days(_LEARNED + _BEFORE, _USUAL)
        days += [floor.day(cause.change(part, day)) for day in range(_DURING)]
        parts[part] = np.array([day.leads for day in days]), by_cohort(days)
    for run in range(runs):
        yield _entities(
            {p: (leads[:, run], cases[:, :, run]) for p, (leads, cases) in parts.items()}
        )


def _entities(parts: Mapping[Part, tuple[Counts, Counts]]) -> dict[Entity, Totals]:
    found: dict[Entity, Totals] = {}
    for part, (leads, reached) in parts.items():
        for at, vector in enumerate(_vectors(part, leads, reached)):
            for entity in part.entities:
                found.setdefault(entity, Totals()).add(_FIRST + at, {WHOLE_DAY: vector})
    return found


def _vectors(part: Part, leads: Counts, reached: Counts) -> Iterator[Vector]:
    """What panes hold of the leads of each day."""
    of_channel = keyed(LEADS_BY_CHANNEL, part.channel)
    ages = [keyed(Stage.DISBURSED.by_age, str(age)) for age in range(_HORIZON + 1)]
    noon = keyed(Stage.DISBURSED.by_hour, "12")
    for n, cases in zip(leads.tolist(), reached.tolist(), strict=True):
        yield {
            LEADS: n,
            of_channel: n,
            noon: sum(cases),
            **dict(zip(ages, cases, strict=True)),
        }


def _day(iso: str) -> int:
    return date.fromisoformat(iso).toordinal()


def _mean(figures: Sequence[float]) -> float | None:
    return float(np.mean(figures)) if figures else None
