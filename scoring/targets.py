"""Targets: what an entity is to reach in a window, from targets set for periods.

Source: the KPI catalogue's conventions. An *additive* target is spread evenly over its
period's business days; a *level* target is the one of the period that contains today.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from scoring.business import BusinessWeek
from scoring.events.fields import hundredths
from scoring.windows import Days, Window, period

if TYPE_CHECKING:
    from scoring.calendar import Day
    from scoring.cells import Entity
    from scoring.notes import Target
    from scoring.reference import Reference

_MONTHS_PER_QUARTER = 3


class Targets:
    """The targets that follow from a reference; remembers what it found until that changes.

    Attributes:
        business: The days over which additive targets are spread.
    """

    def __init__(self, reference: Reference, business: BusinessWeek | None = None) -> None:
        self.business = business or BusinessWeek()
        self._reference = reference
        self._version = reference.version
        self._level: dict[tuple[Entity, str, Day], Fraction | None] = {}
        self._additive: dict[tuple[Entity, str, Days], Fraction | None] = {}
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
        """The target of a count or an amount over a window's days; major units.

        Undefined for windows within a day and when no day has a target. A day without an own
        target has the sum of those of the executives placed there that day.
        """
        targeted = self._reference.targeted(kpi)
        if window in (Window.HOUR, Window.DAY_ROLLING) or not targeted:
            return None
        if entity.startswith("executive:") and entity not in targeted:
            return None
        self._forget_if_changed()
        key = entity, kpi, days
        if key not in self._additive:
            self._additive[key] = self._sum(entity, kpi, days)
        return self._additive[key]

    def _forget_if_changed(self) -> None:
        if self._version != self._reference.version:
            self._version = self._reference.version
            self._level.clear()
            self._additive.clear()
            self._of_members.clear()

    def _sum(self, entity: Entity, kpi: str, days: Days) -> Fraction | None:
        business: Counter[Target] = Counter()
        for day in range(days.first, days.last + 1):
            counts = self.business.is_business_day(day)
            for target in self._shares(entity, kpi, day):
                business[target] += counts
        if not business:
            return None
        total = sum(
            (
                _value(target) * n / self.business.business_days(*period(target.period))
                for target, n in business.items()
                if n
            ),
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
        local = date.fromordinal(day)
        quarter = (local.month - 1) // _MONTHS_PER_QUARTER + 1
        for name in (f"{local.year}-{local.month:02}", f"{local.year}-Q{quarter}", f"{local.year}"):
            target = self._reference.target(entity, kpi, name)
            if target is not None:
                return target
        return None


def _value(target: Target) -> Fraction:
    return Fraction(hundredths(target.value), 100)
