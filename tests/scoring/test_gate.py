"""The gate: a critical breach caps the overall of whoever is to blame, and says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scoring.catalogue import BUILT_IN
from scoring.evaluation import Evaluator
from scoring.gate import CAP, Gate, capped, gate
from scoring.slots import CRITICAL_AUDITS, CRITICAL_VIOLATIONS
from scoring.totals import Totals
from scoring.windows import Days
from tests.scoring.making import KOLKATA, at, day, reference

if TYPE_CHECKING:
    from scoring.score import Score

TODAY = day("2026-03-10")


def breach(slot: str, on: int = TODAY) -> Totals:
    totals = Totals()
    totals.add(on, {0: {slot: 1, "volume": 90_000_000, "loans": 9}})
    return totals


@pytest.mark.parametrize(
    ("slot", "expected"),
    [(CRITICAL_VIOLATIONS, Gate(CAP, 1, 0, 90.0)), (CRITICAL_AUDITS, Gate(CAP, 0, 1, 90.0))],
)
def test_a_critical_breach_in_the_window_caps(slot: str, expected: Gate) -> None:
    found = gate(breach(slot).over(Days(TODAY, TODAY)), 90.0)
    assert found == expected
    assert (capped(90.0, found), capped(50.0, found), capped(None, found)) == (CAP, 50.0, None)


def test_without_a_breach_in_the_window_nothing_is_capped() -> None:
    assert gate(breach(CRITICAL_AUDITS).over(Days(TODAY - 7, TODAY - 1)), 90.0) is None
    assert capped(90.0, None) == 90.0


def scores(entity: str) -> dict[str, Score]:
    target = [(entity, "sales_targets.sales_volume", "2026-03", 1_000_000)]
    known = reference(placements={"E": [("2026-01-01", "T", "B")]}, targets=target)
    found = Evaluator(
        BUILT_IN.weighted({kra.id: kra.id == "sales_targets" for kra in BUILT_IN.kras}),
        KOLKATA,
        14,
        known,
    )
    totals = breach(CRITICAL_VIOLATIONS, TODAY - 1)
    return {score.window: score for score in found.scores(entity, totals, at("2026-03-10T12:00"))}


def test_the_score_of_an_executive_is_capped_and_says_what_it_would_be() -> None:
    month = scores("executive:E")["month"]
    assert month.gate is not None
    assert month.gate.uncapped is not None
    assert month.gate.uncapped > CAP == month.score
    assert scores("executive:E")["day"].gate is None


def test_the_gate_is_on_people() -> None:
    assert scores("team:T")["month"].gate is None
