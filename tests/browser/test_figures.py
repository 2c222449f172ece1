"""Figures as text, and days in words, as the page's own modules have them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.browser.screen import Screen

RUPEE, NBSP = "\N{INDIAN RUPEE SIGN}", "\u00a0"


async def call(screen: Screen, module: str, function: str, *arguments: Any) -> Any:
    """What a function of one of the page's modules returns."""
    if screen.page.url != screen.url:
        await screen.open()
    return await screen.page.evaluate(
        "async ([module, name, args]) => (await import(`/${module}.js`))[name](...args)",
        [module, function, list(arguments)],
    )


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        (48_200_000, "INR", f"{RUPEE}4.82{NBSP}Cr"),
        (10_000_000, "INR", f"{RUPEE}1.00{NBSP}Cr"),
        (9_999_600, "INR", f"{RUPEE}1.00{NBSP}Cr"),
        (9_990_000, "INR", f"{RUPEE}99.9{NBSP}L"),
        (12_345_600_000, "INR", f"{RUPEE}1,235{NBSP}Cr"),
        (450_000, "INR", f"{RUPEE}4.5{NBSP}L"),
        (99_999, "INR", f"{RUPEE}99,999"),
        (0, "INR", f"{RUPEE}0"),
        (1_234_567, "USD", "$1.23M"),
        (1_234_567, "EUR", "€1.23M"),
    ],
)
async def test_short_amounts(screen: Screen, amount: int, currency: str, text: str) -> None:
    assert await call(screen, "format", "shortMoney", amount, currency) == text


async def test_full_amounts_are_grouped_as_their_country_does(screen: Screen) -> None:
    assert await call(screen, "format", "fullMoney", 38_40_000, "INR") == f"{RUPEE}38,40,000"
    assert await call(screen, "format", "fullMoney", 38_40_000, "USD") == "$3,840,000"


async def test_a_goal_that_is_nearly_reached_is_not_reached(screen: Screen) -> None:
    assert await call(screen, "format", "percent", 0.9999) == f"99{NBSP}%"
    assert await call(screen, "format", "percent", 1.0) == f"100{NBSP}%"


@pytest.mark.parametrize(
    ("low", "high", "currency", "text"),
    [
        (56_200_000, 59_800_000, "INR", f"{RUPEE}5.62 to {RUPEE}5.98{NBSP}Cr"),
        (9_000_000, 12_000_000, "INR", f"{RUPEE}90{NBSP}L to {RUPEE}1.20{NBSP}Cr"),
        (9_000, 12_000, "INR", f"{RUPEE}9,000 to {RUPEE}12,000"),
        (450_000, 450_100, "INR", f"{RUPEE}4.5{NBSP}L"),
        (1_234_567, 2_345_678, "USD", "$1.23M to $2.35M"),
    ],
)
async def test_ranges_say_their_unit_once(
    screen: Screen, low: int, high: int, currency: str, text: str
) -> None:
    assert await call(screen, "format", "moneyRange", low, high, currency) == text


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ("2026-03-01", "2026-03-25", "March to date, Tuesday 24"),
        ("2026-12-01", "2027-01-01", "December to date, Thursday 31"),
    ],
)
async def test_a_month_is_named_up_to_its_last_day(
    screen: Screen, start: str, end: str, words: str
) -> None:
    midnight = "T00:00:00+05:30"
    score = {"start": start + midnight, "end": end + midnight}
    assert await call(screen, "calendar", "monthToDate", score) == words


async def test_days_are_named_as_people_do(screen: Screen) -> None:
    assert await call(screen, "calendar", "dayName", "2026-11-20", "2026-11-24") == "20 Nov"
    assert await call(screen, "calendar", "dayName", "2026-11-24", "2026-11-24") == "today"
