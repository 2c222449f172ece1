"""A report: due at a moment, submitted in time, late or never."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scoring import slots
from scoring.calendar import micros
from scoring.cells import Contributions
from scoring.events.activity import ReportDue, ReportSubmitted
from scoring.meaning import Meaning

if TYPE_CHECKING:
    from scoring.meaning import History, Rules


def meaning(_subject: str, history: History, rules: Rules) -> Meaning:
    """Count the report where and when it is due, in time if its first submission was."""
    found = Meaning(Contributions(rules.calendar))
    due, submitted = history.first(ReportDue), history.first(ReportSubmitted)
    if due is not None:
        owner, deadline = f"executive:{due.data.executive_id}", micros(due.data.due_at)
        found.contributions.add(owner, deadline, slots.REPORTS_DUE)
        if submitted is not None and submitted.time <= deadline:
            found.contributions.add(owner, deadline, slots.REPORTS_IN_TIME)
    return found
