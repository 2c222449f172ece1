"""Random stories of loans, products, techniques and referrals around the edges of windows."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from hypothesis import strategies as st

from scoring.calendar import HOUR
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
from tests.scoring.making import KOLKATA, at, day

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scoring.events import Micros

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
