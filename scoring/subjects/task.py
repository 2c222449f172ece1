"""A task: due at a moment, done in time, late or never, unless it was withdrawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scoring import slots
from scoring.calendar import micros
from scoring.cells import Contributions
from scoring.events.activity import TaskCompleted, TaskScheduled, TaskWithdrawn
from scoring.meaning import Meaning

if TYPE_CHECKING:
    from scoring.meaning import History, Rules

#: Key of tasks that do not come again and again.
ONCE = "none"


def meaning(_subject: str, history: History, rules: Rules) -> Meaning:
    """Count the task where and when it is due, in time if its first completion was.

    A task that was withdrawn at any time, or not yet scheduled, means nothing.
    """
    found = Meaning(Contributions(rules.calendar))
    scheduled = history.first(TaskScheduled)
    if scheduled is None or history.first(TaskWithdrawn) is not None:
        return found
    task, completed = scheduled.data, history.first(TaskCompleted)
    owner, due, cadence = f"executive:{task.executive_id}", micros(task.due_at), task.cadence
    total = found.contributions
    total.add(owner, due, slots.keyed(slots.TASKS_BY_CADENCE, cadence or ONCE))
    if completed is not None and completed.time <= due:
        total.add(owner, due, slots.keyed(slots.TASKS_IN_TIME_BY_CADENCE, cadence or ONCE))
    if task.priority:
        total.add(owner, due, slots.PRIORITY_TASKS)
        if completed is not None:
            total.add(owner, due, slots.PRIORITY_TASKS_DONE)
    return found
