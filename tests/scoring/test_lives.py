"""Lives of subjects: what a silence ends, and that forgetting a life changes nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scoring.cells import merge
from scoring.events import Event
from scoring.events.activity import (
    TaskCompleted,
    TaskScheduled,
    TechniqueApplied,
    TechniqueLearned,
    TimeLogged,
)
from scoring.events.leads import LeadContacted, LeadCreated, LeadQualified
from scoring.events.sales import LoanClosed, ProductSold, SaleCancelled, SaleDisbursed
from scoring.intervals import NEVER
from scoring.journeys import NEW, Grave, Journey, Told, born, hear, receive, retire
from scoring.lives import forgettable_after, lives
from scoring.meaning import History
from scoring.notes import LoanOfCustomer, LoanOfLead
from scoring.panes import position
from scoring.subjects import LIFETIMES, MEANINGS, lifetime_of, meaning_of
from streams.settings import Settings
from tests.scoring.making import RULES, at, flat

if TYPE_CHECKING:
    from scoring.cells import Cells, Place
    from scoring.events import EventData, Micros

DAY = 86_400_000_000
START = at("2020-01-01T00:00")
GAP = RULES.silence
RETENTION = GAP - DAY
LEAD = LeadCreated(lead_id="L", channel="web", executive_id="E-1")
SALE = SaleDisbursed(loan_id="N", customer_id="C", executive_id="E-1", amount=5.0, currency="INR")


def on(day: float, data: EventData) -> Event:
    return Event(START + int(day * DAY), "/crm", f"{day} {type(data).__name__}", data)


def history(*events: Event) -> History:
    return History(tuple(sorted(events, key=lambda each: each.order)), {})


def untils(subject: str, *events: Event) -> list[float]:
    lifetime = lifetime_of(subject)
    assert lifetime is not None
    found = [life.until for life in lives(history(*events), lifetime, GAP)]
    return [until if until == NEVER else (until - START) / DAY for until in found]


def test_a_silence_of_the_retention_ends_a_life() -> None:
    qualified = LeadQualified(lead_id="L")
    assert untils("lead:L", on(0, LEAD), on(801, qualified)) == [801]
    assert untils("lead:L", on(0, LEAD), on(801.01, qualified)) == [0, 801.01]
    assert untils("lead:L", on(0, LEAD), on(700, qualified), on(1400, qualified)) == [1400]


def test_the_meaning_is_the_sum_of_lives() -> None:
    meaning = meaning_of("lead:L", RULES)
    first, second = history(on(0, LEAD)), history(on(900, LEAD))
    both = meaning(history(*first.events, *second.events)).contributions.places
    assert flat(both) == {
        **flat(meaning(first).contributions.places),
        **flat(meaning(second).contributions.places),
    }
    alone = meaning(history(on(0, LEAD), on(900, LeadQualified(lead_id="L"))))
    assert flat(alone.contributions.places) == flat(meaning(first).contributions.places)


@pytest.mark.parametrize(
    ("subject", "opening", "closing"),
    [
        ("loan:N", SALE, LoanClosed(loan_id="N")),
        ("loan:N", SALE, SaleCancelled(loan_id="N")),
        (
            "technique:E-1|T",
            TechniqueLearned(technique_id="T", executive_id="E-1"),
            TechniqueApplied(technique_id="T", executive_id="E-1"),
        ),
    ],
)
def test_what_is_open_is_remembered(subject: str, opening: EventData, closing: EventData) -> None:
    assert untils(subject, on(0, opening)) == [NEVER]
    assert untils(subject, on(0, opening), on(3000, closing)) == [3000]
    assert untils(subject, on(0, closing), on(3, opening)) == [3]


def test_what_is_due_is_remembered_until_then() -> None:
    due = datetime(2025, 1, 1, tzinfo=UTC)
    task = TaskScheduled(task_id="T", executive_id="E-1", due_at=due)
    done = TaskCompleted(task_id="T")
    (until,) = untils("task:T", on(0, task))
    assert until == pytest.approx(1827, abs=1)
    assert untils("task:T", on(0, task), on(2500, done)) == [2500]


def test_every_kind_that_is_kept_for_ever_or_longer_exists() -> None:
    assert LIFETIMES.keys() <= MEANINGS.keys()
    assert lifetime_of("customer:C") is None
    assert lifetime_of("no_such_kind:1") is not None


def test_a_note_from_a_loan_belongs_to_the_life_in_which_it_was_paid_out() -> None:
    lifetime = lifetime_of("lead:L")
    assert lifetime is not None
    loan = LoanOfLead(START + 900 * DAY, 1)
    known = History((on(0, LEAD),), {"loan:N": loan})
    first, second = lives(known, lifetime, GAP)
    assert (first.history.notes, second.history.notes) == ({}, {"loan:N": loan})
    customer = LoanOfCustomer(START, "/crm", "1", "E-1")
    with pytest.raises(TypeError, match="LoanOfCustomer says nothing"):
        lives(History((), {"loan:N": customer}), lifetime, GAP)


def test_no_admissible_event_can_be_apart_from_another_by_a_silence() -> None:
    for settings in (Settings(), Settings(retention_days=93, maturity_days=365)):
        rules = settings.rules(settings.calendar)
        assert rules.silence > settings.admission.retention
        assert rules.silence > rules.maturity


def test_a_grave_remembers_versions_and_goes_with_a_second_word() -> None:
    told = Told(7, LoanOfLead(START, 1))
    journey = Journey(version=4, events=(on(0, LEAD),), told={"loan:N": told}, applied={"p": 3})
    grave = Grave(START + 2000 * DAY, position("", 9, 0)[1])

    assert retire(journey, 3, grave) is journey
    buried = retire(journey, 4, grave)
    assert buried == Journey(version=5, told={"loan:N": Told(7, None)}, grave=grave)
    assert buried is not None
    assert buried.is_empty
    assert hear(buried, "loan:N", told, meaning_of("lead:L", RULES)).journey is buried
    assert retire(buried, 4, grave) is buried
    assert retire(buried, 5, grave) is None


def test_versions_grow_over_a_grave_and_over_what_is_forgotten() -> None:
    meaning = meaning_of("entry:T", RULES)
    logged = TimeLogged(entry_id="T", executive_id="E-1", category="selling", minutes=5)
    journey = born(position("", 0, 0)[1])
    for index in range(5):
        journey = receive(journey, on(index, logged), ("p", index), meaning).journey
    grave = Grave(START, position("", 0, 5)[1])
    buried = retire(journey, journey.version, grave)
    assert buried is not None
    over_grave = receive(buried, on(900, logged), ("p", 9), meaning).journey
    anew = receive(born(position("", 0, 7)[1]), on(900, logged), ("p", 9), meaning).journey
    assert journey.version < buried.version < over_grave.version
    assert buried.version < anew.version
    assert (over_grave.grave, anew.grave) == (grave, None)


def test_a_stored_journey_of_the_previous_format_is_read() -> None:
    previous: tuple[object, ...] = (1, 3, (), {}, {"p": 2}, 1)
    stored = msgspec.msgpack.encode(previous)
    journey = msgspec.msgpack.decode(stored, type=Journey)
    assert journey == Journey(format=1, version=3, applied={"p": 2}, duplicates=1)


#: Steps of days, and what happens then to one lead whose id comes back again and again.
_steps = st.lists(
    st.tuples(
        st.sampled_from((0, 1, 300, 799, 802, 1000, 1700)),
        st.floats(0, 799),
        st.sampled_from(
            (LEAD, LeadContacted(lead_id="L", executive_id="E-1"), LeadQualified(lead_id="L"))
        ),
        st.booleans(),
    ),
    max_size=12,
)


@given(_steps)
@example([(0, 0.0, LEAD, True), (1700, 0.0, LEAD, True)])
@example([(0, 0.0, LEAD, True), (1700, 799.0, LEAD, True), (1, 798.0, LEAD, False)])
def test_forgetting_changes_no_sum(steps: list[tuple[int, float, EventData, bool]]) -> None:
    """Events arrive as late as is admitted; one subject is retired where it can, one never."""
    kept, forgotten = _Told(), _Told()
    now = START + 2000 * DAY
    for number, (days, age, data, looks) in enumerate(steps):
        now += days * DAY
        if looks:
            forgotten.look(now, number)
        event = Event(now - int(age * DAY), "/crm", str(number), data)
        kept.take(event, number)
        forgotten.take(event, number)
    assert flat(kept.facts) == flat(forgotten.facts)


class _Told:
    """A lead, and the sum of the facts that it caused."""

    def __init__(self) -> None:
        self.journey: Journey | None = None
        self.facts: dict[Place, Cells] = {}

    def take(self, event: Event, offset: int) -> None:
        journey = self.journey or (NEW if offset == 0 else born(position("", offset, 0)[1]))
        change = receive(journey, event, ("p", offset), meaning_of("lead:L", RULES))
        self.journey = change.journey
        for place, cells in change.facts.items():
            merge(self.facts.setdefault(place, {}), cells)

    def look(self, now: Micros, offset: int) -> None:
        lifetime = lifetime_of("lead:L")
        assert lifetime is not None
        for index in (1, 2):
            if self.journey is None:
                continue
            over = forgettable_after(self.journey.history, lifetime, GAP)
            if over < now - RETENTION - DAY:
                grave = Grave(now, position("", offset, index)[1])
                self.journey = retire(self.journey, self.journey.version, grave)


def test_a_product_is_open_until_it_is_closed() -> None:
    sold = ProductSold(
        holding_id="H",
        customer_id="C",
        executive_id="E-1",
        product="card",
        sale_kind="cross_sell",
        revenue=1.0,
        currency="INR",
    )
    assert untils("holding:H", on(0, sold)) == [NEVER]
