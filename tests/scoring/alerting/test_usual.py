"""What is learned of a KPI's days, beside figures made by hand."""

from __future__ import annotations

from collections import Counter
from math import sqrt
from statistics import fmean, variance

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from scoring.alerting.policy import Policy
from scoring.alerting.scopes import Scope
from scoring.alerting.usual import Daily, Learning, Usual
from scoring.watching import Count, Mean, Observed, Share

COUNT, SHARE, MEAN = Count("n"), Share("such", "n"), Mean("total", "n")
#: Siblings differ by an eighth of what they have in common.
POLICY = Policy(differences=dict.fromkeys(Scope, 0.125), caution=0.5, least_cases=30)
FIRST = 100


def learn(
    observed: Observed,
    amounts: list[int],
    cases: list[int],
    parent: Usual | None = None,
    bad: int = -1,
) -> Usual | None:
    days = range(FIRST, FIRST + len(amounts))
    learning = Learning(observed, bad, Scope.TEAM, POLICY)
    return learning.learn(Daily(FIRST, amounts, cases), days.stop, days, parent)


def learned(
    observed: Observed,
    amounts: list[int],
    cases: list[int],
    parent: Usual | None = None,
    bad: int = -1,
) -> Usual:
    found = learn(observed, amounts, cases, parent, bad)
    assert found is not None
    return found


# ---------------------------------------------------------------------------------------- means

SUMS = [40, 44, 36, 48, 32, 41] * 5
FOURS = [4] * len(SUMS)


def test_a_mean_is_that_of_its_cases() -> None:
    found = learned(MEAN, [10, 0, 90] * 20, [1, 0, 3] * 20)
    assert found.level == 25.0
    assert (found.cases, found.size) == (80, 2.0)
    assert found.since == FIRST + 60


def test_the_variance_of_even_days_is_that_of_their_means_taken_high() -> None:
    """By 1.5 times the relative error of a variance, the root of two over its days."""
    found = learned(MEAN, SUMS, FOURS)
    daily = variance(total / 4 for total in SUMS)
    assert found.variance == pytest.approx(daily * (1 + 1.5 * sqrt(2 / 30)))


@pytest.mark.parametrize("bad", [-1, 1])
def test_a_mean_is_taken_half_its_error_to_the_bad_side(bad: int) -> None:
    found = learned(MEAN, SUMS, FOURS, bad=bad)
    error = sqrt(found.variance / len(SUMS))
    assert (found.limit - found.level) * bad == pytest.approx(error / 2)


def test_days_with_few_cases_may_differ_more() -> None:
    """Half of a usual day's variance is its cases' doing."""
    usual = Usual(since=0, level=5, limit=5, cases=100, size=10, variance=0.8)
    assert usual.variance_of(10) / 10**2 == pytest.approx(0.8)
    assert usual.variance_of(5) / 5**2 == pytest.approx(0.8 * (1 / 2 + 1 / 2 * 2))
    assert usual.variance_of(40) / 40**2 == pytest.approx(0.8 * (1 / 2 + 1 / 2 / 4))


def test_unequal_days_weigh_by_what_they_may_differ() -> None:
    cases = [2, 6] * 20
    sums = [2 * 12, 6 * 10, 2 * 8, 6 * 10] * 10
    found = learned(MEAN, sums, cases)
    of_few = 1 / 2 + 1 / 2 * 4 / 2
    squares = 20 * 2**2 / of_few
    assert found.variance == pytest.approx(squares / 39 * (1 + 1.5 * sqrt(2 / 40)))


def test_a_mean_leans_on_the_parents_as_on_so_many_cases() -> None:
    """Of siblings who differ by an eighth of a case's deviation: 64 cases."""
    parent = Usual(since=0, level=20, limit=20, cases=9_000, size=400, variance=0.05)
    found = learned(MEAN, SUMS, FOURS, parent)
    assert found.level == pytest.approx((sum(SUMS) + 64 * 20) / (120 + 64))
    own = sum((total / 4 - fmean(SUMS) / 4) ** 2 for total in SUMS)
    shrunk = (own + 14 * 0.05 * 400 / 4) / (29 + 14)
    assert found.variance == pytest.approx(shrunk * (1 + 1.5 * sqrt(2 / 44)))
    error = sqrt(found.variance * 4 / (120 + 64))
    assert found.level - found.limit == pytest.approx(error / 2)


def test_what_is_notable_is_told_or_a_part_of_what_is_normal() -> None:
    assert learned(MEAN, SUMS, FOURS).notable == pytest.approx(0.3 * sum(SUMS) / 120)
    below = [-total for total in SUMS]
    assert learned(MEAN, below, FOURS).notable == pytest.approx(0.3 * sum(SUMS) / 120)
    points = Mean("total", "n", scale=2.0, notable=20.0)
    assert learned(points, SUMS, FOURS).notable == 40.0
    assert learn(MEAN, [4, -4] * 20, [1] * 40) is None, "no part of nothing is notable"


def test_days_are_never_taken_to_be_all_alike() -> None:
    found = learned(MEAN, [40] * 30, FOURS)
    assert sqrt(found.variance) == pytest.approx(0.1 * found.notable)


@pytest.mark.parametrize("observed", [MEAN, SHARE])
def test_three_weeks_with_cases_are_needed(observed: Observed) -> None:
    idle = [0] * 30
    assert learn(observed, [2] * 20 + idle, [4] * 20 + idle) is None
    assert learn(observed, [2] * 21 + idle, [4] * 21 + idle) is not None


def test_too_few_cases_tell_nothing() -> None:
    assert learn(MEAN, [2] * 29, [1] * 29) is None
    assert learn(MEAN, [2] * 30, [1] * 30) is not None
    assert learn(MEAN, [], []) is None


# --------------------------------------------------------------------------------------- shares


def test_a_share_is_that_of_its_cases() -> None:
    found = learned(SHARE, [9, 10] * 20, [10, 30] * 20)
    assert found.level == pytest.approx(19 / 40)
    assert (found.cases, found.size) == (800, 20.0)


@pytest.mark.parametrize("bad", [-1, 1])
def test_a_share_of_even_days_is_taken_half_its_error_to_the_bad_side(bad: int) -> None:
    found = learned(SHARE, [2] * 100, [10] * 100, bad=bad)
    error = sqrt(0.2 * 0.8 / 1000 + 0.2**2 * found.spread / 100)
    assert (found.limit - found.level) * bad == pytest.approx(error / 2)


def test_a_share_leans_on_the_parents_as_a_rate_does() -> None:
    """A Beta prior of the parent's share whose deviation is an eighth of the rarer side."""
    for share in (0.1, 0.9):
        parent = Usual(since=0, level=share, limit=share, cases=50_000)
        found = learned(SHARE, [5] * 40, [10] * 40, parent)
        prior = 0.9 / 0.1 * 8**2
        assert found.level == pytest.approx((200 + prior * share) / (400 + prior))
        error = (found.level - found.limit) * 2
        rare = min(found.level, 1 - found.level)
        expected = rare * (1 - rare) / (400 + prior) + rare**2 * found.spread / 40
        assert error == pytest.approx(sqrt(expected))


@given(st.integers(21, 60), st.integers(2, 9))
def test_a_share_and_what_is_left_are_learned_alike(days: int, cases: int) -> None:
    such = [day % (cases + 1) for day in range(days)]
    others = [cases - n for n in such]
    one, other = (
        learned(SHARE, each, [cases] * days, bad=b) for each, b in ((such, -1), (others, 1))
    )
    assert one.level == pytest.approx(1 - other.level)
    assert one.limit == pytest.approx(1 - other.limit)
    if one.level != pytest.approx(0.5):
        assert one.spread == pytest.approx(other.spread)


def test_no_share_is_so_sure_that_one_case_disproves_it() -> None:
    found = [learned(SHARE, [n] * 30, [10] * 30).level for n in (0, 10)]
    assert found == pytest.approx([1 / 302, 301 / 302])


def test_days_of_a_share_that_differ_are_uneven() -> None:
    even = learned(SHARE, [8] * 60, [40] * 60)
    uneven = learned(SHARE, [14, 2] * 30, [40] * 60)
    # Binomial days have a variance of 6.4, these have 36.
    assert 0.5 * (36 - 6.4) / 8**2 < uneven.spread - even.spread < 60 / 53 * 36 / 8**2


# --------------------------------------------------------------------------------------- counts


def test_a_count_is_what_comes_on_a_day() -> None:
    found = learned(COUNT, [6] * 56, [6] * 56)
    assert found.level == pytest.approx(6)
    assert (found.cases, found.size) == (336, found.level)
    error = sqrt(6 * (1 + found.spread * 6) / 56)
    assert found.level - found.limit == pytest.approx(error / 2)
    assert found.weekdays == pytest.approx((1,) * 7)


def test_a_count_knows_its_weekdays() -> None:
    """Which are taken to be alike as if ten events had said so."""
    week = [0, 10, 10, 10, 10, 10, 20]
    amounts = [week[(day - 1) % 7] for day in range(FIRST, FIRST + 70)]
    found = learned(COUNT, amounts, amounts)
    assert found.weekdays == pytest.approx([(10 + 10 * n) / (10 + 10 * 10) for n in week])
    assert found.level * fmean(found.weekdays) == pytest.approx(10)
    assert found.spread == pytest.approx(learned(COUNT, [10] * 70, [10] * 70).spread, abs=0.01)


def test_weekdays_of_a_count_lean_on_the_parents() -> None:
    parent = Usual(since=0, level=1, limit=1, cases=9, weekdays=(1.5,) * 6 + (0.0,))
    found = learned(COUNT, [1] * 31, [1] * 31, parent)
    seen = Counter((day - 1) % 7 for day in range(FIRST, FIRST + 31))
    factors = [(300 * f + seen[n]) / (300 + seen[n]) for n, f in enumerate(parent.weekdays)]
    assert found.weekdays == pytest.approx(factors)
    assert found.level == pytest.approx(31 / sum(factors[n] * seen[n] for n in seen))


def test_a_count_of_an_uneven_parent_is_no_more_even() -> None:
    parent = Usual(since=0, level=1, limit=1, cases=9, spread=0.3)
    assert learned(COUNT, [6] * 56, [6] * 56, parent).spread >= 0.3


def test_four_weeks_since_the_first_event_are_needed() -> None:
    before = [0] * 40
    assert learn(COUNT, [*before, *[3] * 27], [0] * 40 + [3] * 27) is None
    found = learned(COUNT, [*before, *[3] * 28], [0] * 40 + [3] * 28)
    assert found.level == pytest.approx(3)


def test_a_count_is_never_taken_below_half_of_what_comes() -> None:
    days = range(FIRST, FIRST + 56)
    amounts = [3_000 if day == FIRST else 0 for day in days]
    careful = Learning(COUNT, -1, Scope.TEAM, replace(POLICY, caution=2.0))
    found = careful.learn(Daily(FIRST, amounts, amounts), days.stop, days, None)
    assert found is not None
    assert found.limit == found.level / 2
