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
from math import sqrt
from statistics import NormalDist
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scoring.business import BusinessWeek
    from scoring.windows import Days

#: Business days that must be over before anything is said.
LEAST_DAYS = 3
_SPREAD = NormalDist().inv_cdf(0.9)


class Forecast(NamedTuple):
    """What a period is expected to end with, and the 80 % interval around it."""

    expected: Fraction
    low: Fraction
    high: Fraction


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
    sample = _by_business_day(daily[:-1], days, business)
    n = len(sample)
    if n < LEAST_DAYS:
        return None
    over, today = sum(daily[:-1]), daily[-1]
    mean = Fraction(over, n)
    today_and_after = (days.last, days.last + 1)
    ahead, after = (business.business_days(day, period.last) for day in today_and_after)
    expected = over + max(today + mean * after, mean * ahead)
    variance = Fraction(n * sum(y * y for y in sample) - over * over, n * (n - 1))
    spread = Fraction(_SPREAD * sqrt(variance * ahead * (1 + Fraction(ahead, n))))
    return Forecast(expected, max(expected - spread, Fraction(over + today)), expected + spread)


def _by_business_day(daily: Sequence[int], days: Days, business: BusinessWeek) -> list[int]:
    """The sums of the business days, each with the days after it that are none."""
    sums: list[int] = []
    early = 0
    for day, n in enumerate(daily, start=days.first):
        if business.is_business_day(day):
            sums.append(n)
        elif sums:
            sums[-1] += n
        else:
            early += n
    if sums:
        sums[0] += early
    return sums
