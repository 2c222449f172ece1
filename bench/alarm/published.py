"""Run lengths of charts whose tables were published: whether simulation here is to be trusted.

Lucas 1985, Counted Data CUSUM's, Technometrics 27:129 (Poisson, k = mean = 0.25, h = 10), and
Waldmann 1986, Bounds for the Distribution of the Run Length, Technometrics 28:61 (normal,
k = 0.5, h = 3).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from bench.alarm.arrays import Figures

_LONGEST = 6000


class Check(NamedTuple):
    """A published mean run length and ours, with its standard error."""

    chart: str
    published: float
    mean: float
    error: float


def checks(runs: int, seed: int) -> list[Check]:
    """Simulate the published charts."""
    rng = np.random.default_rng(seed)
    lower, upper = (lambda s=sign: s * (0.25 - rng.poisson(0.25, runs)) for sign in (1, -1))
    return [
        _check("Lucas, lower side", 437, lower, 10, runs),
        _check("Lucas, lower side, head start", 318, lower, 10, runs, 5.0),
        _check("Lucas, upper side", 438, upper, 10, runs),
        _check("Waldmann, no shift", 117.4, lambda: rng.normal(0.0, 1, runs) - 0.5, 3, runs),
        _check("Waldmann, shift 0.5", 17.35, lambda: rng.normal(0.5, 1, runs) - 0.5, 3, runs),
    ]


def _check(
    chart: str,
    published: float,
    step: Callable[[], Figures],
    limit: float,
    runs: int,
    start: float = 0.0,
) -> Check:
    total, alive, lengths = np.full(runs, start), np.ones(runs, bool), np.zeros(runs)
    for _ in range(_LONGEST):
        total = np.maximum(0, total + step())
        lengths += alive
        alive &= total < limit
        if not alive.any():
            break
    return Check(chart, published, float(lengths.mean()), float(lengths.std() / runs**0.5))
