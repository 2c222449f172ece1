"""Believable traffic of a loan sales floor: what is known, what was, and what goes on.

The core has no clock: time comes in as an argument, and what is to come waits in the book.
`produce` is the one part that speaks to a broker.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING

from scoring.calendar import HOUR, SECOND
from streams.demo.book import Book
from streams.demo.errands import errand
from streams.demo.journeys import lead
from streams.demo.reference import reference
from streams.demo.rhythm import HOURS, WEEKDAYS, Pace, Rhythm
from streams.demo.sender import sender

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scoring.events import Micros
    from streams.demo.book import OutgoingEvent
    from streams.demo.floor import Floor
    from streams.demo.incident import Incident
    from streams.settings import Settings

#: A median loan takes four days from its lead: at this speed, about a minute.
DEFAULT_SPEED = 6_000.0

#: Share of the journeys that begin which are leads; the others are errands.
_LEADS = 0.7
#: Events of a journey on average, measured; so many fewer journeys begin than events go out.
_EVENTS_PER_JOURNEY = 2.85
#: After a longer pause (the machine slept) what should have begun meanwhile is left out.
_LONGEST_PAUSE = 120 * SECOND

_TICK_SECONDS = 0.1


def opening(
    floor: Floor, now: Micros, days: int, book: Book | None = None
) -> Iterator[OutgoingEvent]:
    """What must be known first: placements, targets, campaigns, markets; event time is now.

    Args:
        floor: The sales floor.
        now: The moment.
        days: How many days of past traffic there are before today's.
        book: Numbers the events.
    """
    book = book if book is not None else Book(floor, now)
    today = floor.calendar.day(now)
    for data in reference(floor, today - days, date.fromordinal(today)):
        yield book.outgoing(now, data)


def history(
    floor: Floor, now: Micros, days: int, book: Book | None = None
) -> Iterator[OutgoingEvent]:
    """The traffic of the days before now at its real pace, roughly in order of event time.

    Args:
        floor: The sales floor.
        now: Where the past ends.
        days: How many days before today's, and today until now.
        book: Keeps what is under way when the past ends, for live traffic to go on with.
    """
    book = book if book is not None else Book(floor, now)
    rhythm = Rhythm(floor.calendar)
    pace = Pace(1.0, rhythm)
    for at in _beginnings(floor, now, days, book):
        yield from book.due(at)
        _begin(book, at, pace)
    yield from book.due(now)


class LiveTraffic:
    """What goes on from a moment on, with the times at which it happens.

    Args:
        floor: The sales floor.
        now: When it begins.
        rate: Events per second in the busiest hour.
        speed: Seconds of a journey that pass in one second.
        book: The book of the past, whose journeys go on at their real pace.
    """

    def __init__(
        self,
        floor: Floor,
        now: Micros,
        *,
        rate: float,
        speed: float = DEFAULT_SPEED,
        book: Book | None = None,
    ) -> None:
        if not (rate > 0 and speed > 0):
            raise ValueError(f"rate and speed must be above 0, not {rate:g} and {speed:g}")
        self._book = book if book is not None else Book(floor, now)
        self._rhythm = Rhythm(floor.calendar)
        self._pace = Pace(speed)
        self._rate = rate
        self._next = now
        self._advance()

    def until(self, now: Micros) -> Iterator[OutgoingEvent]:
        """Everything that is due up to a moment and was not given before."""
        self._next = max(self._next, now - _LONGEST_PAUSE)
        while self._next <= now:
            yield from self._book.due(self._next)
            _begin(self._book, self._next, self._pace)
            self._advance()
        yield from self._book.due(now)

    def _advance(self) -> None:
        per_second = self._rate * self._rhythm.share(self._next) / _EVENTS_PER_JOURNEY
        self._next += max(1, round(self._book.rng.expovariate(per_second) * SECOND))


async def produce(
    settings: Settings,
    floor: Floor,
    *,
    rate: float,
    speed: float = DEFAULT_SPEED,
    history_days: int,
    stop: asyncio.Event,
    incident: Incident | None = None,
) -> None:
    """Send what is known and what was as fast as possible, then live traffic until stopped.

    Order within a key is that of the calls. What the broker did not take is sent again, so an
    event may arrive twice; while the broker is away, events wait here.

    Args:
        settings: Where to send.
        floor: The sales floor.
        rate: Events per second in the busiest hour.
        speed: Seconds of a journey that pass in one second.
        history_days: Days of past traffic.
        stop: Ends the traffic when set.
        incident: What happens to one channel.

    Raises:
        KafkaConnectionError: If no broker is reachable at the beginning.
    """
    began = _now()
    book = Book(floor, began, incident=incident)
    async with sender(settings, stop) as send:
        await send(opening(floor, began, history_days, book))
        await send(history(floor, began, history_days, book))
        live = LiveTraffic(floor, began, rate=rate, speed=speed, book=book)
        while not stop.is_set():
            await send(live.until(_now()))
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), _TICK_SECONDS)


def _beginnings(floor: Floor, now: Micros, days: int, book: Book) -> Iterator[Micros]:
    """Moments of the past at which journeys began, in order."""
    today = floor.calendar.day(now)
    journeys = floor.headcount * floor.leads_per_day / _LEADS
    for day in range(today - days, today + 1):
        expected = journeys * WEEKDAYS[date.fromordinal(day).weekday()]
        number = round(max(0.0, book.rng.gauss(expected, expected**0.5)))
        midnight = floor.calendar.midnight(day)
        hours = book.rng.choices(range(len(HOURS)), HOURS, k=number)
        moments = sorted(midnight + hour * HOUR + book.rng.randrange(HOUR) for hour in hours)
        yield from (at for at in moments if at <= now)


def _begin(book: Book, at: Micros, pace: Pace) -> None:
    if book.chance(_LEADS):
        lead(book, at, pace)
    else:
        errand(book, at, pace)


def _now() -> Micros:
    return time.time_ns() // 1000
