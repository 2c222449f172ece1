"""Explanation: parts that sum to the score, whatever has points and whatever has none."""

from __future__ import annotations

from statistics import NormalDist
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.catalogue import BUILT_IN
from scoring.explanation import Explanation, Shrunk, explain, wilson
from scoring.gate import Gate
from scoring.kpi import Level
from scoring.scorecard import overall, weights
from scoring.windows import Window
from tests.feed.scores import score

APPLYING = BUILT_IN.scored[Level.TEAM, Window.MONTH]
points = st.none() | st.floats(0, 100)
all_points = st.fixed_dictionaries({kpi.id: points for kpi in APPLYING})


def figures(got: float | None, **others: Any) -> dict[str, Any]:
    plain = {"value": got, "n": 40, "numerator": None, "denominator": None, "target": 1.0}
    return {**plain, "score": got, **others}


def explained(got: dict[str, float | None], **fields: Any) -> Explanation:
    total = overall(BUILT_IN.kras, APPLYING, got)
    kpis = {kpi: figures(each) for kpi, each in got.items()}
    return explain(score("team:T", total.score, kpis=kpis, **fields), BUILT_IN)


@given(all_points)
def test_weights_give_the_overall(got: dict[str, float | None]) -> None:
    total = overall(BUILT_IN.kras, APPLYING, got).score
    shares = weights(BUILT_IN.kras, APPLYING, got)
    if total is not None:
        assert sum(shares.values()) == pytest.approx(1)
        assert sum(share * (got[kpi] or 0) for kpi, share in shares.items()) == pytest.approx(total)


@given(all_points)
def test_contributions_sum_to_the_score_that_is_shown(got: dict[str, float | None]) -> None:
    found = explained(got)
    tenths = sum(round(each.contribution * 10) for each in found.contributions)
    assert [each.kpi for each in found.contributions] == [kpi.id for kpi in APPLYING]
    if found.score is None:
        assert tenths == 0
    else:
        assert tenths == pytest.approx(found.score * 10, abs=1e-6)


@given(all_points)
def test_no_contribution_is_off_by_a_tenth(got: dict[str, float | None]) -> None:
    found = explained(got)
    for each in found.contributions:
        assert abs(each.contribution - each.weight * (each.points or 0)) <= 0.1 + 1e-9


def test_the_lever_is_what_would_move_the_score_most() -> None:
    got: dict[str, float | None] = {kpi.id: 100.0 for kpi in APPLYING}
    assert explained(got).lever is None
    got["sales_targets.sales_volume"] = 0.0
    got["sales_targets.average_deal_size"] = 10.0
    found = explained(got)
    assert found.lever == "sales_targets.sales_volume"
    assert next(each for each in found.contributions if each.kpi == found.lever).potential > 0


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (figures(50.0), None),
        (figures(None), "undefined: there are no cases"),
        (figures(None, value=0.5, n=9), "too few cases: 9, at least 10 are needed"),
        (figures(None, value=0.5, n=10, target=None), "no target is set"),
    ],
)
def test_it_says_why_there_are_no_points(given: dict[str, Any], reason: str | None) -> None:
    rate = "lead_generation.conversion_rate"
    found = explain(score("team:T", 50.0, kpis={rate: given}), BUILT_IN)
    assert [each.reason for each in found.contributions] == [reason]


def test_a_share_of_cases_has_an_interval_and_nothing_else_has() -> None:
    rate, size = "lead_generation.conversion_rate", "sales_targets.average_deal_size"
    kpis = {
        rate: figures(50.0, value=0.08, numerator=8, denominator=100),
        size: figures(50.0, numerator=8, denominator=100),
    }
    found = {each.kpi: each for each in explain(score("team:T", kpis=kpis), BUILT_IN).contributions}
    assert found[rate].interval == wilson(8, 100)
    assert found[size].interval is None


def test_a_share_that_leans_on_others_says_how_far() -> None:
    rate, timely = "lead_generation.conversion_rate", "reporting.timeliness"
    cases = {"value": 0.1, "numerator": 1, "denominator": 10}
    leaning = figures(80.0, **cases, prior=0.08, scored_on=0.08125)
    alone = figures(90.0, **cases, prior=None, scored_on=0.1)
    by_kpi = [
        {each.kpi: each for each in explain(score("team:T", kpis=kpis), BUILT_IN).contributions}
        for kpis in ({rate: leaning, timely: figures(50.0, **cases)}, {rate: alone})
    ]
    assert by_kpi[0][rate].shrunk == Shrunk(prior=0.08, strength=150, scored_on=0.08125)
    assert (by_kpi[0][rate].value, by_kpi[0][rate].interval) == (0.1, wilson(1, 10))
    assert by_kpi[0][timely].shrunk is None
    assert by_kpi[1][rate].shrunk is None


@given(st.integers(1, 10_000), st.data())
def test_an_interval_holds_the_share_and_shrinks_with_cases(n: int, data: st.DataObject) -> None:
    cases = data.draw(st.integers(0, n))
    near, far = wilson(10 * cases, 10 * n), wilson(cases, n)
    assert 0 <= far.low <= cases / n <= far.high <= 1
    assert near.high - near.low < far.high - far.low


@pytest.mark.parametrize("n", [1, 10, 1000])
def test_an_interval_of_80_percent_is_that_of_wilson(n: int) -> None:
    z = NormalDist().inv_cdf(0.9)
    # Wilson (1927): the ends are the shares p whose own deviation is z from what was seen.
    for cases in (0, n // 2, n):
        for end in (wilson(cases, n).low, wilson(cases, n).high):
            if end not in (0.0, 1.0):
                off = (cases / n - end) ** 2
                assert off == pytest.approx(z * z * end * (1 - end) / n)


def test_the_gate_stands_beside_the_contributions() -> None:
    breach = Gate(60.0, 1, 0, 90.0)
    found = explained({kpi.id: 90.0 for kpi in APPLYING}, gate=breach)
    assert found.gate == breach
    assert msgspec.json.decode(msgspec.json.encode(found), type=Explanation) == found
