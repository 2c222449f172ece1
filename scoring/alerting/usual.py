"""Usual: what a KPI's days bring when all is well, learned from days that are over.

The counterpart of `baseline.py` for figures that are not conversions of leads. What an entity
shares with its siblings (a mean, a share, the shape of a week, how uneven days are) is shrunk
towards the parent's; how much comes on a day is its own.
"""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from scoring.alerting.baseline import WEEK, Rows
from scoring.calendar import Day
from scoring.watching import Count, Share, daily

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scoring.alerting.policy import Policy
    from scoring.alerting.scopes import Scope
    from scoring.reference import Reference
    from scoring.totals import Totals
    from scoring.watching import Mean, Observed
    from scoring.windows import Days

#: Days with cases without which a mean or share is not known, and days of a count's life.
_LEAST_DAYS = 21
_LEAST_WEEKS = 28
#: As many days of its own outweigh what a parent says of how uneven days are.
_PRIOR_DAYS = 14
#: A mean moves by this part of what is normal when something is wrong, if nobody said more.
_NOTABLE = 0.3
#: Days are never taken to be so even that this part of a notable change is a surprise.
_EVEN = 0.1
#: How much more careful a variance is taken high than a mean is taken bad.
_HIGH = 3.0
#: A weekday on which so many cases were due and none came is one of rest, of where leads come from.
_CLOSED = 8
#: Half of what days differ by is their cases' doing.
_BY_CASES = 0.5
_ALIKE = (1.0,) * WEEK


class Daily(NamedTuple):
    """What each day brought.

    Attributes:
        first: The first day.
        amounts: How many, how many such, or how much.
        cases: Of how many cases; of a count it is the amount.
    """

    first: Day
    amounts: Sequence[int]
    cases: Sequence[int]

    def at(self, day: Day) -> tuple[int, int]:
        """Amount and cases of a day."""
        return self.amounts[day - self.first], self.cases[day - self.first]


class Usual(msgspec.Struct, frozen=True, array_like=True):
    """What is normal of one KPI at one entity.

    Attributes:
        since: Day from which it holds.
        level: Events a day, share of such cases, or amount per case.
        limit: The same, as bad as it may be without surprise: what the detector goes by.
        cases: From how many cases it was learned.
        size: Cases of a usual day.
        variance: Of a usual day's mean.
        spread: Of a count or share: variance of a day beyond chance, relative to its square.
        notable: By how much a mean moves when something is wrong.
        weekdays: Factor on a count, Monday first.
    """

    since: Day
    level: float
    limit: float
    cases: int
    size: float = 0.0
    variance: float = 0.0
    spread: float = 0.0
    notable: float = 0.0
    weekdays: tuple[float, ...] = _ALIKE

    def variance_of(self, cases: float) -> float:
        """Variance of the sum of some cases of one day.

        Days with more cases than usual are no more even than if half of what days differ by
        were not their cases' doing.
        """
        share = (1 - _BY_CASES) + _BY_CASES * self.size / cases
        return self.variance * cases * cases * share


class Learning(NamedTuple):
    """What a KPI's normal is learned with.

    Attributes:
        observed: What is watched.
        bad: 1 if more is worse, -1 if less is.
        scope: Of what kind the entity is.
        policy: Settings.
    """

    observed: Observed
    bad: int
    scope: Scope
    policy: Policy

    def learn(
        self, known: Daily, since: Day, days: Sequence[Day], parent: Usual | None
    ) -> Usual | None:
        """What is normal from a day on.

        Args:
            known: What days brought.
            since: The day.
            days: Normal ones before it.
            parent: What is normal for the parent; None at the top.

        Returns:
            None where too little is known.
        """
        seen = [(day, *known.at(day)) for day in days]
        cases = sum(n for _, _, n in seen)
        if not seen or cases < self.policy.least_cases:
            return None
        if isinstance(self.observed, Count):
            return self._count(since, seen, parent)
        if self.scope.is_origin:
            # A lead of one campaign costs ten times what it does of another.
            parent = None
        seen = [each for each in seen if each[2]]
        if len(seen) < _LEAST_DAYS:
            return None
        if isinstance(self.observed, Share):
            return self._share(since, seen, parent)
        return self._mean(since, self.observed, seen, parent)

    def _count(
        self, since: Day, seen: list[tuple[Day, int, int]], parent: Usual | None
    ) -> Usual | None:
        while seen and not seen[0][1]:
            # Before its first event an entity was not there.
            seen = seen[1:]
        if len(seen) < _LEAST_WEEKS:
            return None
        events = sum(n for _, n, _ in seen)
        flat = Rows([((day - 1) % WEEK, n, events / len(seen), 0.0) for day, n, _ in seen])
        if self.scope.is_origin:
            # A channel may be closed on the day on which another brings the most.
            weekdays = _open(flat, flat.weekdays(()))
        else:
            weekdays = flat.weekdays(parent.weekdays if parent else ())
        expected = sum(weekdays[(day - 1) % WEEK] for day, _, _ in seen)
        level = events / expected
        rows = Rows([(weekday, n, level, 0.0) for weekday, n, _, _ in flat.rows])
        spread = rows.spread(weekdays, parent.spread if parent else 0.0)
        unknown = level * sqrt((1 / level + spread) / len(seen))
        return Usual(
            since=since,
            level=level,
            limit=max(self._limit(level, unknown), level / 2),
            cases=events,
            size=level,
            spread=spread,
            weekdays=weekdays,
        )

    def _share(self, since: Day, seen: list[tuple[Day, int, int]], parent: Usual | None) -> Usual:
        such, cases = (sum(column) for column in list(zip(*seen, strict=True))[1:])
        level, known = such / cases, float(cases)
        if parent is not None:
            difference = self.policy.differences[self.scope]
            rare = max(min(parent.level, 1 - parent.level), 1 / parent.cases)
            prior = max((1 - rare) / (rare * difference * difference), 1.0)
            level, known = (such + prior * parent.level) / (cases + prior), cases + prior
        # No share is so sure that one case disproves it.
        level = min(max(level, 1 / (known + 2)), 1 - 1 / (known + 2))
        often = level > 1 / 2
        rare = 1 - level if often else level
        rows = Rows(
            [
                ((day - 1) % WEEK, float(n - x if often else x), n * rare, n * rare * rare)
                for day, x, n in seen
            ]
        )
        spread = rows.spread(_ALIKE, parent.spread if parent else 0.0)
        unknown = sqrt(rare * (1 - rare) / known + rare * rare * spread / len(seen))
        limit = self._limit(level, min(unknown, rare / 2))
        return Usual(
            since=since,
            level=level,
            limit=limit,
            cases=cases,
            size=cases / len(seen),
            spread=spread,
        )

    def _mean(
        self, since: Day, mean: Mean, seen: list[tuple[Day, int, int]], parent: Usual | None
    ) -> Usual | None:
        total, cases = (sum(column) for column in list(zip(*seen, strict=True))[1:])
        level, days = total / cases, len(seen)
        size = cases / days
        shares = [(1 - _BY_CASES) + _BY_CASES * size / n for _, _, n in seen]
        found = sum((s / n - level) ** 2 / w for (_, s, n), w in zip(seen, shares, strict=True))
        variance, known = found / (days - 1), float(cases)
        if parent is not None:
            usual = parent.variance * parent.size / size
            variance = (found + _PRIOR_DAYS * usual) / (days - 1 + _PRIOR_DAYS)
            prior = 1 / self.policy.differences[self.scope] ** 2
            level, known = (total + prior * parent.level) / (cases + prior), cases + prior
            days += _PRIOR_DAYS
        notable = abs(level) * _NOTABLE if mean.notable is None else mean.notable * mean.scale
        if not notable:
            return None
        # Of a skewed figure few days show less variance than there is.
        variance *= 1 + _HIGH * self.policy.caution * sqrt(2 / days)
        variance = max(variance, (_EVEN * notable) ** 2)
        return Usual(
            since=since,
            level=level,
            limit=self._limit(level, sqrt(variance * size / known)),
            cases=cases,
            size=size,
            variance=variance,
            notable=notable,
        )

    def _limit(self, level: float, unknown: float) -> float:
        return level + self.bad * self.policy.caution * unknown


def _open(flat: Rows, weekdays: Sequence[float]) -> tuple[float, ...]:
    """Factors by weekday; 0 where nothing came though by chance it would have."""
    came, due = [0.0] * WEEK, [0.0] * WEEK
    for weekday, n, expected, _ in flat.rows:
        came[weekday] += n
        due[weekday] += expected
    return tuple(
        0.0 if not n and expected >= _CLOSED else factor
        for factor, n, expected in zip(weekdays, came, due, strict=True)
    )


def observe(totals: Totals, observed: Observed, days: Days, reference: Reference | None) -> Daily:
    """What each of some days brought."""
    series = [daily(totals, measure, days, reference) for measure in observed.measures]
    if isinstance(observed, Count):
        return Daily(days.first, series[0], series[0])
    amounts, cases = series[0], series[1]
    for less in series[2:]:
        amounts = [n - m for n, m in zip(amounts, less, strict=True)]
    return Daily(days.first, amounts, cases)
