"""The periods of reports, over the borders of years."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.events import activity
from scoring.periods import Period, period_of


@pytest.mark.parametrize(
    ("text", "before", "first", "after"),
    [
        ("2026-03", "2026-02-01", "2026-03-01", "2026-04-01"),
        ("2026-01", "2025-12-01", "2026-01-01", "2026-02-01"),
        ("2026-12", "2026-11-01", "2026-12-01", "2027-01-01"),
        ("2026-Q1", "2025-10-01", "2026-01-01", "2026-04-01"),
        ("2026-Q4", "2026-07-01", "2026-10-01", "2027-01-01"),
        ("2026-W09", "2026-02-16", "2026-02-23", "2026-03-02"),
        ("2026-W01", "2025-12-22", "2025-12-29", "2026-01-05"),
        ("2026-W53", "2026-12-21", "2026-12-28", "2027-01-04"),
        ("2024-02-29", "2024-02-28", "2024-02-29", "2024-03-01"),
    ],
)
def test_a_period_and_its_neighbours(text: str, before: str, first: str, after: str) -> None:
    assert period_of(text) == Period(*map(date.fromisoformat, (before, first, after)))


@given(st.dates(date(1970, 1, 1), date(9998, 12, 31)))
def test_every_day_is_in_its_periods(day: date) -> None:
    year, week, _ = day.isocalendar()
    quarter = (day.month + 2) // 3
    for text in (
        f"{day.year:04}-{day.month:02}",
        f"{day.year:04}-Q{quarter}",
        f"{year:04}-W{week:02}",
        day.isoformat(),
    ):
        period = period_of(text)
        assert period.before < period.first <= day < period.after
        assert period.after - period.first <= timedelta(days=92)


def submission(period: str) -> activity.ReportSubmitted:
    return activity.ReportSubmitted(report_id="R", executive_id="E", period=period, figures={})


@pytest.mark.parametrize("period", ["2025-W53", "2026-02-29", "2026-02-30", "9999-12", "0001-01"])
def test_a_report_on_a_period_that_does_not_exist_is_refused(period: str) -> None:
    with pytest.raises(ValueError, match="`period` is"):
        submission(period)
    assert submission("2026-W53").period == "2026-W53"
