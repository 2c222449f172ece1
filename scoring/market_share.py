"""Market share: what was sold of what there was to sell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scoring import slots
from scoring.formulas import MINOR, major
from scoring.kpi import Level, Reading, level_of

if TYPE_CHECKING:
    from scoring.kpi import Scene


def market_share(scene: Scene) -> Reading:
    """Net amount over the size of the market, of which an executive or a team has a part.

    One division of exact numbers: the value is the closest float.
    """
    days = scene.days
    amount, n = scene.now.total(slots.VOLUME), scene.now.total(slots.LOANS)
    level = level_of(scene.entity)
    branch = _branch(scene, level)
    size = None
    if branch is not None or level is Level.COMPANY:
        size = scene.reference.markets.size(branch, days)
    if size is None:
        return Reading(None, major(amount), n=n)
    return Reading(float(amount / size) if size else None, major(amount), float(size / MINOR), n)


def _branch(scene: Scene, level: Level) -> str | None:
    name = scene.entity.partition(":")[2]
    if level is Level.EXECUTIVE:
        return scene.reference.placement(name, scene.today).branch
    if level is Level.TEAM:
        return scene.reference.branch_of_team(name, scene.today)
    return name if level is Level.BRANCH else None
