"""How a subject's history takes what arrives: replays, duplicates, conflicts, notes."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from scoring.events import Event, leads
from scoring.journeys import NEW, Told, Verdict, hear, receive
from scoring.notes import LoanOfCustomer
from scoring.subjects import meaning_of
from tests.scoring.making import RULES, event
from tests.scoring.subjects.stories import START, Item, Subject, effects, lead_data, stories, times


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
