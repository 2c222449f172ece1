"""Figures as text, and the days of a month, as the page's own modules have them."""

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
    ("start", "end", "days"),
    [
        ("2026-03-01", "2026-03-25", {"elapsed": 17, "before": 16, "total": 22}),
        ("2026-08-01", "2026-08-03", {"elapsed": 0, "before": 0, "total": 21}),
        ("2026-02-01", "2026-03-01", {"elapsed": 20, "before": 20, "total": 20}),
        ("2026-12-01", "2027-01-01", {"elapsed": 23, "before": 22, "total": 23}),
    ],
)
async def test_business_days_of_a_month(
    screen: Screen, start: str, end: str, days: dict[str, int]
) -> None:
    midnight = "T00:00:00+05:30"
    score = {"start": start + midnight, "end": end + midnight}
    assert await call(screen, "calendar", "monthDays", score) == days
