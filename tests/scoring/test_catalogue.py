"""The catalogue checks itself."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from scoring.alerting.scopes import Scope
from scoring.catalogue import BUILT_IN, Catalogue, CatalogueError
from scoring.catalogue.document import document
from scoring.catalogue.page import page
from scoring.events import EVENT_TYPES
from scoring.kpi import ALL_LEVELS, Kra, Level, Prior
from scoring.origins import Origin
from scoring.windows import ALL_WINDOWS, DAILY, Window

KPI = BUILT_IN.kpis[0]


def test_an_id_may_be_declared_once() -> None:
    with pytest.raises(CatalogueError, match=f"{KPI.id} is declared twice"):
        BUILT_IN.extended((), (KPI,))


def test_a_kpi_belongs_to_an_area() -> None:
    stray = replace(KPI, id="growth.new")
    with pytest.raises(
        CatalogueError, match=r"growth\.new belongs to no area.*`growth`.*sales_targets"
    ):
        BUILT_IN.extended((), (stray,))


@pytest.mark.parametrize(
    "field", ["title", "definition", "formula_text", "events", "levels", "windows"]
)
def test_nothing_may_be_left_empty(field: str) -> None:
    empty = replace(KPI, id=f"{KPI.kra}.new", **{field: type(getattr(KPI, field))()})
    with pytest.raises(CatalogueError, match=f"empty `{field}`"):
        BUILT_IN.extended((), (empty,))


@pytest.mark.parametrize("change", [{"is_share": False}, {"prior": Prior(0)}])
def test_only_a_share_of_cases_can_have_a_prior(change: dict[str, Any]) -> None:
    share = replace(BUILT_IN.by_id["compliance.audit_result"], id=f"{KPI.kra}.new")
    with pytest.raises(CatalogueError, match=rf"{KPI.kra}\.new has a prior of strength"):
        BUILT_IN.extended((), (replace(share, **change),))


def test_what_is_watched_is_watched_somewhere() -> None:
    cost = BUILT_IN.by_id["campaigns.cost_per_lead"]
    assert cost.watch is not None
    nowhere = replace(cost.watch, levels=(Level.EXECUTIVE,), origins=())
    with pytest.raises(CatalogueError, match=r"is watched nowhere: .* branch, company"):
        BUILT_IN.extended((), (replace(cost, id="campaigns.new", watch=nowhere),))
    there = replace(nowhere, origins=(Origin.CAMPAIGN,))
    grown = BUILT_IN.extended((), (replace(cost, id="campaigns.new", watch=there),))
    new = grown.by_id["campaigns.new"]
    assert [scope for scope in Scope if new.is_watched_at(scope)] == [Scope.CAMPAIGN]


def test_a_kpi_says_that_it_is_watched() -> None:
    kpis: Any = document(BUILT_IN)["kpis"]
    told = {kpi["id"]: kpi["watched"] for kpi in kpis if kpi["watched"] is not None}
    assert told.keys() == {kpi.id for kpi in BUILT_IN.watched}
    assert told["campaigns.cost_per_lead"] == {
        "title": "Cost per lead",
        "unit": "",
        "figure": "mean",
        "for": "rise",
        "levels": ["branch", "company"],
        "origins": ["channel", "campaign"],
    }
    lines = page(BUILT_IN).splitlines()
    assert "- **Alarm**: Turnaround, the mean of a day, is watched for a rise; levels: all" in lines
    assert (
        "- **Alarm**: Lead volume, how many a day, is watched for a fall; levels: team, branch, "
        "company; origins of leads: channel, campaign"
    ) in lines


def test_a_catalogue_grows_by_kpis_and_areas() -> None:
    area, known = Kra("growth", "Growth", 5), Kra(KPI.kra, "Another title", 99)
    new = replace(KPI, id="growth.new")
    grown = BUILT_IN.extended((area, known), (new,))
    assert grown.kras == (*BUILT_IN.kras, area)
    assert grown.kpis == (*BUILT_IN.kpis, new)
    assert grown.by_id["growth.new"] is new
    assert "growth.new" not in BUILT_IN.by_id
    assert Catalogue((), ()).by_id == {}


def test_a_kpi_exists_at_its_levels_over_its_windows() -> None:
    kpi = replace(KPI, levels=(Level.BRANCH, Level.COMPANY), windows=DAILY)
    there = {(level, w) for level in ALL_LEVELS for w in ALL_WINDOWS if kpi.applies(level, w)}
    assert there == {(level, w) for level in (Level.BRANCH, Level.COMPANY) for w in DAILY}
    assert not kpi.applies(Level.BRANCH, Window.HOUR)


def test_what_is_built_in_names_events_of_the_contract() -> None:
    assert {event for kpi in BUILT_IN.kpis for event in kpi.events} <= set(EVENT_TYPES)


def test_weights_of_the_built_in_are_whole_and_not_negative() -> None:
    assert all(kpi.weight >= 0 for kpi in BUILT_IN.kpis)
    assert next(kra for kra in BUILT_IN.kras if kra.id == "campaigns").weight == 0
    assert BUILT_IN.by_id["sales_targets.conversion_rate"].weight == 0


def test_weights_can_be_set_for_areas_and_kpis() -> None:
    other = BUILT_IN.weighted({KPI.kra: 99, KPI.id: 7})
    assert next(kra.weight for kra in other.kras if kra.id == KPI.kra) == 99
    assert other.by_id[KPI.id].weight == 7
    assert [kpi.weight for kpi in other.kpis[1:]] == [kpi.weight for kpi in BUILT_IN.kpis[1:]]


@pytest.mark.parametrize(
    ("weights", "problem"),
    [({"growth.none": 5}, "no area or KPI growth.none"), ({KPI.id: -1}, "must be 0 or more")],
)
def test_a_weight_must_be_of_something_and_not_negative(
    weights: dict[str, int], problem: str
) -> None:
    with pytest.raises(CatalogueError, match=problem):
        BUILT_IN.weighted(weights)


def test_the_page_for_people_is_up_to_date() -> None:
    checked_in = Path(__file__).parents[2] / "docs" / "kpis.md"
    assert checked_in.read_text() == page(BUILT_IN), (
        "run `salesbell catalogue --markdown > docs/kpis.md`"
    )
