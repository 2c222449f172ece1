"""A report: due at a moment, submitted in time, late or never, with figures to judge."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scoring import slots
from scoring.calendar import micros
from scoring.cells import Contributions
from scoring.events.activity import ReportDue, ReportSubmitted
from scoring.figures import Figure
from scoring.meaning import Meaning

if TYPE_CHECKING:
    from scoring.meaning import History, Rules


def meaning(_subject: str, history: History, rules: Rules) -> Meaning:
    """Count the report where and when it is due, in time if its first submission was.

    The figures of that submission are kept with who made it and when, whether due or not.
    """
    found = Meaning(Contributions(rules.calendar))
    due, submitted = history.first(ReportDue), history.first(ReportSubmitted)
    if due is not None:
        owner, deadline = f"executive:{due.data.executive_id}", micros(due.data.due_at)
        found.contributions.add(owner, deadline, slots.REPORTS_DUE)
        if submitted is not None and submitted.time <= deadline:
            found.contributions.add(owner, deadline, slots.REPORTS_IN_TIME)
    if submitted is not None:
        report = submitted.data
        author = f"executive:{report.executive_id}"
        for kpi, number in report.figures.items():
            stated = Figure(report.period, kpi, repr(number))
            found.contributions.add(author, submitted.time, stated.slot)
    return found
