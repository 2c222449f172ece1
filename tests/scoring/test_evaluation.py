"""Evaluation: figures around a value, on one executive's March."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.catalogue import BUILT_IN, Catalogue
from scoring.evaluation import Evaluator
from scoring.kpi import Kra
from scoring.notes import Target
from scoring.ranking import ranks
from scoring.score import Score
from scoring.totals import Totals
from tests.scoring.making import KOLKATA, at, day, reference

ME = "executive:E"
AS_OF = at("2026-03-10T12:00")
VOLUME, DEALS = "sales_targets.sales_volume", "sales_targets.average_deal_size"
CONVERSION, GROWTH = "lead_generation.conversion_rate", "campaigns.lead_growth"
KNOWN = reference(
    placements={"E": [("2026-01-01", "T", "B")]},
    targets=[(ME, VOLUME, "2026-03", 22_000), ("team:T", DEALS, "2026", 2_000)],
)


def sold(*days: str, volume: int = 100_000) -> Totals:
    """One loan of a volume, in minor units, at noon of each day."""
    totals = Totals()
    totals.version = 5
    for each in days:
        totals.add(day(each), {144: {"loans": 1, "volume": volume}})
    return totals


def scores(totals: Totals, entity: str = ME, catalogue: Catalogue = BUILT_IN) -> dict[str, Score]:
    found = Evaluator(catalogue, KOLKATA, 14, KNOWN).scores(entity, totals, AS_OF)
    return {score.window: score for score in found}


def figures(totals: Totals, kpi: str, window: str = "month") -> dict[str, Any]:
    return scores(totals)[window].kpis[kpi]


def test_a_value_stands_beside_the_one_before_and_its_target() -> None:
    totals = sold("2026-03-02", "2026-03-10", "2026-02-03", "2026-02-20", "2026-02-28")
    # The 2nd to the 10th has 7 of March's 22 business days.
    assert figures(totals, VOLUME) == {
        "value": 2000,
        "numerator": None,
        "denominator": None,
        "n": 2,
        "previous": 1000,
        "change": 1000,
        "previous_full": 3000,
        "target": 7000,
        "attainment": 2 / 7,
        "score": pytest.approx(25 * (2 / 7) / 0.5),
    }


def test_windows_within_a_day_have_no_target_but_the_day_has() -> None:
    totals = sold("2026-03-10", "2026-03-09")
    hour, rolling, today = (figures(totals, VOLUME, window) for window in ("1h", "24h", "day"))
    assert (hour["value"], hour["target"], hour["score"]) == (1000, None, None)
    assert (rolling["value"], rolling["previous"], rolling["target"]) == (1000, 1000, None)
    assert (today["value"], today["previous"], today["target"]) == (1000, 1000, 1000)
    assert (today["attainment"], today["score"]) == (1, 80)
    assert "previous_full" not in today


def test_a_level_target_comes_from_above_or_the_catalogue() -> None:
    assert figures(sold(), DEALS)["target"] == 2000
    assert figures(sold(), CONVERSION)["target"] == 0.08


@pytest.mark.parametrize(("loans", "points"), [(2, None), (3, 100)])
def test_too_few_cases_give_no_points(loans: int, points: float | None) -> None:
    days = [f"2026-03-0{number}" for number in range(1, loans + 1)]
    found = figures(sold(*days, volume=200_000), DEALS)
    assert (found["value"], found["n"], found["score"]) == (2000, loans, points)


VIOLATIONS, READINGS = "compliance.violations_avoided", "development.readings"


@pytest.mark.parametrize(
    ("avoided", "recorded", "attainment", "points"),
    [(2, 0, 1 / 0.9, None), (0, 3, 0, 0), (9, 1, 1, 80), (3, 1, 0.75 / 0.9, 50)],
)
def test_points_may_come_from_another_figure_and_its_sample(
    avoided: int, recorded: int, attainment: float, points: float | None
) -> None:
    totals = Totals()
    slots = {"violations.avoided": avoided, "violations.recorded": recorded}
    totals.add(day("2026-03-02"), {0: slots})
    found = figures(totals, VIOLATIONS)
    assert (found["value"], found["n"], found["target"]) == (avoided, avoided, 0.9)
    assert found["attainment"] == pytest.approx(attainment)
    assert found["score"] == (points if points is None else pytest.approx(points))
    assert (found["recorded"], found["catch_rate"]) == (recorded, avoided / (avoided + recorded))


def test_a_flow_may_have_a_target_that_nobody_set() -> None:
    totals = Totals()
    totals.add(day("2026-03-02"), {0: {"readings#E|A": 1}})
    found = figures(totals, READINGS)
    # 3 a month; the 2nd to the 10th has 7 of March's 22 business days.
    assert found["target"] == pytest.approx(3 * 7 / 22)
    assert found["score"] == 100
    assert figures(totals, READINGS, "24h")["target"] is None


def test_the_undefined_has_neither_change_nor_attainment() -> None:
    found = figures(sold("2026-02-03"), DEALS)
    assert (found["value"], found["previous"]) == (None, 1000)
    assert (found["change"], found["attainment"], found["score"]) == (None, None, None)
    assert figures(sold("2026-03-03"), DEALS)["change"] is None


def test_a_kpi_without_a_previous_value_has_none() -> None:
    found = figures(sold(), GROWTH)
    assert found["previous"] is None
    assert "previous_full" not in found


def test_a_score_says_whose_and_when_it_is() -> None:
    month = scores(sold("2026-03-02"))["month"]
    assert (month.key, month.level, month.entity, month.parent) == (ME, "executive", "E", "team:T")
    assert (month.start, month.end) == ("2026-03-01T00:00:00+05:30", "2026-03-11T00:00:00+05:30")
    assert month.as_of == "2026-03-10T12:00:00+05:30"
    assert (month.reference, month.version) == (KNOWN.version, 5 + KNOWN.version)
    assert month.active
    assert scores(sold(), "team:T")["month"].parent == "branch:B"
    assert scores(sold(), "company:company")["month"].parent is None


@pytest.mark.parametrize(
    ("entity", "active"),
    [
        ("team:T", True),
        ("team:unplaced", False),
        ("branch:unplaced", False),
        ("executive:unplaced", True),
        ("company:company", True),
    ],
)
def test_what_stands_for_no_team_or_branch_has_scores_but_no_rank(
    entity: str, *, active: bool
) -> None:
    found = scores(sold("2026-03-02"), entity)["month"]
    assert found.kpis[VOLUME]["value"] == 1000
    assert found.active is active
    assert ranks([msgspec.structs.replace(found, score=90)])[entity, "month"].ranked == active


def test_kpis_apply_by_level_and_window() -> None:
    cost = "campaigns.cost_per_lead"
    assert cost not in scores(sold())["month"].kpis
    assert cost in scores(sold(), "branch:B")["month"].kpis
    assert CONVERSION not in scores(sold())["day"].kpis
    assert CONVERSION in scores(sold())["week"].kpis


def test_only_kpis_that_score_at_the_level_count() -> None:
    shown = replace(BUILT_IN.by_id[VOLUME], id="extra.shown", weight=0)
    scored = replace(shown, id="extra.scored", weight=1)
    catalogue = Catalogue((Kra("extra", "Extra", 1),), (shown, scored))
    month = scores(sold("2026-03-02"), catalogue=catalogue)["month"]
    assert set(month.kpis) == {"extra.shown", "extra.scored"}
    assert month.kras == {"extra": {"score": None, "coverage": 0}}


def test_a_score_can_be_published() -> None:
    month = scores(sold("2026-03-02"))["month"]
    assert msgspec.json.decode(msgspec.json.encode(month), type=Score) == month


SLOTS = (
    *("loans", "volume", "leads", "converted", "leads.channel|web", "repeat#C"),
    *("active", "borrowers", "critical_violations", "checks", "checks.passed"),
)
changes = st.lists(
    st.tuples(
        st.sampled_from(["executive:E", "book:E", "book:F"]),
        st.integers(day("2026-01-01"), day("2026-03-10")),
        st.sampled_from([100, 130, 144, -1]),
        st.dictionaries(st.sampled_from(SLOTS), st.integers(-3, 3).filter(bool)),
    ),
    max_size=4,
)


@pytest.mark.parametrize("entity", [ME, "team:T", "company:company"])
@given(
    rounds=st.lists(
        st.tuples(changes, st.sampled_from([AS_OF, AS_OF + 1, at("2026-03-11T00:01")])),
        max_size=4,
    )
)
def test_kept_answers_are_those_of_a_new_evaluator(
    rounds: list[tuple[list[tuple[str, int, int, dict[str, int]]], int]], entity: str
) -> None:
    totals, keeping = Totals(), Evaluator(BUILT_IN, KOLKATA, 14, KNOWN)
    for heard, as_of in rounds:
        for child, on, cell, slots in heard:
            totals.hear(child, on, {cell: slots})
        fresh = Evaluator(BUILT_IN, KOLKATA, 14, KNOWN)
        assert keeping.scores(entity, totals, as_of) == fresh.scores(entity, totals, as_of)


def test_answers_of_one_entity_hold_whatever_another_reads() -> None:
    keeping, mine, other = Evaluator(BUILT_IN, KOLKATA, 14, KNOWN), sold("2026-03-02"), Totals()
    for totals, entity in ((mine, ME), (other, "executive:F"), (mine, ME)):
        totals.add(day("2026-03-10"), {130: {"loans": 1, "volume": 500, "leads": 2}})
        fresh = Evaluator(BUILT_IN, KOLKATA, 14, KNOWN)
        assert keeping.scores(entity, totals, AS_OF) == fresh.scores(entity, totals, AS_OF)


def test_kept_answers_do_not_outlive_the_reference() -> None:
    totals, known = sold("2026-03-02"), reference()
    keeping = Evaluator(BUILT_IN, KOLKATA, 14, known)
    before = keeping.scores(ME, totals, AS_OF)
    known.learn("target", 1, Target(ME, VOLUME, "2026-03", 22_000))
    after = keeping.scores(ME, totals, AS_OF)
    assert [score.kpis[VOLUME]["target"] for score in before] == [None] * len(before)
    assert any(score.kpis[VOLUME]["target"] for score in after)
