"""Pace: where a period ends if its remaining business days go like those that are over.

The business days before today are a sample of equal, independent days: their mean is the run
rate, and their variance says how far the end may be from it. Sales of a weekend count with the
business day before it, those before the period's first business day with that day. Today is
not over, so it is no part of the sample; it is expected to bring an average day, or what it
has brought already if that is more.

With N days of mean r and variance s^2 behind and R business days ahead, the variance of what
is to come is R s^2 for the days themselves and (R s)^2 / N for the mean, which is an estimate
(the prediction interval of a sum; any text on linear models). The interval is the central
80 % of a normal distribution, and not under what is sold already.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from math import sqrt
from statistics import NormalDist
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scoring.business import BusinessWeek
    from scoring.calendar import Day
    from scoring.windows import Days

#: Business days that must be over before anything is said.
LEAST_DAYS = 3
_SPREAD = NormalDist().inv_cdf(0.9)


class Forecast(NamedTuple):
    """What a period is expected to end with, and the 80 % interval around it."""

    expected: Fraction
    low: Fraction
    high: Fraction


class _Sample(NamedTuple):
    """Business days: how many, and the sum, the mean and the variance of what they brought."""

    n: int
    total: int
    mean: Fraction
    variance: Fraction


def pace(daily: Sequence[int], days: Days, period: Days, business: BusinessWeek) -> Forecast | None:
    """Forecast a period's sum.

    Args:
        daily: The sums of its days so far, the last one today.
        days: Those days.
        period: All of its days.
        business: Which days are business days.

    Returns:
        The forecast; None while fewer than three business days are over.
    """
    past, today = _past(tuple(daily[:-1]), days.first, business), daily[-1]
    if past is None:
        return None
    n, total, mean, variance = past
    today_and_after = (days.last, days.last + 1)
    ahead, after = (business.business_days(day, period.last) for day in today_and_after)
    expected = total + max(today + mean * after, mean * ahead)
    spread = Fraction(_SPREAD * sqrt(variance * ahead * (1 + Fraction(ahead, n))))
    return Forecast(expected, max(expected - spread, Fraction(total + today)), expected + spread)


@lru_cache(maxsize=4096)
def _past(daily: tuple[int, ...], first: Day, business: BusinessWeek) -> _Sample | None:
    """The business days that are over, which stay the same all day; None if they are too few."""
    sample = _by_business_day(daily, first, business)
    n, total = len(sample), sum(daily)
    if n < LEAST_DAYS:
        return None
    variance = Fraction(n * sum(y * y for y in sample) - total * total, n * (n - 1))
    return _Sample(n, total, Fraction(total, n), variance)


def _by_business_day(daily: Sequence[int], first: Day, business: BusinessWeek) -> list[int]:
    """The sums of the business days, each with the days after it that are none."""
    sums: list[int] = []
    early = 0
    for day, n in enumerate(daily, start=first):
        if business.is_business_day(day):
            sums.append(n)
        elif sums:
            sums[-1] += n
        else:
            early += n
    if sums:
        sums[0] += early
    return sums
