"""What is learned of cohorts, beside figures made by hand."""

from __future__ import annotations

from math import sqrt

import pytest
from msgspec.structs import replace

from scoring.alerting.baseline import Baseline, Rows, learn
from scoring.alerting.cohorts import HOURS, Cohorts, triangle
from scoring.alerting.policy import Policy
from scoring.alerting.scopes import Scope

#: Siblings differ by an eighth of what they have in common.
POLICY = Policy(
    horizon=2, history=60, least_cases=30, caution=0.5, differences=dict.fromkeys(Scope, 0.125)
)
NO_HOURS = [0] * HOURS
TODAY = 101
QUIET_MONDAY = (0.5,) + (1.0,) * 6


def known(days: int, leads: int, ages: tuple[int, int, int]) -> Cohorts:
    """Cohorts of the days before today, all alike."""
    return triangle(TODAY - days, [leads] * days, [ages] * days)


def learned(
    cohorts: Cohorts,
    parent: Baseline | None = None,
    scope: Scope = Scope.TEAM,
    skip: frozenset[int] = frozenset(),
    policy: Policy = POLICY,
) -> Baseline:
    found = learn(cohorts, NO_HOURS, TODAY, skip, parent, scope, policy)
    assert found is not None
    return found


STEADY = learned(known(62, 100, (20, 10, 10)))


# ------------------------------------------------------------------------------ what is expected


def test_what_is_expected_follows_hazards_and_the_weekday() -> None:
    normal = replace(STEADY, hazards=(0.5, 0.2, 0.1), weekdays=QUIET_MONDAY)
    tuesday, monday = 9, 8
    assert normal.expect(tuesday, [100, 10, 40]) == pytest.approx([10, 2, 20])
    assert normal.expect(monday, [100, 10, 40]) == pytest.approx([5, 1, 10])
    assert normal.expect(tuesday, [100, 10, 40], 0.25) == pytest.approx([2.5, 0.5, 5])


def test_a_slice_is_less_uneven_than_days_for_leads_convert_or_do_not() -> None:
    normal = replace(STEADY, hazards=(0.5, 0.2, 0.1), weekdays=QUIET_MONDAY, spread=0.04)
    seen = normal.slice(9, [100, 10, 40], [1, 2, 3])
    assert seen.observed == [1, 2, 3]
    assert seen.expected == pytest.approx([10, 2, 20])
    binomial = 100 * 0.1**2 + 10 * 0.2**2 + 40 * 0.5**2
    assert seen.spread == pytest.approx(0.04 - binomial / 32**2)
    half = normal.slice(9, [100, 10, 40], [1, 2, 3], 0.5)
    assert half.expected == pytest.approx([5, 1, 10])
    assert half.spread == pytest.approx(0.04 - binomial / 4 / 16**2)
    assert normal.slice(8, [100, 10, 40], [1, 2, 3]).expected == pytest.approx([5, 1, 10])
    assert normal.slice(9, [0, 0, 0], [0, 0, 0]).spread == 0.04


def test_no_hazard_is_a_certainty() -> None:
    normal = replace(STEADY, hazards=(0.9, 0.0, 0.0), weekdays=(2.0,) * 7)
    assert normal.expect(1, [0, 0, 100]) == pytest.approx([0, 0, 95])
    sure = learned(known(62, 40, (40, 0, 0)))
    assert max(sure.hazards) <= 0.95


def test_a_day_passes_hour_by_hour() -> None:
    hours = tuple(min(max(hour - 7, 0), 10) / 10 for hour in range(HOURS))
    normal = replace(STEADY, hours=hours)
    assert [normal.passed(at) for at in (0, 8, 9, 9.5, 18, 24)] == pytest.approx(
        [0, 0, 0.1, 0.15, 1, 1]
    )
    assert normal.passed(24.5) == pytest.approx(1)


# ------------------------------------------------------------------------------------- the rate


def test_a_rate_is_taken_half_its_error_low() -> None:
    assert (STEADY.rate, STEADY.cases) == (0.4, 60 * 40)
    error = sqrt(0.4 * 0.6 / 6_000 + 0.4**2 * STEADY.spread / 60)
    assert STEADY.rate - STEADY.low == pytest.approx(error / 2)


def test_a_rate_leans_on_the_parents_as_on_so_many_leads() -> None:
    """A Beta prior whose deviation is an eighth of its mean."""
    parent = replace(STEADY, rate=0.1)
    found = learned(known(62, 10, (2, 1, 1)), parent)
    prior = 0.9 / 0.1 * 8**2
    assert found.rate == pytest.approx((240 + prior * 0.1) / (600 + prior))
    error = found.rate * (1 - found.rate) / (600 + prior) + found.rate**2 * found.spread / 60
    assert found.rate - found.low == pytest.approx(sqrt(error) / 2)


def test_even_certain_parents_count_as_a_lead() -> None:
    parent = replace(STEADY, rate=1.0)
    found = learned(known(62, 1, (0, 0, 0)), parent)
    assert found.rate == pytest.approx(1 / 61)


def test_a_rate_is_never_taken_below_half() -> None:
    careful = replace(POLICY, caution=50.0)
    found = learned(known(62, 100, (20, 10, 10)), policy=careful)
    assert found.low == found.rate / 2


@pytest.mark.parametrize(("parent", "scope"), [(None, Scope.COMPANY), (STEADY, Scope.CHANNEL)])
def test_the_company_and_origins_need_thirty_cases(parent: Baseline | None, scope: Scope) -> None:
    few, enough = known(31, 1, (1, 0, 0)), known(32, 1, (1, 0, 0))
    assert learn(few, NO_HOURS, TODAY, frozenset(), parent, scope, POLICY) is None
    assert learned(enough, parent, scope).cases == 30


def test_who_has_no_settled_leads_is_taken_for_his_parent() -> None:
    found = learned(known(2, 5, (0, 0, 0)), STEADY)
    assert found.rate == STEADY.rate
    assert found.delay == pytest.approx(STEADY.delay)
    assert found.hours == pytest.approx(STEADY.hours)


# ---------------------------------------------------------------------------- curve and profiles


def test_a_delay_leans_on_the_parents_as_on_a_hundred_cases() -> None:
    found = learned(known(22, 10, (0, 0, 5)), STEADY)
    assert found.delay == pytest.approx((50 / 200, 25 / 200, 125 / 200))


def test_only_settled_cohorts_of_the_history_count() -> None:
    old = triangle(TODAY - 90, [100] * 90, [(0, 0, 90)] * 28 + [(40, 0, 0)] * 60 + [(0, 0, 0)] * 2)
    found = learned(old)
    assert (found.rate, found.cases) == (0.4, 2_400)
    assert found.delay == (1.0, 0.0, 0.0)


def test_a_cohort_that_saw_a_bad_day_does_not_count() -> None:
    bad = TODAY - 30
    ages = [
        (40, 0, 0) if day not in range(bad - 2, bad + 1) else (0, 0, 0) for day in range(39, TODAY)
    ]
    cohorts = triangle(39, [100] * 62, ages)
    assert learned(cohorts, skip=frozenset({bad})).rate == 0.4
    assert learned(cohorts, skip=frozenset({bad})).cases == 57 * 40


def test_hours_are_business_hours_until_cases_say_more() -> None:
    assert [STEADY.hours[hour] for hour in (8, 9, 12, 17, 24)] == pytest.approx(
        [0, 1 / 9, 4 / 9, 1, 1]
    )
    at_noon = [100 if hour == 12 else 0 for hour in range(HOURS)]
    found = learn(known(62, 9, (1, 0, 0)), at_noon, TODAY, frozenset(), None, Scope.TEAM, POLICY)
    assert found is not None
    assert [found.hours[hour] for hour in (8, 11, 12, 17)] == pytest.approx(
        [0, 3 / 18, 4 / 18 + 1 / 2, 1]
    )
    child = learn(known(62, 9, (1, 0, 0)), at_noon, TODAY, frozenset(), found, Scope.TEAM, POLICY)
    assert child is not None
    assert child.hours[11] == pytest.approx(3 / 36)
    assert child.hours[12] - child.hours[11] == pytest.approx((1 / 2 + 1 / 18 + 1) / 2)


def test_weekdays_lean_on_the_parents_as_on_three_hundred_cases() -> None:
    rows = Rows([(0, 20, 10, 0.0), (0, 10, 10, 0.0), (3, 5, 10, 0.0)])
    assert rows.weekdays((2.0,) * 7) == pytest.approx(
        [(600 + 30) / 320, 2, 2, (600 + 5) / 310, 2, 2, 2]
    )
    assert rows.weekdays(()) == pytest.approx([40 / 30, 1, 1, 15 / 20, 1, 1, 1])


# ----------------------------------------------------------------------------- how days differ


def rows(counts: tuple[int, int], expected: float, certain: float = 0.0, days: int = 56) -> Rows:
    return Rows([(at % 7, counts[at % 2], expected, certain) for at in range(days)])


def test_the_spread_of_many_cases_is_by_moments() -> None:
    """Days of 800 and 1,200: a variance of 40,000, of which chance is 1,000."""
    spread = rows((800, 1200), 1000).spread((1.0,) * 7, 0.0)
    moments = (40_000 * 56 / 49 - 1_000) / 1_000**2
    assert spread == pytest.approx(moments, rel=0.02)
    more = rows((800, 1200), 1000, certain=900).spread((1.0,) * 7, 0.0)
    assert more == pytest.approx((40_000 * 56 / 49 - 100) / 1_000**2, rel=0.02)


def test_weekdays_are_no_spread() -> None:
    weekdays = (0.4, *(1.0,) * 5, 1.6)
    week = Rows([(at % 7, 1000 * weekdays[at % 7], 1000, 500) for at in range(56)])
    assert week.spread(weekdays, 0.0) < 0.001
    assert week.spread((1.0,) * 7, 0.0) > 0.05


def test_little_that_is_known_of_a_spread_leans_on_ten_per_cent() -> None:
    assert rows((0, 2), 1).spread((1.0,) * 7, 0.0) == pytest.approx(0.01, abs=0.01)
    few = rows((1, 1), 1).spread((1.0,) * 7, 0.0)
    assert 0.005 < few < 0.01
    assert rows((0, 2), 1).spread((1.0,) * 7, 0.3) == pytest.approx(0.3)


def test_very_uneven_days_are_believed_in_a_few_weeks() -> None:
    """Days of 2 and 14, where 8 are expected: half of it is no chance of Poisson's."""
    spread = rows((2, 14), 8).spread((1.0,) * 7, 0.0)
    moments = (36 * 56 / 49 - 8) / 64
    assert 0.6 * moments < spread < moments


def test_two_weeks_tell_nothing_of_a_spread() -> None:
    assert rows((0, 200), 100, days=14).spread((1.0,) * 7, 0.02) == 0.02
    assert rows((0, 200), 100, days=15).spread((1.0,) * 7, 0.02) > 0.1
    assert rows((0, 0), 0).spread((1.0,) * 7, 0.02) == 0.02


def test_days_are_no_evener_than_the_parents() -> None:
    assert rows((1000, 1000), 1000).spread((1.0,) * 7, 0.05) >= 0.05
