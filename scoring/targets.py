"""Targets: what an entity is to reach in a window, from targets set for periods.

Source: the KPI catalogue's conventions. An *additive* target is spread evenly over its
period's business days; a *level* target is the one of the period that contains today.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from scoring.calendar import business_days, is_business_day
from scoring.events.fields import hundredths
from scoring.windows import Days, Window, period, periods_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from scoring.calendar import Day
    from scoring.cells import Entity
    from scoring.notes import Target
    from scoring.reference import Reference


class Targets:
    """The targets that follow from a reference; remembers what it found until that changes."""

    def __init__(self, reference: Reference) -> None:
        self._reference = reference
        self._version = reference.common
        self._level: dict[tuple[Entity, str, Day], Fraction | None] = {}
        self._additive: dict[tuple[Entity, str, Days], Fraction | None] = {}
        self._individual: dict[tuple[Entity, str, Days], Fraction | None] = {}
        self._of_members: dict[tuple[Entity, str, Day], tuple[Target, ...]] = {}

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
        targeted = self._reference.targeted(kpi)
        if not targeted:
            return None
        if entity.startswith("executive:") and entity not in targeted:
            return None
        self._forget_if_changed()
        key = entity, kpi, days
        if key not in self._additive:
            self._additive[key] = self._sum(self._shares, key)
        return self._additive[key]

    def of_members(self, entity: Entity, kpi: str, days: Days) -> Fraction | None:
        """The sum of the own targets of the executives placed there day by day; major units.

        The entity's own target plays no part. Undefined when no day has a target.
        """
        self._forget_if_changed()
        key = entity, kpi, days
        if key not in self._individual:
            self._individual[key] = self._sum(self._members_shares, key)
        return self._individual[key]

    def _forget_if_changed(self) -> None:
        if self._version != self._reference.common:
            self._version = self._reference.common
            self._level.clear()
            self._additive.clear()
            self._individual.clear()
            self._of_members.clear()

    def _sum(
        self,
        shares: Callable[[Entity, str, Day], tuple[Target, ...]],
        key: tuple[Entity, str, Days],
    ) -> Fraction | None:
        entity, kpi, days = key
        business: Counter[Target] = Counter()
        for day in range(days.first, days.last + 1):
            counts = is_business_day(day)
            for target in shares(entity, kpi, day):
                business[target] += counts
        if not business:
            return None
        total = sum(
            (_value(t) * n / business_days(*period(t.period)) for t, n in business.items()),
            Fraction(0),
        )
        return total or None

    def _shares(self, entity: Entity, kpi: str, day: Day) -> tuple[Target, ...]:
        """The targets of which a day of an entity has a share."""
        own = self._in_force(entity, kpi, day)
        if own is not None:
            return (own,)
        if entity.startswith("executive:"):
            return ()
        return self._members_shares(entity, kpi, day)

    def _members_shares(self, entity: Entity, kpi: str, day: Day) -> tuple[Target, ...]:
        key = entity, kpi, day
        if key not in self._of_members:
            members = (
                self._in_force(other, kpi, day)
                for other in self._reference.targeted(kpi)
                if self._is_member(other, entity, day)
            )
            self._of_members[key] = tuple(target for target in members if target is not None)
        return self._of_members[key]

    def _is_member(self, other: Entity, entity: Entity, day: Day) -> bool:
        level, _, executive = other.partition(":")
        if level != "executive":
            return False
        level, _, name = entity.partition(":")
        if level == "company":
            return True
        placement = self._reference.placement(executive, day)
        return name == (placement.team if level == "team" else placement.branch)

    def _in_force(self, entity: Entity, kpi: str, day: Day) -> Target | None:
        for name in periods_of(date.fromordinal(day)):
            target = self._reference.target(entity, kpi, name)
            if target is not None:
                return target
        return None


def _value(target: Target) -> Fraction:
    return Fraction(hundredths(target.value), 100)
