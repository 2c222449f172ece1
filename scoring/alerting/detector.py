"""The detector: evidence, in days, that fewer cases come than are expected.

A mixture e-Shiryaev-Roberts e-detector (Shin, Ramdas, Rinaldo, arXiv 2203.03532) on observed
against expected counts. For every ratio of `RATIOS` the day's growth is the likelihood ratio
of "only this share of what was expected comes" against "what was expected comes", of a count
whose variance is `E + spread * E**2`:

- spread > 0, days that are good or bad for everybody: negative binomial;
- spread = 0: Poisson, `rho**O * exp((1 - rho) * E)`;
- spread = -1/N, N leads that convert or do not: binomial.

It is one formula, and its mean is 1 when what was expected comes, and less when more comes.
Therefore evidence less days is a supermartingale, and the mean time until evidence reaches A
in health is at least A days, whatever the volume. No table is needed, and nothing is tuned.

The formulas are plain arithmetic: they work on numbers and, with another `Arithmetic`, on
arrays of many runs at once.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

#: The shares of what is expected against which evidence is gathered.
RATIOS = (0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
#: One number for each of `RATIOS`.
Six: TypeAlias = tuple[float, ...]

NOTHING: Six = (0.0,) * len(RATIOS)

#: Where the formula of a spread of 0 would divide by it.
_LEAST_SPREAD = 1e-7
_LARGEST = 1e100
_LARGEST_LOG = 230.0
_TINY = 1e-12


class Arithmetic(NamedTuple):
    """The two functions that arithmetic lacks, for numbers or for arrays."""

    exp: Callable[[Any], Any] = math.exp
    log: Callable[[Any], Any] = math.log


SCALARS = Arithmetic()


class Slice(NamedTuple):
    """What a span of time brought and should have brought, by cohort of leads, oldest first.

    Attributes:
        observed: Cases seen.
        expected: Cases expected of the leads still open when it began.
        spread: Variance of the sum beyond Poisson's, relative to the squared expectation.
    """

    observed: Sequence[float]
    expected: Sequence[float]
    spread: float


class Odds(NamedTuple):
    """The logarithm of a growth: `cases * observed + credit`."""

    case: float
    credit: float


def odds(ratio: float, expected: float, spread: float, on: Arithmetic = SCALARS) -> Odds:
    """The likelihood ratio of `ratio * expected` against `expected`.

    >>> slight = odds(0.7, 10.0, 0.0)
    >>> round(slight.case, 4), round(slight.credit, 4)  # log 0.7 and (1 - 0.7) * 10
    (-0.3567, 3.0)
    """
    spread = spread + (abs(spread) < _LEAST_SPREAD) * (_LEAST_SPREAD - spread)
    gain = on.log((1.0 + spread * expected) / (1.0 + spread * ratio * expected))
    return Odds(math.log(ratio) + gain, gain / spread)


class Cohort(NamedTuple):
    """Leads of one day, while they may still convert.

    Attributes:
        weight: Share of a working day in which they were created; 0 starts nothing.
        growth: Logarithm of what they have added to evidence so far, kept small enough.
    """

    weight: float
    growth: Six


class Evidence(NamedTuple):
    """What is known against "all is well"; see `advance`.

    Attributes:
        sales: That fewer cases come from some day on, whatever the leads.
        settled: That leads from some day on are worse: of cohorts too old to convert.
        young: Cohorts that may still convert, oldest first.
    """

    sales: Six = NOTHING
    settled: Six = NOTHING
    young: tuple[Cohort, ...] = ()

    def of_sales(self) -> float:
        """Evidence, in days, that closing got worse."""
        return sum(self.sales) / len(RATIOS)

    def closing(self) -> float:
        """Share of the evidence which says that closing got worse."""
        days = self.days()
        return self.of_sales() / (2 * days) if days else 1.0

    def of_leads(self, on: Arithmetic = SCALARS) -> float:
        """Evidence, in days, that leads got worse."""
        exp, total = on.exp, 0.0
        for at in range(len(RATIOS)):
            evidence = self.settled[at]
            for weight, growth in self.young:
                evidence = (evidence + weight) * exp(growth[at])
                evidence = evidence - (evidence > _LARGEST) * (evidence - _LARGEST)
            total = total + evidence
        return total / len(RATIOS)

    def days(self, on: Arithmetic = SCALARS) -> float:
        """Evidence of either, in days: in health it is reached at most once in so many."""
        return (self.of_sales() + self.of_leads(on)) / 2

    def forget(self) -> Evidence:
        """Begin anew: leads that are young now start nothing any more."""
        return Evidence(young=(Cohort(0.0, NOTHING),) * len(self.young))


class Single(NamedTuple):
    """Evidence of one form: that a figure is worse from some day on.

    Attributes:
        forms: In days, for each of `RATIOS`.
    """

    forms: Six = NOTHING

    def days(self) -> float:
        """Evidence in days: in health it is reached at most once in so many."""
        return sum(self.forms) / len(RATIOS)

    def closing(self) -> float:
        """All of it is of one form."""
        return 1.0

    def forget(self) -> Single:
        """Begin anew."""
        return Single()

    def grown(self, growths: Sequence[float], weight: float, on: Arithmetic = SCALARS) -> Single:
        """Evidence after a day that multiplies each form by e to its growth.

        Args:
            growths: The day's, each of which has a mean of at most 1 in health as e to it.
            weight: 1 of a day that counts, else 0.
            on: Numbers, or arrays of many runs.
        """
        both = zip(self.forms, growths, strict=True)
        return Single(tuple(_grown(m + weight, growth, on) for m, growth in both))


def advance(
    before: Evidence, seen: Slice, weight: float, horizon: int, on: Arithmetic = SCALARS
) -> Evidence:
    """Evidence after a day, or after the part of it that has passed.

    Args:
        before: Evidence at the day's beginning.
        seen: What the day brought, for each young cohort and at last for the day's own.
        weight: Share of a working day that it was.
        horizon: Age, in days, after which a cohort is settled.
        on: Numbers, or arrays of many runs.
    """
    settled, young = before.settled, before.young
    if len(young) > horizon:
        settled, young = _absorb(settled, young[0], on), young[1:]
    expected = sum(seen.expected)
    rates = [odds(ratio, expected, seen.spread, on) for ratio in RATIOS]
    observed = sum(seen.observed)
    sales = tuple(
        _grown(m + weight, rate.case * observed + rate.credit, on)
        for m, rate in zip(before.sales, rates, strict=True)
    )
    # A cohort's share of the day's credit: exact for Poisson, and by concavity too little
    # rather than too much when days are uneven.
    per_expected = [(rate.case, rate.credit / (expected + _TINY)) for rate in rates]
    cohorts = tuple(
        Cohort(
            cohort.weight,
            tuple(
                at_most(g + case * o + credit * e, _LARGEST_LOG)
                for g, (case, credit) in zip(cohort.growth, per_expected, strict=True)
            ),
        )
        for cohort, o, e in zip(
            (*young, Cohort(weight, NOTHING)), seen.observed, seen.expected, strict=True
        )
    )
    return Evidence(sales, settled, cohorts)


def _absorb(total: Six, cohort: Cohort, on: Arithmetic) -> Six:
    return tuple(
        _grown(m + cohort.weight, growth, on)
        for m, growth in zip(total, cohort.growth, strict=True)
    )


def _grown(evidence: float, growth: float, on: Arithmetic) -> float:
    """Evidence times e to the growth, kept within what numbers hold."""
    return at_most(evidence * on.exp(at_most(growth, _LARGEST_LOG)), _LARGEST)


def at_most(value: float, limit: float) -> float:
    """The smaller of two numbers, for arrays too."""
    return value - (value > limit) * (value - limit)
