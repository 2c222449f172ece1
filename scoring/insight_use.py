"""Insight utilisation: how much of what was learned about customers is used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scoring import slots
from scoring.formulas import ratio
from scoring.kpi import Reading

if TYPE_CHECKING:
    from scoring.kpi import Scene


def insight_utilisation(scene: Scene) -> Reading:
    """Open insights that the entity applied in the window per insight open in it, of anybody."""
    known = scene.reference.insights.open_in(scene.days)
    used = len(scene.now.members(slots.INSIGHTS) & known)
    return Reading(ratio(used, len(known)), used, len(known), len(known))
