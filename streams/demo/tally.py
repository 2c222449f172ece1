"""What executives know of their own weeks, as it goes into their reports."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING

from scoring.events.leads import LeadQualified
from scoring.events.sales import ProductSold, SaleDisbursed

if TYPE_CHECKING:
    from scoring.calendar import Calendar
    from scoring.events import EventData, Micros

_VOLUME, _QUALIFIED = "sales_targets.sales_volume", "lead_generation.qualified_leads"
_REVENUE = "cross_selling.revenue"
_WEEK = 7


class Tally:
    """Sums by executive and ISO week of what was sent.

    It knows neither of cancellations nor of leads that came from colleagues: reports are
    about right.

    Args:
        calendar: The business calendar.
    """

    def __init__(self, calendar: Calendar) -> None:
        self._calendar = calendar
        self._sums: defaultdict[tuple[str, str, str], float] = defaultdict(float)

    def hear(self, at: Micros, data: EventData) -> None:
        """Add an event that was sent at a moment."""
        if isinstance(data, SaleDisbursed):
            self._add(at, data.executive_id, _VOLUME, data.amount)
        elif isinstance(data, ProductSold):
            self._add(at, data.executive_id, _REVENUE, data.revenue)
        elif isinstance(data, LeadQualified) and data.executive_id is not None:
            self._add(at, data.executive_id, _QUALIFIED, 1)

    def last_week(self, executive: str, at: Micros) -> tuple[str, dict[str, float]]:
        """The ISO week before a moment's, `2026-W12`, and the executive's figures of it."""
        week = self._week(self._calendar.day(at) - _WEEK)
        kpis = (_VOLUME, _QUALIFIED, _REVENUE)
        return week, {kpi: round(self._sums[executive, kpi, week], 2) for kpi in kpis}

    def _add(self, at: Micros, executive: str, kpi: str, value: float) -> None:
        self._sums[executive, kpi, self._week(self._calendar.day(at))] += value

    @staticmethod
    def _week(day: int) -> str:
        year, week, _ = date.fromordinal(day).isocalendar()
        return f"{year}-W{week:02}"
