"""An inquiry: opened, and answered after some business time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scoring import sketch, slots
from scoring.cells import Contributions
from scoring.events.activity import InquiryAnswered, InquiryOpened
from scoring.meaning import Meaning

if TYPE_CHECKING:
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
    took = rules.calendar.working_time(opened.time, answered.time) // _MILLISECOND
    owner, at, total = f"executive:{answered.data.executive_id}", answered.time, found.contributions
    total.add(owner, at, slots.ANSWERED)
    if took:
        total.add(owner, at, slots.TURNAROUND, took)
    total.add(owner, at, slots.keyed(slots.TURNAROUND_BY_BIN, str(sketch.bin_of(took))))
    return found
