"""Points: documented knots, clamped, and never better for doing worse."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.points import (
    ATTAINMENT,
    Band,
    CappedFlow,
    Curve,
    Flow,
    LowerIsBetter,
    Rate,
    Rating,
    Signed,
    interpolate,
)

values = st.floats(-1e9, 1e9)
targets = st.floats(0.01, 1e9)
rates = st.floats(-1, 3)

SIGNED = Signed(((-0.2, 0), (0, 50), (0.1, 80), (0.2, 100)))
BAND = Band(((0.6, 0), (0.9, 100), (1.3, 100), (1.8, 0)))
RATE = Rate(floor=0.02, ceiling=0.16)


@pytest.mark.parametrize(
    ("attainment", "points"),
    [
        *((-1, 0), (0, 0), (0.25, 12.5), (0.5, 25), (0.65, 42.5), (0.8, 60)),
        *((0.9, 70), (1, 80), (1.1, 90), (1.2, 100), (5, 100)),
    ],
)
def test_attainment_has_the_documented_knots(attainment: float, points: float) -> None:
    assert interpolate(ATTAINMENT, attainment) == pytest.approx(points)
    assert Flow().points(attainment * 50, 50) == pytest.approx(points)


@pytest.mark.parametrize(
    ("curve", "value", "points"),
    [
        *((RATE, 0.01, 0), (RATE, 0.02, 0), (RATE, 0.05, 40), (RATE, 0.08, 80)),
        *((RATE, 0.12, 90), (RATE, 0.16, 100), (RATE, 0.5, 100)),
        *((SIGNED, -0.3, 0), (SIGNED, 0, 50), (SIGNED, 0.05, 65), (SIGNED, 0.3, 100)),
    ],
)
def test_rates_and_signed_values(curve: Curve, value: float, points: float) -> None:
    assert curve.points(value, 0.08) == pytest.approx(points)


@pytest.mark.parametrize(
    ("value", "points"), [(0, 0), (60, 0), (75, 50), (90, 100), (130, 100), (155, 50), (180, 0)]
)
def test_a_band_is_best_near_the_target(value: float, points: float) -> None:
    assert BAND.points(value, 100) == pytest.approx(points)


@pytest.mark.parametrize(
    ("value", "points"), [(0, 100), (80, 100), (100, 80), (120, 60), (150, 25), (200, 0), (900, 0)]
)
def test_lower_is_better_mirrors_attainment(value: float, points: float) -> None:
    assert LowerIsBetter().points(value, 100) == pytest.approx(points)


@pytest.mark.parametrize(
    ("attainment", "points"), [(0, 0), (0.5, 25), (0.8, 60), (0.9, 80), (1, 100), (7, 100)]
)
def test_a_capped_flow_is_best_at_its_target(attainment: float, points: float) -> None:
    assert CappedFlow().points(attainment * 50, 50) == pytest.approx(points)


@pytest.mark.parametrize(
    ("stars", "points"), [(1, 0), (2.5, 25), (3.4, 60), (4, 80), (4.6, 100), (5, 100)]
)
def test_ratings_count_from_one_star(stars: float, points: float) -> None:
    assert Rating().points(stars, 4) == pytest.approx(points)


@pytest.mark.parametrize("target", [None, 0, 1])
def test_a_rating_needs_a_target_above_one_star(target: float | None) -> None:
    assert Rating().points(4, target) is None


@given(values, values, targets)
def test_more_is_never_worse(one: float, two: float, target: float) -> None:
    less, more = sorted((one, two))
    for curve in (Flow(), CappedFlow(), SIGNED):
        low, high = curve.points(less, target), curve.points(more, target)
        assert low is not None
        assert high is not None
        assert 0 <= low <= high <= 100
    high, low = (LowerIsBetter().points(value, target) for value in (less, more))
    assert low is not None
    assert high is not None
    assert 0 <= low <= high <= 100


@given(rates, rates, rates)
def test_a_higher_rate_is_never_worse(one: float, two: float, target: float) -> None:
    low, high = (RATE.points(value, target) for value in sorted((one, two)))
    assert low is not None
    assert high is not None
    assert 0 <= low <= high <= 100


@given(values, targets)
def test_points_are_clamped(value: float, target: float) -> None:
    points = BAND.points(value, target)
    assert points is not None
    assert 0 <= points <= 100


@pytest.mark.parametrize("target", [0.02, 0.01, 0.16, 0.9])
def test_a_rate_whose_target_leaves_no_room_is_reached_or_not(target: float) -> None:
    assert RATE.points(target, target) == 100
    assert RATE.points(target - 0.001, target) == 0


@pytest.mark.parametrize("target", [None, 0, 0.0])
def test_nothing_to_attain_gives_no_points(target: float | None) -> None:
    for curve in (Flow(), CappedFlow(), BAND, LowerIsBetter()):
        assert curve.points(5, target) is None
    assert RATE.points(0.05, None) is None


def test_signed_values_need_no_target() -> None:
    assert SIGNED.points(0.1, None) == 80
