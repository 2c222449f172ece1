"""Journeys: the state of one subject, and what a change of it causes.

A subject's state is the *set* of its events and of what other subjects told it. A pure
function of that set (`scoring.subjects`) says what the subject means: contributions to
panes and notes to others. When the state changes, the *difference* of meanings before and
after travels on; so order, duplicates and corrections need no code of their own.
"""

from __future__ import annotations

from bisect import insort
from enum import Enum
from operator import attrgetter
from typing import TYPE_CHECKING, TypeVar

import msgspec

from scoring.cells import Cells, Place, difference
from scoring.events import Event, Micros
from scoring.meaning import History, Meaning
from scoring.notes import Membership, ReferenceNote, SubjectNote

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

FORMAT = 2


class Told(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The last word of another subject; `note` is None when it was taken back."""

    version: int
    note: SubjectNote | None


class Grave(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Where the earlier lives of a subject ended; see `scoring.lives`.

    Attributes:
        time: When they were forgotten.
        at: Position in the subject's log; what lies before it was applied.
    """

    time: Micros
    at: int


class Journey(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The state of one subject.

    Attributes:
        format: Version of this layout.
        version: How many records changed the state; grows with each.
        events: Its accepted events by (time, source, id).
        told: What other subjects said, by sender.
        applied: Highest source offset applied, by origin partition.
        duplicates: How many events repeated one that was known.
        grave: Where earlier lives ended, until that is forgotten too.
    """

    format: int = FORMAT
    version: int = 0
    events: tuple[Event, ...] = ()
    told: dict[str, Told] = {}
    applied: dict[str, int] = {}
    duplicates: int = 0
    grave: Grave | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is known of the subject, or no longer."""
        return not self.events and all(told.note is None for told in self.told.values())

    @property
    def history(self) -> History:
        """The set that decides what the subject means."""
        notes = {sender: told.note for sender, told in self.told.items() if told.note is not None}
        return History(self.events, notes)


NEW = Journey()


def born(at: int) -> Journey:
    """The state of a subject of which nothing is known at a position of its log.

    It may have been forgotten. Its versions were smaller than the positions that came after
    them, so those that begin here are larger than all before.
    """
    return Journey(version=at)


class Verdict(Enum):
    """What became of a record."""

    APPLIED = "applied"
    DUPLICATE = "duplicate"
    #: Another event has this identity, with other content and an earlier time.
    CONFLICT = "conflicting_duplicate"
    #: This very record was applied before.
    REPLAY = "replay"


class Change(msgspec.Struct, frozen=True, gc=False):
    """The effects of one record on a subject.

    Attributes:
        journey: State after it.
        verdict: What became of the record.
        facts: Difference of contributions by place.
        notes: Changed notes to other subjects, by subject key; None takes one back.
        memberships: Changed memberships by entity.
        reference: Changed notes to evaluators by reference key.
        meaning: What the state after it means, where that had to be found out.
    """

    journey: Journey
    verdict: Verdict
    meaning: Meaning | None = None
    facts: dict[Place, Cells] = {}
    notes: dict[str, SubjectNote | None] = {}
    memberships: dict[str, Membership | None] = {}
    reference: dict[str, ReferenceNote | None] = {}


def receive(
    journey: Journey,
    event: Event,
    origin: tuple[str, int],
    meaning: Callable[[History], Meaning],
    was: Meaning | None = None,
) -> Change:
    """Apply an event.

    Args:
        journey: State of the event's subject.
        event: The event.
        origin: Partition and offset from which the event was read. A record whose event is
            known, at or below the highest applied offset of its partition, is a replay and
            changes nothing. One whose event is not known is applied whatever its offset: it
            comes from a topic that was created again.
        meaning: What a state of this subject means.
        was: What `journey` means, if the caller knows.
    """
    partition, offset = origin
    highest = journey.applied.get(partition, -1)
    known = _twin(journey.events, event)
    if known is not None and offset <= highest:
        return Change(journey, Verdict.REPLAY)
    applied = {**journey.applied, partition: max(offset, highest)}
    verdict, events = _admit(journey.events, known, event)
    after = Journey(
        version=journey.version + 1,
        events=events,
        told=journey.told,
        applied=applied,
        duplicates=journey.duplicates + (verdict is Verdict.DUPLICATE),
        grave=journey.grave,
    )
    if events is journey.events:
        return Change(after, verdict, was)
    return _change(journey, after, verdict, was, meaning)


def hear(
    journey: Journey,
    sender: str,
    told: Told,
    meaning: Callable[[History], Meaning],
    was: Meaning | None = None,
) -> Change:
    """Apply a note of another subject; one that is not newer than the last is a replay."""
    known = journey.told.get(sender)
    if known is not None and told.version <= known.version:
        return Change(journey, Verdict.REPLAY)
    after = Journey(
        version=journey.version + 1,
        events=journey.events,
        told={**journey.told, sender: told},
        applied=journey.applied,
        duplicates=journey.duplicates,
        grave=journey.grave,
    )
    return _change(journey, after, Verdict.APPLIED, was, meaning)


def retire(journey: Journey, version: int, grave: Grave) -> Journey | None:
    """Bury a subject, or forget its grave; what it contributed stays where it is.

    The grave keeps the versions of what others told, so that what repeats them is known.

    Args:
        journey: State of the subject.
        version: That of the state that was found to be over; nothing happens to another.
        grave: When and where this is said.

    Returns:
        The state after it; None if nothing is to be kept.
    """
    if journey.version != version:
        return journey
    if journey.grave is not None and journey.is_empty:
        return None
    told = {sender: Told(told.version, None) for sender, told in journey.told.items()}
    return Journey(version=version + 1, told=told, grave=grave)


def _twin(events: tuple[Event, ...], event: Event) -> Event | None:
    """The event of the same identity, if there is one."""
    return next((e for e in events if e.id == event.id and e.source == event.source), None)


def _admit(
    events: tuple[Event, ...], known: Event | None, event: Event
) -> tuple[Verdict, tuple[Event, ...]]:
    if known is None:
        return Verdict.APPLIED, _insert(events, event)
    if known == event:
        return Verdict.DUPLICATE, events
    if _precedence(known) <= _precedence(event):
        return Verdict.CONFLICT, events
    others = tuple(e for e in events if e is not known)
    return Verdict.DUPLICATE, _insert(others, event)


def _insert(events: tuple[Event, ...], event: Event) -> tuple[Event, ...]:
    if not events or events[-1].order <= event.order:
        return (*events, event)
    ordered = list(events)
    insort(ordered, event, key=attrgetter("order"))
    return tuple(ordered)


def _precedence(event: Event) -> tuple[int, bytes]:
    # Two contents under one identity and one time need some order that no arrival decides.
    return event.time, msgspec.msgpack.encode(event.data)


def _change(
    before: Journey,
    after: Journey,
    verdict: Verdict,
    was: Meaning | None,
    meaning: Callable[[History], Meaning],
) -> Change:
    now = meaning(after.history)
    if before.is_empty:
        # Nothing was known, so nothing was meant: all that is meant now is new.
        places = now.contributions.places
        return Change(
            after, verdict, now, places, {**now.notes}, {**now.memberships}, {**now.reference}
        )
    if was is None:
        was = meaning(before.history)
    return Change(
        after,
        verdict,
        now,
        _facts(now.contributions.places, was.contributions.places),
        _changed(now.notes, was.notes),
        _changed(now.memberships, was.memberships),
        _changed(now.reference, was.reference),
    )


def _facts(now: Mapping[Place, Cells], was: Mapping[Place, Cells]) -> dict[Place, Cells]:
    facts = {}
    for place in dict.fromkeys((*was, *now)):
        delta = difference(now.get(place, {}), was.get(place, {}))
        if delta:
            facts[place] = delta
    return facts


N = TypeVar("N")


def _changed(now: Mapping[str, N], was: Mapping[str, N]) -> dict[str, N | None]:
    if not (now or was):
        return {}
    return {
        address: now.get(address)
        for address in dict.fromkeys((*was, *now))
        if now.get(address) != was.get(address)
    }
