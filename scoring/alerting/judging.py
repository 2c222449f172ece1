"""Judging: what one day of a KPI says against "it is as it always was".

A count goes by the detector's likelihood ratio, `odds`; of a share the rarer side is counted,
such cases or the others, and the same formula is binomial. Of a mean nothing is known but its
mean and the variance of a day, which history tells: its growth is that of Catoni (2012,
Challenging the empirical mean and empirical variance, Ann. Inst. H. Poincare B 48:1148; as an
e-value Wang and Ramdas 2023, Catoni-style confidence sequences for heavy-tailed mean estimation,
Stoch. Proc. Appl. 163:168). With z the day's deviation in the bad direction, in standard
deviations, and x = lambda z,

    g = (1 + x + x^2 / 2) / (1 + lambda^2 / 2)           where x >= 0
    g = 1 / ((1 - x + x^2 / 2) (1 + lambda^2 / 2))       where x < 0

has a mean of at most 1 whatever the distribution, be it as skewed as waiting times are, as long
as the mean is no worse than expected and the variance no larger; a normal likelihood ratio
would not. It grows as one while the deviation is small, and as a power of it when it is large.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from scoring.alerting.baseline import WEEK
from scoring.alerting.dating import SEVERE, TYPICAL, Walk
from scoring.alerting.detector import NOTHING, RATIOS, SCALARS, odds
from scoring.watching import Count, Share

if TYPE_CHECKING:
    from scoring.alerting.detector import Arithmetic, Six
    from scoring.alerting.usual import Usual
    from scoring.calendar import Day
    from scoring.watching import Observed


class Judgement(NamedTuple):
    """What a day says.

    Attributes:
        weight: 1 of a day that counts, 0 of one on which the clock stands still.
        growths: Logarithms by which each form of the evidence grows.
        walk: By how much the day makes changes likelier than none.
        observed: What came.
        expected: What was to be expected.
        variance: Of what comes, when all is well.
        cases: Of how many cases.
    """

    weight: int = 0
    growths: Six = NOTHING
    walk: Walk = Walk()
    observed: float = 0.0
    expected: float = 0.0
    variance: float = 0.0
    cases: int = 0


NO_WORD = Judgement()

#: No share is judged as if it could not be otherwise.
_SURE, _LARGEST_SHARE = 1e-6, 0.95


class Given(NamedTuple):
    """A day: what it brought, and by how much others' alerts make less or more of it normal.

    Attributes:
        day: Which.
        amount: How many, how many such, or how much.
        cases: Of how many cases.
        factor: How often a count is to be expected.
        shift: What is added to a share, or to the mean of each case.
        more: What is added to what is expected of the day.
    """

    day: Day
    amount: float
    cases: int
    factor: float = 1.0
    shift: float = 0.0
    more: float = 0.0


def judge(observed: Observed, usual: Usual, bad: int, given: Given) -> Judgement:
    """What a day says.

    Args:
        observed: What is watched.
        usual: What is normal.
        bad: 1 if more is worse, -1 if less is.
        given: The day.
    """
    if isinstance(observed, Count):
        return _count(usual, bad, given)
    if not given.cases:
        return NO_WORD
    if isinstance(observed, Share):
        return _share(usual, bad, given)
    return _mean(usual, bad, given)


def _count(usual: Usual, bad: int, given: Given) -> Judgement:
    factor = usual.weekdays[(given.day - 1) % WEEK]
    fair, limit = usual.level * factor, usual.limit * factor
    judged = max(limit * given.factor + given.more, 0.0)
    variance = fair + usual.spread * fair * fair
    return Judgement(
        1,
        *_counted(given.amount, judged, usual.spread, bad),
        given.amount,
        fair,
        variance,
        given.cases,
    )


def _share(usual: Usual, bad: int, given: Given) -> Judgement:
    n, such = given.cases, given.amount
    limit = usual.limit + given.shift + given.more / n
    often = usual.level > 1 / 2
    # Only what is rarer may come more than twice as often and still be a share.
    rare = min(max(1 - limit if often else limit, _SURE), 1 / 2)
    seen, worse = (n - such, -bad) if often else (such, bad)
    growths = _counted(seen, n * rare, usual.spread - 1 / n, worse, _LARGEST_SHARE / rare)
    p = usual.level
    other = min(p, 1 - p)
    variance = n * p * (1 - p) + usual.spread * (n * other) ** 2
    return Judgement(1, *growths, such, n * p, variance, n)


def _counted(
    amount: float, expected: float, spread: float, bad: int, most: float = math.inf
) -> tuple[Six, Walk]:
    """Growths of a count to one of `RATIOS`, or up as often; and what dates a change."""

    def growth(ratio: float) -> float:
        rate = odds(ratio if bad < 0 else min(1 / ratio, most), expected, spread)
        return rate.case * amount + rate.credit

    growths = {ratio: growth(ratio) for ratio in RATIOS}
    return tuple(growths.values()), Walk(growths[TYPICAL], growths[SEVERE])


def _mean(usual: Usual, bad: int, given: Given) -> Judgement:
    n = given.cases
    deviation = math.sqrt(usual.variance_of(n))
    z = bad * (given.amount - (usual.limit + given.shift) * n - given.more) / deviation
    typical = usual.notable * n / deviation

    def step(ratio: float) -> float:
        return typical * (1 - ratio) / (1 - TYPICAL)

    return Judgement(
        1,
        tuple(catoni(step(ratio), z) for ratio in RATIOS),
        Walk(_normal(step(TYPICAL), z), _normal(step(SEVERE), z)),
        given.amount,
        usual.level * n,
        deviation * deviation,
        n,
    )


def _normal(step: float, z: float) -> float:
    """Log likelihood ratio of a normal deviation of mean `step` over one of mean 0."""
    return step * z - step * step / 2


def catoni(step: float, z: float, on: Arithmetic = SCALARS) -> float:
    """Logarithm of the growth of a day whose mean deviates by `z` standard deviations.

    >>> round(catoni(1.0, 0.0), 4), round(catoni(1.0, 2.0), 4)  # log 1.5 lost, log 5 won
    (-0.4055, 1.204)
    """
    x = step * z
    good = x < 0
    size = x - good * (2 * x)
    growth = on.log(1 + size + size * size / 2)
    found: float = growth - good * (2 * growth) - on.log(1 + step * step / 2)
    return found
