"""Targets: what an entity is to reach in a window, from targets set for periods.

Source: the KPI catalogue's conventions. An *additive* target is spread evenly over its
period's business days; a *level* target is the one of the period that contains today.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from scoring.calendar import business_days, is_business_day
from scoring.events.fields import hundredths
from scoring.windows import Days, Window, period

if TYPE_CHECKING:
    from scoring.calendar import Day
    from scoring.cells import Entity
    from scoring.notes import Target
    from scoring.reference import Reference

_MONTHS_PER_QUARTER = 3


def level_target(reference: Reference, entity: Entity, kpi: str, today: Day) -> Fraction | None:
    """The target of a rate, rating or index: own, else the nearest ancestor's; major units."""
    for owner in (entity, *reference.ancestors(entity, today)):
        target = _in_force(reference, owner, kpi, today)
        if target is not None:
            return _value(target)
    return None


def additive_target(
    reference: Reference, entity: Entity, kpi: str, window: Window, days: Days
) -> Fraction | None:
    """The target of a count or an amount over a window's days; major units.

    Undefined for windows within a day and when no day has a target. A day without an own
    target has the sum of those of the executives placed there that day.
    """
    if window in (Window.HOUR, Window.DAY_ROLLING):
        return None
    total = Fraction(0)
    found = False
    for day in range(days.first, days.last + 1):
        share = _share(reference, entity, kpi, day)
        if share is not None:
            total += share
            found = True
    return total if found and total else None


def _share(reference: Reference, entity: Entity, kpi: str, day: Day) -> Fraction | None:
    own = _own_share(reference, entity, kpi, day)
    level = entity.partition(":")[0]
    if own is not None or level == "executive":
        return own
    shares = [
        share
        for executive in reference.targeted(kpi)
        if _is_member(reference, executive, entity, day)
        and (share := _own_share(reference, f"executive:{executive}", kpi, day)) is not None
    ]
    return sum(shares, Fraction(0)) if shares else None


def _is_member(reference: Reference, executive: str, entity: Entity, day: Day) -> bool:
    level, _, name = entity.partition(":")
    placement = reference.placement(executive, day)
    return (
        level == "company"
        or (level == "team" and placement.team == name)
        or (level == "branch" and placement.branch == name)
    )


def _own_share(reference: Reference, entity: Entity, kpi: str, day: Day) -> Fraction | None:
    if not reference.has_targets(entity, kpi):
        return None
    target = _in_force(reference, entity, kpi, day)
    if target is None:
        return None
    if not is_business_day(day):
        return Fraction(0)
    return _value(target) / business_days(*period(target.period))


def _in_force(reference: Reference, entity: Entity, kpi: str, day: Day) -> Target | None:
    local = date.fromordinal(day)
    quarter = (local.month - 1) // _MONTHS_PER_QUARTER + 1
    for name in (f"{local.year}-{local.month:02}", f"{local.year}-Q{quarter}", f"{local.year}"):
        target = reference.target(entity, kpi, name)
        if target is not None:
            return target
    return None


def _value(target: Target) -> Fraction:
    return Fraction(hundredths(target.value), 100)
