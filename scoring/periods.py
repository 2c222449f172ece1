"""The periods that reports name, a month, a quarter, an ISO week or a day; how months follow."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

MONTHS_PER_QUARTER = 3
_MONTHS_PER_YEAR = 12
_DAY = timedelta(days=1)
_WEEK = timedelta(weeks=1)


class Period(NamedTuple):
    """Where a period begins and ends.

    Attributes:
        before: First day of the period before.
        first: Its own first day.
        after: First day of the period after.
    """

    before: date
    first: date
    after: date


def period_of(text: str) -> Period:
    """The period `2026-03`, `2026-Q1`, `2026-W09` or `2026-03-02`.

    Raises:
        ValueError: If there is no such week or day.

    >>> period_of("2026-W09").first
    datetime.date(2026, 2, 23)
    """
    name, _, rest = text.partition("-")
    year = int(name)
    if rest.startswith("Q"):
        return _months(year, MONTHS_PER_QUARTER * (int(rest[1:]) - 1), MONTHS_PER_QUARTER)
    if rest.startswith("W"):
        return _around(date.fromisocalendar(year, int(rest[1:]), 1), _WEEK)
    if "-" in rest:
        return _around(date.fromisoformat(text), _DAY)
    return _months(year, int(rest) - 1, 1)


def _around(first: date, length: timedelta) -> Period:
    return Period(first - length, first, first + length)


def _months(year: int, month: int, count: int) -> Period:
    return Period(*(first_of(year, month + shift) for shift in (-count, 0, count)))


def first_of(year: int, month: int) -> date:
    """The first of a month that is counted from January, 0, over the borders of years."""
    return date(year + month // _MONTHS_PER_YEAR, month % _MONTHS_PER_YEAR + 1, 1)
