"""Customer preferences: how many leads say what they want, and what that is."""

from __future__ import annotations

from math import fsum, log
from typing import TYPE_CHECKING

import msgspec

from scoring import slots
from scoring.formulas import share

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scoring.kpi import Part, Reading, Scene

_stating = share(slots.LEADS_WITH_PREFERENCE, slots.LEADS)


def customer_preferences(scene: Scene) -> Reading:
    """Leads with a stated preference per lead; by preference its values.

    A preference that nobody stated has no part in the breakdown.
    """
    breakdown: dict[str, Part] = {}
    for name, slot in slots.LEADS_BY_PREFERENCE.items():
        counts = scene.now.by_key(slot)
        if counts:
            breakdown[name] = _part(dict(sorted(counts.items())))
    return msgspec.structs.replace(_stating(scene), breakdown=breakdown)


def _part(counts: dict[str, int]) -> Part:
    return {
        "leads": sum(counts.values()),
        "top": max(counts, key=lambda value: counts[value]),
        "entropy": _entropy(counts),
        "counts": counts,
    }


def _entropy(counts: Mapping[str, int]) -> float:
    """How evenly leads spread over the values: Shannon's entropy over its maximum, 0 to 1."""
    if len(counts) == 1:
        return 0.0
    total = sum(counts.values())
    return fsum(n / total * log(total / n) for n in counts.values()) / log(len(counts))
