"""The laws of one subject: any order, any number of times; differences add up."""

from __future__ import annotations

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from scoring.events import Event, leads
from scoring.journeys import NEW, hear, receive
from scoring.subjects import meaning_of
from tests.scoring.making import RULES
from tests.scoring.subjects.meanings import created, mean
from tests.scoring.subjects.stories import (
    Item,
    Subject,
    applications,
    cancellations,
    disbursals,
    effects,
    events,
    lead_data,
    lead_notes,
    stories,
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


def test_a_kind_that_no_kpi_needs_means_nothing() -> None:
    found = mean("rumour:R", created("E"))
    assert (found.contributions.places, found.notes, found.reference) == ({}, {}, {})
