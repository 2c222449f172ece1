"""An entry: time that an executive logged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scoring import slots
from scoring.cells import Contributions
from scoring.events.activity import TimeLogged
from scoring.events.fields import hundredths
from scoring.meaning import Meaning

if TYPE_CHECKING:
    from scoring.meaning import History, Rules

#: Work that brings revenue.
_REVENUE = frozenset({"selling", "prospecting", "follow_up"})


def meaning(_subject: str, history: History, rules: Rules) -> Meaning:
    """Add the time of the first entry of this id."""
    found = Meaning(Contributions(rules.calendar))
    logged = history.first(TimeLogged)
    if logged is None:
        return found
    entry, total = logged.data, found.contributions
    owner, spent = f"executive:{entry.executive_id}", hundredths(entry.minutes)
    total.add(owner, logged.time, slots.TIME_ENTRIES)
    if spent:
        total.add(owner, logged.time, slots.TIME_LOGGED, spent)
        if entry.category in _REVENUE:
            total.add(owner, logged.time, slots.TIME_ON_REVENUE, spent)
    return found
