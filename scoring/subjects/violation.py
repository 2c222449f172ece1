"""A violation of a rule: caught in time, recorded, or first the one and then the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scoring import slots
from scoring.cells import Contributions
from scoring.events.activity import ViolationAvoided, ViolationEvent, ViolationRecorded
from scoring.meaning import Meaning

if TYPE_CHECKING:
    from scoring.meaning import History, Rules


_SLOTS: dict[type[ViolationEvent], slots.Slot] = {
    ViolationAvoided: slots.VIOLATIONS_AVOIDED,
    ViolationRecorded: slots.VIOLATIONS_RECORDED,
}


def meaning(_subject: str, history: History, rules: Rules) -> Meaning:
    """The first time that it was avoided and the first that it was recorded, if critical too."""
    found = Meaning(Contributions(rules.calendar))
    for kind, slot in _SLOTS.items():
        first = history.first(kind)
        if first is not None:
            found.contributions.add(f"executive:{first.data.executive_id}", first.time, slot)
    recorded = history.first(ViolationRecorded)
    if recorded is not None and recorded.data.severity == "critical":
        executive = f"executive:{recorded.data.executive_id}"
        found.contributions.add(executive, recorded.time, slots.CRITICAL_VIOLATIONS)
    return found
