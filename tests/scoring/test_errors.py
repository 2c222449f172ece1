"""Errors: what chance may have done to points, and to an overall."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

import pytest

from scoring.catalogue import BUILT_IN, Catalogue
from scoring.errors import error_of_points
from scoring.evaluation import Evaluator
from scoring.kpi import Judged, Reading
from scoring.totals import Totals
from tests.scoring.making import KOLKATA, at, day, reference

if TYPE_CHECKING:
    from scoring.score import Score

AUDIT = BUILT_IN.by_id["compliance.audit_result"]
TIMELY = BUILT_IN.by_id["reporting.timeliness"]
VOLUME = BUILT_IN.by_id["sales_targets.sales_volume"]
RATING = BUILT_IN.by_id["crm.service_rating"]


def test_a_shrunk_share_has_the_error_of_its_beta_distribution() -> None:
    mean = (57 + 40 * 0.95) / 100
    leaning = Reading(0.95, 57, 60, 60, judged=Judged(mean, 60), companions={"prior": 0.95})
    slope = 80 / (0.97 - 0.90)
    expected = slope * sqrt(0.95 * 0.05 / 101)
    upper = 80 + 20 * (mean + sqrt(0.95 * 0.05 / 101) - 0.97) / 0.03
    lower = slope * (mean - sqrt(0.95 * 0.05 / 101) - 0.90)
    found = error_of_points(AUDIT, leaning, 0.97)
    assert found == pytest.approx((upper - lower) / 2)
    assert found == pytest.approx(expected, rel=0.5)


def test_a_share_alone_has_the_error_after_jeffreys_prior() -> None:
    error = sqrt((85 + 0.5) / 101 * (1 - 85.5 / 101) / 102)
    found = error_of_points(TIMELY, Reading(0.85, 85, 100, 100), 0.95)
    assert found == pytest.approx(error * 80 / (0.95 - 0.7))


def test_more_cases_err_less() -> None:
    few, many = (
        error_of_points(TIMELY, Reading(0.85, n * 17 // 20, n, n), 0.95) for n in (20, 200)
    )
    assert 0 < many < few


def test_a_flow_errs_like_a_poisson_process() -> None:
    # Between 0.5 and 0.8 of the target, 0.3 of it is 35 points; 25 loans err by a fifth.
    found = error_of_points(VOLUME, Reading(6500.0, n=25), 10_000)
    assert found == pytest.approx((60 - 25) / 0.3 * 0.65 / 5, rel=0.2)
    assert error_of_points(VOLUME, Reading(6500.0, n=2500), 10_000) == pytest.approx(
        35 / 0.3 * 0.65 / 50
    )


@pytest.mark.parametrize(
    ("reading", "target"),
    [(Reading(None, 0, 0, 0), 0.95), (Reading(0.2, 2, 10, 10), None)],
)
def test_without_points_there_is_no_error(reading: Reading, target: float | None) -> None:
    assert error_of_points(TIMELY, reading, target) == 0


def test_what_has_no_known_spread_counts_as_exact() -> None:
    assert error_of_points(RATING, Reading(4.0, 40, 10, 10), 4.3) == 0
    assert error_of_points(VOLUME, Reading(0.0, n=0), 10_000) == 0
    assert error_of_points(VOLUME, Reading(90_000.0, n=9), 10_000) == 0


#: What is sold and what is audited, and nothing else.
CATALOGUE = Catalogue(
    tuple(kra for kra in BUILT_IN.kras if kra.id in (VOLUME.kra, AUDIT.kra)), (VOLUME, AUDIT)
)


def month(slots: dict[str, int]) -> Score:
    known = reference(
        placements={"E": [("2026-01-01", "T", "B")]},
        targets=[("executive:E", VOLUME.id, "2026-03", 22_000)],
    )
    totals = Totals()
    totals.add(day("2026-03-02"), {120: slots})
    found = Evaluator(CATALOGUE, KOLKATA, 14, known).scores(
        "executive:E", totals, at("2026-03-10T12:00")
    )
    return next(score for score in found if score.window == "month")


GOOD = {"loans": 9, "volume": 500_000, "checks": 100, "checks.passed": 98}


def test_an_overall_has_an_error_and_what_is_undefined_has_none() -> None:
    found = month(GOOD)
    by_hand = [
        weight / 37 * error_of_points(kpi, reading, target)
        for kpi, weight, reading, target in (
            (VOLUME, 25, Reading(5000.0, n=9), 7000),
            (AUDIT, 12, Reading(0.98, 98, 100, 100), 0.97),
        )
    ]
    assert found.error == pytest.approx(sqrt(sum(error**2 for error in by_hand)))
    nothing = month({"checks": 1})
    assert (nothing.score, nothing.error) == (0, 0)
    assert (
        Evaluator(BUILT_IN, KOLKATA, 14, reference())
        .scores("executive:E", Totals(), at("2026-03-10T12:00"))[0]
        .error
        is None
    )


def test_a_cap_leaves_no_room_above_it() -> None:
    breach, free = month({**GOOD, "critical_violations": 1}), month(GOOD)
    assert free.score is not None
    assert free.error is not None
    assert breach.score == 60 < free.score
    assert breach.error == pytest.approx(max(60 - (free.score - free.error), 0) / 2)
