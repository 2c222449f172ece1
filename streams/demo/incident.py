"""An incident: nobody reaches the leads of a channel, and they wait until it works again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scoring.calendar import HOUR, SECOND
from streams.demo.floor import CHANNELS
from streams.demo.rhythm import Rhythm

if TYPE_CHECKING:
    from scoring.calendar import Calendar
    from scoring.events import Micros
    from scoring.events.fields import Channel
    from streams.demo.floor import Floor

#: How long it has lasted when the floor opens, counted in hours of the busiest sort: well over
#: a working day. Live traffic is so much denser than the past that a drop of a part of it
#: would not be one, and at night nothing is expected that could fail to come.
_BUSY_HOURS = 18.0
#: How long it takes to do what has waited.
_CATCHING_UP = 60 * SECOND


@dataclass(frozen=True)
class Incident:
    """Leads of a channel go on coming in at all branches, but nobody reaches them for a while.

    Attributes:
        channel: Which channel: its call-back numbers are wrong, say.
        began: First moment.
        ends: First moment after it.
    """

    channel: Channel
    began: Micros
    ends: Micros

    def news(self, now: Micros, calendar: Calendar) -> str:
        """What is to be said of it at a moment."""
        since, until = (calendar.iso(at)[:19].replace("T", " ") for at in (self.began, self.ends))
        if now < self.ends:
            return (
                f"The channel {self.channel} passes on wrong numbers, since {since} until {until}: "
                "nobody reaches one of its leads, and an alert is to fire"
            )
        return (
            f"The numbers of the channel {self.channel} are right since {until}: the leads that "
            "waited are reached now, and the alert is to resolve"
        )

    def put_off(self, at: Micros) -> Micros:
        """When that is done which was to be done at a moment: what waits keeps its order."""
        if self.began <= at < self.ends:
            waits = self.ends - self.began
            return self.ends + (at - self.began) * _CATCHING_UP // waits
        return at


def incident(floor: Floor, now: Micros, seconds: float) -> Incident:
    """An incident of the channel with the most leads that has begun before now.

    Args:
        floor: The sales floor.
        now: When live traffic begins.
        seconds: How much longer it lasts.
    """
    rhythm, began, busy = Rhythm(floor.calendar), now, 0.0
    while busy < _BUSY_HOURS:
        began -= HOUR
        busy += rhythm.busy(began)
    channel = max(CHANNELS, key=lambda mix: mix.share).channel
    return Incident(channel, began, now + round(seconds * SECOND))
