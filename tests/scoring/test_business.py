"""Business days, and the business hours that pass between two moments."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.business import BusinessWeek, BusinessWeeks
from scoring.calendar import HOUR, Calendar, micros
from scoring.targets import Targets
from scoring.windows import Days, Window
from tests.scoring.making import BERLIN, CALENDARS, KOLKATA, NEW_YORK, at, day, reference

MINUTE = HOUR // 60
MONDAY_OFF = day("2026-03-09")


def off(year: int) -> frozenset[int]:
    """One Monday and one Saturday of March 2026, and each New Year's Day."""
    march = {MONDAY_OFF, day("2026-03-14")} if year == 2026 else set()
    return frozenset({date(year, 1, 1).toordinal(), *march})


ALWAYS = BusinessWeek(frozenset(range(7)), time(0), time(0))
NIGHT = BusinessWeek(frozenset(range(7)), time(1), time(5))
SATURDAYS = BusinessWeek(frozenset({0, 1, 2, 3, 4, 5}), time(9, 30), time(17, 15), off)
WEEKS = (BusinessWeek(), SATURDAYS, ALWAYS, NIGHT)

dates = st.integers(date(2018, 1, 1).toordinal(), date(2030, 1, 1).toordinal())
moments = st.integers(
    micros(datetime(2025, 1, 1, tzinfo=UTC)), micros(datetime(2027, 1, 1, tzinfo=UTC))
)
calendars = st.builds(
    Calendar,
    st.sampled_from([each.zone for each in CALENDARS]),
    st.sampled_from(WEEKS).map(BusinessWeeks),
)


def minutes(calendar: Calendar, start: str, end: str) -> float:
    return calendar.working_time(at(start, calendar), at(end, calendar)) / MINUTE


@given(dates, st.integers(-1, 800))
def test_business_days_are_those_from_monday_to_friday(first: int, more: int) -> None:
    days = range(first, first + more + 1)
    weekdays = [date.fromordinal(each).isoweekday() <= 5 for each in days]
    assert BusinessWeek().business_days(first, first + more) == sum(weekdays)
    assert [BusinessWeek().is_business_day(each) for each in days] == weekdays


@given(st.sampled_from(WEEKS), dates, st.integers(-1, 800))
def test_as_many_business_days_as_there_are(week: BusinessWeek, first: int, more: int) -> None:
    last = first + more
    assert week.business_days(first, last) == sum(map(week.is_business_day, range(first, last + 1)))


def test_nobody_works_on_a_holiday() -> None:
    assert not SATURDAYS.is_business_day(MONDAY_OFF)
    assert SATURDAYS.is_business_day(day("2026-03-07"))
    assert not SATURDAYS.is_business_day(day("2026-03-08"))
    march = day("2026-03-01"), day("2026-03-31")
    assert SATURDAYS.business_days(*march) == 26 - 2
    assert BusinessWeek(holidays=off).business_days(*march) == 22 - 1


@pytest.mark.parametrize(
    ("start", "end", "passed"),
    [
        ("2026-03-06T17:30", "2026-03-09T10:00", 90),
        ("2026-03-09T09:00", "2026-03-09T11:00", 120),
        ("2026-03-09T08:00", "2026-03-09T09:00", 0),
        ("2026-03-09T17:59", "2026-03-09T23:00", 1),
        ("2026-03-07T10:00", "2026-03-08T10:00", 0),
        ("2026-03-02T09:00", "2026-03-09T09:00", 5 * 9 * 60),
        ("2026-03-09T11:00", "2026-03-09T10:00", 0),
    ],
)
def test_only_business_hours_pass(start: str, end: str, passed: int) -> None:
    assert minutes(KOLKATA, start, end) == passed


def test_no_time_passes_on_holidays() -> None:
    calendar = Calendar(KOLKATA.zone, BusinessWeeks(BusinessWeek(holidays=off)))
    assert minutes(calendar, "2026-03-06T17:30", "2026-03-10T09:30") == 60
    assert minutes(calendar, "2026-03-09T10:00", "2026-03-09T16:00") == 0


@pytest.mark.parametrize("calendar", [BERLIN, NEW_YORK])
def test_hours_follow_the_wall_clock_over_a_change(calendar: Calendar) -> None:
    changes = {BERLIN: ("03-27", "03-30"), NEW_YORK: ("03-06", "03-09")}
    friday, monday = (f"2026-{each}" for each in changes[calendar])
    assert minutes(calendar, f"{friday}T17:00", f"{monday}T09:30") == 90
    elapsed = at(f"{monday}T09:30", calendar) - at(f"{friday}T17:00", calendar)
    assert elapsed == 64.5 * HOUR - HOUR


@pytest.mark.parametrize(
    ("calendar", "text", "hours"),
    [
        (BERLIN, "2026-03-29", 23),
        (BERLIN, "2026-10-25", 25),
        (NEW_YORK, "2026-03-08", 23),
        (NEW_YORK, "2026-11-01", 25),
        (KOLKATA, "2026-03-29", 24),
    ],
)
def test_a_change_within_the_hours_makes_them_longer_or_shorter(
    calendar: Calendar, text: str, hours: int
) -> None:
    first, last = calendar.midnight(day(text)), calendar.midnight(day(text) + 1)
    assert Calendar(calendar.zone, BusinessWeeks(ALWAYS)).working_time(first, last) == hours * HOUR
    at_night = Calendar(calendar.zone, BusinessWeeks(NIGHT)).working_time(first, last)
    assert at_night == (hours - 24 + 4) * HOUR


@given(calendars, st.lists(moments, min_size=3, max_size=3).map(sorted))
def test_working_time_adds_up_over_any_split(calendar: Calendar, times: list[int]) -> None:
    start, middle, end = times
    parts = calendar.working_time(start, middle), calendar.working_time(middle, end)
    assert sum(parts) == calendar.working_time(start, end)


@given(calendars, moments, moments, st.integers(0, 30 * 24 * HOUR))
def test_working_time_never_runs_backwards_nor_faster_than_time(
    calendar: Calendar, start: int, end: int, later: int
) -> None:
    passed = calendar.working_time(start, end)
    assert 0 <= passed <= max(end - start, 0)
    assert passed <= calendar.working_time(start, end + later) <= passed + later
    assert passed <= calendar.working_time(start - later, end) <= passed + later


def test_a_target_is_spread_over_the_days_of_work() -> None:
    known = reference(targets=[("executive:E", "k", "2026-03", 2400)])
    targets = Targets(known, BusinessWeeks(SATURDAYS))

    def share(first: str, last: str) -> float | None:
        days = Days(day(f"2026-03-{first}"), day(f"2026-03-{last}"))
        found = targets.additive("executive:E", "k", Window.MONTH, days)
        return float(found) if found is not None else None

    assert share("01", "31") == 2400
    assert share("02", "07") == 600
    assert share("07", "10") == 200
    assert share("08", "09") is None


def test_a_period_without_a_day_of_work_has_no_target() -> None:
    march = frozenset(range(day("2026-03-01"), day("2026-04-01")))
    known = reference(targets=[("executive:E", "k", "2026-03", 2400)])
    targets = Targets(known, BusinessWeeks(BusinessWeek(holidays=lambda _year: march)))
    days = Days(day("2026-03-01"), day("2026-03-31"))
    assert targets.additive("executive:E", "k", Window.MONTH, days) is None
