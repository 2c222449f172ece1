"""The oracle as a whole: what it knows, the worked example, and laws that hold for any history."""

from __future__ import annotations

import ast
import json
from fractions import Fraction
from math import isclose
from pathlib import Path
from random import Random  # noqa: TC003 - hypothesis reads the annotation

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .generator import AS_OFS, EXECUTIVES, history, malformed, write
from .oracle import expected, kpis
from .stories import AS_OF, indexed

HERE = Path(__file__).parent
WORKED_EXAMPLE = HERE / "worked_example"
VOLUME = "sales_targets.sales_volume"


def test_it_imports_nothing_of_the_product() -> None:
    imported = {
        name.partition(".")[0]
        for path in HERE.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert "duckdb" in imported
    assert not imported & {"scoring", "streams"}


def test_the_worked_example_holds() -> None:
    found = indexed(expected(WORKED_EXAMPLE / "events.jsonl", as_of=AS_OF))
    lines = map(json.loads, (WORKED_EXAMPLE / "expected.jsonl").read_text().splitlines())
    ours = [line for line in lines if line["kpi"] in kpis()]
    assert len(ours) == 272
    wrong = [
        (line, item.value)
        for line in ours
        for item in [found[line["kpi"], line["level"], line["entity"], line["window"]]]
        if (line["value"] is None) != (item.value is None)
        or (item.value is not None and not isclose(item.value, line["value"], rel_tol=1e-12))
    ]
    assert wrong == []


def test_the_worked_example_by_channel() -> None:
    found = indexed(expected(WORKED_EXAMPLE / "events.jsonl", as_of=AS_OF))
    item = found["lead_generation.channel_effectiveness", "branch", "B-1", "month"]
    assert str(item.cohort_start) == "2026-02-14"
    assert str(item.cohort_end) == "2026-03-09"
    assert item.breakdown["web"] == {
        "leads": 3,
        "amount": 500_000,
        "per_lead": Fraction(500_000, 3),
        "index": Fraction(5, 4),
    }
    assert item.breakdown["walk_in"]["index"] == 0


def test_lines_that_are_no_events_change_nothing(tmp_path: Path) -> None:
    events = history(1, 150)
    sound = write(tmp_path / "sound.jsonl", events)
    damaged = write(tmp_path / "damaged.jsonl", events, malformed(1))
    assert expected(damaged, as_of=AS_OF) == expected(sound, as_of=AS_OF)


@settings(
    max_examples=8,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(seed=st.integers(0, 10_000), order=st.randoms(use_true_random=False))
def test_order_and_repetition_change_nothing(tmp_path: Path, seed: int, order: Random) -> None:
    events = history(seed, 200)
    as_of = AS_OFS[seed % len(AS_OFS)]
    once = expected(write(tmp_path / "once.jsonl", events), as_of=as_of)
    again = [*events, *order.choices(events, k=40)]
    order.shuffle(again)
    assert expected(write(tmp_path / "again.jsonl", again), as_of=as_of) == once


def test_histories_are_the_seeds_and_reach_every_kpi(tmp_path: Path) -> None:
    assert history(7, 300) == history(7, 300)
    assert history(7, 300) != history(8, 300)
    reached = {
        item.kpi
        for seed in range(6)
        for item in expected(write(tmp_path / "h.jsonl", history(seed, 600)), as_of=AS_OFS[0])
        if item.value and item.level == "branch"
    }
    assert reached == set(kpis())


def test_fields_that_no_kpi_heeds_are_there_and_change_none(tmp_path: Path) -> None:
    unheeded = {"campaign.spent": {"channel"}, "campaign.defined": {"start_date", "end_date"}}
    whole = history(7, 600)
    with_fields = [item for item in whole if unheeded.get(item["type"], set()) & {*item["data"]}]
    named = {(item["type"], name) for item in with_fields for name in item["data"]}
    assert {(kind, name) for kind, names in unheeded.items() for name in names} <= named
    bare = [
        item | {"data": {k: v for k, v in item["data"].items() if k not in unheeded[item["type"]]}}
        if item in with_fields
        else item
        for item in whole
    ]
    assert bare != whole
    found, without = (
        expected(write(tmp_path / "h.jsonl", events), as_of=AS_OFS[0]) for events in (whole, bare)
    )
    assert found == without


def test_levels_add_up(tmp_path: Path) -> None:
    found = expected(write(tmp_path / "h.jsonl", history(5, 600)), as_of=AS_OFS[0])
    sums = {
        level: sum(
            i.numerator for i in found if (i.kpi, i.level, i.window) == (VOLUME, level, "28d")
        )
        for level in ("executive", "team", "branch", "company")
    }
    assert len(set(sums.values())) == 1
    assert sums["company"] > 0
    executives = {item.entity for item in found if item.level == "executive"}
    assert executives <= set(EXECUTIVES)
