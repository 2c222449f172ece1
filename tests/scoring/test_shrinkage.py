"""Shrinkage: a share of few cases gets points near what is usual, one of many its own."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.catalogue import BUILT_IN, Catalogue
from scoring.evaluation import Evaluator
from scoring.kpi import Prior, Reading
from scoring.norms import Parts, PriorError
from scoring.notes import Norm, Share
from scoring.shrinkage import Told, shrink, shrunk
from scoring.totals import Totals
from tests.scoring.making import KOLKATA, at, day, reference

if TYPE_CHECKING:
    from scoring.score import Score

AUDIT = BUILT_IN.by_id["compliance.audit_result"]
ME, TEAM = "executive:E", "team:T"
AS_OF = at("2026-03-10T12:00")
shares = st.integers(1, 1000).flatmap(lambda n: st.builds(Share, st.integers(0, n), st.just(n)))


@given(shares, shares, st.integers(1, 500))
def test_a_shrunk_share_lies_between_itself_and_the_prior(
    own: Share, usual: Share, strength: int
) -> None:
    p = Fraction(usual.cases, usual.n)
    exact = (own.cases + strength * p) / (own.n + strength)
    found = shrunk(own, usual, strength)
    assert found == float(exact)
    assert min(Fraction(own.cases, own.n), p) <= exact <= max(Fraction(own.cases, own.n), p)


@given(st.integers(0, 50), st.integers(1, 50), st.integers(0, 60), st.integers(0, 60))
def test_the_rest_is_a_share_though_whole_and_part_are_of_different_moments(
    cases: int, n: int, part: int, part_n: int
) -> None:
    rest = Told(Share(min(cases, n), n), Share(part, part_n)).without(Share(0, 0))
    if n <= part_n:
        assert rest is None
    else:
        assert rest is not None
        assert 0 <= rest.cases <= rest.n == n - part_n


def test_the_value_stays_and_the_points_go_by_the_shrunk_share() -> None:
    reading = Reading(0.5, 5, 10, 10)
    found = shrink(AUDIT, reading, Told(Share(95, 110), Share(5, 10)))
    assert (found.value, found.numerator, found.denominator) == (0.5, 5, 10)
    assert found.judged == ((5 + 40 * 0.9) / 50, 10)
    assert found.companions == {"prior": 0.9, "scored_on": (5 + 40 * 0.9) / 50}


@pytest.mark.parametrize(
    ("told", "own"),
    [
        (None, Reading(0.5, 5, 10, 10)),
        (Told(Share(5, 10), Share(5, 10)), Reading(0.5, 5, 10, 10)),
        (Told(Share(5, 10), None), Reading(0.5, 5, 10, 10)),
    ],
)
def test_where_nothing_is_usual_a_share_stays_as_it_is(told: Told | None, own: Reading) -> None:
    found = shrink(AUDIT, own, told)
    assert found.companions == {"prior": None, "scored_on": 0.5}
    assert found.judged == (0.5, 10)


def test_what_is_undefined_is_not_made_up() -> None:
    found = shrink(AUDIT, Reading(None, 0, 0, 0), Told(Share(9, 10), Share(0, 0)))
    assert (found.value, found.judged) == (None, (None, 0))
    assert found.companions == {"prior": 0.9, "scored_on": None}


def test_a_kpi_without_a_prior_is_let_be() -> None:
    reading = Reading(0.5, 5, 10, 10)
    timely = BUILT_IN.by_id["reporting.timeliness"]
    assert shrink(timely, reading, Told(Share(9, 10), None)) is reading


def audited(*days: tuple[str, int, int]) -> Totals:
    totals = Totals()
    for each, checks, passed in days:
        totals.version += 1
        totals.add(day(each), {120: {"checks": checks, "checks.passed": passed}})
    return totals


def month(scores: list[Score]) -> Score:
    return next(score for score in scores if score.window == "month")


def test_a_mover_leaves_behind_what_he_did_before() -> None:
    """Of the 30 checks of his 10 days elsewhere nothing is in what is usual here, nor taken off."""
    known = reference(placements={"E": [("2026-01-01", "S", "B"), ("2026-03-05", "T", "B")]})
    evaluator = Evaluator(BUILT_IN, KOLKATA, 14, known)
    team = audited(("2026-03-02", 20, 18), ("2026-03-06", 10, 5))
    parts = Parts(BUILT_IN.prior_measures, team.books)
    parts.hear("executive:F", day("2026-03-02"), {120: {"checks": 20, "checks.passed": 18}})
    parts.hear(ME, day("2026-03-06"), {120: {"checks": 10, "checks.passed": 5}})
    norm = evaluator.norm(TEAM, team, parts, AS_OF)
    assert norm.parts is not None
    assert norm.parts[ME][AUDIT.id]["month"] == (5, 10)
    known.learn(norm.key, 1, norm)
    mine = audited(("2026-03-02", 30, 0), ("2026-03-06", 10, 5))
    found = month(evaluator.scores(ME, mine, AS_OF)).kpis[AUDIT.id]
    assert (found["value"], found["n"], found["prior"]) == (5 / 40, 40, 0.9)
    assert found["scored_on"] == pytest.approx((5 + 40 * 0.9) / 80)
    assert found["attainment"] == pytest.approx(5 / 40 / 0.97)


def test_kept_answers_do_not_outlive_what_is_usual() -> None:
    known = reference(placements={"E": [("2026-01-01", "T", "B")]})
    evaluator, mine = Evaluator(BUILT_IN, KOLKATA, 14, known), audited(("2026-03-02", 40, 40))
    found = []
    for version, cases in enumerate((36, 36, 30), start=1):
        whole = {AUDIT.id: {"month": Share(40 + cases, 80)}}
        norm = Norm(TEAM, whole, {ME: {AUDIT.id: {"month": Share(40, 40)}}})
        known.learn(norm.key, version, norm)
        score = month(evaluator.scores(ME, mine, AS_OF))
        found.append((score.kpis[AUDIT.id]["scored_on"], score.version))
    assert [on for on, _ in found] == [0.95, 0.95, 0.875]
    assert [version for _, version in found] == sorted({version for _, version in found})


def test_a_prior_names_what_its_cases_are_counted_in() -> None:
    silent = replace(AUDIT, prior=Prior(40))
    catalogue = Catalogue(BUILT_IN.kras, (silent,))
    evaluator, totals = Evaluator(catalogue, KOLKATA, 14, reference()), Totals()
    with pytest.raises(PriorError, match=r"read checks, checks\.passed, which no prior names"):
        evaluator.norm(TEAM, totals, Parts(catalogue.prior_measures, totals.books), AS_OF)
