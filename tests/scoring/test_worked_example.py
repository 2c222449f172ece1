"""The worked example through the pure core: every value that the story must give."""

from __future__ import annotations

import json
from datetime import datetime
from math import isclose
from pathlib import Path

from scoring.calendar import micros
from scoring.catalogue import BUILT_IN
from tests.pipeline import Pipeline

EXAMPLE = Path(__file__).resolve().parents[1] / "oracle" / "worked_example"
AS_OF = micros(datetime.fromisoformat("2026-03-24T18:00:00+05:30"))


def test_the_worked_example_holds() -> None:
    lines = map(json.loads, (EXAMPLE / "expected.jsonl").read_text().splitlines())
    expected = [line for line in lines if line["kpi"] in BUILT_IN.by_id]
    pipeline = Pipeline()
    pipeline.lines((EXAMPLE / "events.jsonl").read_bytes().splitlines(), AS_OF)
    found = pipeline.scores(AS_OF)

    wrong = []
    for line in expected:
        score = found[line["level"], line["entity"], line["window"]]
        value = score.kpis[line["kpi"]]["value"]
        if not equal(value, line["value"]):
            wrong.append((line, value))
    assert len(expected) >= 112
    assert wrong == []


def equal(value: object, expected: float | None) -> bool:
    if expected is None:
        return value is None
    assert isinstance(value, int | float)
    return isclose(value, expected, rel_tol=1e-9)
