"""Attainment of sales targets, its pace, and that of teams against their members."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.business import BusinessWeek
from scoring.catalogue import BUILT_IN
from scoring.evaluation import Evaluator
from scoring.notes import TeamSales
from scoring.pace import pace
from scoring.team_sales import SalesOfTeams
from scoring.totals import Totals
from scoring.windows import Days, period
from tests.scoring.making import KOLKATA, at, day, reference

if TYPE_CHECKING:
    from scoring.reference import Reference
    from scoring.score import Figures

VOLUME = "sales_targets.sales_volume"
ATTAINMENT, TEAM = "reporting.target_attainment", "collaboration.team_vs_individual"
#: 22 business days; it begins on a Sunday.
MARCH = period("2026-03")
#: A Tuesday; six business days are over, and 16 are to come with it.
TODAY = day("2026-03-10")
PLACED = {
    "E-1": [("2026-01-01", "T-1", "B-1")],
    "E-2": [("2026-01-01", "T-1", "B-1"), ("2026-03-10", "T-2", "B-1")],
}


def figures(kpi: str, known: Reference, entity: str, sold: dict[str, int]) -> dict[str, Figures]:
    """A KPI's figures by window after sales in minor units by day, of one loan each."""
    totals = Totals()
    for each, volume in sold.items():
        totals.add(day(each), {0: {"volume": volume, "loans": 1}})
    scores = Evaluator(BUILT_IN, KOLKATA, 14, known).scores(entity, totals, at("2026-03-10T12:00"))
    return {s.window: s.kpis[kpi] for s in scores if kpi in s.kpis}


def test_attainment_is_sales_over_the_target_of_the_windows_days() -> None:
    targets = [("executive:E-1", VOLUME, "2026-03", 2200), ("executive:E-1", VOLUME, "2026-02", 1)]
    known = reference(placements=PLACED, targets=targets)
    found = figures(ATTAINMENT, known, "executive:E-1", {"2026-03-03": 10_000, "2026-03-10": 5_00})
    assert {
        window: (each["value"], each["denominator"], each["n"]) for window, each in found.items()
    } == {
        "7d": (5 / 500, 500, 1),
        "28d": (105 / 700.65, 700.65, 2),
        "week": (5 / 200, 200, 1),
        "month": (105 / 700, 700, 2),
        "quarter": (105 / 701, 701, 2),
    }
    assert found["month"]["score"] is not None
    assert not BUILT_IN.by_id[ATTAINMENT].weight
    assert "pace" in found["month"]
    assert "pace" in found["quarter"]
    assert "pace" not in found["week"]


def test_a_month_like_its_first_days_ends_where_they_say() -> None:
    # Six business days of 100, one of them with a Saturday's 30.
    known = reference(placements=PLACED, targets=[("executive:E-1", VOLUME, "2026-03", 2200)])
    days = [f"2026-03-0{n}" for n in (2, 3, 4, 5, 9)]
    sold = dict.fromkeys(days, 10_000) | {"2026-03-06": 7_000, "2026-03-07": 3_000}
    steady = figures(ATTAINMENT, known, "executive:E-1", sold)["month"]
    assert (steady["pace"], steady["pace_low"], steady["pace_high"]) == (1, 1, 1)
    assert (steady["denominator"], steady["period_target"]) == (700, 2200)
    more = figures(ATTAINMENT, known, "executive:E-1", {**sold, "2026-03-10": 32_000})["month"]
    assert more["pace"] == (2200 + 220) / 2200
    none = figures(ATTAINMENT, reference(placements=PLACED), "executive:E-1", sold)["month"]
    assert (none["pace"], none["pace_low"], none["pace_high"]) == (None, None, None)
    assert none["period_target"] is None


def test_an_interval_grows_with_how_much_days_differ() -> None:
    daily, so_far = [0, 8, 12, 10, 8, 12, 0, 0, 10, 0], Days(MARCH.first, TODAY)
    forecast = pace(daily, so_far, MARCH, BusinessWeek())
    assert forecast is not None
    assert forecast.expected == 60 + 16 * 10
    # Six days, of which four are 2 off the mean: a variance of 16 / 5.
    spread = 1.2815515655446 * sqrt(16 / 5 * 16 * (1 + 16 / 6))
    assert float(forecast.high - forecast.expected) == pytest.approx(spread)
    assert float(forecast.expected - forecast.low) == pytest.approx(spread)


@pytest.mark.parametrize(("today", "said"), [("2026-03-04", False), ("2026-03-05", True)])
def test_a_pace_needs_three_business_days(today: str, *, said: bool) -> None:
    so_far = Days(MARCH.first, day(today))
    assert (pace([5] * so_far.length, so_far, MARCH, BusinessWeek()) is not None) is said


@given(st.lists(st.integers(0, 10**9), min_size=31, max_size=31), st.integers(6, 31))
def test_a_forecast_is_no_less_than_what_is_sold(daily: list[int], length: int) -> None:
    so_far = Days(MARCH.first, MARCH.first + length - 1)
    forecast = pace(daily[:length], so_far, MARCH, BusinessWeek())
    assert forecast is not None
    assert sum(daily[:length]) <= forecast.low <= forecast.expected <= forecast.high
    if not any(BusinessWeek().is_business_day(each) for each in range(so_far.last, MARCH.last + 1)):
        assert forecast.low == forecast.high


def test_a_team_is_measured_by_the_targets_of_its_members() -> None:
    targets = [(f"executive:E-{n}", VOLUME, "2026-03", 2200 * n) for n in (1, 2)]
    known = reference(placements=PLACED, targets=[*targets, ("team:T-1", VOLUME, "2026-03", 1)])
    sold = {"2026-03-03": 10_000, "2026-03-10": 50_000}
    team = figures(TEAM, known, "team:T-1", sold)["month"]
    # E-2 counts until the 9th: 6 of the 7 business days.
    assert (team["value"], team["denominator"]) == (600 / (700 + 1200), 1900)
    company = figures(TEAM, known, "company:company", sold)["month"]
    assert (company["value"], company["denominator"]) == (600 / 2100, 2100)
    assert figures(TEAM, known, "team:T-9", sold)["month"]["value"] is None


def test_what_teams_sold_is_as_last_told_and_every_question_is_counted() -> None:
    sales, march = SalesOfTeams(), Days(day("2026-03-01"), day("2026-03-31"))
    for version, volume in enumerate((10_000, 25_000), start=1):
        sales.learn(TeamSales("T-1", march.last, volume, version), 1)
    sales.learn(TeamSales("T-1", march.last + 1, 500, 1), 3)
    assert sales.over("T-1", march) == (25_000, 2)
    assert sales.over("T-2", march) == (0, 0)
    assert (sales.version_of("T-1"), sales.version_of("T-2"), sales.version) == (5, 0, 5)
    assert sales.asked == 2


def test_an_executive_shows_his_teams_figure_of_today() -> None:
    notes = [
        TeamSales("T-1", day("2026-03-03"), 10_000, 1),
        TeamSales("T-2", day("2026-03-04"), 20_000, 2),
        TeamSales("unplaced", day("2026-02-10"), 30_000, 3),
    ]
    targets = [(f"executive:E-{n}", VOLUME, "2026", 261) for n in (1, 2, 3)]
    known = reference(placements=PLACED, targets=targets, notes=notes)
    found = {n: figures(TEAM, known, f"executive:E-{n}", {"2026-03-02": 1}) for n in (1, 2, 3)}
    values = {n: (each["month"]["value"], each["month"]["n"]) for n, each in found.items()}
    # Until the 9th E-2 has his target in T-1; E-3 was never placed.
    assert values == {1: (100 / 13, 1), 2: (200 / 1, 2), 3: (0, 0)}
    assert found[3]["month"]["previous"] == 300 / 7
