"""The worked example through the pure core, and the document that works it out by hand."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from math import isclose
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from scoring.calendar import micros
from scoring.catalogue import BUILT_IN
from scoring.explanation import Explanation, explain
from scoring.segments import chance_of_rise
from tests.oracle.stories import AS_OF
from tests.pipeline import Pipeline
from tests.scoring.making import number

if TYPE_CHECKING:
    from scoring.score import Score

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "tests" / "oracle" / "worked_example"
DOCUMENT = ROOT / "docs" / "worked-example.md"
LEVELS = {"E": "executive", "T": "team", "B": "branch", "c": "company"}
#: Whose points and scores the document works out.
SCORED = ("executive", "E-001", "month")
#: Cells of the document's tables, by what they tell.
VALUE, POINTS = 5, 4
_NUMBER = re.compile(r"(?:([\d,]+)/([\d,]+) = )?(-?[\d,]+(?:\.(\d+))?)( %)?")

Scores = dict[tuple[str, str, str], "Score"]


@pytest.fixture(scope="module")
def scores() -> Scores:
    pipeline = Pipeline()
    pipeline.lines((EXAMPLE / "events.jsonl").read_bytes().splitlines(), micros(AS_OF))
    return pipeline.scores(micros(AS_OF))


@pytest.fixture(scope="module")
def explanation(scores: Scores) -> Explanation:
    return explain(scores[SCORED], BUILT_IN)


def test_the_worked_example_holds_in_the_core(scores: Scores) -> None:
    lines = [json.loads(line) for line in (EXAMPLE / "expected.jsonl").read_text().splitlines()]
    wrong = []
    for line in lines:
        figures = scores[line["level"], line["entity"], line["window"]].kpis[line["kpi"]]
        value, expected = number(figures, "value"), line["value"]
        if value != expected and not isclose(value or 0, expected or 0, rel_tol=1e-12):
            wrong.append((line, value))
    assert wrong == []
    assert {line["kpi"] for line in lines} == set(BUILT_IN.by_id)


def test_its_scores_hold_in_the_core(scores: Scores) -> None:
    lines = [json.loads(line) for line in (EXAMPLE / "scores.jsonl").read_text().splitlines()]
    wrong = []
    for line in lines:
        found = score_of(scores[line["level"], line["entity"], line["window"]], line["of"])
        if found != line["score"] and not isclose(found or 0, line["score"] or 0, rel_tol=1e-12):
            wrong.append((line, found))
    assert wrong == []
    assert {line["of"] for line in lines} == {row[0] for row in rows(POINTS)}


def test_the_document_works_out_every_kpi(scores: Scores) -> None:
    told = rows(VALUE)
    wrong = [
        (kpi, entity, window, cell, value)
        for kpi, entity, window, cell, _ in told
        for value in [scores[LEVELS[entity[0]], entity, window].kpis[kpi]["value"]]
        if not agrees(cell, value)
    ]
    assert wrong == []
    assert {row[0] for row in told} == set(BUILT_IN.by_id)


def test_the_document_works_out_the_points(scores: Scores, explanation: Explanation) -> None:
    told = [row for row in rows(POINTS) if "." in row[0]]
    found = {each.kpi: each for each in explanation.contributions}
    wrong = [
        (kpi, cell, share, found[kpi])
        for kpi, _, cell, share in told
        if (found[kpi].reason != cell if found[kpi].reason else not agrees(cell, found[kpi].points))
        or not agrees(share, found[kpi].contribution)
    ]
    assert wrong == []
    assert [row[0] for row in told] == list(found)
    assert explanation.lever == "sales_targets.sales_volume"
    assert isclose(scores[SCORED].coverage, 0.4145)


def test_the_document_works_out_the_scores(scores: Scores) -> None:
    told = [row for row in rows(POINTS) if "." not in row[0]]
    found = {row[0]: score_of(scores[SCORED], row[0]) for row in told}
    assert [(of, cell) for of, _, _, cell in told if not agrees(cell, found[of])] == []
    assert [row[0] for row in told] == [*scores[SCORED].kras, "overall"]
    weights = {kra.id: str(kra.weight) for kra in BUILT_IN.kras}
    assert [(of, weight) for of, weight, _, _ in told[:-1]] == list(weights.items())


def test_the_document_is_right_about_companions(scores: Scores) -> None:
    mine, branch = scores[SCORED].kpis, scores["branch", "B-1", "month"].kpis
    assert mine["reporting.target_attainment"]["pace"] == 0.625
    assert mine["compliance.violations_avoided"]["catch_rate"] == 1
    assert mine["time_management.turnaround_reduction"]["mean"] == 60
    channels = branch["lead_generation.channel_effectiveness"]["breakdown"]
    assert isinstance(channels, dict)
    indexes = {channel: part["index"] for channel, part in channels.items()}
    assert indexes == {"web": 1.25, "referral": 2.25, "walk_in": 0, "branch": 0}
    preferences = branch["market.customer_preferences"]["breakdown"]
    assert isinstance(preferences, dict)
    assert preferences["purpose"]["counts"] == {"wedding": 2, "medical": 1}
    assert round(chance_of_rise(40, 100, 30, 100), 3) == 0.069


def score_of(score: Score, of: str) -> float | None:
    """Points of a KPI, the score of an area, or the overall."""
    if of == "overall":
        return score.score
    found = (score.kpis if "." in of else score.kras)[of]["score"]
    assert found is None or isinstance(found, float)
    return found


def rows(cells: int) -> list[list[str]]:
    """The document's table rows that begin with an id and have that many cells."""
    lines = [line for line in DOCUMENT.read_text().splitlines() if line.startswith("| `")]
    found = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [[row[0].strip("`"), *row[1:]] for row in found if len(row) == cells]


def agrees(cell: str, value: object) -> bool:
    """Whether a cell states a value: exactly, or as a fraction and what that is rounded to."""
    if cell == "undefined":
        return value is None
    stated = _NUMBER.fullmatch(cell)
    if stated is None or not isinstance(value, int | float):
        return False
    over, under, shown, decimals, percent = stated.groups()
    unit = Fraction(1, 100) if percent else Fraction(1)
    rounded = Fraction(shown.replace(",", "")) * unit
    if over is None:
        return isclose(value, rounded, rel_tol=1e-12)
    exact = Fraction(int(over.replace(",", "")), int(under.replace(",", "")))
    half = unit / (2 * 10 ** len(decimals or ""))
    return isclose(value, exact, rel_tol=1e-12) and abs(exact - rounded) <= half


@pytest.mark.parametrize(
    ("cell", "value", "expected"),
    [
        ("1,000", 1000, True),
        ("1,000", 1000.4, False),
        ("1/3 = 33.3 %", 1 / 3, True),
        ("1/3 = 33.4 %", 1 / 3, False),
        ("1/3 = 33.3 %", 0.333, False),
        ("undefined", None, True),
        ("undefined", 0, False),
        ("0", None, False),
        ("about 3", 3, False),
    ],
)
def test_a_cell_states_a_value(cell: str, value: float | None, *, expected: bool) -> None:
    assert agrees(cell, value) is expected
