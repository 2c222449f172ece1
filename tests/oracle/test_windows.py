"""The oracle's windows, worked out by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from .windows import Days, Slot, Span, midnight, spans

KOLKATA = ZoneInfo("Asia/Kolkata")
BERLIN = ZoneInfo("Europe/Berlin")


def named(as_of: str, zone: ZoneInfo = KOLKATA) -> dict[str, Span]:
    return {span.name: span for span in spans(datetime.fromisoformat(as_of), zone)}


def local(zone: ZoneInfo, *texts: str) -> Slot:
    start, end = (datetime.fromisoformat(text).replace(tzinfo=zone) for text in texts)
    return Slot(start.astimezone(UTC), end.astimezone(UTC))


@pytest.mark.parametrize(
    ("as_of", "name", "start", "end"),
    [
        ("2026-03-24T18:00:00+05:30", "1h now", "2026-03-24T17:05", "2026-03-24T18:05"),
        ("2026-03-24T18:00:00+05:30", "1h previous", "2026-03-24T16:05", "2026-03-24T17:05"),
        ("2026-03-24T17:59:59.999+05:30", "1h now", "2026-03-24T17:00", "2026-03-24T18:00"),
        ("2026-03-24T00:10:00+05:30", "1h now", "2026-03-23T23:15", "2026-03-24T00:15"),
        ("2026-03-24T18:00:00+05:30", "24h now", "2026-03-23T19:00", "2026-03-24T19:00"),
        ("2026-03-24T18:00:00+05:30", "24h previous", "2026-03-22T19:00", "2026-03-23T19:00"),
        ("2026-03-24T18:30:00Z", "day now", "2026-03-25T00:00", "2026-03-25T01:00"),
        ("2026-03-24T18:00:00+05:30", "day previous", "2026-03-23T00:00", "2026-03-23T19:00"),
    ],
)
def test_short_windows_hold_the_whole_slot_of_as_of(
    as_of: str, name: str, start: str, end: str
) -> None:
    assert named(as_of)[name].slot == local(KOLKATA, start, end)


@pytest.mark.parametrize(
    ("today", "name", "first", "last"),
    [
        ("2026-03-24", "7d now", "2026-03-18", "2026-03-24"),
        ("2026-03-24", "7d previous", "2026-03-11", "2026-03-17"),
        ("2026-03-24", "28d now", "2026-02-25", "2026-03-24"),
        ("2026-03-24", "28d previous", "2026-01-28", "2026-02-24"),
        ("2026-03-24", "week now", "2026-03-23", "2026-03-24"),
        ("2026-03-24", "week previous", "2026-03-16", "2026-03-17"),
        ("2026-03-24", "week full", "2026-03-16", "2026-03-22"),
        ("2026-03-30", "week now", "2026-03-30", "2026-03-30"),
        ("2026-03-24", "month previous", "2026-02-01", "2026-02-24"),
        ("2026-03-31", "month previous", "2026-02-01", "2026-02-28"),
        ("2026-01-31", "month previous", "2025-12-01", "2025-12-31"),
        ("2026-02-28", "month previous", "2026-01-01", "2026-01-28"),
        ("2026-02-28", "month full", "2026-01-01", "2026-01-31"),
        ("2026-01-01", "quarter now", "2026-01-01", "2026-01-01"),
        ("2026-01-01", "quarter previous", "2025-10-01", "2025-10-01"),
        ("2026-06-30", "quarter now", "2026-04-01", "2026-06-30"),
        ("2026-06-30", "quarter previous", "2026-01-01", "2026-03-31"),
        ("2026-12-31", "quarter previous", "2026-07-01", "2026-09-30"),
        ("2026-03-24", "quarter full", "2025-10-01", "2025-12-31"),
    ],
)
def test_windows_of_days(today: str, name: str, first: str, last: str) -> None:
    days = Days(date.fromisoformat(first), date.fromisoformat(last))
    span = named(f"{today}T18:00:00+05:30")[name]
    assert (span.days, span.slot) == (days, days.slot(KOLKATA))


def test_the_short_day_has_23_hours() -> None:
    found = named("2026-03-29T12:00:00+02:00", BERLIN)
    assert found["day now"].slot == local(BERLIN, "2026-03-29T00:00", "2026-03-29T13:00")
    # 12 hours have begun since midnight, so yesterday's first 12 are the ones before.
    assert found["day previous"].slot == local(BERLIN, "2026-03-28T00:00", "2026-03-28T12:00")
    assert found["24h now"].slot == local(BERLIN, "2026-03-28T12:00", "2026-03-29T13:00")
    week = found["7d now"].slot
    assert week.end - week.start == timedelta(days=7) - timedelta(hours=1)


def test_the_long_day_has_25_hours() -> None:
    found = named("2026-10-25T23:30:00+01:00", BERLIN)
    assert found["day now"].slot == local(BERLIN, "2026-10-25T00:00", "2026-10-26T00:00")
    # The 25th hour has no counterpart: yesterday ends after 24.
    assert found["day previous"].slot == local(BERLIN, "2026-10-24T00:00", "2026-10-25T00:00")
    assert found["24h now"].slot == local(BERLIN, "2026-10-25T01:00", "2026-10-26T00:00")


def test_the_day_after_the_short_one_finds_all_its_hours_before() -> None:
    found = named("2026-03-30T23:30:00+02:00", BERLIN)
    assert found["day previous"].slot == local(BERLIN, "2026-03-29T00:00", "2026-03-30T00:00")


def test_midnight_that_is_skipped_or_comes_twice() -> None:
    beirut, havana = ZoneInfo("Asia/Beirut"), ZoneInfo("America/Havana")
    assert midnight(date(2026, 3, 29), beirut) == datetime(2026, 3, 28, 22, tzinfo=UTC)
    assert midnight(date(2026, 11, 1), havana) == datetime(2026, 11, 1, 4, tzinfo=UTC)
