"""Cohorts of a few leads, counted by hand."""

from __future__ import annotations

from scoring.alerting.cohorts import HOURS, cohorts, hours, triangle
from scoring.alerting.stages import Stage
from scoring.cells import WHOLE_DAY
from scoring.slots import LEADS, keyed
from scoring.totals import Totals
from scoring.windows import Days

#: Five days of leads; who reached the stage at ages of 0, 1 and 2 days.
LEADS_BY_DAY = [10, 20, 30, 40, 50]
REACHED = [(1, 2, 3), (4, 5, 6), (7, 8, 9), (10, 11, 12), (13, 14, 15)]
FIRST = 100
KNOWN = triangle(FIRST, LEADS_BY_DAY, REACHED)


def test_the_horizon_is_the_largest_age() -> None:
    assert KNOWN.horizon == 2


def test_what_is_left_shrinks_with_age() -> None:
    assert KNOWN.left[1] == (20, 16, 11, 5)


def test_a_day_sees_each_young_cohort_at_its_age() -> None:
    for later in (0, 1, 2):
        assert KNOWN.observed(FIRST + 2 + later) == [3 + 3 * later, 5 + 3 * later, 7 + 3 * later]
    assert KNOWN.open(FIRST + 2) == [10 - 1 - 2, 20 - 4, 30]


def test_before_the_first_cohort_there_was_nobody() -> None:
    assert KNOWN.observed(FIRST + 1) == [0, 2, 4]
    assert KNOWN.open(FIRST) == [0, 0, 10]
    assert KNOWN.observed(FIRST - 1) == [0, 0, 0]
    assert KNOWN.observed(FIRST - 9) == [0, 0, 0]


def test_cohorts_since_a_day_are_the_later_ones() -> None:
    later = KNOWN.since(FIRST + 2)
    assert (later.first, later.leads, later.reached) == (FIRST + 2, [30, 40, 50], REACHED[2:])
    assert later.observed(FIRST + 4) == KNOWN.observed(FIRST + 4)
    assert KNOWN.since(FIRST) == KNOWN
    assert KNOWN.since(FIRST - 5) == KNOWN


def test_the_past_is_the_same_as_long_as_nothing_of_it_changes() -> None:
    today = FIRST + 3

    def changed(day: int, age: int) -> bool:
        ages = [list(each) for each in REACHED]
        ages[day][age] += 1
        return triangle(FIRST, LEADS_BY_DAY, ages).until(today) != KNOWN.until(today)

    happened = {(day, age) for day in range(5) for age in range(3) if day + age <= 3}
    assert {(day, age) for day in range(5) for age in range(3) if changed(day, age)} == happened
    more = [10, 20, 30, 41, 50]
    assert triangle(FIRST, more, REACHED).until(today) != KNOWN.until(today)
    assert triangle(FIRST, [*LEADS_BY_DAY[:4], 9], REACHED).until(today) == KNOWN.until(today)
    assert triangle(FIRST + 1, LEADS_BY_DAY, REACHED).until(today + 1) != KNOWN.until(today)


def test_cohorts_are_read_from_an_entitys_totals() -> None:
    totals = Totals()
    for at, (n, ages) in enumerate(zip(LEADS_BY_DAY, REACHED, strict=True)):
        slots = {keyed(Stage.APPLIED.by_age, str(age)): n for age, n in enumerate(ages)}
        noon = keyed(Stage.APPLIED.by_hour, str(at * 6))
        totals.add(FIRST + at, {WHOLE_DAY: {LEADS: n, noon: n, **slots}})
    days = Days(FIRST, FIRST + 4)
    assert cohorts(totals, Stage.APPLIED, days, 2).leads == LEADS_BY_DAY
    assert cohorts(totals, Stage.APPLIED, days, 2).reached == REACHED
    longer = cohorts(totals, Stage.APPLIED, days, 3)
    assert longer.reached == [(*ages, 0) for ages in REACHED]
    by_hour = {0: 10, 6: 20, 12: 30, 18: 40, 24: 50}
    assert hours(totals, Stage.APPLIED, days) == [by_hour.get(hour, 0) for hour in range(HOURS)]
