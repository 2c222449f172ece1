"""The calendar on the days on which clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.calendar import (
    HOUR,
    PANE,
    Calendar,
    PaneAt,
    micros,
    moment,
)
from tests.scoring.making import (
    BEIRUT,
    BERLIN,
    CALENDARS,
    KOLKATA,
    LORD_HOWE,
    NEW_YORK,
    SAO_PAULO,
    at,
    day,
)

moments = st.integers(
    micros(datetime(2018, 1, 1, tzinfo=UTC)), micros(datetime(2030, 1, 1, tzinfo=UTC))
)
dates = st.integers(date(2018, 1, 1).toordinal(), date(2030, 1, 1).toordinal())


@pytest.mark.parametrize(
    ("calendar", "text", "hours"),
    [
        (BERLIN, "2026-03-29", 23),
        (BERLIN, "2026-10-25", 25),
        (BERLIN, "2026-03-30", 24),
        (NEW_YORK, "2026-03-08", 23),
        (NEW_YORK, "2026-11-01", 25),
        (KOLKATA, "2026-03-29", 24),
        (SAO_PAULO, "2018-11-04", 23),
        (SAO_PAULO, "2018-02-17", 25),
        (BEIRUT, "2026-03-29", 23),
        (LORD_HOWE, "2026-10-04", 24),  # 23.5 hours: the last pane is a short one
        (LORD_HOWE, "2026-04-05", 25),
    ],
)
def test_days_have_as_many_hours_as_pass(calendar: Calendar, text: str, hours: int) -> None:
    assert calendar.hours(day(text)) == hours


@pytest.mark.parametrize(("calendar", "text"), [(SAO_PAULO, "2018-11-04"), (BEIRUT, "2026-03-29")])
def test_a_day_without_midnight_begins_at_one(calendar: Calendar, text: str) -> None:
    first = calendar.midnight(day(text))
    assert calendar.iso(first)[:16] == f"{text}T01:00"
    assert calendar.pane(first) == PaneAt(day(text), 0)
    assert calendar.pane(first - 1) == PaneAt(day(text) - 1, 287)


def test_panes_count_the_time_that_passes() -> None:
    spring, autumn = day("2026-03-29"), day("2026-10-25")
    assert BERLIN.pane(at("2026-03-29T01:59", BERLIN)) == PaneAt(spring, 23)
    assert BERLIN.pane(at("2026-03-29T03:00", BERLIN)) == PaneAt(spring, 24)
    assert BERLIN.pane(at("2026-03-29T23:59", BERLIN)) == PaneAt(spring, 275)
    assert BERLIN.pane(at("2026-10-25T03:00", BERLIN)) == PaneAt(autumn, 48)
    assert BERLIN.pane(at("2026-10-25T23:59", BERLIN)) == PaneAt(autumn, 299)


def test_half_hour_offsets_have_whole_panes() -> None:
    midnight = micros(datetime(2026, 3, 1, 18, 30, tzinfo=UTC))
    assert KOLKATA.midnight(day("2026-03-02")) == midnight
    assert KOLKATA.pane(midnight) == PaneAt(day("2026-03-02"), 0)
    assert KOLKATA.pane(midnight - 1) == PaneAt(day("2026-03-01"), 287)
    assert KOLKATA.iso(midnight) == "2026-03-02T00:00:00+05:30"


@given(moments, st.sampled_from(CALENDARS))
def test_a_pane_holds_its_moment(time: int, calendar: Calendar) -> None:
    found, number = calendar.pane(time)
    start = calendar.midnight(found) + number * PANE
    assert start <= time < min(start + PANE, calendar.midnight(found + 1))
    assert calendar.day(time) == found == moment(time).astimezone(calendar.zone).toordinal()


@given(dates, st.sampled_from(CALENDARS))
def test_the_hours_of_a_day_fill_it(ordinal: int, calendar: Calendar) -> None:
    length = calendar.midnight(ordinal + 1) - calendar.midnight(ordinal)
    assert length == calendar.hours(ordinal) * HOUR
    last = calendar.midnight(ordinal + 1) - 1
    assert calendar.pane(last) == PaneAt(ordinal, length // PANE - 1)


@given(st.integers(-(2**55), 2**55))
def test_moments_are_exact_to_the_microsecond(time: int) -> None:
    assert micros(moment(time)) == time


def test_micros_know_offsets() -> None:
    assert micros(datetime.fromisoformat("1970-01-01T05:30:00.000001+05:30")) == 1
    assert micros(datetime.fromisoformat("1969-12-31T23:59:59.999999+00:00")) == -1
    assert moment(-1) == datetime(1970, 1, 1, tzinfo=UTC) - timedelta(microseconds=1)
