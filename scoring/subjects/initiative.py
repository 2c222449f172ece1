"""An initiative: something that executives finished together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scoring import slots
from scoring.cells import Contributions
from scoring.events.activity import InitiativeCompleted
from scoring.meaning import Meaning

if TYPE_CHECKING:
    from scoring.meaning import History, Rules


def meaning(subject: str, history: History, rules: Rules) -> Meaning:
    """The first completion, if successful: for each participant, once for all of them together."""
    found = Meaning(Contributions(rules.calendar))
    completed = history.first(InitiativeCompleted)
    if completed is None or not completed.data.successful:
        return found
    initiative = slots.member(slots.INITIATIVES, subject.partition(":")[2])
    for participant in dict.fromkeys(completed.data.participants):
        found.contributions.add(f"executive:{participant}", completed.time, initiative)
    return found
