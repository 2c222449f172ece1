"""The eight windows as unions of whole panes, placed by an as-of moment.

Source of the spans: the table of windows in the KPI catalogue's conventions. A window ends
with the pane that contains as-of, and that pane counts whole.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple, TypeAlias

import msgspec

from scoring.calendar import HOUR, PANE, PANES_PER_HOUR, Calendar, Day, PaneAt
from scoring.events import Micros
from scoring.periods import MONTHS_PER_QUARTER, first_of

_PANES_IN_1H = 12
_HOURS_IN_24H = 24


class Window(StrEnum):
    """The spans over which KPIs are shown."""

    HOUR = "1h"
    DAY_ROLLING = "24h"
    WEEK_ROLLING = "7d"
    FOUR_WEEKS_ROLLING = "28d"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"


ALL_WINDOWS = tuple(Window)
#: The windows that are made of day panes.
DAILY = (
    Window.WEEK_ROLLING,
    Window.FOUR_WEEKS_ROLLING,
    Window.WEEK,
    Window.MONTH,
    Window.QUARTER,
)


class Days(NamedTuple):
    """Whole days from `first` to `last`, both inclusive; empty if `last < first`."""

    first: Day
    last: Day

    def back(self, days: int) -> Days:
        """The same span, moved back."""
        return Days(self.first - days, self.last - days)

    def hull(self, other: Days) -> Days:
        """The least span that holds this one and another."""
        return Days(min(self.first, other.first), max(self.last, other.last))

    @property
    def length(self) -> int:
        """Number of days."""
        return self.last - self.first + 1


class Panes(NamedTuple):
    """A set of panes inside days; `hourly` tells hour panes from five-minute panes."""

    hourly: bool
    panes: tuple[PaneAt, ...]


Span: TypeAlias = Days | Panes


class Placed(msgspec.Struct, frozen=True):
    """One window placed in time.

    Attributes:
        window: Which one.
        now: Its panes.
        before: The panes of its previous value.
        before_full: The whole period before, for `week`, `month` and `quarter`.
        start: First moment, microseconds.
        end: First moment after it, microseconds.
        period: The whole period that `now` is the beginning of, for `month` and `quarter`.
    """

    window: Window
    now: Span
    before: Span
    before_full: Days | None
    start: Micros
    end: Micros
    period: Days | None = None


@lru_cache(maxsize=1024)
def place(window: Window, as_of: Micros, calendar: Calendar) -> Placed:
    """Place a window so that its last pane contains `as_of`."""
    if window is Window.HOUR:
        return _last_hour(as_of, calendar)
    if window in (Window.DAY_ROLLING, Window.DAY):
        return _hourly(window, as_of, calendar)
    today = calendar.day(as_of)
    now, before, before_full = _daily(window, today)
    return Placed(
        window,
        now,
        before,
        before_full,
        calendar.midnight(now.first),
        calendar.midnight(today + 1),
        _period_of(window, today) if window in (Window.MONTH, Window.QUARTER) else None,
    )


def periods_of(day: date) -> tuple[str, str, str]:
    """The month, the quarter and the year that contain a day.

    >>> periods_of(date(2026, 3, 31))
    ('2026-03', '2026-Q1', '2026')
    """
    quarter = (day.month - 1) // MONTHS_PER_QUARTER + 1
    return f"{day.year}-{day.month:02}", f"{day.year}-Q{quarter}", f"{day.year}"


def reach(today: Day) -> Day:
    """The first day of all windows and of those before them."""
    quarter = _period_of(Window.QUARTER, today)
    return _period_of(Window.QUARTER, quarter.first - 1).first


def period(text: str) -> Days:
    """The days of a period: `2026`, `2026-Q1`, `2026-03`.

    Raises:
        ValueError: If the text is none of these.
    """
    year, _, rest = text.partition("-")
    if not rest:
        return Days(date(int(year), 1, 1).toordinal(), date(int(year), 12, 31).toordinal())
    if rest.startswith("Q"):
        first = MONTHS_PER_QUARTER * (int(rest[1:]) - 1) + 1
        return _months(int(year), first, MONTHS_PER_QUARTER)
    return _months(int(year), int(rest), 1)


def _months(year: int, month: int, count: int) -> Days:
    # Refuses a month that there is not.
    first = date(year, month, 1)
    return Days(first.toordinal(), first_of(year, month - 1 + count).toordinal() - 1)


def _daily(window: Window, today: Day) -> tuple[Days, Days, Days | None]:
    if window in (Window.WEEK_ROLLING, Window.FOUR_WEEKS_ROLLING):
        length = 7 if window is Window.WEEK_ROLLING else 28
        now = Days(today - length + 1, today)
        return now, now.back(length), None
    whole = _period_of(window, today)
    full = _period_of(window, whole.first - 1)
    now = Days(whole.first, today)
    return now, Days(full.first, full.first + min(now.length, full.length) - 1), full


def _period_of(window: Window, day: Day) -> Days:
    if window is Window.WEEK:
        monday = day - (day - 1) % 7
        return Days(monday, monday + 6)
    local = date.fromordinal(day)
    if window is Window.MONTH:
        return _months(local.year, local.month, 1)
    first = (local.month - 1) // MONTHS_PER_QUARTER * MONTHS_PER_QUARTER + 1
    return _months(local.year, first, MONTHS_PER_QUARTER)


def _last_hour(as_of: Micros, calendar: Calendar) -> Placed:
    last = calendar.pane(as_of)
    end = calendar.midnight(last.day) + (last.number + 1) * PANE
    moments = [end - PANE * back for back in range(2 * _PANES_IN_1H, 0, -1)]
    panes = tuple(calendar.pane(moment) for moment in moments)
    return Placed(
        Window.HOUR,
        Panes(hourly=False, panes=panes[_PANES_IN_1H:]),
        Panes(hourly=False, panes=panes[:_PANES_IN_1H]),
        None,
        moments[_PANES_IN_1H],
        end,
    )


def _hourly(window: Window, as_of: Micros, calendar: Calendar) -> Placed:
    pane = calendar.pane(as_of)
    today, hour = pane.day, pane.number // PANES_PER_HOUR
    upto = [PaneAt(today, index) for index in range(hour + 1)]
    if window is Window.DAY:
        now = tuple(upto)
        length = min(len(now), calendar.hours(today - 1))
        before = tuple(PaneAt(today - 1, index) for index in range(length))
    else:
        earlier = [
            PaneAt(day, index)
            for day in (today - 2, today - 1)
            for index in range(calendar.hours(day))
        ]
        hours = tuple((earlier + upto)[-2 * _HOURS_IN_24H :])
        now, before = hours[-_HOURS_IN_24H:], hours[:-_HOURS_IN_24H]
    end = min(calendar.midnight(today) + (hour + 1) * HOUR, calendar.midnight(today + 1))
    start = calendar.midnight(now[0].day) + now[0].number * HOUR
    return Placed(
        window, Panes(hourly=True, panes=now), Panes(hourly=True, panes=before), None, start, end
    )
