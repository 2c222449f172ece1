"""A target: what an entity is to reach of a KPI in a period."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scoring.cells import Contributions
from scoring.events.reference import TargetSet
from scoring.meaning import Meaning
from scoring.notes import Target

if TYPE_CHECKING:
    from scoring.meaning import History, Rules


def meaning(subject: str, history: History, rules: Rules) -> Meaning:
    """The latest target set for this entity, KPI and period."""
    found = Meaning(Contributions(rules.calendar))
    latest = history.last(TargetSet)
    if latest is not None:
        target = latest.data
        found.reference[subject] = Target(target.entity, target.kpi, target.period, target.value)
    return found
