"""Targets: what an entity is to reach in a window, from targets set for periods.

Source: the KPI catalogue's conventions. An *additive* target is spread evenly over its
period's business days, day by day those of the branch where its owner is that day; a *level*
target is the one of the period that contains today.
Where nobody set an additive target for an active executive, the KPI's default for a month, if
it has one, is his own.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from scoring.business import BusinessWeeks
from scoring.events.fields import hundredths
from scoring.headcount import Headcount
from scoring.notes import Target
from scoring.panes import COMPANY
from scoring.windows import Days, Window, period, periods_of
from scoring.workplace import Workplaces

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from scoring.business import BusinessWeek
    from scoring.calendar import Day
    from scoring.cells import Entity
    from scoring.events.fields import Number
    from scoring.reference import Reference

_ANYBODY: Entity = "executive:*"


class Share(NamedTuple):
    """A business day's part of a target, by the calendar of that name."""

    target: Target
    calendar: str | None


class Targets:
    """The targets that follow from a reference; remembers what it found until that changes.

    Args:
        reference: Targets and placements as known now.
        business: The days over which additive targets are spread.
        monthly: Additive targets of an active executive for a month, by KPI, where nobody set
            one; major units.
    """

    def __init__(
        self,
        reference: Reference,
        business: BusinessWeeks | None = None,
        monthly: Mapping[str, Number] | None = None,
    ) -> None:
        self._business = business or BusinessWeeks()
        self._at_work = cache(self._business.at_work)
        self._reference = reference
        self._monthly = monthly or {}
        self._headcount: Headcount | None = None
        self._workplaces = Workplaces(reference, self._business)
        self._version = reference.common
        self._level: dict[tuple[Entity, str, Day], Fraction | None] = {}
        self._additive: dict[tuple[Entity, str, Days], Fraction | None] = {}
        self._individual: dict[tuple[Entity, str, Days], Fraction | None] = {}
        self._of_members: dict[tuple[Entity, str, Day], Mapping[Share, int]] = {}

    def level(self, entity: Entity, kpi: str, today: Day) -> Fraction | None:
        """The target of a rate, rating or index: own, else the nearest ancestor's; major units."""
        if not self._reference.targeted(kpi):
            return None
        self._forget_if_changed()
        key = entity, kpi, today
        if key not in self._level:
            owners = (entity, *self._reference.ancestors(entity, today))
            found = (self._in_force(owner, kpi, today) for owner in owners)
            first = next((target for target in found if target is not None), None)
            self._level[key] = _value(first) if first is not None else None
        return self._level[key]

    def additive(self, entity: Entity, kpi: str, window: Window, days: Days) -> Fraction | None:
        """The target of a count or an amount over a window; major units.

        Windows within a day have none.
        """
        if window in (Window.HOUR, Window.DAY_ROLLING):
            return None
        return self.over(entity, kpi, days)

    def over(self, entity: Entity, kpi: str, days: Days) -> Fraction | None:
        """The target of a count or an amount over some days; major units.

        Undefined when no day has a target. A day without an own target has the sum of those of
        the executives placed there that day.
        """
        if kpi not in self._monthly:
            targeted = self._reference.targeted(kpi)
            if not targeted or (entity.startswith("executive:") and entity not in targeted):
                return None
        self._forget_if_changed()
        key = entity, kpi, days
        if key not in self._additive:
            self._additive[key] = self._sum(self._shares, key)
        return self._additive[key]

    def of_members(self, entity: Entity, kpi: str, days: Days) -> Fraction | None:
        """The sum of the targets of the executives placed there day by day; major units.

        The entity's own target plays no part. Undefined when no day has a target.
        """
        self._forget_if_changed()
        key = entity, kpi, days
        if key not in self._individual:
            self._individual[key] = self._sum(self._members_shares, key)
        return self._individual[key]

    def business_week(self, entity: Entity, today: Day) -> BusinessWeek:
        """When an entity works, by the calendar of the branch where it is today."""
        self._forget_if_changed()
        return self._business.week(self._workplaces.calendar(entity, today))

    def _forget_if_changed(self) -> None:
        if self._version != self._reference.common:
            self._version = self._reference.common
            self._level.clear()
            self._additive.clear()
            self._individual.clear()
            self._of_members.clear()
            self._headcount = None
            self._workplaces = Workplaces(self._reference, self._business)

    def _sum(
        self,
        shares: Callable[[Entity, str, Day], Mapping[Share, int]],
        key: tuple[Entity, str, Days],
    ) -> Fraction | None:
        entity, kpi, days = key
        by_default = kpi in self._monthly and self._heads().knows(entity)
        if not (by_default or self._reference.targeted(kpi)):
            return None
        business: Counter[Share] = Counter()
        for day in range(days.first, days.last + 1):
            at_work = self._at_work(day)
            if at_work:
                for share, n in shares(entity, kpi, day).items():
                    if share.calendar in at_work:
                        business[share] += n
        total = sum((self._part(share) * n for share, n in business.items() if n), Fraction(0))
        return total or None

    def _part(self, share: Share) -> Fraction:
        target, calendar = share
        days = self._business.week(calendar).business_days(*period(target.period))
        return _value(target) / days

    def _shares(self, entity: Entity, kpi: str, day: Day) -> Mapping[Share, int]:
        """The shares that a day of an entity has of targets, and how many of each."""
        own = self._in_force(entity, kpi, day)
        if own is not None:
            return {Share(own, self._workplaces.calendar(entity, day)): 1}
        return self._members_shares(entity, kpi, day)

    def _members_shares(self, entity: Entity, kpi: str, day: Day) -> Mapping[Share, int]:
        key = entity, kpi, day
        if key not in self._of_members:
            self._of_members[key] = self._shares_of_members(entity, kpi, day)
        return self._of_members[key]

    def _shares_of_members(self, entity: Entity, kpi: str, day: Day) -> Mapping[Share, int]:
        own = {
            other: Share(target, self._workplaces.calendar(other, day))
            for other in self._reference.targeted(kpi)
            if self._is_member(other, entity, day)
            and (target := self._in_force(other, kpi, day)) is not None
        }
        shares = Counter(own.values())
        if kpi in self._monthly:
            heads, default = self._heads(), self._default(kpi, day)
            without = heads.on(entity, day)
            for other in own:
                without.subtract(heads.on(other, day))
            for calendar, n in without.items():
                shares[Share(default, calendar)] += n
        return shares

    def _heads(self) -> Headcount:
        if self._headcount is None:
            self._headcount = Headcount(self._reference, self._business)
        return self._headcount

    def _default(self, kpi: str, day: Day) -> Target:
        month = date.fromordinal(day)
        return Target(_ANYBODY, kpi, f"{month.year}-{month.month:02}", self._monthly[kpi])

    def _is_member(self, other: Entity, entity: Entity, day: Day) -> bool:
        level, _, executive = other.partition(":")
        if level != "executive":
            return False
        return entity == COMPANY or self._reference.is_in(entity, executive, day)

    def _in_force(self, entity: Entity, kpi: str, day: Day) -> Target | None:
        if entity not in self._reference.targeted(kpi):
            return None
        for name in periods_of(date.fromordinal(day)):
            target = self._reference.target(entity, kpi, name)
            if target is not None:
                return target
        return None


def _value(target: Target) -> Fraction:
    return Fraction(hundredths(target.value), 100)
