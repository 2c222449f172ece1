"""An executive: where he sits over time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scoring import slots
from scoring.books import book_of
from scoring.cells import Contributions
from scoring.events.reference import ExecutivePlaced
from scoring.meaning import Meaning
from scoring.notes import Membership, Parent, Placement, Placements

if TYPE_CHECKING:
    from scoring.meaning import History, Rules


def meaning(subject: str, history: History, rules: Rules) -> Meaning:
    """The placements by date; for one date the latest event wins."""
    found = Meaning(Contributions(rules.calendar))
    by_day = {
        placed.data.valid_from.toordinal(): placed.data for placed in history.all(ExecutivePlaced)
    }
    if not by_day:
        return found
    ordered = sorted(by_day.items())
    executive = subject.partition(":")[2]
    found.memberships[subject] = found.memberships[book_of(executive)] = Membership(
        tuple(Parent(day, f"team:{at.team_id}", at.branch_id) for day, at in ordered)
    )
    for day, _ in ordered:
        found.contributions.add_day(subject, day, slots.PLACEMENTS)
    found.reference[subject] = Placements(
        executive,
        tuple(
            Placement(day, at.team_id, at.branch_id, at.active is not False, at.display_name)
            for day, at in ordered
        ),
    )
    return found
