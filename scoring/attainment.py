"""Attainment of sales targets: one's own, with a forecast, and that of the members of a team."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import msgspec

from scoring import slots
from scoring.formulas import MINOR, major
from scoring.kpi import Level, Reading, level_of
from scoring.pace import pace
from scoring.team_sales import Sold

if TYPE_CHECKING:
    from scoring.kpi import Scene

SALES_VOLUME = "sales_targets.sales_volume"


def target_attainment(scene: Scene) -> Reading:
    """Net amount over the target of sales volume; with the pace of a month or a quarter.

    Beside the pace stands what it is a share of, the target of the whole month or quarter. It
    goes by the business days of the branch where the entity is today.
    """
    days = scene.days
    sold = Sold(scene.now.total(slots.VOLUME), scene.now.total(slots.LOANS))
    reading = _attained(sold, scene.targets.over(scene.entity, SALES_VOLUME, days))
    if scene.period is None:
        return reading
    whole = scene.targets.over(scene.entity, SALES_VOLUME, scene.period)
    daily = scene.totals.daily(slots.VOLUME, days)
    business = scene.targets.business_week(scene.entity, scene.today)
    forecast = pace(daily, days, scene.period, business)
    attained: dict[str, float | str | None] = dict.fromkeys(("pace", "pace_low", "pace_high"))
    attained["period_target"] = float(whole) if whole is not None else None
    if forecast is not None and whole is not None:
        target = whole * MINOR
        attained |= {
            "pace": float(forecast.expected / target),
            "pace_low": float(forecast.low / target),
            "pace_high": float(forecast.high / target),
        }
    return msgspec.structs.replace(reading, companions=attained)


def team_vs_individual(scene: Scene) -> Reading:
    """Net amount over the sum of the own targets of the entity's executives, day by day.

    An executive shows his team's, of as-of's day.
    """
    days, entity = scene.days, scene.entity
    if level_of(entity) is Level.EXECUTIVE:
        team = scene.reference.placement(entity.partition(":")[2], scene.today).team
        entity, sold = f"team:{team}", scene.reference.sales.over(team, days)
    else:
        sold = Sold(scene.now.total(slots.VOLUME), scene.now.total(slots.LOANS))
    return _attained(sold, scene.targets.of_members(entity, SALES_VOLUME, days))


def _attained(sold: Sold, target: Fraction | None) -> Reading:
    """What was sold over a target in major units, the closest float to the exact quotient."""
    volume = major(sold.volume)
    if target is None:
        return Reading(None, volume, n=sold.loans)
    value = float(Fraction(sold.volume, MINOR) / target)
    return Reading(value, volume, float(target), sold.loans)
