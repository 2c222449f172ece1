"""A technique of an executive: learned, and put to use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scoring import slots
from scoring.books import enter
from scoring.cells import Contributions
from scoring.events.activity import TechniqueApplied, TechniqueLearned
from scoring.meaning import Meaning

if TYPE_CHECKING:
    from scoring.meaning import History, Rules


def meaning(_subject: str, history: History, rules: Rules) -> Meaning:
    """Count the pair from the day it was learned to that of its first application.

    One that was applied before it was learned is due only in windows that hold both days, so
    it is told apart by the day of the application and is no part of the balance.
    """
    total = Contributions(rules.calendar)
    found = Meaning(total)
    learned = history.first(TechniqueLearned)
    if learned is None:
        return found
    executive, day = learned.data.executive_id, rules.calendar.day(learned.time)
    applied = history.first(TechniqueApplied)
    if applied is None:
        enter(total, executive, day, slots.LEARNED)
        return found
    used = rules.calendar.day(applied.time)
    if used < day:
        enter(total, executive, day, slots.member(slots.LEARNED_LATE, str(used)))
        return found
    enter(total, executive, day, slots.LEARNED)
    enter(total, executive, used, slots.APPLIED)
    if learned.time <= applied.time:
        enter(total, executive, used, slots.IMPLEMENTED)
    return found
