"""The alert of a KPI, beside figures made by hand."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from scoring.alerting.alert import Alert, Kind, Status, Worst
from scoring.alerting.course import Incident
from scoring.alerting.dating import Mark, Since, Walk
from scoring.alerting.figures import describe
from scoring.alerting.scopes import Scope
from scoring.alerting.usual import Usual
from tests.scoring.alerting.figures import AUDITS, MINUTE, NPS, TURNAROUND, VOLUME
from tests.scoring.making import day

if TYPE_CHECKING:
    from scoring.calendar import Day
    from scoring.kpi import Kpi

BEGAN = day("2026-03-02")
USUAL = Usual(since=0, level=0.123456, limit=0.1, cases=777, spread=0.0123456)
BUDGETS = dict.fromkeys(Scope, 1000.0) | {Scope.TEAM: 500.0}


def alert(
    kpi: Kpi,
    observed: float,
    expected: float,
    variance: float,
    cases: int,
    usual: Usual | None = USUAL,
    resolved: Day | None = None,
) -> Alert:
    """Of an incident of ten days, in which so much came of so many cases."""
    start = Mark(BEGAN, Walk(), 100.0, 90.0, 1_000, 50.0)
    end = Mark(
        BEGAN + 10, Walk(), 100.0 + observed, 90.0 + expected, 1_000 + cases, 50.0 + variance
    )
    incident = Incident(
        raised=BEGAN + 4,
        since=Since(start, BEGAN - 1, BEGAN + 2),
        end=end,
        worst=end,
        evidence=1234.5,
        of_sales=1.0,
        resolved=resolved,
    )
    assert kpi.watch is not None
    return describe("team:A", kpi, kpi.watch, incident, BUDGETS, usual)


def test_a_count_is_told_as_such_with_its_ratio() -> None:
    """Of an even Poisson count: Byar's interval of 80 is 63.4 to 99.6."""
    told = alert(VOLUME, 80, 100.04, 100.04, 80)
    assert (told.observed, told.expected, told.n, told.days) == (80, 100.0, 80, 10)
    assert (told.value, told.usual) == (None, None)
    assert told.ratio == 0.8
    assert told.ratio_low is not None
    assert told.ratio_low == pytest.approx(0.634, abs=0.002)
    assert told.ratio_high == pytest.approx(0.996, abs=0.002)
    assert told.kind is Kind.LOWER
    assert told.deviation == pytest.approx(-20.04 / sqrt(100.04), abs=0.001)
    uneven = alert(VOLUME, 80, 100, 400, 80)
    assert uneven.ratio_low is not None
    assert uneven.ratio_low < told.ratio_low
    assert "80 since 2026-03-02 where 100.0 were to be expected" in told.explanation


def test_one_that_recovers_tells_what_it_was_when_it_was_worst() -> None:
    assert alert(TURNAROUND, 5400 * MINUTE, 3600 * MINUTE, (600 * MINUTE) ** 2, 60).worst is None
    start = Mark(BEGAN, Walk(), 0.0, 0.0, 0, 0.0)
    worst = Mark(BEGAN + 3, Walk(5.0, 4.0), 60.0, 100.0, 60, 400.0)
    end = Mark(BEGAN + 4, Walk(2.5, 4.0), 130.0, 133.0, 130, 500.0)
    incident = Incident(
        BEGAN + 2, Since(start, BEGAN, BEGAN), None, end, worst, evidence=1e4, of_sales=1.0
    )
    assert VOLUME.watch is not None
    found = describe("team:A", VOLUME, VOLUME.watch, incident, BUDGETS, USUAL)
    assert (found.observed, found.expected, found.days) == (130, 133.0, 4)
    assert found.worst == Worst(
        until="2026-03-04",
        observed=60,
        expected=100.0,
        days=3,
        n=60,
        ratio=0.6,
        deviation=-2.0,
    )


def test_a_share_is_told_in_per_cent() -> None:
    told = alert(AUDITS, 80, 95, 4, 100)
    assert (told.value, told.usual) == (80.0, 95.0)
    assert told.deviation == -7.5
    assert told.ratio == 0.842
    assert "in 100 cases" in told.explanation


def test_a_mean_is_told_as_people_read_it_with_a_normal_interval() -> None:
    told = alert(TURNAROUND, 5400 * MINUTE, 3600 * MINUTE, (600 * MINUTE) ** 2, 60)
    assert (told.value, told.usual, told.unit) == (90.0, 60.0, " min")
    half = 1.96 * 600 / 3600
    assert told.ratio == 1.5
    assert told.ratio_low == pytest.approx(1.5 - half, abs=0.001)
    assert told.ratio_high == pytest.approx(1.5 + half, abs=0.001)
    assert (told.kind, told.deviation) == (Kind.HIGHER, 3.0)


def test_of_a_net_score_no_ratio_means_anything() -> None:
    told = alert(NPS, 20, 40, 100, 100)
    assert (told.ratio, told.ratio_low, told.ratio_high) == (None, None, None)
    assert (told.value, told.usual) == (20.0, 40.0)


@pytest.mark.parametrize("expected", [0.0, -3.0])
def test_where_nothing_was_expected_there_is_no_ratio(expected: float) -> None:
    assert alert(TURNAROUND, 60, expected, 9, 5).ratio is None
    little = alert(TURNAROUND, 0.5, 0.25, 9, 5)
    assert little.ratio == 2.0


def test_without_cases_there_is_no_value() -> None:
    told = alert(AUDITS, 0, 0, 0, 0)
    assert (told.value, told.usual, told.deviation) == (None, None, 0.0)


def test_it_says_where_since_when_and_by_what_promise() -> None:
    told = alert(VOLUME, 80, 100, 100, 80)
    assert told.id == f"team:A|{VOLUME.id}|2026-03-06"
    assert (told.entity, told.level, told.indicator) == ("team:A", Scope.TEAM, VOLUME.id)
    assert (told.raised, told.since, told.since_low, told.since_high) == (
        "2026-03-06",
        "2026-03-02",
        "2026-03-01",
        "2026-03-04",
    )
    assert (told.status, told.resolved) == (Status.FIRING, None)
    assert (told.evidence_days, told.budget_days) == (1230.0, 500.0)
    over = alert(VOLUME, 80, 100, 100, 80, resolved=BEGAN + 10)
    assert (over.status, over.resolved) == (Status.RESOLVED, "2026-03-12")


def test_it_says_what_is_normal_as_far_as_that_is_known() -> None:
    told = alert(VOLUME, 80, 100, 100, 80)
    assert (told.baseline, told.baseline_cases, told.spread) == (0.1235, 777, 0.0123)
    unknown = alert(VOLUME, 80, 100, 100, 80, usual=None)
    assert (unknown.baseline, unknown.baseline_cases, unknown.spread) == (0.0, 0, 0.0)
    assert unknown == replace(told, baseline=0.0, baseline_cases=0, spread=0.0)
