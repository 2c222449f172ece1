"""Balances through the pure core, which goes by days, against their definitions; and revenue."""

from __future__ import annotations

from datetime import date
from itertools import chain
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.calendar import HOUR
from scoring.catalogue import BUILT_IN, Catalogue
from scoring.events.reference import ExecutivePlaced
from scoring.events.sales import ProductCancelled, ProductSold, SaleDisbursed
from scoring.windows import DAILY, Days, Panes, place
from tests.pipeline import Pipeline
from tests.scoring.balances.definitions import (
    moments,
    naive_penetration,
    naive_referrals,
    naive_retention,
    naive_techniques,
)
from tests.scoring.balances.stories import AS_OF, BRANCHES, TODAY, Item, Lead, Story, stories, told
from tests.scoring.making import KOLKATA, at, event

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from random import Random

    from scoring.events import Event
    from scoring.score import Score
    from scoring.windows import Window

IDS = {
    "crm.retention_rate",
    "crm.referrals",
    "cross_selling.penetration",
    "development.techniques_implemented",
}
#: These KPIs alone, for speed.
ALONE = Catalogue(BUILT_IN.kras, tuple(kpi for kpi in BUILT_IN.kpis if kpi.id in IDS))


def scored(story: Story, order: Callable[[list[Event]], list[Event]] = list) -> Pipeline:
    pipeline = Pipeline(catalogue=ALONE)
    for each in order(told(story)):
        pipeline.event(each)
    return pipeline


def values(windows: Iterable[Window]) -> Iterable[tuple[Window, str, Days]]:
    """The figure that holds a value of a window, and over which days it goes."""
    for window in windows:
        placed = place(window, AS_OF, KOLKATA)
        assert not isinstance(placed.now, Panes)
        assert not isinstance(placed.before, Panes)
        yield window, "value", placed.now
        yield window, "previous", placed.before
        if placed.before_full is not None:
            yield window, "previous_full", placed.before_full


@settings(max_examples=150)
@given(stories)
def test_balances_are_as_defined_at_every_level(story: Story) -> None:
    scores = scored(story).scores(AS_OF)
    naive = {
        "crm.retention_rate": naive_retention,
        "cross_selling.penetration": naive_penetration,
        "development.techniques_implemented": naive_techniques,
    }
    entities = dict.fromkeys((level, entity) for level, entity, _ in scores)
    for (level, entity), (window, name, days) in (
        (each, value) for each in entities for value in values(DAILY)
    ):
        figures = scores[level, entity, window].kpis
        for kpi, answer in naive.items():
            top, bottom, *_ = answer(story, story.executives(level, entity), moments(days))
            assert figures[kpi][name] == (top / bottom if bottom else None), (kpi, level, window)
            if name == "value":
                got = figures[kpi]
                assert (got["numerator"], got["denominator"], got["n"]) == (top, bottom, bottom)
        if name == "value":
            matured = naive_retention(story, story.executives(level, entity), moments(days))[2]
            assert figures["crm.retention_rate"]["matured"] == matured
        if level == "company":
            assert figures["crm.referrals"][name] == naive_referrals(story, moments(days))


@settings(max_examples=40)
@given(stories, st.randoms(use_true_random=False))
def test_no_order_decides_on_a_balance(story: Story, random: Random) -> None:
    def shuffled(events: list[Event]) -> list[Event]:
        return random.sample([*events, *events[::2]], len(events) + len(events[::2]))

    there, back = (scored(story, order).scores(AS_OF) for order in (list, shuffled))
    assert plain(there) == plain(back)


def plain(scores: dict[Any, Score]) -> dict[Any, Score]:
    """Scores without how often the pipeline changed its mind."""
    return {
        key: msgspec.structs.replace(score, version=0, reference=0) for key, score in scores.items()
    }


def lent(customer: str, time: str, executive: str = "E-1") -> Event:
    data = SaleDisbursed(
        loan_id=f"LN-{customer}",
        customer_id=customer,
        executive_id=executive,
        amount=1,
        currency="INR",
    )
    return event(data, time, customer)


def seated(team: str, since: str) -> Event:
    data = ExecutivePlaced(
        executive_id="E-1",
        team_id=team,
        branch_id=BRANCHES[team],
        valid_from=date.fromisoformat(since),
    )
    return event(data, "2026-01-01T00:00", f"{team} {since}")


def test_a_balance_moves_with_its_executive_by_the_clock_alone() -> None:
    pipeline = Pipeline()
    for each in (
        seated("T-1", "2026-01-01"),
        seated("T-2", "2026-03-16"),
        lent("C-1", "2026-02-01T10:00"),
        lent("C-2", "2026-03-20T10:00"),
    ):
        pipeline.event(each)

    def borrowers(as_of: str) -> dict[str, object]:
        found = pipeline.scores(at(as_of))
        return {
            entity: score.kpis["cross_selling.penetration"]["denominator"]
            for (level, entity, window), score in found.items()
            if level != "executive" and window == "month"
        }

    before = borrowers("2026-03-15T23:59")
    after = borrowers("2026-03-20T12:00")
    assert before == {"T-1": 1, "T-2": 0, "B-1": 1, "B-2": 0, "company": 1}
    assert after == {"T-1": 0, "T-2": 2, "B-1": 0, "B-2": 2, "company": 2}


@pytest.mark.parametrize(
    ("owner", "levels"),
    [
        ("E-1", ["branch", "company", "executive", "team"]),
        ("CMP", ["branch", "company"]),
        (None, ["company"]),
    ],
)
def test_a_referral_counts_where_its_lead_does(owner: str | None, levels: list[str]) -> None:
    day_before = AS_OF - 24 * HOUR
    item = Item(
        loan=False,
        customer="C-1",
        executive="E-2",
        began=day_before,
        ended=None,
        matured=False,
        cancelled=False,
    )
    lead = Lead(owner, day_before, "C-1")
    story = Story([item], [], [lead], {("E-1", TODAY - 60): "T-1"})
    counting = {
        level
        for (level, _, window), score in scored(story).scores(AS_OF).items()
        if window == "7d" and score.kpis["crm.referrals"]["value"]
    }
    assert sorted(counting) == levels


def test_revenue_is_net_and_split_by_kind_and_product() -> None:
    def sold(holding: str, kind: Any, what: str, revenue: float) -> Event:
        data = ProductSold(
            holding_id=holding,
            customer_id="C-1",
            executive_id="E-1",
            product=what,
            sale_kind=kind,
            revenue=revenue,
            currency="INR",
        )
        return event(data, "2026-03-24T10:00", holding)

    pipeline = Pipeline()
    for each in chain(
        (
            sold("H-1", "cross_sell", "card", 10.5),
            sold("H-2", "up_sell", "card", 0),
            sold("H-3", "cross_sell", "insurance", 20),
            sold("H-4", "cross_sell", "insurance", 900),
        ),
        (event(ProductCancelled(holding_id="H-4"), "2026-03-23T10:00", "x"),),
    ):
        pipeline.event(each)
    figures = pipeline.scores(AS_OF)["executive", "E-1", "day"].kpis["cross_selling.revenue"]
    assert (figures["value"], figures["n"]) == (30.5, 3)
    assert figures["breakdown"] == {
        "kind:cross_sell": {"sold": 2, "revenue": 30.5},
        "kind:up_sell": {"sold": 1, "revenue": 0},
        "product:card": {"sold": 2, "revenue": 10.5},
        "product:insurance": {"sold": 1, "revenue": 20},
    }
