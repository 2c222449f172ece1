"""What is learned of cohorts whose truth is known."""

from __future__ import annotations

import pytest

from scoring.alerting.baseline import Baseline, learn
from scoring.alerting.cohorts import HOURS, Cohorts, triangle
from scoring.alerting.policy import Policy
from scoring.alerting.scopes import Scope

POLICY = Policy(horizon=3, history=60)
#: Of 100 leads, by age.
AGES = (20, 10, 8, 2)
DAYS = 70


def steady(leads: int = 100, times: int = 1) -> Cohorts:
    return triangle(1, [leads] * DAYS, [[n * times for n in AGES]] * DAYS)


def learned(
    known: Cohorts, parent: Baseline | None = None, skip: frozenset[int] = frozenset()
) -> Baseline:
    hours = [0] * 10 + [50, 50] + [0] * (HOURS - 12)
    found = learn(known, hours, 1 + DAYS, skip, parent, Scope.TEAM, POLICY)
    assert found is not None
    return found


def test_a_steady_floor_is_learned_as_it_is() -> None:
    found = learned(steady())
    assert found.rate == pytest.approx(0.4)
    assert found.rate * 0.98 < found.low < found.rate
    assert found.delay == pytest.approx((0.5, 0.25, 0.2, 0.05))
    assert found.weekdays == pytest.approx((1,) * 7, abs=0.02)
    assert found.cases == 60 * 40
    assert found.spread < 0.002


def test_what_is_expected_of_a_steady_floor_is_what_comes() -> None:
    known = steady()
    found = learned(known)
    expected = sum(found.expect(60, known.open(60))) * found.rate / found.low
    assert expected == pytest.approx(40, rel=0.02)


def test_hazards_are_of_leads_that_are_still_open() -> None:
    low, (first, second, *_) = 0.4, learned(steady()).hazards
    assert first == pytest.approx(low * 0.5, rel=0.03)
    assert second == pytest.approx(low * 0.25 / (1 - low * 0.5), rel=0.03)


def test_little_history_leans_on_the_parent() -> None:
    parent = learned(steady())
    few = triangle(1, [0] * 68 + [5, 5], [[0] * 4] * DAYS)
    child = learned(few, parent)
    assert child.rate == pytest.approx(parent.rate)
    assert child.low < parent.low
    assert child.delay == pytest.approx(parent.delay)
    better = learned(steady(times=2), parent)
    assert parent.rate < better.rate < 0.8


def test_without_a_parent_too_few_cases_teach_nothing() -> None:
    few = triangle(1, [1] * DAYS, [[0] * 4] * DAYS)
    assert learn(few, [0] * HOURS, 1 + DAYS, frozenset(), None, Scope.COMPANY, POLICY) is None


def test_days_that_were_not_normal_teach_nothing() -> None:
    ages = [list(AGES) if day < 30 or day >= 40 else [0] * 4 for day in range(1, DAYS + 1)]
    known = triangle(1, [100] * DAYS, ages)
    assert learned(known, skip=frozenset(range(30, 40))).rate == pytest.approx(0.4)
    assert learned(known).rate < 0.38


def test_quiet_sundays_are_expected() -> None:
    quiet = [[0, *AGES[1:]] if day % 7 == 0 else list(AGES) for day in range(1, DAYS + 1)]
    found = learned(triangle(1, [100] * DAYS, quiet))
    assert found.weekdays[6] < 0.6
    assert min(found.weekdays[:6]) > 0.9


def test_hours_say_how_much_of_a_day_should_have_come() -> None:
    found = learned(steady())
    assert found.passed(0) == 0
    assert found.passed(24) == pytest.approx(1)
    assert found.passed(11.0) - found.passed(10.0) > 0.2
    passed = [found.passed(quarter / 4) for quarter in range(97)]
    assert passed == sorted(passed)
