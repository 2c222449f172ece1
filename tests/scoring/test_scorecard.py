"""Scorecard: weights fall on what has points, and too little is nothing."""

from __future__ import annotations

from dataclasses import replace
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.catalogue import BUILT_IN
from scoring.kpi import ALL_LEVELS, Kpi, Kra, Level
from scoring.scorecard import Overall, overall

SALES, LEADS = Kra("sales", "Sales", 25), Kra("leads", "Leads", 15)
TEMPLATE = BUILT_IN.kpis[0]


def kpi(identity: str, weight: int) -> Kpi:
    return replace(TEMPLATE, id=identity, weight=weight)


KPIS = (kpi("sales.volume", 60), kpi("sales.size", 40), kpi("leads.n", 50), kpi("leads.rate", 50))


def scored(**points: float | None) -> Overall:
    """Points by the KPI's name."""
    known = {kpi.id: points.get(kpi.id.partition(".")[2]) for kpi in KPIS}
    return overall((SALES, LEADS), KPIS, known)


def test_the_overall_is_the_weighted_mean_of_areas() -> None:
    total = scored(volume=100, size=50, n=40, rate=60)
    assert total.areas == {"sales": (80, 1, 0), "leads": (50, 1, 0)}
    assert total.score == pytest.approx((25 * 80 + 15 * 50) / 40)
    assert total.coverage == 1


def test_weight_without_points_falls_on_the_rest() -> None:
    total = scored(volume=100, n=40, rate=60)
    assert total.areas["sales"] == (100, 0.6, 0)
    assert total.score == pytest.approx((25 * 100 + 15 * 50) / 40)
    assert total.coverage == pytest.approx((25 * 0.6 + 15) / 40)


def test_an_area_with_under_half_of_its_weight_is_left_out() -> None:
    total = scored(size=90, n=40, rate=60)
    assert total.areas["sales"] == (None, 0.4, 0)
    assert total.score == 50
    assert total.coverage == pytest.approx((25 * 0.4 + 15) / 40)


def test_half_of_its_weight_is_enough_for_an_area() -> None:
    assert scored(volume=10, size=10, n=40).areas["leads"] == (40, 0.5, 0)


def test_an_overall_with_under_three_tenths_of_the_weight_is_undefined() -> None:
    total = scored(n=40)
    assert total.areas["leads"] == (40, 0.5, 0)
    assert total.coverage == pytest.approx(7.5 / 40)
    assert total.score is None


def test_three_tenths_of_the_weight_are_enough() -> None:
    kras, kpis = (Kra("a", "A", 3), Kra("b", "B", 7)), (kpi("a.x", 1), kpi("b.x", 1))
    assert overall(kras, kpis, {"a.x": 70}) == (70, 0.3, {"a": (70, 1, 0), "b": (None, 0, 0)}, 0)


def test_an_area_of_no_weight_has_a_score_but_no_say() -> None:
    campaigns = Kra("campaigns", "Campaigns", 0)
    kpis = (*KPIS, kpi("campaigns.leads", 10))
    points = {"campaigns.leads": 5.0, "sales.volume": 60.0, "sales.size": 60.0}
    total = overall((SALES, LEADS, campaigns), kpis, points)
    assert total.areas["campaigns"] == (5, 1, 0)
    assert total.score == 60
    assert total.coverage == pytest.approx(25 / 40)
    assert overall((campaigns,), kpis, points)[:2] == (None, 0)


def test_the_least_weight_is_enough_where_all_weigh_as_little() -> None:
    kras, kpis = (Kra("a", "A", 1), Kra("b", "B", 1)), (kpi("a.x", 1), kpi("b.x", 1))
    assert overall(kras, kpis, {"a.x": 70})[:2] == (70, 0.5)


def test_areas_without_kpis_do_not_apply() -> None:
    total = overall((SALES, LEADS), KPIS[:2], {"sales.volume": 60, "sales.size": 60})
    assert total == (60, 1, {"sales": (60, 1, 0)}, 0)
    assert overall((SALES, LEADS), (), {}) == (None, 0, {}, None)


def test_a_kpi_of_no_weight_does_not_count() -> None:
    assert not kpi("sales.shown", 0).scores_at(Level.TEAM)
    executives = replace(TEMPLATE, scored_levels=(Level.TEAM,))
    assert [level for level in ALL_LEVELS if executives.scores_at(level)] == [Level.TEAM]


@given(st.lists(st.none() | st.floats(0, 100), min_size=4, max_size=4))
def test_scores_stay_among_the_points(points: list[float | None]) -> None:
    total = overall((SALES, LEADS), KPIS, dict(zip((kpi.id for kpi in KPIS), points, strict=True)))
    known = [each for each in points if each is not None]
    assert 0 <= total.coverage <= 1
    if total.score is not None:
        assert min(known) - 1e-9 <= total.score <= max(known) + 1e-9


def test_errors_add_up_as_of_independent_points_under_their_weights() -> None:
    points = {kpi.id: 50.0 for kpi in KPIS}
    errors = {"sales.volume": 4.0, "leads.n": 6.0, "leads.rate": 8.0}
    total = overall((SALES, LEADS), KPIS, points, errors)
    variances = 0.6**2 * 16, 0.5**2 * 36 + 0.5**2 * 64
    assert total.error == pytest.approx(sqrt(25**2 * variances[0] + 15**2 * variances[1]) / 40)
    del points["leads.n"], points["leads.rate"]
    assert overall((SALES, LEADS), KPIS, points, errors).error == pytest.approx(0.6 * 4)
    assert overall((SALES, LEADS), KPIS, points).error == 0
    assert overall((SALES, LEADS), KPIS, {}, errors).error is None
