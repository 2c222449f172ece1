"""Random stories of subjects of every kind, and a subject that they happen to."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from scoring.calendar import moment
from scoring.cells import Cells, merge
from scoring.events import Event, activity, leads, sales
from scoring.journeys import NEW, Change, Journey, Told, hear, receive
from scoring.meaning import History
from scoring.notes import (
    ApplicationOfLead,
    HoldingOfCustomer,
    LoanOfCustomer,
    LoanOfLead,
    ReferredLead,
)
from scoring.subjects import meaning_of
from tests.scoring.making import RULES, at, flat

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scoring.cells import Place

#: What reaches a subject: an event, or what another subject says.
Item = Event | tuple[str, Told]

START = at("2026-03-01T00:00")


@dataclass
class Subject:
    """A subject that takes items, and the sum of everything that it ever caused."""

    key: str
    journey: Journey = NEW
    facts: dict[Place, Cells] = field(default_factory=lambda: defaultdict(dict))
    said: dict[str, Any] = field(default_factory=dict)
    offset: int = 0

    def take(self, items: Iterable[Item]) -> Subject:
        for item in items:
            self.offset += 1
            meaning = meaning_of(self.key, RULES)
            if isinstance(item, Event):
                self._apply(receive(self.journey, item, ("p", self.offset), meaning))
            else:
                self._apply(hear(self.journey, *item, meaning))
        return self

    def _apply(self, change: Change) -> None:
        self.journey = change.journey
        for place, cells in change.facts.items():
            merge(self.facts[place], cells)
        for said in (change.notes, change.memberships, change.reference):
            for address, word in said.items():
                assert self.said.get(address) != word
                self.said[address] = word

    @property
    def summed(self) -> tuple[object, ...]:
        """The sum of all that it caused."""
        return flat(self.facts), {key: word for key, word in self.said.items() if word is not None}

    @property
    def meant(self) -> tuple[object, ...]:
        """What its final state means."""
        notes = {s: t.note for s, t in self.journey.told.items() if t.note is not None}
        found = meaning_of(self.key, RULES)(History(self.journey.events, notes))
        said = {**found.notes, **found.memberships, **found.reference}
        return flat(found.contributions.places), said


times = st.integers(0, 40).map(lambda half_days: START + half_days * 43_200_000_000)
executives = st.sampled_from(("E-1", "E-2"))
lead_data = st.one_of(
    st.builds(
        leads.LeadCreated,
        lead_id=st.just("L"),
        channel=st.sampled_from(("web", "branch")),
        executive_id=st.none() | executives,
        campaign_id=st.sampled_from((None, "CMP|1")),
        referred_by=st.sampled_from((None, "C-1", "C-2")),
    ),
    st.builds(leads.LeadAssigned, lead_id=st.just("L"), executive_id=executives),
    st.builds(leads.LeadQualified, lead_id=st.just("L")),
)
disbursals = st.builds(
    sales.SaleDisbursed,
    loan_id=st.just("LN"),
    customer_id=st.sampled_from(("C-1", "C-2")),
    executive_id=executives,
    amount=st.sampled_from((0, 1, 19.99)),
    currency=st.just("INR"),
    lead_id=st.sampled_from((None, "L")),
)
cancellations = st.just(sales.SaleCancelled(loan_id="LN"))
applications = st.builds(
    sales.SaleApplied, loan_id=st.just("LN"), lead_id=st.sampled_from((None, "L", "L-2"))
)
closings = st.builds(
    sales.LoanClosed, loan_id=st.just("LN"), reason=st.sampled_from(("matured", "foreclosed"))
)
holding_data = st.one_of(
    st.builds(
        sales.ProductSold,
        holding_id=st.just("H"),
        customer_id=st.sampled_from(("C-1", "C-2")),
        executive_id=executives,
        product=st.sampled_from(("card", "a|b#c")),
        sale_kind=st.just("up_sell"),
        revenue=st.sampled_from((0, 19.99)),
        currency=st.just("INR"),
    ),
    st.just(sales.ProductClosed(holding_id="H")),
    st.just(sales.ProductCancelled(holding_id="H")),
)
technique_data = st.sampled_from((activity.TechniqueLearned, activity.TechniqueApplied)).map(
    lambda kind: kind(technique_id="X", executive_id="E-1")
)

dues = times.map(moment)
task_data = st.one_of(
    st.builds(
        activity.TaskScheduled,
        task_id=st.just("T"),
        executive_id=executives,
        due_at=dues,
        cadence=st.sampled_from((None, "daily")),
        priority=st.booleans(),
    ),
    st.just(activity.TaskCompleted(task_id="T")),
    st.just(activity.TaskWithdrawn(task_id="T")),
)
report_data = st.one_of(
    st.builds(activity.ReportDue, report_id=st.just("R"), executive_id=executives, due_at=dues),
    st.builds(
        activity.ReportSubmitted,
        report_id=st.just("R"),
        executive_id=executives,
        period=st.sampled_from(("2026-02", "2026-W09")),
        figures=st.dictionaries(st.sampled_from(("a|#", "b")), st.sampled_from((1, 2.5, -1e300))),
    ),
)
entry_data = st.builds(
    activity.TimeLogged,
    entry_id=st.just("N"),
    executive_id=executives,
    category=st.sampled_from(("selling", "break")),
    minutes=st.sampled_from((0, 0.01, 480)),
)
inquiry_data = st.one_of(
    st.just(activity.InquiryOpened(inquiry_id="I")),
    st.builds(activity.InquiryAnswered, inquiry_id=st.just("I"), executive_id=executives),
)
spend_data = st.builds(
    activity.CampaignSpent,
    spend_id=st.just("S"),
    campaign_id=st.sampled_from(("CMP|1", "CMP-2")),
    amount=st.sampled_from((0, 1, 19.99)),
    currency=st.just("INR"),
    channel=st.sampled_from((None, "web", "email")),
)


def events(data: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Event]]:
    """Few identities, so that events repeat and contradict each other."""
    return st.lists(
        st.builds(Event, times, st.sampled_from(("/a", "/b")), st.sampled_from("123"), data),
        max_size=8,
    )


@st.composite
def told(draw: st.DrawFn, notes: st.SearchStrategy[Any]) -> list[Item]:
    """Words of some loans, version by version; some take back what was said."""
    return [
        (f"loan:{loan}", Told(version, draw(st.none() | notes)))
        for loan in range(draw(st.integers(0, 3)))
        for version in range(1, draw(st.integers(2, 4)))
    ]


lead_notes = told(
    st.builds(LoanOfLead, times, st.integers(0, 500), st.none() | times)
    | st.builds(ApplicationOfLead, times)
)
customer_notes = told(
    st.one_of(
        st.builds(
            LoanOfCustomer,
            times,
            st.just("/a"),
            st.text("ab"),
            executives,
            st.none() | times,
            matured=st.booleans(),
        ),
        st.builds(
            HoldingOfCustomer,
            times,
            st.just("/a"),
            st.text("ab"),
            executives,
            st.none() | times,
        ),
        st.builds(ReferredLead, times, st.just("campaign:CMP")),
    )
)
stories = st.one_of(
    st.tuples(
        st.just("lead:L"), st.builds(lambda *a: [*a[0], *a[1]], events(lead_data), lead_notes)
    ),
    st.tuples(
        st.just("loan:LN"),
        events(disbursals | cancellations | applications | closings).map(list[Item]),
    ),
    st.tuples(st.just("holding:H"), events(holding_data).map(list[Item])),
    st.tuples(st.just("technique:E-1\x1fX"), events(technique_data).map(list[Item])),
    st.tuples(st.just("customer:C"), customer_notes),
    st.tuples(st.just("task:T"), events(task_data).map(list[Item])),
    st.tuples(st.just("report:R"), events(report_data).map(list[Item])),
    st.tuples(st.just("entry:N"), events(entry_data).map(list[Item])),
    st.tuples(st.just("inquiry:I"), events(inquiry_data).map(list[Item])),
    st.tuples(st.just("spend:S"), events(spend_data).map(list[Item])),
)


def effects(change: Change) -> tuple[object, ...]:
    return (
        change.journey,
        change.verdict,
        flat(change.facts),
        change.notes,
        change.memberships,
        change.reference,
    )
