"""The worked example through the pure core: every value of the story whose KPI is built in."""

from __future__ import annotations

import json
from math import isclose
from pathlib import Path

from scoring.calendar import micros
from scoring.catalogue import BUILT_IN
from tests.oracle.stories import AS_OF
from tests.pipeline import Pipeline

#: KPIs for which the story gives no value.
NOT_TOLD = {
    "cross_selling.product_satisfaction",
    "development.mentor_rating",
    "development.techniques_implemented",
    "market.emerging_segments",
    "market.insight_utilisation",
}
EXAMPLE = Path(__file__).resolve().parents[1] / "oracle" / "worked_example"


def test_the_worked_example_holds_in_the_core() -> None:
    pipeline = Pipeline()
    pipeline.lines((EXAMPLE / "events.jsonl").read_bytes().splitlines(), micros(AS_OF))
    scores = pipeline.scores(micros(AS_OF))
    lines = map(json.loads, (EXAMPLE / "expected.jsonl").read_text().splitlines())
    ours = [line for line in lines if line["kpi"] in BUILT_IN.by_id]
    wrong = []
    for line in ours:
        figures = scores[line["level"], line["entity"], line["window"]].kpis[line["kpi"]]
        value, expected = figures["value"], line["value"]
        if value != expected and not isclose(value or 0, expected or 0, rel_tol=1e-12):
            wrong.append((line, value))
    assert wrong == []
    assert set(BUILT_IN.by_id) - {line["kpi"] for line in ours} == NOT_TOLD
