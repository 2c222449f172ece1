"""Accuracy: which value a figure is held against, and how near it comes."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.accuracy import UNIT, Verdict, accuracy, actual, judge
from scoring.catalogue import BUILT_IN
from scoring.evaluation import Evaluator
from scoring.figures import Figure, figure, holds_figures
from scoring.kpi import Reading, Scene
from scoring.targets import Targets
from scoring.totals import Totals
from scoring.upward import heard
from scoring.windows import Days
from tests.scoring.making import KOLKATA, at, day, number, reference

if TYPE_CHECKING:
    from scoring.cells import Cells

VOLUME, TREND = "sales_targets.sales_volume", "reporting.sales_trend"
TODAY = day("2026-03-24")
MONTH = Days(day("2026-03-01"), TODAY)


def scene(*filled: tuple[str, dict[str, int]], entity: str = "executive:E") -> Scene:
    totals = Totals()
    for each, slots in filled:
        totals.add(day(each), {0: slots})
    known = reference(campaigns={"CMP": True})
    return Scene(
        entity, totals, MONTH, None, TODAY, 14, known, Targets(known), kpis=dict(BUILT_IN.by_id)
    )


def value(kpi: str, period: str, *filled: tuple[str, dict[str, int]]) -> float | None:
    return actual(scene(*filled), Figure(period, kpi, "0"))


@pytest.mark.parametrize(
    ("stated", "known", "exact"),
    [
        ("110000", 100_000, "0.9"),
        ("0", 100_000, "0"),
        ("300000", 100_000, "0"),
        ("-5", 0, "0"),
        ("0.5", 0, "0.5"),
        ("0.085", 0.08, "0.995"),
        ("-1", -1, "1"),
        ("1e300", 1, "0"),
    ],
)
def test_accuracy_is_relative_from_one_upwards(stated: str, known: float, exact: str) -> None:
    assert accuracy(Figure("", "", stated).value, known) == Fraction(exact) * UNIT


def test_a_verdict_is_rounded_once_half_to_even() -> None:
    for trillionths, rounded in (("0.5", 0), ("1.5", 2), ("1.4999", 1)):
        stated = Fraction(trillionths) / UNIT
        assert accuracy(1 - stated, 0) == rounded


@given(st.fractions(-10, 10), st.floats(-10, 10))
def test_a_verdict_lies_between_nothing_and_one(stated: Fraction, known: float) -> None:
    assert 0 <= accuracy(stated, known) <= UNIT
    assert accuracy(Fraction(known), known) == UNIT


def test_actual_is_the_value_of_the_whole_period() -> None:
    filled = [(f"2026-{each}", {"volume": 100, "loans": 1}) for each in ("01-01", "02-28", "03-31")]
    assert value(VOLUME, "2026-03", *filled) == 1
    assert value(VOLUME, "2026-Q1", *filled) == 3
    assert value(VOLUME, "2026-W09", *filled) == 1
    assert value(VOLUME, "2026-01-01", *filled) == 1
    assert value(VOLUME, "2026-01-02", *filled) == 0


def test_cohorts_move_the_period_back() -> None:
    filled = [("2026-02-14", {"leads": 1, "converted": 1}), ("2026-02-13", {"leads": 5})]
    assert value("lead_generation.conversion_rate", "2026-03-01", *filled) == 1


def test_growth_is_against_the_whole_period_before() -> None:
    filled = [
        ("2026-02-28", {"leads": 4}),
        ("2026-02-01", {"leads": 4}),
        ("2026-03-01", {"leads": 2}),
    ]
    assert value("campaigns.lead_growth", "2026-03", *filled) == 2 / 8 - 1
    times = [
        ("2026-02-28", {"answered": 1, "turnaround": 200}),
        ("2026-03-01", {"answered": 2, "turnaround": 200}),
    ]
    assert value("time_management.turnaround_reduction", "2026-03", *times) == 0.5


def test_a_trend_ends_before_today() -> None:
    filled = [(f"2026-03-{each}", {"volume": 100}) for each in ("20", "21", "22", "23", "24", "25")]
    without = value(TREND, "2026-03", *filled[:4])
    assert value(TREND, "2026-03", *filled) == without is not None


def test_what_has_no_actual_value_does_not_count() -> None:
    sold = ("2026-03-01", {"volume": 100, "loans": 1})
    assert value("no.such_kpi", "2026-03", sold) is None
    assert value("campaigns.cost_per_lead", "2026-03", sold) is None
    assert value("reporting.accuracy", "2026-03", sold) is None
    assert value("sales_targets.average_deal_size", "2026-02", sold) is None
    stated = [Figure("2026-03", kpi, "1") for kpi in (VOLUME, "no.such_kpi", "reporting.accuracy")]
    counts = {each.slot.partition("|")[2]: 2 for each in stated}
    assert judge(scene(sold), counts) == Verdict(2 * UNIT, 2)


def read(known: Scene) -> Reading:
    return BUILT_IN.by_id["reporting.accuracy"].formula(known)


def test_an_executive_is_judged_and_his_parents_add_verdicts_up() -> None:
    half, whole = Figure("2026-03", VOLUME, "1.5"), Figure("2026-02", VOLUME, "0")
    filled = [
        ("2026-03-01", {"volume": 100, "loans": 1}),
        ("2026-03-24", {half.slot: 1, whole.slot: 2}),
        ("2026-02-28", {whole.slot: 9}),
    ]
    mine = read(scene(*filled))
    assert (mine.value, mine.numerator, mine.denominator, mine.n) == (2.5 / 3, 2.5, 3, 3)
    verdicts = [("2026-03-24", Verdict(5 * UNIT // 2, 3).vector), ("2026-02-28", {"accuracy": 7})]
    assert read(scene(*verdicts, entity="team:T")) == mine
    assert read(scene(*filled, entity="team:T")).value is None


def test_accuracy_follows_what_is_known_now() -> None:
    totals = scene(("2026-03-24", {Figure("2026-02", VOLUME, "2").slot: 1})).totals
    evaluator = Evaluator(BUILT_IN, KOLKATA, 14, reference())

    def month() -> float | None:
        scores = evaluator.scores("executive:E", totals, at("2026-03-24T18:00"))
        (score,) = [score for score in scores if score.window == "month"]
        return number(score.kpis["reporting.accuracy"], "value")

    assert month() == 0
    totals.add(day("2026-02-10"), {0: {"volume": 200}})
    assert month() == 1
    totals.add(day("2026-02-10"), {0: {"volume": -50}})
    assert month() == pytest.approx(2 / 3, abs=1e-12)
    totals.add(day("2026-02-10"), {0: {Figure("2026-03", VOLUME, "0").slot: 1}})
    assert month() == pytest.approx(2 / 3, abs=1e-12)


names = st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=9)


@given(names, st.integers(-(10**16), 10**16) | st.floats(allow_nan=False, allow_infinity=False))
def test_a_figure_is_kept_exactly(kpi: str, number: float) -> None:
    kept = Figure("2026-W09", kpi, repr(number))
    assert figure(kept.slot.partition("|")[2]) == kept
    assert type(number)(kept.value) == number


def test_parents_do_not_hear_of_figures() -> None:
    slot = Figure("2026-03", "a|#b", "1").slot
    cells: Cells = {3: {"leads": 1, slot: 1}, 4: {slot: 2}}
    assert holds_figures(cells)
    assert heard(cells, "B-1") == {3: {"leads": 1}}
    plain: Cells = {3: {"leads": 1, "figures_judged": 1}}
    assert heard(plain, "B-1") is plain
