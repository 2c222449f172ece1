"""Idle: days on which nothing came, and nothing was to be expected. Silence is not a drop.

Of those who work leads their other work shows that somebody was there. A channel or campaign does
no work: a day on which it brought nothing counts if others brought leads to the company, as the
company says; and a campaign must run. Its definition says from when until when. One that has no
last day ends when it brings nothing, unless money is spent on it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import msgspec

from scoring import slots
from scoring.alerting.declared import Change
from scoring.alerting.scopes import Scope, scope_of
from scoring.calendar import Day

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scoring.alerting.usual import Daily
    from scoring.cells import Entity
    from scoring.reference import Reference
    from scoring.totals import Totals
    from scoring.windows import Days

#: What shows that people were at work on a day on which nothing came.
_AT_WORK = (slots.QUALIFIED, slots.ANSWERED, slots.LOANS)


class Lull(msgspec.Struct, frozen=True, array_like=True):
    """The days on which nothing of what is counted came to the company.

    Attributes:
        until: The first day of which that is not known yet.
        days: Those before it, from the first on which something came.
    """

    until: Day
    days: tuple[Day, ...]

    @classmethod
    def of(cls, known: Daily, days: Days) -> Lull:
        """That of the company's days, which are over."""
        empty = _empty(known, days)
        came = next((day for day in range(days.first, days.last + 1) if day not in empty), None)
        since = days.last + 1 if came is None else came
        return cls(days.last + 1, tuple(sorted(day for day in empty if day > since)))

    def holds(self, day: Day) -> bool:
        """Whether others may have brought nothing on a day either."""
        return day >= self.until or day in self.days


#: The company's, by the KPIs that are counts.
Lulls: TypeAlias = Mapping[str, Lull]

NO_LULLS: Lulls = {}


class Run(NamedTuple):
    """The days on which something is expected of an entity.

    Attributes:
        first: The first one; None if there always was one before.
        last: The last one; None if that is not known.
    """

    first: Day | None = None
    last: Day | None = None

    @classmethod
    def of(cls, entity: Entity, reference: Reference | None) -> Run:
        """Of a campaign as its definition says; all others run always."""
        if reference is None or scope_of(entity) is not Scope.CAMPAIGN:
            return ALWAYS
        campaign = reference.campaign(entity.partition(":")[2])
        return cls(campaign.first, campaign.last) if campaign is not None else ALWAYS

    def outside(self, days: Days) -> frozenset[Day]:
        """Those of some days that are not among them."""
        before = range(days.first, min(self.first or days.first, days.last + 1))
        after = range(max((self.last or days.last) + 1, days.first), days.last + 1)
        return frozenset(before).union(after)

    def over(self, today: Day) -> tuple[Change, ...]:
        """That it is over, if it is: nothing that was normal is any more."""
        if self.last is None or self.last >= today:
            return ()
        ended = date.fromordinal(self.last).isoformat()
        return (Change(self.last + 1, today, f"the campaign ended on {ended}"),)


ALWAYS = Run()


def signs(entity: Entity) -> tuple[str, ...]:
    """The measures that show that something was to be expected of a day without a case."""
    scope = scope_of(entity)
    if not scope.is_origin:
        return _AT_WORK
    return (slots.CAMPAIGN_SPEND,) if scope is Scope.CAMPAIGN else ()


def idle(
    entity: Entity, totals: Totals, known: Daily, days: Days, lull: Lull | None, run: Run
) -> frozenset[Day]:
    """Days without a case of a count on which none was to be expected.

    Args:
        entity: Whose days.
        totals: Its totals.
        known: What was counted.
        days: Which days.
        lull: When nothing came to the company; None where that is not known.
        run: The days on which something is expected of it.
    """
    empty = _empty(known, days)
    scope = scope_of(entity)
    if not scope.is_origin:
        return empty - _with(days, (totals.daily(slot, days) for slot in _AT_WORK))
    if lull is None:
        return empty
    expected = frozenset(day for day in empty if not lull.holds(day))
    if scope is Scope.CAMPAIGN and run.last is None:
        expected &= _with(days, totals.daily_by_key(slots.CAMPAIGN_SPEND, days).values())
    return empty - expected


def _empty(known: Daily, days: Days) -> frozenset[Day]:
    return frozenset(day for day in range(days.first, days.last + 1) if not known.at(day)[0])


def _with(days: Days, series: Iterable[Sequence[int]]) -> frozenset[Day]:
    """The days on which any of some series has something."""
    return frozenset(days.first + at for each in series for at, n in enumerate(each) if n)
