"""The rhythm of a sales floor: how busy it is at a moment, and how long things take."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from scoring.calendar import HOUR, SECOND

if TYPE_CHECKING:
    from random import Random

    from scoring.calendar import Calendar
    from scoring.events import Micros

#: How busy each hour of a day is, 1 for the busiest.
HOURS = (
    *(0.02, 0.02, 0.02, 0.02, 0.02, 0.02, 0.02, 0.05, 0.20, 0.60, 0.95, 1.00),
    *(0.90, 0.65, 0.75, 0.90, 1.00, 0.95, 0.75, 0.45, 0.20, 0.10, 0.05, 0.02),
)
#: How busy each day of a week is, from Monday.
WEEKDAYS = (1.00, 0.97, 1.00, 0.95, 0.90, 0.45, 0.15)

_QUIETEST = 0.6
_OPENS, _CLOSES = 8, 21
_MORNING_SPREAD = 3 * HOUR


def moment(at: Micros) -> datetime:
    """A moment as events state it, in whole seconds."""
    return datetime.fromtimestamp(at // SECOND, UTC)


@dataclass(frozen=True)
class Rhythm:
    """When a sales floor is busy, in its local time.

    Args:
        calendar: The business calendar.
    """

    calendar: Calendar

    def busy(self, at: Micros) -> float:
        """How busy the floor really is at a moment, 0 to 1."""
        local = self._local(at)
        following = HOURS[(local.hour + 1) % len(HOURS)]
        hour = HOURS[local.hour] + (following - HOURS[local.hour]) * local.minute / 60
        return hour * WEEKDAYS[local.weekday()]

    def share(self, at: Micros) -> float:
        """Share of the demo's full rate at a moment: it dips at night, but never far."""
        return _QUIETEST + (1 - _QUIETEST) * self.busy(at)

    def in_hours(self, rng: Random, at: Micros) -> Micros:
        """The moment itself if the floor is open, else one of the next morning."""
        local = self._local(at)
        if _OPENS <= local.hour < _CLOSES:
            return at
        day = self.calendar.day(at) + (local.hour >= _CLOSES)
        opens = self.calendar.midnight(day) + _OPENS * HOUR
        return max(at, opens + rng.randrange(_MORNING_SPREAD))

    def _local(self, at: Micros) -> datetime:
        return datetime.fromtimestamp(at / SECOND, self.calendar.zone)


@dataclass(frozen=True)
class Pace:
    """How fast things follow each other.

    Attributes:
        speed: Seconds of a journey that pass in one second of event time.
        hours: Keeps moments within opening hours; None for a compressed journey, which has none.
    """

    speed: float
    hours: Rhythm | None = None

    def after(self, rng: Random, at: Micros, median: float, spread: float = 0.8) -> Micros:
        """A moment after another, log-normal.

        Args:
            rng: Where chance comes from.
            at: The moment before.
            median: Median delay at speed 1, seconds.
            spread: Standard deviation of its logarithm.
        """
        delay = rng.lognormvariate(math.log(median), spread) / self.speed
        later = at + max(1, round(delay * 1000)) * 1000
        return self.hours.in_hours(rng, later) if self.hours is not None else later
