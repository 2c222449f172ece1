"""A team event: who was invited and who came."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scoring import slots
from scoring.cells import Contributions
from scoring.events.activity import TeamEventHeld
from scoring.meaning import Meaning

if TYPE_CHECKING:
    from scoring.meaning import History, Rules


def meaning(_subject: str, history: History, rules: Rules) -> Meaning:
    """Each invited and each present executive of the first event, however often he is listed."""
    found = Meaning(Contributions(rules.calendar))
    held = history.first(TeamEventHeld)
    if held is None:
        return found
    for slot, executives in (
        (slots.INVITATIONS, held.data.invited),
        (slots.ATTENDANCES, held.data.attended),
    ):
        for executive in dict.fromkeys(executives):
            found.contributions.add(f"executive:{executive}", held.time, slot)
    return found
