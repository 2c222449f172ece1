"""When a company and its branches work: weekdays, hours by the wall clock, and holidays."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from scoring.calendar import Day

    #: The holidays of a year.
    HolidaysOf: TypeAlias = Callable[[int], frozenset[Day]]

DAYS_PER_WEEK = 7
MIDNIGHT = time(0)


def no_holidays(_year: int) -> frozenset[Day]:
    """A year of work."""
    return frozenset()


@dataclass(frozen=True)
class BusinessWeek:
    """Business days and business hours.

    Attributes:
        weekdays: The days of work, Monday is 0.
        opens: Beginning of a business day, by the wall clock.
        closes: Its end; midnight means that of the day's end.
        holidays: Days on which nobody works, by year; the same at every call.
    """

    weekdays: frozenset[int] = frozenset(range(5))
    opens: time = time(9)
    closes: time = time(18)
    holidays: HolidaysOf = no_holidays

    def is_business_day(self, day: Day) -> bool:
        """Whether a day is one of work."""
        return self._is_weekday(day) and day not in self.holidays(date.fromordinal(day).year)

    def business_days(self, first: Day, last: Day) -> int:
        """Number of business days from `first` to `last`, both inclusive.

        >>> march = date(2026, 3, 1).toordinal(), date(2026, 3, 31).toordinal()
        >>> BusinessWeek().business_days(*march)
        22
        """
        if last < first:
            return 0
        weeks, rest = divmod(last - first + 1, DAYS_PER_WEEK)
        remaining = range(last - rest + 1, last + 1)
        off = sum(map(self._is_weekday, self.holidays_between(first, last)))
        return weeks * len(self.weekdays) + sum(map(self._is_weekday, remaining)) - off

    def holidays_between(self, first: Day, last: Day) -> frozenset[Day]:
        """The holidays from `first` to `last`, both inclusive."""
        years = range(date.fromordinal(first).year, date.fromordinal(last).year + 1)
        return frozenset(
            day for year in years for day in self.holidays(year) if first <= day <= last
        )

    def _is_weekday(self, day: Day) -> bool:
        return (day - 1) % DAYS_PER_WEEK in self.weekdays


@dataclass(frozen=True)
class BusinessWeeks:
    """The business week of the company, and those of the branches that have one of their own.

    A calendar is named by its branch; the company's has no name.
    """

    company: BusinessWeek = BusinessWeek()
    branches: Mapping[str, BusinessWeek] = field(default_factory=dict)

    def calendar_of(self, branch: str) -> str | None:
        """The name of the calendar by which a branch works."""
        return branch if branch in self.branches else None

    def week(self, calendar: str | None) -> BusinessWeek:
        """The business week of a calendar."""
        return self.company if calendar is None else self.branches[calendar]

    def at_work(self, day: Day) -> frozenset[str | None]:
        """The calendars by which a day is a business day."""
        return frozenset(
            each for each in (None, *self.branches) if self.week(each).is_business_day(day)
        )
