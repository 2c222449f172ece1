"""A customer: known by the net loans that name it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scoring import slots
from scoring.cells import Contributions
from scoring.meaning import Meaning
from scoring.notes import LoanOfCustomer

if TYPE_CHECKING:
    from scoring.meaning import History, Rules


def meaning(subject: str, history: History, rules: Rules) -> Meaning:
    """Each net loan but the first, by time, makes the customer a repeat one of its seller."""
    found = Meaning(Contributions(rules.calendar))
    loans = sorted(
        (note for note in history.notes.values() if isinstance(note, LoanOfCustomer)),
        key=lambda loan: (loan.disbursed_at, loan.source, loan.id),
    )
    customer = subject.partition(":")[2]
    for loan in loans[1:]:
        found.contributions.add(
            f"executive:{loan.executive}",
            loan.disbursed_at,
            slots.member(slots.REPEAT, customer),
        )
    return found
