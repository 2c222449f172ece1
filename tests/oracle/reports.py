"""What reports say, against what was: their periods, and how near their figures are."""

from __future__ import annotations

import json
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

from .windows import DAY, Days, Span, daily_span, quarter_start

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from zoneinfo import ZoneInfo

ACCURACY = "reporting.accuracy"
UNIT = 10**12  # each figure's accuracy is rounded to this part of one


def period_spans(period: str, zone: ZoneInfo) -> tuple[Span, Span]:
    """All days of a report's period, and those of the whole period before."""
    days = period_days(period)
    before = days.first - DAY
    first_before = {
        "day": before,
        "week": days.first - 7 * DAY,
        "month": before.replace(day=1),
        "quarter": quarter_start(before),
    }[form(period)]
    return (
        daily_span(period, "now", days, zone),
        daily_span(period, "previous", Days(first_before, before), zone),
    )


def period_days(period: str) -> Days:
    match form(period):
        case "day":
            return Days(date.fromisoformat(period), date.fromisoformat(period))
        case "week":
            monday = date.fromisocalendar(int(period[:4]), int(period[6:]), 1)
            return Days(monday, monday + 6 * DAY)
        case "month":
            first = date.fromisoformat(f"{period}-01")
            return Days(first, next_month(first) - DAY)
        case _:
            first = date(int(period[:4]), 3 * int(period[6:]) - 2, 1)
            return Days(first, next_month(first + timedelta(days=62)) - DAY)


def form(period: str) -> str:
    if "W" in period:
        return "week"
    if "Q" in period:
        return "quarter"
    return "day" if len(period) == len("2026-03-02") else "month"


def next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def figures_of(text: str) -> Iterator[tuple[str, Fraction]]:
    """The figures of a report as they are written, not as the nearest floats."""
    figures = json.loads(text, parse_float=Fraction, parse_int=Fraction)
    yield from figures.items()


def accuracies(
    figures: Iterable[tuple[str, Fraction, Fraction | None]],
) -> Iterator[int]:
    """How near each figure (KPI, reported, actual) is, in UNITs rounded half to even."""
    for kpi, reported, actual in figures:
        if kpi != ACCURACY and actual is not None:
            near = 1 - abs(reported - actual) / max(abs(actual), Fraction(1))
            yield round(max(Fraction(0), near) * UNIT)
