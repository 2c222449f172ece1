"""A sketch of how integers are distributed: counts by logarithmic bin.

Counts add up and can be taken back, so sketches merge like every other sum. Any quantile is
within one per cent. Source: Masson, Rim, Lee, "DDSketch: a fast and fully-mergeable quantile
sketch with relative-error guarantees", VLDB 2019.
"""

from __future__ import annotations

from bisect import bisect_left
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

ACCURACY = Fraction(1, 100)
#: Bin of the value 0, which no logarithmic bin holds.
ZERO = -1

_GROWTH = (1 + ACCURACY) / (1 - ACCURACY)
_LARGEST = 10**13


def _bounds() -> list[int]:
    """The largest integer of each bin.

    Exact, for the bins of a value must not depend on a machine's logarithm.
    """
    bounds = []
    power, base = 1, 1
    while power <= base * _LARGEST:
        bounds.append(power // base)
        power, base = power * _GROWTH.numerator, base * _GROWTH.denominator
    return bounds


_BOUNDS = _bounds()


def bin_of(value: int) -> int:
    """The bin k of a value from 0 to 10^13: growth^(k-1) < value <= growth^k.

    >>> bin_of(0), bin_of(1), bin_of(3_600_000)
    (-1, 0, 755)
    """
    return bisect_left(_BOUNDS, value) if value else ZERO


def quantile(counts: Mapping[int, int], share: Fraction) -> float | None:
    """The value of rank floor(share (n - 1)) of n, from 0, within 1 %; None of nothing.

    Args:
        counts: Number of values by bin.
        share: From 0, the smallest value, to 1, the largest.

    >>> round(quantile({bin_of(1_000): 9, bin_of(60_000): 1}, Fraction(1, 2)))
    1002
    """
    left = (sum(counts.values()) - 1) * share.numerator // share.denominator
    for number, count in sorted(counts.items()):
        left -= count
        if left < 0:
            return _middle(number)
    return None


@lru_cache(maxsize=2_000)
def _middle(number: int) -> float:
    return float(_GROWTH**number * (1 - ACCURACY)) if number != ZERO else 0.0
