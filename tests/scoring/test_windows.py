"""Windows: whole panes that end with as-of's, in every zone; the oracle places them anew."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scoring.calendar import HOUR, PANE, Calendar, PaneAt, micros, moment
from scoring.windows import ALL_WINDOWS, DAILY, Days, Panes, Window, period, place
from tests.oracle.windows import spans
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

if TYPE_CHECKING:
    from scoring.windows import Span

moments = st.integers(
    micros(datetime(2018, 1, 8, tzinfo=UTC)), micros(datetime(2030, 1, 1, tzinfo=UTC))
)

#: Clocks change on the day, the day before or the day before that; periods end; a leap day.
HARD = [
    *((LORD_HOWE, text) for text in ("2026-10-04T23:45", "2026-10-05T00:10", "2026-04-05T23:45")),
    *((BERLIN, f"2026-03-{n}T00:30") for n in (29, 30, 31)),
    *((BERLIN, f"2026-10-{n}T23:30") for n in (25, 26, 27)),
    *((NEW_YORK, text) for text in ("2026-03-08T03:00", "2026-03-09T00:59", "2026-11-01T01:30")),
    *((SAO_PAULO, text) for text in ("2018-11-04T01:00", "2018-11-05T00:01", "2018-02-18T00:00")),
    *((BEIRUT, text) for text in ("2026-03-29T01:04", "2026-03-30T00:00", "2026-10-25T23:00")),
    *((KOLKATA, text) for text in ("2024-02-29T12:00", "2024-03-31T12:00", "2026-03-31T23:59")),
    *((KOLKATA, text) for text in ("2026-04-01T00:00", "2026-01-01T00:00", "2026-12-31T23:59")),
]


def covered(span: Span, calendar: Calendar) -> list[tuple[int, int]]:
    """The stretches of time of a span's panes, in microseconds."""
    if isinstance(span, Days):
        days = range(span.first, span.last + 1)
        return [(calendar.midnight(each), calendar.midnight(each + 1)) for each in days]
    size = HOUR if span.hourly else PANE
    starts = [(each, calendar.midnight(each.day) + each.number * size) for each in span.panes]
    return [(at, min(at + size, calendar.midnight(each.day + 1))) for each, at in starts]


def check(calendar: Calendar, as_of: int) -> None:
    expected = {
        (span.window, span.role): tuple(micros(edge) for edge in span.slot)
        for span in spans(moment(as_of), calendar.zone)
    }
    found = {}
    for window in ALL_WINDOWS:
        placed = place(window, as_of, calendar)
        roles = {"now": placed.now, "previous": placed.before, "full": placed.before_full}
        for role, span in roles.items():
            if span is not None:
                stretches = covered(span, calendar)
                assert all(one[1] == two[0] for one, two in pairwise(stretches))
                found[window.value, role] = (stretches[0][0], stretches[-1][1])
        assert (placed.start, placed.end) == found[window.value, "now"]
        assert covered(placed.now, calendar)[-1][0] <= as_of < placed.end
    assert found == expected


@given(st.sampled_from(CALENDARS), moments)
def test_windows_are_those_of_the_oracle(calendar: Calendar, as_of: int) -> None:
    check(calendar, as_of)


@pytest.mark.parametrize(("calendar", "text"), HARD, ids=[text for _, text in HARD])
def test_windows_are_those_of_the_oracle_where_it_is_hard(calendar: Calendar, text: str) -> None:
    check(calendar, at(text, calendar))
    check(calendar, at(text, calendar) - 1)


@given(st.sampled_from(CALENDARS), moments)
@example(BERLIN, at("2026-03-29T12:00", BERLIN))
@example(BERLIN, at("2026-10-25T12:00", BERLIN))
def test_rolling_windows_have_a_fixed_number_of_panes(calendar: Calendar, as_of: int) -> None:
    sizes = {Window.HOUR: 12, Window.DAY_ROLLING: 24}
    for window, size in sizes.items():
        placed = place(window, as_of, calendar)
        assert isinstance(placed.now, Panes)
        assert isinstance(placed.before, Panes)
        assert len(placed.now.panes) == len(placed.before.panes) == size
    for window, size in {Window.WEEK_ROLLING: 7, Window.FOUR_WEEKS_ROLLING: 28}.items():
        placed = place(window, as_of, calendar)
        assert isinstance(placed.now, Days)
        assert placed.now.length == size
        assert placed.before == placed.now.back(size)
        assert placed.before_full is None


def test_the_last_hour_ends_with_the_pane_of_as_of() -> None:
    placed = place(Window.HOUR, at("2026-03-02T00:07"), KOLKATA)
    yesterday, today = day("2026-03-01"), day("2026-03-02")
    panes = [PaneAt(yesterday, n) for n in range(278, 288)] + [PaneAt(today, 0), PaneAt(today, 1)]
    assert placed.now == Panes(hourly=False, panes=tuple(panes))
    before = tuple(PaneAt(yesterday, n) for n in range(266, 278))
    assert placed.before == Panes(hourly=False, panes=before)
    assert placed.end == at("2026-03-02T00:10")


def test_as_of_on_an_edge_begins_a_new_pane() -> None:
    early, late = (place(Window.HOUR, at("2026-03-02T10:00") - back, KOLKATA) for back in (1, 0))
    assert (early.end, late.end) == (at("2026-03-02T10:00"), at("2026-03-02T10:05"))


def test_a_day_is_compared_with_as_much_of_yesterday() -> None:
    placed = place(Window.DAY, at("2026-03-02T02:59"), KOLKATA)
    today = day("2026-03-02")
    assert placed.now == Panes(hourly=True, panes=tuple(PaneAt(today, n) for n in range(3)))
    assert placed.before == Panes(hourly=True, panes=tuple(PaneAt(today - 1, n) for n in range(3)))


def test_a_short_yesterday_is_compared_whole() -> None:
    placed = place(Window.DAY, at("2026-03-30T23:30", BERLIN), BERLIN)
    assert isinstance(placed.before, Panes)
    assert len(placed.before.panes) == 23


@pytest.mark.parametrize(
    ("window", "text", "now", "before", "full"),
    [
        ("week", "2026-03-04", ("03-02", "03-04"), ("02-23", "02-25"), ("02-23", "03-01")),
        ("week", "2026-03-02", ("03-02", "03-02"), ("02-23", "02-23"), ("02-23", "03-01")),
        ("month", "2026-03-31", ("03-01", "03-31"), ("02-01", "02-28"), ("02-01", "02-28")),
        ("month", "2026-02-03", ("02-01", "02-03"), ("01-01", "01-03"), ("01-01", "01-31")),
        ("quarter", "2026-04-01", ("04-01", "04-01"), ("01-01", "01-01"), ("01-01", "03-31")),
        ("quarter", "2026-06-30", ("04-01", "06-30"), ("01-01", "03-31"), ("01-01", "03-31")),
    ],
)
def test_calendar_windows(
    window: str, text: str, now: tuple[str, str], before: tuple[str, str], full: tuple[str, str]
) -> None:
    placed = place(Window(window), at(f"{text}T12:00"), KOLKATA)
    expected = [Days(*(day(f"2026-{edge}") for edge in edges)) for edges in (now, before, full)]
    assert [placed.now, placed.before, placed.before_full] == expected


def test_january_looks_back_into_another_year() -> None:
    for window, first in ((Window.MONTH, "2025-12-01"), (Window.QUARTER, "2025-10-01")):
        placed = place(window, at("2026-01-01T09:00"), KOLKATA)
        assert placed.before == Days(day(first), day(first))
        assert placed.before_full == Days(day(first), day("2025-12-31"))


def test_daily_windows_are_made_of_days() -> None:
    placed = {window: place(window, at("2026-03-02T12:00"), KOLKATA) for window in ALL_WINDOWS}
    assert tuple(w for w in ALL_WINDOWS if isinstance(placed[w].now, Days)) == DAILY


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-Q1", date(2024, 1, 1), date(2024, 3, 31)),
        ("2024-Q4", date(2024, 10, 1), date(2024, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2026-02", date(2026, 2, 1), date(2026, 2, 28)),
        ("2026-12", date(2026, 12, 1), date(2026, 12, 31)),
    ],
)
def test_periods(text: str, first: date, last: date) -> None:
    assert period(text) == Days(first.toordinal(), last.toordinal())


@pytest.mark.parametrize("text", ["", "2026-13", "2026-00", "2026-Q5", "2026-W09", "2026-03-02"])
def test_other_texts_are_no_periods(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        period(text)
