"""The business calendar: local days, five-minute panes and working time of a time zone.

A day is its proleptic ordinal (`date.toordinal`). A pane index counts five-minute panes
since local midnight in elapsed time, so that a day of a daylight-saving change has 276 or
300 of them instead of 288.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from scoring.business import MIDNIGHT, BusinessWeek

if TYPE_CHECKING:
    from datetime import time
    from zoneinfo import ZoneInfo

    from scoring.events import Micros

#: Proleptic ordinal of a local date.
Day: TypeAlias = int

SECOND = 1_000_000
PANE = 300 * SECOND
HOUR = 3600 * SECOND
PANES_PER_HOUR = HOUR // PANE
#: Offsets of time zones are multiples of this, so a quarter lies within one local day.
QUARTER = 900 * SECOND

_DAY_SECONDS = 86_400
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class PaneAt(NamedTuple):
    """A five-minute pane: local day and number since its midnight."""

    day: Day
    number: int


def micros(when: datetime) -> Micros:
    """Microseconds since the epoch of an aware moment."""
    since = when - _EPOCH
    return (since.days * _DAY_SECONDS + since.seconds) * SECOND + since.microseconds


def moment(time: Micros) -> datetime:
    """The aware moment, in UTC, of microseconds since the epoch."""
    return _EPOCH + timedelta(microseconds=time)


class Calendar:
    """Where moments fall in the days and panes of one time zone.

    Attributes:
        zone: The time zone.
        business: When the company works, by the zone's wall clock.
    """

    def __init__(self, zone: ZoneInfo, business: BusinessWeek | None = None) -> None:
        self.zone = zone
        self.business = business or BusinessWeek()
        self._quarter = lru_cache(maxsize=200_000)(self._locate)
        self.midnight = lru_cache(maxsize=10_000)(self._midnight)
        self.iso = lru_cache(maxsize=10_000)(self._iso)
        self._working = lru_cache(maxsize=10_000)(self._hours_of_work)

    def pane(self, time: Micros) -> PaneAt:
        """The five-minute pane that contains a moment."""
        day, midnight = self._quarter(time // QUARTER)
        return PaneAt(day, (time - midnight) // PANE)

    def day(self, time: Micros) -> Day:
        """The local day that contains a moment."""
        return self._quarter(time // QUARTER)[0]

    def hours(self, day: Day) -> int:
        """How many hour panes a day has: 23, 24 or 25."""
        return -(-(self.midnight(day + 1) - self.midnight(day)) // HOUR)

    def _iso(self, time: Micros) -> str:
        """The moment as ISO 8601 text with the zone's offset."""
        return moment(time).astimezone(self.zone).isoformat()

    def working_time(self, start: Micros, end: Micros) -> Micros:
        """The business hours that pass from `start` to `end`; 0 if `end` is not later.

        They pass in elapsed time: a change of the clocks within them makes the day's longer or
        shorter.
        """
        if end <= start:
            return 0
        return sum(
            max(min(end, closes) - max(start, opens), 0)
            for day in range(self.day(start), self.day(end) + 1)
            for opens, closes in (self._working(day),)
        )

    def hours_of_work(self, day: Day) -> tuple[Micros, Micros]:
        """When the business hours of a day begin and end; the same moment on a day of rest."""
        return self._working(day)

    def _hours_of_work(self, day: Day) -> tuple[Micros, Micros]:
        if not self.business.is_business_day(day):
            return self.midnight(day), self.midnight(day)
        closes = self.business.closes
        end = self.midnight(day + 1) if closes == MIDNIGHT else self._at(day, closes)
        return self._at(day, self.business.opens), end

    def _locate(self, quarter: int) -> tuple[Day, Micros]:
        day = datetime.fromtimestamp(quarter * QUARTER // SECOND, self.zone).toordinal()
        return day, self.midnight(day)

    def _midnight(self, day: Day) -> Micros:
        return self._at(day, MIDNIGHT)

    def _at(self, day: Day, clock: time) -> Micros:
        return micros(datetime.combine(date.fromordinal(day), clock, self.zone))
