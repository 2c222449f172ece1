"""An insight: open from its recording until it expires, and applied by executives."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from scoring import slots
from scoring.calendar import micros
from scoring.cells import Contributions
from scoring.events.activity import InsightApplied, InsightRecorded
from scoring.meaning import Meaning
from scoring.notes import Insight

if TYPE_CHECKING:
    from scoring.calendar import Calendar, Day
    from scoring.meaning import History, Rules

#: Expiries like the year 9999 mean `never`; beyond these, local days need not exist.
_EARLIEST, _LATEST = (micros(datetime(year, 1, 1, tzinfo=UTC)) for year in (2, 9998))


def meaning(subject: str, history: History, rules: Rules) -> Meaning:
    """Count each application where it was made, and tell evaluators of the first recording.

    Windows of insights are whole days, so days are all that evaluators need: the last day of
    an insight is that of the last moment before it expires.
    """
    found = Meaning(Contributions(rules.calendar))
    insight = subject.partition(":")[2]
    for applied in history.all(InsightApplied):
        found.contributions.add(
            f"executive:{applied.data.executive_id}",
            applied.time,
            slots.member(slots.INSIGHTS, insight),
        )
    recorded = history.first(InsightRecorded)
    if recorded is not None:
        expires = recorded.data.expires_at
        found.reference[subject] = Insight(
            insight,
            rules.calendar.day(recorded.time),
            _last_day(expires, rules.calendar) if expires is not None else None,
        )
    return found


def _last_day(expires: datetime, calendar: Calendar) -> Day:
    return calendar.day(min(max(micros(expires) - 1, _EARLIEST), _LATEST))
