"""An audit: checks of an executive's files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scoring import slots
from scoring.cells import Contributions
from scoring.events.activity import AuditCompleted
from scoring.meaning import Meaning

if TYPE_CHECKING:
    from scoring.meaning import History, Rules


def meaning(_subject: str, history: History, rules: Rules) -> Meaning:
    """The checks of the first completion, how many passed, and whether a critical one failed."""
    found = Meaning(Contributions(rules.calendar))
    completed = history.first(AuditCompleted)
    if completed is None:
        return found
    audit = completed.data
    executive = f"executive:{audit.executive_id}"
    for slot, n in ((slots.CHECKS, audit.checks), (slots.CHECKS_PASSED, audit.passed)):
        if n:
            found.contributions.add(executive, completed.time, slot, n)
    if audit.severity == "critical":
        found.contributions.add(executive, completed.time, slots.CRITICAL_AUDITS)
    return found
