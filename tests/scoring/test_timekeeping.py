"""The formulas of time management on scenes small enough to work out by hand."""

from __future__ import annotations

import pytest

from scoring.catalogue import BUILT_IN
from scoring.catalogue.time_management import SLA_MINUTES
from scoring.evaluation import Evaluator
from scoring.sketch import bin_of
from scoring.totals import Totals
from tests.scoring.making import KOLKATA, at, day, reference
from tests.scoring.test_formulas import BEFORE, WEEK, on_edges, read

TURNAROUND = "time_management.turnaround_reduction"
MINUTE = 60_000


def answers(*minutes: float) -> dict[str, int]:
    """Slots of inquiries that took so long."""
    slots = {"answered": len(minutes), "turnaround": round(sum(minutes) * MINUTE)}
    for each in minutes:
        key = f"turnaround.bin|{bin_of(round(each * MINUTE))}"
        slots[key] = slots.get(key, 0) + 1
    return slots


def test_schedule_adherence_and_its_cadences() -> None:
    daily = {"tasks.cadence|daily": 2, "tasks_in_time.cadence|daily": 1}
    reading = read(
        "time_management.schedule_adherence",
        *on_edges(WEEK, daily),
        (WEEK.last, {"tasks.cadence|none": 1}),
    )
    assert (reading.value, reading.numerator, reading.denominator, reading.n) == (2 / 5, 2, 5, 5)
    assert reading.breakdown == {
        "daily": {"tasks": 4, "in_time": 2, "rate": 0.5},
        "none": {"tasks": 1, "in_time": 0, "rate": 0},
    }
    assert read("time_management.schedule_adherence").value is None


def test_priority_completion() -> None:
    filled = on_edges(WEEK, {"priority_tasks": 2, "priority_tasks_done": 1})
    reading = read("time_management.priority_completion", *filled)
    assert (reading.value, reading.numerator, reading.n) == (0.5, 2, 4)


def test_revenue_time_in_minutes() -> None:
    slots = {"time_entries": 3, "time_logged": 48_050, "time_on_revenue": 36_000}
    reading = read("time_management.revenue_time", *on_edges(WEEK, slots))
    assert reading.value == 720 / 961
    assert (reading.numerator, reading.denominator, reading.n) == (720, 961, 6)
    assert read("time_management.revenue_time", (WEEK.first, {"time_entries": 1})).value is None


def test_timeliness() -> None:
    filled = on_edges(WEEK, {"reports_due": 2, "reports_in_time": 1})
    reading = read("reporting.timeliness", *filled)
    assert (reading.value, reading.numerator, reading.n) == (0.5, 2, 4)


@pytest.mark.parametrize(
    ("before", "now", "value"),
    [
        ((120,), (90, 30), 0.5),
        ((30,), (90, 30), -0.5),
        ((1, 1, 2), (1, 1, 1), 0.25),
        ((0,), (5,), -1),
        ((5,), (0, 0), 1),
        ((0,), (0,), 0),
        ((), (5,), None),
        ((5,), (), None),
    ],
)
def test_turnaround_falls_or_rises_within_one(
    before: tuple[float, ...], now: tuple[float, ...], value: float | None
) -> None:
    reading = read(TURNAROUND, (BEFORE.last, answers(*before)), (WEEK.last, answers(*now)))
    assert (reading.value, reading.n) == (value, len(now))


def test_turnaround_tells_its_mean_and_quantiles_in_minutes() -> None:
    reading = read(TURNAROUND, (WEEK.first, answers(*range(10, 110, 10))))
    assert reading.companions == {
        "mean": 55,
        "p50": pytest.approx(50, rel=0.01),
        "p90": pytest.approx(90, rel=0.01),
    }
    assert set(read(TURNAROUND).companions.values()) == {None}


@pytest.mark.parametrize(
    ("minutes", "points"),
    [(SLA_MINUTES, 80), (SLA_MINUTES + 1 / MINUTE, 0)],
)
def test_a_mean_within_the_sla_needs_not_fall(minutes: float, points: float) -> None:
    totals = Totals()
    totals.add(day("2026-02-10"), {100: answers(minutes / 3)})
    totals.add(day("2026-03-10"), {100: answers(*[minutes] * 5)})
    evaluator = Evaluator(BUILT_IN, KOLKATA, 14, reference())
    scores = evaluator.scores("executive:E", totals, at("2026-03-10T12:00"))
    (month,) = [score for score in scores if score.window == "month"]
    assert month.kpis[TURNAROUND]["score"] == points
    assert month.kpis[TURNAROUND]["previous"] is None


def test_no_answers_before_give_no_points_however_fast_they_are_now() -> None:
    totals = Totals()
    totals.add(day("2026-03-10"), {100: answers(1, 1, 1, 1, 1)})
    evaluator = Evaluator(BUILT_IN, KOLKATA, 14, reference())
    scores = evaluator.scores("executive:E", totals, at("2026-03-10T12:00"))
    assert {score.kpis[TURNAROUND]["score"] for score in scores} == {None}
