"""An assessment: a knowledge test that an executive took."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scoring import slots
from scoring.cells import Contributions
from scoring.events.activity import AssessmentCompleted
from scoring.events.fields import hundredths
from scoring.meaning import Meaning

if TYPE_CHECKING:
    from scoring.meaning import History, Rules


def meaning(_subject: str, history: History, rules: Rules) -> Meaning:
    """The first completion; points scored are kept by the highest score, so that they add up."""
    found = Meaning(Contributions(rules.calendar))
    completed = history.first(AssessmentCompleted)
    if completed is None:
        return found
    taken, total = completed.data, found.contributions
    executive = f"executive:{taken.executive_id}"
    total.add(executive, completed.time, slots.ASSESSMENTS)
    if scored := hundredths(taken.score):
        highest = str(hundredths(taken.max_score))
        total.add(executive, completed.time, slots.keyed(slots.ASSESSED, highest), scored)
    return found
