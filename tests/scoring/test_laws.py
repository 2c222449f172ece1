"""The laws of one subject: any order, any number of times; differences add up; it is stored."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import journeys, panes, rollups
from scoring.calendar import moment
from scoring.cells import Cells, merge
from scoring.events import Event, activity, leads, sales
from scoring.journeys import NEW, Change, Journey, Told, Verdict, hear, receive
from scoring.meaning import History
from scoring.notes import (
    ApplicationOfLead,
    HoldingOfCustomer,
    LoanOfCustomer,
    LoanOfLead,
    Membership,
    Parent,
    ReferredLead,
)
from scoring.panes import Member, Pane
from scoring.rollups import Contribution
from scoring.subjects import meaning_of
from streams.journeys import decode_journey
from streams.journeys import encode as encode_journey
from streams.panes import StoredMember, StoredPane, decode_stored
from streams.panes import encode as encode_stored
from streams.rollups import decode_contribution
from streams.rollups import encode as encode_contribution
from tests.scoring.making import RULES, at, cells_of_days, event, flat

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


@given(stories, st.data())
def test_any_order_and_repetition_means_the_same(
    story: tuple[str, list[Item]], data: st.DataObject
) -> None:
    subject, items = story
    again = data.draw(st.lists(st.sampled_from(items), max_size=5)) if items else []
    there = Subject(subject).take(items)
    back = Subject(subject).take(data.draw(st.permutations([*items, *again])))
    assert back.journey.events == there.journey.events
    assert {s: t.note for s, t in back.journey.told.items()} == {
        s: t.note for s, t in there.journey.told.items()
    }
    assert back.meant == there.meant


@given(stories)
def test_differences_add_up_to_what_the_final_state_means(story: tuple[str, list[Item]]) -> None:
    subject, items = story
    for known in (Subject(subject).take(items), Subject(subject).take(items[::-1])):
        assert known.summed == known.meant


@given(stories)
def test_a_meaning_that_the_caller_knows_changes_no_effect(story: tuple[str, list[Item]]) -> None:
    subject, items = story
    meaning = meaning_of(subject, RULES)
    journey, was = NEW, None
    for offset, item in enumerate(items):
        if isinstance(item, Event):
            origin = ("p", offset)
            plain = receive(journey, item, origin, meaning)
            informed = receive(journey, item, origin, meaning, was)
        else:
            plain, informed = hear(journey, *item, meaning), hear(journey, *item, meaning, was)
        assert effects(plain) == effects(informed)
        journey = plain.journey
        was = informed.meaning if informed.meaning is not None else was


def effects(change: Change) -> tuple[object, ...]:
    return (
        change.journey,
        change.verdict,
        flat(change.facts),
        change.notes,
        change.memberships,
        change.reference,
    )


@given(stories, st.data())
def test_a_replayed_record_changes_and_causes_nothing(
    story: tuple[str, list[Item]], data: st.DataObject
) -> None:
    subject, items = story
    known = Subject(subject).take(items)
    meaning = meaning_of(subject, RULES)
    for offset, item in enumerate(items, start=1):
        if isinstance(item, Event):
            before = data.draw(st.integers(0, offset))
            change = receive(known.journey, item, ("p", before), meaning)
        else:
            change = hear(known.journey, *item, meaning)
        assert change.journey is known.journey
        assert effects(change)[1:] == (Verdict.REPLAY, {}, {}, {}, {})


def test_offsets_are_compared_within_their_partition() -> None:
    lost = event(leads.LeadLost(lead_id="L"), "2026-03-01T10:00")
    other = event(leads.LeadLost(lead_id="L"), "2026-03-01T10:00", identity="2")
    meaning = meaning_of("lead:L", RULES)
    journey = receive(NEW, lost, ("a", 7), meaning).journey
    assert journey.applied == {"a": 7}
    assert receive(journey, other, ("b", 0), meaning).verdict is Verdict.APPLIED
    assert receive(journey, other, ("a", 8), meaning).verdict is Verdict.APPLIED
    assert receive(journey, lost, ("a", 7), meaning).verdict is Verdict.REPLAY
    for record in (("a", 8), ("b", 0), ("b", 1)):
        assert receive(journey, lost, record, meaning).verdict is Verdict.DUPLICATE


def test_an_unknown_event_at_a_known_offset_is_of_a_topic_created_again() -> None:
    lost = event(leads.LeadLost(lead_id="L"), "2026-03-01T10:00")
    other = event(leads.LeadLost(lead_id="L"), "2026-03-01T10:00", identity="2")
    meaning = meaning_of("lead:L", RULES)
    journey = receive(NEW, lost, ("a", 7), meaning).journey
    change = receive(journey, other, ("a", 0), meaning)
    assert change.verdict is Verdict.APPLIED
    assert change.journey.applied == {"a": 7}


def test_a_note_is_heard_if_it_is_newer() -> None:
    meaning = meaning_of("customer:C", RULES)
    old, new = (Told(version, LoanOfCustomer(START, "/a", "1", "E")) for version in (4, 5))
    journey = hear(NEW, "loan:1", new, meaning).journey
    for version in (old, new):
        assert hear(journey, "loan:1", version, meaning).verdict is Verdict.REPLAY
    assert hear(journey, "loan:2", old, meaning).verdict is Verdict.APPLIED
    assert hear(journey, "loan:1", Told(6, None), meaning).journey.told["loan:1"].note is None


@given(events(disbursals | applications), events(cancellations).filter(bool), st.data())
def test_a_cancelled_loan_means_nothing(
    before: list[Event], cancelled: list[Event], data: st.DataObject
) -> None:
    final = [msgspec.structs.replace(each, id=f"c{each.id}") for each in cancelled]
    loan = Subject("loan:LN").take(data.draw(st.permutations([*before, *final])))
    assert loan.meant == ({}, {})
    assert loan.summed == ({}, {})


@given(events(lead_data.filter(lambda data: not isinstance(data, leads.LeadCreated))), lead_notes)
def test_a_lead_that_was_not_created_means_nothing(known: list[Event], notes: list[Item]) -> None:
    lead = Subject("lead:L").take([*known, *notes])
    assert lead.meant == ({}, {})


def test_a_deadline_is_inclusive_to_the_microsecond() -> None:
    created = event(
        leads.LeadCreated(lead_id="L", channel="web", executive_id="E"), "2026-03-01T10:00"
    )
    deadline = created.time + RULES.maturity
    for late in (0, 1):
        word = Told(1, LoanOfLead(deadline + late, 100))
        lead = Subject("lead:L").take([created, ("loan:1", word)])
        slots = {
            slot for cells in lead.facts.values() for vector in cells.values() for slot in vector
        }
        assert ("converted" in slots) is not bool(late)
        assert ("matured_amount.channel|web" in slots) is not bool(late)


@given(one=times, two=times, sellers=st.permutations(("E-1", "E-2")), swapped=st.booleans())
def test_of_conflicting_duplicates_the_earlier_counts(
    one: int, two: int, sellers: list[str], *, swapped: bool
) -> None:
    copies = [
        Event(time, "/a", "1", leads.LeadAssigned(lead_id="L", executive_id=seller))
        for time, seller in zip((one, two), sellers, strict=True)
    ]
    lead = Subject("lead:L").take(copies[::-1] if swapped else copies)
    (kept,) = lead.journey.events
    assert kept.time == min(one, two)
    if one != two:
        assert kept == min(copies, key=lambda each: each.time)


@given(lead_data, lead_data)
def test_no_arrival_decides_between_copies_at_one_time(one: Any, two: Any) -> None:
    copies = [Event(START, "/a", "1", data) for data in (one, two)]
    there, back = (Subject("lead:L").take(order) for order in (copies, copies[::-1]))
    assert there.journey.events == back.journey.events
    assert there.summed == back.summed == there.meant


def test_verdicts_on_copies() -> None:
    first = event(leads.LeadLost(lead_id="L"), "2026-03-02T10:00")
    earlier = event(leads.LeadLost(lead_id="L", reason="rate"), "2026-03-01T10:00")
    later = event(leads.LeadLost(lead_id="L", reason="rate"), "2026-03-03T10:00")
    meaning = meaning_of("lead:L", RULES)
    journey = receive(NEW, first, ("p", 1), meaning).journey
    verdicts = {
        name: receive(journey, copy, ("p", 2), meaning)
        for name, copy in (("same", first), ("later", later), ("earlier", earlier))
    }
    assert verdicts["same"].verdict is Verdict.DUPLICATE
    assert verdicts["later"].verdict is Verdict.CONFLICT
    assert verdicts["earlier"].journey.events == (earlier,)
    for change in verdicts.values():
        assert change.journey.version == 2
        assert change.journey.applied == {"p": 2}
    assert verdicts["same"].journey.duplicates == 1
    other_source = event(leads.LeadLost(lead_id="L"), "2026-03-02T10:00", source="/los")
    assert len(receive(journey, other_source, ("p", 2), meaning).journey.events) == 2


@given(stories)
def test_a_journey_survives_being_stored(story: tuple[str, list[Item]]) -> None:
    subject, items = story
    journey = Subject(subject).take(items).journey
    stored = encode_journey(journey)
    assert decode_journey(stored) == journey
    assert msgspec.msgpack.decode(stored)[0] == journeys.FORMAT


@given(st.integers(0, 2**62), st.dictionaries(st.text(), st.integers(0, 2**62)), cells_of_days)
def test_panes_and_contributions_survive_being_stored(
    version: int, applied: dict[str, int], cells: Cells
) -> None:
    pane = Pane(version=version, applied=applied, cells=cells, parents=("team:A|#",))
    stored = encode_stored(StoredPane(pane))
    assert decode_stored(stored) == StoredPane(pane)
    assert msgspec.msgpack.decode(stored, strict=False)[1][0] == panes.FORMAT
    said = Contribution(version=version, branch="B", cells=cells, former=("A", "C"))
    raw = encode_contribution(said)
    assert decode_contribution(raw) == said
    assert msgspec.msgpack.decode(raw)[0] == rollups.FORMAT


@pytest.mark.parametrize("membership", [None, Membership((Parent(1, "team:T", "B"),))])
def test_a_member_survives_being_stored(membership: Membership | None) -> None:
    member = StoredMember(Member(version=3, membership=membership))
    stored = encode_stored(member)
    assert decode_stored(stored) == member
    assert msgspec.msgpack.decode(stored)[1][0] == panes.FORMAT
