"""What is expected of the demo's floor is what comes, and its targets are near what it does."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from typing import TYPE_CHECKING

import pytest

from scoring.business import BusinessWeek
from scoring.calendar import micros
from scoring.events.leads import LeadCreated, LeadQualified
from scoring.events.reference import TargetSet
from scoring.events.sales import SaleCancelled, SaleDisbursed
from scoring.windows import Days, period
from streams.demo.book import FLAWLESS, Book
from streams.demo.expectation import DAYS_TO_LOAN, busiest_days, usual
from streams.demo.traffic import history, opening
from tests.demo.test_traffic import CALENDAR, INDIA, NOW, decoded, floor

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scoring.events import Event

FLOOR = floor()
DAYS = 60
VOLUME = "sales_targets.sales_volume"


def volume(events: Iterable[Event]) -> Counter[int]:
    """What was disbursed and not cancelled, by day."""
    sold: Counter[int] = Counter()
    loans: dict[str, tuple[int, float]] = {}
    for event in events:
        if isinstance(event.data, SaleDisbursed):
            day, amount = CALENDAR.day(event.time), event.data.amount
            loans[event.data.loan_id] = day, amount
            sold[day] += round(amount)
        elif isinstance(event.data, SaleCancelled):
            day, amount = loans[event.data.loan_id]
            sold[day] -= round(amount)
    return sold


@pytest.fixture(scope="module")
def two_months() -> list[Event]:
    return decoded(history(FLOOR, NOW, DAYS, Book(FLOOR, NOW, FLAWLESS)))


@pytest.fixture(scope="module")
def whole_days() -> Days:
    """The days of the two months that are over."""
    today = CALENDAR.day(NOW)
    return Days(today - DAYS, today - 1)


def test_leads_come_to_each_branch_as_expected(two_months: list[Event], whole_days: Days) -> None:
    come = Counter(
        event.data.region
        for event in two_months
        if isinstance(event.data, LeadCreated)
        and whole_days.first <= CALENDAR.day(event.time) <= whole_days.last
    )
    for branch in FLOOR.branches:
        people = (each for each in FLOOR.executives if each.branch == branch)
        expected = sum(usual(FLOOR, each).leads for each in people) * busiest_days(whole_days)
        assert come[branch] == pytest.approx(expected, rel=0.05), branch


def test_the_floor_qualifies_and_sells_as_expected(
    two_months: list[Event], whole_days: Days
) -> None:
    people = [usual(FLOOR, each) for each in FLOOR.executives]
    settled = Days(whole_days.first + 2 * DAYS_TO_LOAN, whole_days.last)
    lasts = busiest_days(settled)
    qualified = sum(
        isinstance(event.data, LeadQualified) and CALENDAR.day(event.time) in range(*_ends(settled))
        for event in two_months
    )
    assert qualified == pytest.approx(sum(each.qualified for each in people) * lasts, rel=0.05)
    sold = volume(two_months)
    came = sum(sold[day] for day in range(*_ends(settled)))
    assert came == pytest.approx(sum(each.volume for each in people) * lasts, rel=0.15)


def _ends(days: Days) -> tuple[int, int]:
    return days.first, days.last + 1


@pytest.mark.parametrize("today", [date(2026, 3, 12), date(2026, 3, 25), date(2026, 3, 31)])
def test_on_any_day_the_floor_is_near_what_is_due(today: date) -> None:
    now = micros(datetime(today.year, today.month, today.day, 18, tzinfo=INDIA))
    book = Book(FLOOR, now, FLAWLESS)
    targets = [event.data for event in decoded(opening(FLOOR, now, 45, book))]
    month = period("2026-03")
    target = sum(
        data.value
        for data in targets
        if isinstance(data, TargetSet) and (data.kpi, data.period) == (VOLUME, "2026-03")
    )
    business = BusinessWeek()
    over = Days(month.first, today.toordinal())
    due = target * business.business_days(*over) / business.business_days(*month)
    sold = volume(decoded(history(FLOOR, now, 45, book)))
    assert 0.8 < sum(sold[day] for day in range(*_ends(over))) / due < 1.15
