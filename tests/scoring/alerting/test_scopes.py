"""Two trees over the same leads, which meet at the company."""

from __future__ import annotations

import pytest

from scoring.alerting.scopes import Scope, scope_of, shares_leads

ORIGINS = ("channel:web", "campaign:C-1")
WORKERS = ("executive:E", "team:T", "branch:B")
COMPANY = "company:company"


@pytest.mark.parametrize("scope", list(Scope))
def test_the_scope_of_an_entity_is_its_level(scope: Scope) -> None:
    assert scope_of(f"{scope}:a:b") is scope


def test_channels_and_campaigns_are_where_leads_come_from() -> None:
    origins = {scope for scope in Scope if scope.is_origin}
    assert origins == {scope_of(entity) for entity in ORIGINS}


def test_children_are_judged_by_teams_branches_and_the_company() -> None:
    parents = {scope for scope in Scope if scope.has_children}
    assert parents == {Scope.TEAM, Scope.BRANCH, Scope.COMPANY}


@pytest.mark.parametrize("worker", WORKERS)
@pytest.mark.parametrize("origin", ORIGINS)
def test_who_works_leads_shares_them_with_where_they_come_from(worker: str, origin: str) -> None:
    assert shares_leads(worker, origin) is shares_leads(origin, worker) is True


@pytest.mark.parametrize("origin", ORIGINS)
def test_the_company_has_a_share_of_an_origin_and_not_the_other_way_round(origin: str) -> None:
    assert shares_leads(COMPANY, origin) is True
    assert shares_leads(origin, COMPANY) is False


@pytest.mark.parametrize("entity", [*WORKERS, COMPANY])
@pytest.mark.parametrize("alerted", [*WORKERS, COMPANY])
def test_in_one_tree_nothing_is_shared_across(entity: str, alerted: str) -> None:
    assert shares_leads(entity, alerted) is False


@pytest.mark.parametrize("entity", ORIGINS)
def test_two_of_one_kind_share_nothing(entity: str) -> None:
    assert shares_leads(entity, entity) is False
