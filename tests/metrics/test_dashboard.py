"""The dashboard: generated, sound, and every query of it answered by a real Prometheus."""

from __future__ import annotations

import json
import re
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import yaml

from grafana.generate import DASHBOARD, build
from scoring.catalogue import BUILT_IN
from streams.metrics.families import families
from streams.settings import Settings
from tests.metrics.conftest import Run, until

if TYPE_CHECKING:
    from collections.abc import Iterator

PROVISIONING = Path(__file__).resolve().parents[2] / "grafana" / "provisioning"
CURRENCY = Settings.model_fields["currency"].default
#: What a user sees at first; with as much of a past as the test's Prometheus has.
VARIABLES = {"$window": "28d", "$branch": ".*", "$team": ".*", "$__rate_interval": "5m"}
#: A KPI may be undefined in the worked example; those of a floor that sells are not.
DEFINED = (
    *("lead_generation.qualified_leads", "lead_generation.conversion_rate"),
    *("sales_targets.sales_volume", "sales_targets.average_deal_size"),
)


@cache
def dashboard() -> dict[str, Any]:
    return dict(json.loads(DASHBOARD.read_text()))


def panels() -> Iterator[dict[str, Any]]:
    """Every panel, those in collapsed rows too, without the rows."""
    for panel in dashboard()["panels"]:
        if panel["type"] != "row":
            yield panel
        yield from panel.get("panels", ())


def queries() -> list[tuple[str, str]]:
    return [(p["title"], target["expr"]) for p in panels() for target in p["targets"]]


def filled(expression: str) -> str:
    for name, value in VARIABLES.items():
        expression = expression.replace(name, value)
    return expression


def figured(expression: str) -> tuple[str, str, str] | None:
    """Level, KPI and field of a query of the catalogue's metrics; None for one of another."""
    metric = re.search(r"salesbell_\w+", expression)
    for family in families(BUILT_IN, CURRENCY):
        for name, field in ((family.value, "value"), (family.target, "target")):
            if metric is not None and metric.group() == name:
                return family.level, family.kpi.id, field
    return None


def test_it_is_what_the_catalogue_gives() -> None:
    assert DASHBOARD.read_text() == build(BUILT_IN, CURRENCY), "run python -m grafana.generate"


def test_every_kpi_has_a_row_and_every_level_a_panel() -> None:
    asked = [found for _, expression in queries() if (found := figured(expression)) is not None]
    named = list(families(BUILT_IN, CURRENCY))
    assert {(f.level, f.kpi.id, "value") for f in named} <= set(asked)
    assert {("company", kpi.id, "target") for kpi in BUILT_IN.kpis if "company" in kpi.levels} <= (
        set(asked)
    )
    assert len(asked) == len(set(asked))


@pytest.mark.parametrize(("title", "expression"), queries(), ids=[title for title, _ in queries()])
def test_every_query_is_answered(run: Run, title: str, expression: str) -> None:
    asked = figured(expression)
    if asked is None or not undefined(run, *asked):
        until(lambda: has_figures(run, expression), f"{title}: {filled(expression)}")
    else:
        assert run.prometheus.query(filled(expression)) == []


def test_what_every_floor_has_is_defined_in_the_run(run: Run) -> None:
    missing = [
        (level, kpi)
        for level in ("company", "branch", "team")
        for kpi in DEFINED
        if undefined(run, level, kpi, "value")
    ]
    assert missing == []


def has_figures(run: Run, expression: str) -> bool:
    """Whether a query finds numbers; NaN, of no observation, is none."""
    found = run.prometheus.query(filled(expression))
    return any(series["value"][1] != "NaN" for series in found)


def undefined(run: Run, level: str, kpi: str, field: str) -> bool:
    """Whether the API knows no such figure of any entity of a level."""
    return all(kpis.get(kpi, {}).get(field) is None for kpis in figures(run, level))


@cache
def figures(run: Run, level: str) -> list[dict[str, Any]]:
    """Figures by KPI of every entity of a level, from the API."""
    with httpx.Client(base_url=f"{run.api}/v1") as api:
        question = {"level": level, "window": "28d"}
        places = api.get("/leaderboard", params=question).raise_for_status().json()["places"]
        names = [place["entity"] for place in places] if level != "company" else ["company"]
        answers = [
            api.get(f"/scores/{level}/{name}", params={"window": "28d"}).raise_for_status().json()
            for name in names
        ]
    return [score["kpis"] for answer in answers for score in answer["scores"]]


def test_panels_lie_in_the_grid_and_on_no_other() -> None:
    shown = [panel["gridPos"] for panel in dashboard()["panels"]]
    assert all(at["x"] + at["w"] <= 24 for at in shown)
    assert not [pair for pair in combinations(shown, 2) if overlap(*pair)]
    for row in dashboard()["panels"]:
        assert not [
            pair
            for pair in combinations([panel["gridPos"] for panel in row.get("panels", ())], 2)
            if overlap(*pair)
        ]


def overlap(one: dict[str, int], other: dict[str, int]) -> bool:
    return all(
        one[at] < other[at] + other[size] and other[at] < one[at] + one[size]
        for at, size in (("x", "w"), ("y", "h"))
    )


def test_panels_say_what_they_show() -> None:
    ids = [panel["id"] for panel in (*panels(), *dashboard()["panels"])]
    assert len(set(ids)) == len({id(p) for p in (*panels(), *dashboard()["panels"])})
    for panel in panels():
        assert panel["title"]
        assert panel["description"]
        assert panel["datasource"] == {"type": "prometheus", "uid": "${datasource}"}
        defaults = panel["fieldConfig"]["defaults"]
        assert defaults["unit"]
        assert defaults["noValue"]


def test_the_dashboard_has_a_place_of_its_own_and_is_not_edited_by_hand() -> None:
    made = dashboard()
    assert (made["uid"], made["editable"], made["refresh"]) == ("salesbell", False, "30s")
    assert "__inputs" not in made
    assert {variable["name"] for variable in made["templating"]["list"]} == {
        *("datasource", "window", "branch", "team")
    }


def test_provisioning_names_what_is_mounted() -> None:
    (source,) = yaml.safe_load((PROVISIONING / "datasources" / "salesbell.yaml").read_text())[
        "datasources"
    ]
    assert (source["type"], source["url"]) == ("prometheus", "http://prometheus:9090")
    (provider,) = yaml.safe_load((PROVISIONING / "dashboards" / "salesbell.yaml").read_text())[
        "providers"
    ]
    assert (provider["type"], provider["allowUiUpdates"]) == ("file", False)
    assert provider["options"]["path"] == "/etc/grafana/dashboards"
