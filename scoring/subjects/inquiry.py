"""An inquiry: opened, and answered after some business time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scoring import sketch, slots
from scoring.cells import Contributions
from scoring.events.activity import InquiryAnswered, InquiryOpened
from scoring.meaning import Meaning
from scoring.upward import There

if TYPE_CHECKING:
    from scoring.cells import Entity
    from scoring.events import Micros
    from scoring.meaning import History, Rules

_MILLISECOND = 1_000


def meaning(_subject: str, history: History, rules: Rules) -> Meaning:
    """Count the first answer where and when it was given, and how long it took.

    An inquiry that was not opened yet means nothing; an answer before the opening took no time.
    """
    found = Meaning(Contributions(rules.calendar))
    opened, answered = history.first(InquiryOpened), history.first(InquiryAnswered)
    if opened is None or answered is None:
        return found
    owner, at, total = f"executive:{answered.data.executive_id}", answered.time, found.contributions
    took = _took(opened.time, at, rules, None)
    total.add(owner, at, slots.ANSWERED)
    if took:
        total.add(owner, at, slots.TURNAROUND, took)
    total.add(owner, at, slots.keyed(slots.TURNAROUND_BY_BIN, str(sketch.bin_of(took))))
    day = rules.calendar.day(at)
    for branch in rules.calendar.business.branches:
        longer = _took(opened.time, at, rules, branch) - took
        if longer:
            _add_difference(total, owner, at, There(branch, day), took, longer)
    return found


def _took(opened: Micros, answered: Micros, rules: Rules, calendar: str | None) -> int:
    return rules.calendar.working_time(opened, answered, calendar) // _MILLISECOND


def _add_difference(
    total: Contributions, owner: Entity, at: Micros, there: There, took: int, longer: int
) -> None:
    total.add(owner, at, there.time(), longer)
    before, after = sketch.bin_of(took), sketch.bin_of(took + longer)
    if after != before:
        total.add(owner, at, there.bin(before), -1)
        total.add(owner, at, there.bin(after))
