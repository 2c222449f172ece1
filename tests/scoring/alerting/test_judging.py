"""The laws of a KPI's day: on average it proves nothing in health, and worse proves more."""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scoring.alerting.detector import RATIOS
from scoring.alerting.judging import NO_WORD, Given, catoni, judge
from scoring.alerting.usual import Usual
from scoring.watching import Count, Mean, Share

STEPS = st.floats(0.01, 8)
COUNT, SHARE, MEAN = Count("n"), Share("such", "n"), Mean("total", "n")
directions = st.sampled_from((-1, 1))


@st.composite
def standardised(draw: st.DrawFn) -> list[tuple[float, float]]:
    """Chances and values of something with mean 0 and variance 1, as skewed as it may be."""
    values = draw(st.lists(st.floats(-50, 50), min_size=2, max_size=6))
    weights = draw(st.lists(st.floats(0.001, 1), min_size=len(values), max_size=len(values)))
    chances = [weight / sum(weights) for weight in weights]
    mean = sum(p * v for p, v in zip(chances, values, strict=True))
    variance = sum(p * (v - mean) ** 2 for p, v in zip(chances, values, strict=True))
    assume(variance > 1e-6)
    return [(p, (v - mean) / variance**0.5) for p, v in zip(chances, values, strict=True)]


@given(STEPS, standardised(), st.floats(0, 5), st.floats(0, 1))
def test_a_mean_grows_by_at_most_one_whatever_its_distribution(
    step: float, drawn: list[tuple[float, float]], better: float, even: float
) -> None:
    """Also where it is better than expected, or days are evener than feared."""
    mean = sum(p * math.exp(catoni(step, even * z - better)) for p, z in drawn)
    assert mean <= 1 + 1e-9


@given(STEPS, st.floats(-20, 20), st.floats(0, 20))
def test_the_worse_a_mean_the_more_it_proves(step: float, z: float, more: float) -> None:
    assert catoni(step, z + more) >= catoni(step, z) - 1e-12


@settings(max_examples=25)
@given(directions, st.floats(0.2, 60))
def test_a_count_grows_by_one_on_average(bad: int, mean: float) -> None:
    usual = Usual(since=0, level=mean, limit=mean, cases=1000, size=mean)
    growths = [0.0] * len(RATIOS)
    for n in range(260):
        chance = math.exp(n * math.log(mean) - mean - math.lgamma(n + 1))
        word = judge(COUNT, usual, bad, Given(1, n, n))
        growths = [g + chance * math.exp(w) for g, w in zip(growths, word.growths, strict=True)]
    assert growths == pytest.approx([1.0] * len(RATIOS), rel=1e-3)


@given(directions, st.integers(1, 60), st.floats(0.02, 0.98))
def test_a_share_grows_by_one_on_average(bad: int, n: int, p: float) -> None:
    usual = Usual(since=0, level=p, limit=p, cases=1000, size=n)
    growths = [0.0] * len(RATIOS)
    for such in range(n + 1):
        chance = math.comb(n, such) * p**such * (1 - p) ** (n - such)
        word = judge(SHARE, usual, bad, Given(1, such, n))
        growths = [g + chance * math.exp(w) for g, w in zip(growths, word.growths, strict=True)]
    assert growths == pytest.approx([1.0] * len(RATIOS), rel=1e-4)


@pytest.mark.parametrize("observed", [COUNT, SHARE, MEAN])
@given(directions, st.integers(0, 29))
def test_what_is_bad_is_the_only_thing_that_proves(
    observed: Count | Share | Mean, bad: int, amount: int
) -> None:
    usual = Usual(
        since=0,
        level=15.0 if observed is COUNT else 0.5,
        limit=15.0 if observed is COUNT else 0.5,
        cases=900,
        size=30,
        variance=0.01,
        spread=0.01,
        notable=0.2,
    )
    here, more = (judge(observed, usual, bad, Given(1, n, 30)) for n in (amount, amount + 1))
    for one, other in zip((*here.growths, *here.walk), (*more.growths, *more.walk), strict=True):
        assert bad * (other - one) > 0


def test_a_day_without_cases_says_nothing_of_a_mean_or_share() -> None:
    usual = Usual(since=0, level=0.5, limit=0.5, cases=900, size=30, variance=0.01, notable=0.2)
    assert judge(SHARE, usual, -1, Given(1, 0, 0)) == NO_WORD
    assert judge(MEAN, usual, -1, Given(1, 0, 0)) == NO_WORD


@pytest.mark.parametrize("observed", [COUNT, SHARE, MEAN])
def test_what_others_explain_proves_less(observed: Count | Share | Mean) -> None:
    level = 30.0 if observed is COUNT else 0.6
    usual = Usual(since=0, level=level, limit=level, cases=900, size=50, variance=0.01, notable=0.2)
    alone = judge(observed, usual, -1, Given(1, 10, 50))
    for explained in (
        Given(1, 10, 50, more=-5.0),
        Given(1, 10, 50, factor=0.7) if observed is COUNT else Given(1, 10, 50, shift=-0.1),
    ):
        word = judge(observed, usual, -1, explained)
        assert all(w < a for w, a in zip(word.growths, alone.growths, strict=True))
        assert word.expected == alone.expected, "what people are told stays"


def test_a_days_count_is_judged_beside_that_of_its_weekday() -> None:
    """Friday brings twice as many; days differ by 20 % beyond chance."""
    friday = (1.0,) * 4 + (2.0,) + (1.0,) * 2
    usual = Usual(since=0, level=10, limit=9, cases=900, spread=0.04, weekdays=friday)
    word = judge(COUNT, usual, -1, Given(5, 12, 12))
    assert (word.weight, word.observed, word.cases) == (1, 12, 12)
    assert word.expected == 20
    assert word.variance == pytest.approx(20 + 0.04 * 20**2)
    assert word == judge(COUNT, usual, -1, Given(12, 12, 12))
    assert judge(COUNT, usual, -1, Given(6, 12, 12)).expected == 10
    flat = Usual(since=0, level=20, limit=18, cases=900, spread=0.04)
    assert word.growths == judge(COUNT, flat, -1, Given(5, 12, 12)).growths


@pytest.mark.parametrize(("level", "rarer"), [(0.2, 0.2), (0.9, 0.1)])
def test_a_days_share_is_as_uneven_as_chance_and_its_rarer_side(level: float, rarer: float) -> None:
    usual = Usual(since=0, level=level, limit=level, cases=900, size=50, spread=0.04)
    word = judge(SHARE, usual, -1, Given(1, 30, 50))
    assert (word.weight, word.observed, word.cases) == (1, 30, 50)
    assert word.expected == pytest.approx(50 * level)
    assert word.variance == pytest.approx(50 * level * (1 - level) + 0.04 * (50 * rarer) ** 2)


def test_a_share_of_a_day_is_judged_by_what_others_explain_of_each_case() -> None:
    usual = Usual(since=0, level=0.6, limit=0.6, cases=900, size=50)
    lower = Usual(since=0, level=0.6, limit=0.5, cases=900, size=50)
    expected = judge(SHARE, lower, -1, Given(1, 10, 50)).growths
    for explained in (Given(1, 10, 50, shift=-0.1), Given(1, 10, 50, more=-5.0)):
        assert judge(SHARE, usual, -1, explained).growths == pytest.approx(expected)


@pytest.mark.parametrize("bad", [-1, 1])
def test_a_days_mean_is_judged_by_how_many_deviations_it_is_worse(bad: int) -> None:
    """Nine cases of 50 each, whose mean has a deviation of 3, are to sum to 450 +- 27."""
    usual = Usual(since=0, level=50, limit=51, cases=900, size=9, variance=9.0, notable=6.0)
    word = judge(MEAN, usual, bad, Given(1, 9 * 53, 9))
    assert (word.weight, word.observed, word.cases) == (1, 9 * 53, 9)
    assert word.expected == 450
    assert word.variance == pytest.approx(27**2)
    z, step = bad * 2 * 9 / 27, 6 * 9 / 27
    for ratio, growth in zip(RATIOS, word.growths, strict=True):
        assert growth == pytest.approx(catoni(step * (1 - ratio) / 0.3, z))
    normal = [(2 * by * step * z - (by * step) ** 2) / 2 for by in (1, 5 / 3)]
    assert tuple(word.walk) == pytest.approx(normal)
    explained = judge(MEAN, usual, bad, Given(1, 9 * 53, 9, shift=1.0, more=9.0))
    assert explained.growths == pytest.approx([catoni(2 * (1 - r) / 0.3, 0.0) for r in RATIOS])
    more = judge(MEAN, usual, bad, Given(1, 36 * 53, 36))
    assert more.variance == pytest.approx(usual.variance_of(36))


@given(STEPS, st.floats(0, 20))
def test_a_day_that_is_as_much_better_takes_back_what_a_worse_one_proves(
    step: float, z: float
) -> None:
    """But for what every day costs, the logarithm of 1 + lambda^2 / 2."""
    cost = math.log(1 + step**2 / 2)
    assert catoni(step, z) + catoni(step, -z) == pytest.approx(-2 * cost)
    assert math.exp(catoni(step, z) + cost) == pytest.approx(1 + step * z + (step * z) ** 2 / 2)


def test_a_day_without_a_word_says_nothing() -> None:
    assert not any((*NO_WORD[:1], *NO_WORD.growths, *NO_WORD.walk, *NO_WORD[3:]))
