"""Balances through the pure core, against their definitions taken word by word.

The naive answers below go from moment to moment over whole items; the core goes by days.
"""

from __future__ import annotations

from datetime import date
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.calendar import HOUR
from scoring.catalogue import BUILT_IN, Catalogue
from scoring.events import Event
from scoring.events.activity import TechniqueApplied, TechniqueLearned
from scoring.events.leads import LeadAssigned, LeadCreated
from scoring.events.reference import CampaignDefined, ExecutivePlaced
from scoring.events.sales import (
    LoanClosed,
    ProductCancelled,
    ProductClosed,
    ProductSold,
    SaleCancelled,
    SaleDisbursed,
)
from scoring.windows import DAILY, Days, Panes, place
from tests.pipeline import Pipeline
from tests.scoring.making import KOLKATA, at, day, event

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from scoring.events import Micros
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

AS_OF = at("2026-03-24T18:00")
TODAY = day("2026-03-24")
EXECUTIVES = ("E-1", "E-2")
CUSTOMERS = ("C-1", "C-2")
TEAMS = ("T-1", "T-2", "unplaced")
BRANCHES = {"T-1": "B-1", "T-2": "B-2", "unplaced": "unplaced"}

#: Moments around the edges of windows, few enough that things happen at once.
times = st.builds(
    lambda days, quarter: KOLKATA.midnight(TODAY + days) + quarter * 6 * HOUR,
    st.sampled_from((-60, -24, -23, -8, -7, -6, -1, 0, 1)),
    st.sampled_from((0, 0, 1)),
)


class Item(NamedTuple):
    """A loan or a product of a customer, and all that is known of it."""

    loan: bool
    customer: str
    executive: str
    began: Micros
    ended: Micros | None
    matured: bool
    cancelled: bool

    @property
    def real(self) -> bool:
        """Whether it was ever open."""
        return not self.cancelled and (self.ended is None or self.began < self.ended)

    def open_at(self, time: Micros) -> bool:
        return self.began <= time and (self.ended is None or time < self.ended)

    def begun_and_not_ended_before(self, time: Micros) -> bool:
        return self.began < time and not (self.ended is not None and self.ended < time)


class Pair(NamedTuple):
    """A technique of an executive."""

    executive: str
    learned: Micros | None
    applied: tuple[Micros, ...]


class Lead(NamedTuple):
    """A lead that somebody referred; `owner` is an executive, a campaign or nobody."""

    owner: str | None
    created: Micros
    referrer: str


class Story(NamedTuple):
    """All of a history; `placements` are (executive, team, first day)."""

    items: list[Item]
    pairs: list[Pair]
    leads: list[Lead]
    placements: dict[tuple[str, int], str]

    def team(self, executive: str) -> str:
        """Where he is on as-of's day."""
        past = [when for who, when in self.placements if who == executive and when <= TODAY]
        return self.placements[executive, max(past)] if past else "unplaced"

    def executives(self, level: str, entity: str) -> list[str]:
        teams = {executive: self.team(executive) for executive in EXECUTIVES}
        places = {
            "executive": dict.fromkeys(EXECUTIVES, "") | {entity: entity},
            "team": teams,
            "branch": {executive: BRANCHES[team] for executive, team in teams.items()},
            "company": dict.fromkeys(EXECUTIVES, entity),
        }[level]
        return [executive for executive in EXECUTIVES if places[executive] == entity]


stories = st.builds(
    Story,
    st.lists(
        st.builds(
            Item,
            st.booleans(),
            st.sampled_from(CUSTOMERS),
            st.sampled_from(EXECUTIVES),
            times,
            st.none() | times,
            st.booleans(),
            st.sampled_from((False, False, False, True)),
        ),
        min_size=2,
        max_size=6,
    ),
    st.lists(
        st.builds(
            Pair,
            st.sampled_from(EXECUTIVES),
            st.none() | times,
            st.lists(times, max_size=2).map(tuple),
        ),
        max_size=4,
    ),
    st.lists(
        st.builds(
            Lead,
            st.sampled_from((*EXECUTIVES, "CMP", None)),
            times,
            st.sampled_from((*CUSTOMERS, "C-9")),
        ),
        max_size=3,
    ),
    st.dictionaries(
        st.tuples(
            st.sampled_from(EXECUTIVES),
            st.sampled_from((TODAY - 60, TODAY - 10, TODAY, TODAY + 1)),
        ),
        st.sampled_from(TEAMS[:2]),
        max_size=4,
    ),
)


def told(story: Story) -> list[Event]:
    """The story as events; items in the order of their ids, so that the first wins ties."""
    found: list[tuple[Micros, Any]] = [
        (
            AS_OF,
            ExecutivePlaced(
                executive_id=executive,
                team_id=team,
                branch_id=BRANCHES[team],
                valid_from=date.fromordinal(since),
            ),
        )
        for (executive, since), team in story.placements.items()
    ]
    found.append(
        (
            AS_OF,
            CampaignDefined(campaign_id="CMP", channel="web", digital=True, branch_id="B-1"),
        )
    )
    for number, item in enumerate(story.items):
        found += (loan if item.loan else product)(f"I-{number}", item)
    for number, pair in enumerate(story.pairs):
        ids = {"technique_id": f"X-{number}", "executive_id": pair.executive}
        if pair.learned is not None:
            found.append((pair.learned, TechniqueLearned(**ids)))
        found += [(time, TechniqueApplied(**ids)) for time in pair.applied]
    for number, lead in enumerate(story.leads):
        campaign = lead.owner if lead.owner == "CMP" else None
        created = LeadCreated(
            lead_id=f"L-{number}",
            channel="referral",
            campaign_id=campaign,
            referred_by=lead.referrer,
        )
        found.append((lead.created, created))
        if lead.owner in EXECUTIVES:
            assigned = LeadAssigned(lead_id=f"L-{number}", executive_id=lead.owner)
            found.append((AS_OF, assigned))
    return [Event(time, "/a", f"{number:04}", data) for number, (time, data) in enumerate(found)]


def loan(name: str, item: Item) -> Iterable[tuple[Micros, Any]]:
    sale = SaleDisbursed(
        loan_id=name,
        customer_id=item.customer,
        executive_id=item.executive,
        amount=1,
        currency="INR",
    )
    yield item.began, sale
    if item.ended is not None:
        reason: Any = "matured" if item.matured else "foreclosed"
        yield item.ended, LoanClosed(loan_id=name, reason=reason)
    if item.cancelled:
        yield AS_OF, SaleCancelled(loan_id=name)


def product(name: str, item: Item) -> Iterable[tuple[Micros, Any]]:
    sold = ProductSold(
        holding_id=name,
        customer_id=item.customer,
        executive_id=item.executive,
        product="insurance",
        sale_kind="cross_sell",
        revenue=1,
        currency="INR",
    )
    yield item.began, sold
    if item.ended is not None:
        yield item.ended, ProductClosed(holding_id=name)
    if item.cancelled:
        yield AS_OF, ProductCancelled(holding_id=name)


class Span(NamedTuple):
    start: Micros
    end: Micros


def naive_retention(story: Story, executives: list[str], span: Span) -> tuple[int, ...]:
    """The customers of A that stay, A less M, and M."""
    kept = matured = 0
    base = [
        customer
        for customer, items in customers(story, executives).items()
        if any(item.begun_and_not_ended_before(span.start) for item in items)
    ]
    for customer in base:
        items = customers(story, executives)[customer]
        moments = sorted(
            item.ended
            for item in items
            if item.ended is not None and span.start <= item.ended < span.end
        )
        lapse = next((t for t in moments if not any(item.open_at(t) for item in items)), None)
        kept += lapse is None
        matured += lapse is not None and any(
            item.loan and item.matured and item.ended == lapse for item in items
        )
    return kept, len(base) - matured, matured


def naive_penetration(story: Story, executives: list[str], span: Span) -> tuple[int, ...]:
    holds = [
        [
            any(item.begun_and_not_ended_before(span.end) for item in items if item.loan is loan)
            for loan in (True, False)
        ]
        for items in customers(story, executives).values()
    ]
    return sum(map(all, holds)), sum(loan for loan, _ in holds)


def customers(story: Story, executives: list[str]) -> dict[str, list[Item]]:
    """What was ever open of each customer of the executives."""
    found = {}
    for customer in CUSTOMERS:
        net = [each for each in story.items if each.customer == customer and not each.cancelled]
        if net and min(net, key=lambda item: item.began).executive in executives:
            found[customer] = [item for item in net if item.real]
    return found


def naive_techniques(story: Story, executives: list[str], span: Span) -> tuple[int, ...]:
    implemented = due = 0
    for pair in story.pairs:
        if pair.executive not in executives or pair.learned is None:
            continue
        first = min(pair.applied, default=None)
        due += pair.learned < span.end and not (first is not None and first < span.start)
        implemented += (
            first is not None and span.start <= first < span.end and pair.learned <= first
        )
    return implemented, due


def naive_referrals(story: Story, span: Span) -> int:
    return sum(
        span.start <= lead.created < span.end
        and any(
            item.real and item.customer == lead.referrer and item.open_at(lead.created)
            for item in story.items
        )
        for lead in story.leads
    )


def moments(days: Days) -> Span:
    return Span(KOLKATA.midnight(days.first), KOLKATA.midnight(days.last + 1))


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
def test_no_order_decides_on_a_balance(story: Story, random: Any) -> None:
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
