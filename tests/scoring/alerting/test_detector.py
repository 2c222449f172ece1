"""The laws of the evidence: its promise, what moves it, and that arrays change nothing."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, TypeAlias, cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.alerting.detector import (
    NOTHING,
    RATIOS,
    Arithmetic,
    Cohort,
    Evidence,
    Slice,
    advance,
    odds,
)

if TYPE_CHECKING:
    import numpy.typing as npt

    #: Rates, expectations, evidence of many runs.
    Figures: TypeAlias = npt.NDArray[np.float64]

ARRAYS = Arithmetic(np.exp, np.log)
HORIZON = 3

ratios = st.sampled_from(RATIOS)
means = st.floats(0.01, 60)
spreads = st.floats(0, 1)


def as_number(figures: Figures) -> float:
    """Figures of many runs where the formulas, which work on them too, say the number of one."""
    return cast("float", figures)


def as_figures(days: float) -> Figures:
    """The days of evidence of many runs, found by the formulas."""
    return cast("Figures", days)


def mean_growth(ratio: float, judged_by: float, spread: float, mean: float, truly: float) -> float:
    """Mean of a day's growth where cases are negative binomial of some mean and spread."""
    rate = odds(ratio, judged_by, spread)
    if truly < 1e-6:
        return math.exp(rate.credit + mean * (math.exp(rate.case) - 1))
    mean_of_cases: float = (1 + truly * mean * (1 - math.exp(rate.case))) ** (-1 / truly)
    return math.exp(rate.credit) * mean_of_cases


@given(ratios, means, spreads)
def test_growth_is_one_on_average_in_health(ratio: float, mean: float, spread: float) -> None:
    assert mean_growth(ratio, mean, spread, mean, spread) == pytest.approx(1, rel=1e-4)


@given(ratios, means, spreads, st.floats(1, 5))
def test_growth_is_at_most_one_when_more_comes_than_expected(
    ratio: float, mean: float, spread: float, factor: float
) -> None:
    assert mean_growth(ratio, mean, spread, mean * factor, spread) <= 1 + 1e-5


@given(ratios, means, spreads, st.floats(0, 1))
def test_growth_is_at_most_one_when_days_are_evener_than_feared(
    ratio: float, mean: float, feared: float, share: float
) -> None:
    assert mean_growth(ratio, mean, feared, mean, feared * share) <= 1 + 1e-5


@given(ratios, means, spreads, st.floats(0, 1))
def test_a_part_of_a_days_cases_grows_by_at_most_one(
    ratio: float, mean: float, spread: float, share: float
) -> None:
    """What the cohorts since some day rely on: the rest of the day is left out."""
    rate = odds(ratio, mean, max(spread, 1e-6))
    chance = 1 - math.exp(rate.case)
    spread = max(spread, 1e-6)
    mean_of_cases = (1 + spread * share * mean * chance) ** (-1 / spread)
    assert mean_of_cases * math.exp(rate.credit * share) <= 1 + 1e-5


@given(ratios, st.integers(1, 400), st.floats(0.01, 0.9))
def test_leads_that_convert_or_do_not_grow_by_one_on_average(
    ratio: float, leads: int, chance: float
) -> None:
    rate = odds(ratio, leads * chance, -1 / leads)
    mean_of_a_lead = 1 - chance + chance * math.exp(rate.case)
    assert rate.credit + leads * math.log(mean_of_a_lead) == pytest.approx(0, abs=1e-4)


@given(ratios, means)
def test_without_spread_growth_is_the_poisson_likelihood_ratio(ratio: float, mean: float) -> None:
    rate = odds(ratio, mean, 0.0)
    assert rate.case == pytest.approx(math.log(ratio), abs=1e-4)
    assert rate.credit == pytest.approx((1 - ratio) * mean, rel=1e-4)


figures = st.lists(st.floats(0, 40), min_size=HORIZON + 1, max_size=HORIZON + 1)
slices = st.builds(Slice, figures, figures, st.floats(0, 0.5))
weights = st.floats(0, 1)
histories = st.lists(st.tuples(slices, weights), min_size=1, max_size=8)
BLANK = Evidence(young=(Cohort(0.0, NOTHING),) * HORIZON)


def after(history: list[tuple[Slice, float]], on: Arithmetic | None = None) -> Evidence:
    evidence = BLANK
    for seen, weight in history:
        evidence = advance(evidence, seen, weight, HORIZON, *([on] if on else []))
    return evidence


@given(histories, slices, st.integers(0, HORIZON), st.floats(0.1, 20))
def test_a_case_more_is_evidence_less(
    history: list[tuple[Slice, float]], last: Slice, at: int, more: float
) -> None:
    richer = [n + more * (i == at) for i, n in enumerate(last.observed)]
    poor = advance(after(history), last, 1.0, HORIZON)
    rich = advance(after(history), last._replace(observed=richer), 1.0, HORIZON)
    assert rich.days() <= poor.days()


@given(histories)
def test_nothing_happens_while_the_clock_rests(history: list[tuple[Slice, float]]) -> None:
    nothing = [0.0] * (HORIZON + 1)
    evidence = after(history)
    rested = advance(evidence, Slice(nothing, nothing, 0.0), 0.0, HORIZON)
    assert rested.days() == pytest.approx(evidence.days(), rel=1e-9)


@given(histories)
def test_arrays_of_runs_find_what_numbers_find(history: list[tuple[Slice, float]]) -> None:
    runs = [
        (
            Slice(
                [as_number(np.array([n, 2 * n])) for n in seen.observed],
                [as_number(np.array([e, e])) for e in seen.expected],
                as_number(np.array([seen.spread, seen.spread])),
            ),
            weight,
        )
        for seen, weight in history
    ]
    both = as_figures(after(runs, ARRAYS).days(ARRAYS))
    assert both[0] == pytest.approx(after(history).days(), rel=1e-9)


def test_no_figure_is_too_large() -> None:
    flood = Slice([0.0] * (HORIZON + 1), [1e7] * (HORIZON + 1), 0.0)
    evidence = after([(flood, 1.0)] * 30)
    assert math.isfinite(evidence.days())
    drought = Slice([1e7] * (HORIZON + 1), [0.1] * (HORIZON + 1), 0.0)
    assert advance(evidence, drought, 1.0, HORIZON).of_sales() == 0


def test_what_was_forgotten_starts_nothing() -> None:
    seen = Slice([0.0] * (HORIZON + 1), [5.0] * (HORIZON + 1), 0.0)
    evidence = after([(seen, 1.0)] * 6)
    assert evidence.days() > 100
    begun = evidence.forget()
    assert begun.days() == 0
    assert len(begun.young) == HORIZON + 1
    assert 0 < advance(begun, Slice([0.0] * 4, [0.1] * 4, 0.0), 1.0, HORIZON).days() < 2


def test_the_average_wait_for_a_false_alarm_keeps_the_promise() -> None:
    rng = np.random.default_rng(11)
    runs, days, budget = 2000, 60, 50.0
    evidence, waiting, waited = BLANK, np.ones(runs, bool), np.zeros(runs)
    for _ in range(days):
        cases = rng.poisson(2.0, (HORIZON + 1, runs))
        seen = Slice(
            [as_number(of_day) for of_day in cases],
            [as_number(np.full(runs, 2.0))] * (HORIZON + 1),
            0.0,
        )
        evidence = advance(evidence, seen, 1.0, HORIZON, ARRAYS)
        waited += waiting
        waiting &= as_figures(evidence.days(ARRAYS)) < budget
    alarms = runs - waiting.sum()
    assert waited.sum() / alarms >= 0.95 * budget
