"""Lead quality: how well leads fit the target demographics."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scoring import slots
from scoring.kpi import Reading

if TYPE_CHECKING:
    from scoring.kpi import Scene

_PERFECT = 100


def lead_quality(scene: Scene) -> Reading:
    """The mean fit, 0 to 100, of the leads that can be judged.

    The mean is the closest float to the exact one.
    """
    aim = scene.reference.aim
    if aim is None:
        return Reading(None, n=0)
    fit, n = aim.fit(scene.now.by_key(slots.LEADS_BY_PROFILE))
    total = _PERFECT * fit
    return Reading(float(total / n) if n else None, float(total), n, n)
