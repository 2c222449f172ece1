"""An incident: the telephones of a branch fail, and leads wait until they work again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scoring.calendar import HOUR, SECOND
from streams.demo.rhythm import Rhythm

if TYPE_CHECKING:
    from scoring.calendar import Calendar
    from scoring.events import Micros
    from streams.demo.floor import Floor

#: How long it has lasted when the floor opens, counted in hours of the busiest sort: well over
#: a working day. Live traffic is so much denser than the past that a drop of a part of it
#: would not be one, and at night nothing is expected that could fail to come.
_BUSY_HOURS = 18.0
#: How long the branch takes to do what has waited.
_CATCHING_UP = 60 * SECOND


@dataclass(frozen=True)
class Incident:
    """A branch's leads go on coming in, but nobody reaches them for a while.

    Attributes:
        branch: Which branch.
        began: First moment.
        ends: First moment after it.
    """

    branch: str
    began: Micros
    ends: Micros

    def news(self, now: Micros, calendar: Calendar) -> str:
        """What is to be said of it at a moment."""
        since, until = (calendar.iso(at)[:19].replace("T", " ") for at in (self.began, self.ends))
        if now < self.ends:
            return (
                f"The telephones of {self.branch} are out of order, since {since} until {until}: "
                "nobody there reaches a lead, and an alert is to fire"
            )
        return (
            f"The telephones of {self.branch} work again since {until}: the leads that waited are "
            "reached now, and the alert is to resolve"
        )

    def put_off(self, at: Micros) -> Micros:
        """When that is done which was to be done at a moment: what waits keeps its order."""
        if self.began <= at < self.ends:
            waits = self.ends - self.began
            return self.ends + (at - self.began) * _CATCHING_UP // waits
        return at


def incident(floor: Floor, now: Micros, seconds: float) -> Incident:
    """An incident of the floor's last branch that has begun before now.

    Args:
        floor: The sales floor.
        now: When live traffic begins.
        seconds: How much longer it lasts.
    """
    rhythm, began, busy = Rhythm(floor.calendar), now, 0.0
    while busy < _BUSY_HOURS:
        began -= HOUR
        busy += rhythm.busy(began)
    return Incident(floor.branches[-1], began, now + round(seconds * SECOND))
