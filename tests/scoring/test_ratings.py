"""KPIs of people on a scene small enough to work out by hand."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.calendar import PaneAt
from scoring.kpi import Judged
from scoring.windows import Panes
from tests.scoring.test_formulas import TODAY, WEEK, on_edges, read

if TYPE_CHECKING:
    from scoring.kpi import Reading

STARS = {
    "crm.service_rating": "stars.service",
    "cross_selling.product_satisfaction": "stars.product",
    "development.mentor_rating": "stars.mentor",
    "collaboration.peer_rating": "stars.peer",
}


def parts(reading: Reading) -> tuple[object, ...]:
    return reading.value, reading.numerator, reading.denominator, reading.n


@pytest.mark.parametrize(
    ("promoters", "detractors", "value"), [(2, 1, 100 / 3), (0, 3, -100), (3, 0, 100), (1, 1, 0)]
)
def test_nps(promoters: int, detractors: int, value: float) -> None:
    slots = {"nps": 3, "nps.promoters": promoters, "nps.detractors": detractors}
    reading = read("crm.nps", *on_edges(WEEK, slots))
    assert parts(reading) == (value, 2 * (promoters - detractors), 6, 6)


@pytest.mark.parametrize(("kpi", "measure"), STARS.items())
def test_mean_of_stars(kpi: str, measure: str) -> None:
    stars = {f"{measure}|5": 2, f"{measure}|2": 1}
    others = {f"{other}|1": 9 for other in STARS.values() if other != measure}
    assert parts(read(kpi, *on_edges(WEEK, {**stars, **others}))) == (4, 24, 6, 6)


def test_knowledge_score() -> None:
    slots = {"assessments": 3, "assessed|5000": 4500, "assessed|4000": 3000}
    reading = read("compliance.knowledge_score", *on_edges(WEEK, slots))
    assert parts(reading) == (55, 330, 6, 6)


def test_nothing_scored_in_a_test_is_zero() -> None:
    assert parts(read("compliance.knowledge_score", (TODAY, {"assessments": 2}))) == (0, 0, 2, 2)


@given(
    st.lists(
        st.tuples(st.integers(1, 10**6), st.sampled_from((3, 700, 1_100, 1_300))),
        min_size=1,
        max_size=20,
    )
)
def test_a_knowledge_score_is_the_float_nearest_the_exact_mean(
    tests: list[tuple[int, int]],
) -> None:
    filled = [(TODAY, {"assessments": 1, f"assessed|{highest}": n}) for n, highest in tests]
    exact = sum(Fraction(100 * n, highest) for n, highest in tests) / len(tests)
    assert read("compliance.knowledge_score", *filled).value == float(exact)


def test_audit_result_weighs_checks_not_audits() -> None:
    filled = [(TODAY, {"checks": 20, "checks.passed": 19}), (TODAY, {"checks": 5})]
    assert parts(read("compliance.audit_result", *filled)) == (19 / 25, 19, 25, 25)


def test_violations_avoided_are_judged_by_the_catch_rate() -> None:
    slots = {"violations.avoided": 3, "violations.recorded": 1}
    reading = read("compliance.violations_avoided", *on_edges(WEEK, slots))
    assert parts(reading) == (6, None, None, 6)
    assert reading.companions == {"recorded": 2, "catch_rate": 0.75}
    assert reading.judged == Judged(0.75, 8)


def test_without_violations_there_is_no_catch_rate() -> None:
    reading = read("compliance.violations_avoided")
    assert reading.companions == {"recorded": 0, "catch_rate": None}
    assert reading.judged == Judged(None, 0)


@pytest.mark.parametrize(
    ("kpi", "hours", "n"),
    [("compliance.training_hours", 9.02, 6), ("cross_selling.training_hours", 0.5, 2)],
)
def test_training_hours_by_area(kpi: str, hours: float, n: int) -> None:
    slots = {
        "trainings|product": 1,
        "training_hours|product": 150,
        "trainings|compliance": 2,
        "training_hours|compliance": 301,
        "trainings|cross_selling": 1,
        "training_hours|cross_selling": 25,
        "trainings|sales": 5,
        "training_hours|sales": 900,
    }
    assert parts(read(kpi, *on_edges(WEEK, slots))) == (hours, None, None, n)


def test_training_participation() -> None:
    slots = {"enrolments": 4, "enrolments.completed": 3, "certifications": 1}
    reading = read("development.training_participation", *on_edges(WEEK, slots))
    assert parts(reading) == (0.75, 6, 8, 8)
    assert reading.companions == {"certifications": 2}


@pytest.mark.parametrize(
    ("kpi", "measure"),
    [("development.readings", "readings"), ("collaboration.joint_initiatives", "initiatives")],
)
def test_what_is_read_or_done_together_is_distinct(kpi: str, measure: str) -> None:
    filled = (
        (WEEK.first - 1, {f"{measure}#0": 1}),
        (WEEK.first, {f"{measure}#1": 2, f"{measure}#2|#": 1}),
        (WEEK.last, {f"{measure}#1": 1}),
    )
    assert parts(read(kpi, *filled)) == (2, None, None, 2)


def test_team_building_may_pass_one() -> None:
    filled = on_edges(WEEK, {"attendances": 3, "invitations": 2})
    assert parts(read("collaboration.team_building", *filled)) == (1.5, 6, 4, 4)


def test_windows_within_a_day_have_them_too() -> None:
    span = Panes(hourly=True, panes=(PaneAt(TODAY, 0),))
    slots = {"stars.peer|3": 1, "assessments": 1, "assessed|100": 50, "readings#A": 1}
    filled = [(TODAY, slots), (TODAY - 1, {"stars.peer|1": 9, "readings#B": 1})]
    values = [
        read(kpi, *filled, span=span).value
        for kpi in (
            "collaboration.peer_rating",
            "compliance.knowledge_score",
            "development.readings",
        )
    ]
    assert values == [3, 50, 1]
