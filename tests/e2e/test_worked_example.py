"""The worked example through the whole pipeline: every value and score that the story must give."""

from __future__ import annotations

import json
from math import isclose
from pathlib import Path
from typing import Any

from scoring.catalogue import BUILT_IN
from tests.e2e.conftest import salesbell, summary

EXAMPLE = Path(__file__).resolve().parents[1] / "oracle" / "worked_example"
AS_OF = "2026-03-24T18:00:00+05:30"


def test_the_worked_example_holds(tmp_path: Path) -> None:
    output = tmp_path / "scores.jsonl"

    done = salesbell(
        "replay", str(EXAMPLE / "events.jsonl"), "--as-of", AS_OF, "--output", str(output)
    )

    assert done.returncode == 0, done.stderr
    told = summary(done.stderr)
    counted = (told["events in"], told["applied"], told["duplicates"], told["dead letters"])
    assert counted == ("98", "95", "1", "2")
    found = {(s["level"], s["entity"], s["window"]): s for s in lines(output)}
    expected = lines(EXAMPLE / "expected.jsonl")
    assert {line["kpi"] for line in expected} == set(BUILT_IN.by_id)
    wrong = []
    for line in expected:
        score = found[line["level"], line["entity"], line["window"]]
        value = score["kpis"][line["kpi"]]["value"]
        if not equal(value, line["value"]):
            wrong.append((line, value))
    for line in lines(EXAMPLE / "scores.jsonl"):
        score = found[line["level"], line["entity"], line["window"]]
        part = {**score["kpis"], **score["kras"], "overall": score}[line["of"]]
        if not equal(part["score"], line["score"]):
            wrong.append((line, part["score"]))
    assert wrong == []


def lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text().splitlines()]


def equal(value: float | None, expected: float | None) -> bool:
    if value is None or expected is None:
        return value is expected
    return isclose(value, expected, rel_tol=1e-9)
