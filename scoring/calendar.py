"""The business calendar: local days and five-minute panes of a time zone.

A day is its proleptic ordinal (`date.toordinal`). A pane index counts five-minute panes
since local midnight in elapsed time, so that a day of a daylight-saving change has 276 or
300 of them instead of 288.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
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
_SATURDAY = 5


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
    """Where moments fall in the days and panes of one time zone."""

    def __init__(self, zone: ZoneInfo) -> None:
        self.zone = zone
        self._quarter = lru_cache(maxsize=200_000)(self._locate)
        self.midnight = lru_cache(maxsize=10_000)(self._midnight)
        self.iso = lru_cache(maxsize=10_000)(self._iso)

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

    def _locate(self, quarter: int) -> tuple[Day, Micros]:
        day = datetime.fromtimestamp(quarter * QUARTER // SECOND, self.zone).toordinal()
        return day, self.midnight(day)

    def _midnight(self, day: Day) -> Micros:
        local = date.fromordinal(day)
        return micros(datetime(local.year, local.month, local.day, tzinfo=self.zone))


def is_business_day(day: Day) -> bool:
    """Whether a day is Monday to Friday."""
    return (day - 1) % 7 < _SATURDAY


def business_days(first: Day, last: Day) -> int:
    """Number of business days from `first` to `last`, both inclusive.

    >>> business_days(date(2026, 3, 1).toordinal(), date(2026, 3, 31).toordinal())
    22
    """
    weeks, rest = divmod(last - first + 1, 7)
    return weeks * 5 + sum(is_business_day(day) for day in range(last - rest + 1, last + 1))
