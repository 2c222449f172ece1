"""The worked example through the whole pipeline: every value that the story must give."""

from __future__ import annotations

import json
from math import isclose
from pathlib import Path

from tests.e2e.conftest import figures, salesbell, summary

EXAMPLE = Path(__file__).resolve().parents[1] / "oracle" / "worked_example"
AS_OF = "2026-03-24T18:00:00+05:30"


def test_the_worked_example_holds(tmp_path: Path) -> None:
    catalogue = json.loads(salesbell("catalogue", "--json").stdout)
    known = {kpi["id"] for kpi in catalogue["kpis"]}
    lines = map(json.loads, (EXAMPLE / "expected.jsonl").read_text().splitlines())
    expected = [line for line in lines if line["kpi"] in known]
    output = tmp_path / "scores.jsonl"

    done = salesbell(
        "replay", str(EXAMPLE / "events.jsonl"), "--as-of", AS_OF, "--output", str(output)
    )

    assert done.returncode == 0, done.stderr
    told = summary(done.stderr)
    counted = (told["events in"], told["applied"], told["duplicates"], told["dead letters"])
    assert counted == ("86", "83", "1", "2")
    assert len(expected) >= 170
    found = figures(output)
    wrong = []
    for line in expected:
        value = found[line["level"], line["entity"], line["window"]][line["kpi"]]["value"]
        if not equal(value, line["value"]):
            wrong.append((line, value))
    assert wrong == []


def equal(value: float | None, expected: float | None) -> bool:
    if value is None or expected is None:
        return value is expected
    return isclose(value, expected, rel_tol=1e-9)
