"""A violation of a rule: caught in time, or recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scoring import slots
from scoring.cells import Contributions
from scoring.events.activity import ViolationAvoided, ViolationEvent
from scoring.meaning import Meaning

if TYPE_CHECKING:
    from scoring.meaning import History, Rules


def meaning(_subject: str, history: History, rules: Rules) -> Meaning:
    """What the first event says of it: avoided or recorded, never both."""
    found = Meaning(Contributions(rules.calendar))
    first = history.first(ViolationEvent)
    if first is not None:
        avoided = isinstance(first.data, ViolationAvoided)
        found.contributions.add(
            f"executive:{first.data.executive_id}",
            first.time,
            slots.VIOLATIONS_AVOIDED if avoided else slots.VIOLATIONS_RECORDED,
        )
    return found
