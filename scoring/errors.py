"""Errors: how far chance alone may have moved points.

The standard error of a KPI's points follows from that of what gets the points, by the slope of the
curve around it. Known are two kinds of it:

- a share of cases: the standard deviation of the beta distribution to which it is shrunk, or, where
  nothing is usual, of the one after Jeffreys' prior;
- what is counted or summed up over n cases, as of a Poisson process: value / sqrt(n).

Means (ratings, NPS, deal sizes) and indexes count as exact, for their spread is not known; so do
sums over nothing. KPIs count as independent. So an error is a lower bound rather than the truth.
Source: A. Gelman et al., "Bayesian Data Analysis", 3rd edition (2013), sections 2.4 and 2.8.
"""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

from scoring.points import CappedFlow, Flow
from scoring.shrinkage import share_of

if TYPE_CHECKING:
    from scoring.kpi import Kpi, Reading


def error_of_points(kpi: Kpi, reading: Reading, target: float | None) -> float:
    """Standard error of the points of a KPI: half of how much they differ around its value.

    Args:
        kpi: Which.
        reading: What its formula answered, shrunk if it has a prior.
        target: Its target.
    """
    value = reading.judged.value if reading.judged is not None else reading.value
    if value is None:
        return 0.0
    error = _error(kpi, reading, value)
    if not error:
        return 0.0
    low, high = (kpi.curve.points(at, target) for at in (value - error, value + error))
    if low is None or high is None:
        return 0.0
    return abs(max(high, reading.least_points) - max(low, reading.least_points)) / 2


def _error(kpi: Kpi, reading: Reading, value: float) -> float:
    if kpi.is_share:
        return _error_of_share(kpi, reading)
    if isinstance(kpi.curve, Flow | CappedFlow) and reading.n:
        return value / sqrt(reading.n)
    return 0.0


def _error_of_share(kpi: Kpi, reading: Reading) -> float:
    cases, n = share_of(reading)
    usual = reading.companions.get("prior")
    if kpi.prior is not None and isinstance(usual, float):
        strength, mean = kpi.prior.strength, (cases + kpi.prior.strength * usual)
        mean /= n + strength
        return sqrt(mean * (1 - mean) / (n + strength + 1))
    mean = (cases + 0.5) / (n + 1)
    return sqrt(max(mean * (1 - mean), 0.0) / (n + 2))
