"""The windows of an as-of: where they begin and end, and what came before them.

Days, hours and five minutes are half-open slots of the business time zone, so a day has 23 or 25
hours where the clock changes. A window is a union of whole slots, the last being that of as-of.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
FIVE_MINUTES = timedelta(minutes=5)

Role = Literal["now", "previous", "full"]


class Slot(NamedTuple):
    """A stretch of time, half open, as instants in UTC."""

    start: datetime
    end: datetime


@dataclass(frozen=True)
class Days:
    """Whole local days, both ends included."""

    first: date
    last: date

    def moved_back(self, days: int) -> Days:
        return Days(self.first - days * DAY, self.last - days * DAY)

    def slot(self, zone: ZoneInfo) -> Slot:
        return Slot(midnight(self.first, zone), midnight(self.last + DAY, zone))


@dataclass(frozen=True)
class Span:
    """A window (`now`), the window before it (`previous`) or the whole period before it (`full`).

    Windows of whole days have `days`; the others are there for the KPIs of all eight windows only.
    """

    window: str
    role: Role
    slot: Slot
    days: Days | None = None

    @property
    def name(self) -> str:
        return f"{self.window} {self.role}"


def spans(as_of: datetime, zone: ZoneInfo) -> list[Span]:
    """All windows of an as-of, each with what came before it."""
    return [*short_spans(as_of, zone), *daily_spans(as_of.astimezone(zone).date(), zone)]


def short_spans(as_of: datetime, zone: ZoneInfo) -> Iterator[Span]:
    """The windows of five minutes and hours."""
    today = as_of.astimezone(zone).date()
    for window, size, count in (("1h", FIVE_MINUTES, 12), ("24h", HOUR, 24)):
        slots = [
            slot
            for back in range(3, -1, -1)
            for slot in slots_of(today - back * DAY, size, zone)
            if slot.start <= as_of
        ]
        yield Span(window, "now", Slot(slots[-count].start, slots[-1].end))
        yield Span(window, "previous", Slot(slots[-2 * count].start, slots[-count - 1].end))
    hours = [slot for slot in slots_of(today, HOUR, zone) if slot.start <= as_of]
    yesterday = slots_of(today - DAY, HOUR, zone)[: len(hours)]
    yield Span("day", "now", Slot(hours[0].start, hours[-1].end))
    yield Span("day", "previous", Slot(yesterday[0].start, yesterday[-1].end))


def daily_spans(today: date, zone: ZoneInfo) -> Iterator[Span]:
    """The windows of days."""
    for count in (7, 28):
        days = Days(today - (count - 1) * DAY, today)
        yield daily_span(f"{count}d", "now", days, zone)
        yield daily_span(f"{count}d", "previous", days.moved_back(count), zone)
    for window, first in (
        ("week", today - today.weekday() * DAY),
        ("month", today.replace(day=1)),
        ("quarter", quarter_start(today)),
    ):
        last_before = first - DAY
        first_before = {
            "week": first - 7 * DAY,
            "month": last_before.replace(day=1),
            "quarter": quarter_start(last_before),
        }[window]
        same_days = min(first_before + (today - first), last_before)
        yield daily_span(window, "now", Days(first, today), zone)
        yield daily_span(window, "previous", Days(first_before, same_days), zone)
        yield daily_span(window, "full", Days(first_before, last_before), zone)


def daily_span(window: str, role: Role, days: Days, zone: ZoneInfo) -> Span:
    return Span(window, role, days.slot(zone), days)


def quarter_start(day: date) -> date:
    return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of a local day, in UTC.

    Where the clock skips midnight, or shows it twice, fold 0 gives the instant of the jump and the
    first of the two.
    """
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def slots_of(day: date, size: timedelta, zone: ZoneInfo) -> list[Slot]:
    """The slots of a local day, counted from midnight; a last one that is short ends with it."""
    start, end = midnight(day, zone), midnight(day + DAY, zone)
    starts = [start + size * number for number in range(-((start - end) // size))]
    return [Slot(begin, min(begin + size, end)) for begin in starts]


def microseconds(instant: datetime) -> int:
    """Microseconds since 1970."""
    return (instant.astimezone(UTC) - EPOCH) // timedelta(microseconds=1)
