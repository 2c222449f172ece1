"""Lives: when a subject begins anew, and from when on nothing can change what it was.

A silence that is longer than the retention ends a life of a subject; what happens to it after
that is a life of its own, and what the subject means is the sum of its lives. That is a function
of the set of events, as all meaning is, and says the same whether the earlier life is still
remembered or not. So a life that no admissible event can reach any more can be forgotten.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from scoring.calendar import micros
from scoring.cells import Contributions, merge
from scoring.intervals import NEVER
from scoring.meaning import History, Meaning
from scoring.notes import ApplicationOfLead, LoanOfLead

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from scoring.calendar import Calendar
    from scoring.events import Event, EventData, Micros
    from scoring.notes import SubjectNote


class Lifetime(NamedTuple):
    """How long subjects of a kind live.

    Attributes:
        opens: Events after which a life goes on, however long the silence, ...
        closes: ... unless one of these is among its events too, before or after.
    """

    opens: tuple[type[EventData], ...] = ()
    closes: tuple[type[EventData], ...] = ()


ORDINARY = Lifetime()


class Life(NamedTuple):
    """One life of a subject.

    Attributes:
        history: What belongs to it.
        until: The last moment that it names; `NEVER` while it is open.
    """

    history: History
    until: Micros


def lives(history: History, lifetime: Lifetime, silence: Micros) -> list[Life]:
    """The lives of a subject, in order.

    Args:
        history: All that is known of it.
        lifetime: That of its kind.
        silence: What is apart by more than this belongs to two lives, microseconds.
    """
    found: list[_OpenLife] = []
    for time, event, sender in _timeline(history):
        if not found or time - found[-1].until(lifetime) > silence:
            found.append(_OpenLife())
        if event is not None:
            found[-1].event(event)
        else:
            found[-1].note(time, sender, history.notes[sender])
    return [life.closed(lifetime) for life in found]


def meaning_of_lives(
    history: History,
    lifetime: Lifetime,
    silence: Micros,
    meaning: Callable[[History], Meaning],
    calendar: Calendar,
) -> Meaning:
    """The sum of the meanings of a subject's lives; of two notes to one address the later.

    Args:
        history: All that is known of the subject.
        lifetime: That of its kind.
        silence: What is apart by more than this belongs to two lives, microseconds.
        meaning: What one life means.
        calendar: The business calendar.
    """
    if _is_one(history, silence):
        return meaning(history)
    return _sum((meaning(life.history) for life in lives(history, lifetime, silence)), calendar)


def forgettable_after(history: History, lifetime: Lifetime, silence: Micros) -> Micros:
    """The moment after which every event begins a new life; `NEVER` while one is open.

    Args:
        history: All that is known of the subject.
        lifetime: That of its kind.
        silence: What is apart by more than this belongs to two lives, microseconds.
    """
    until = max((life.until for life in lives(history, lifetime, silence)), default=0)
    return until + silence if until < NEVER else NEVER


class _OpenLife:
    """A life while its events are found, in order."""

    def __init__(self) -> None:
        self._events: list[Event] = []
        self._notes: dict[str, SubjectNote] = {}
        self._last: Micros = 0

    def event(self, event: Event) -> None:
        self._events.append(event)
        self._last = max(self._last, event.time, _due(event))

    def note(self, time: Micros, sender: str, note: SubjectNote) -> None:
        self._notes[sender] = note
        self._last = max(self._last, time)

    def until(self, lifetime: Lifetime) -> Micros:
        if lifetime.opens and self._has(lifetime.opens) and not self._has(lifetime.closes):
            return NEVER
        return self._last

    def closed(self, lifetime: Lifetime) -> Life:
        return Life(History(tuple(self._events), self._notes), self.until(lifetime))

    def _has(self, kinds: tuple[type[EventData], ...]) -> bool:
        return any(isinstance(event.data, kinds) for event in self._events)


def _timeline(history: History) -> list[tuple[Micros, Event | None, str]]:
    # Sorting is stable, so events of one moment stay in their order.
    heard: list[tuple[Micros, Event | None, str]] = [
        (_time(note), None, sender) for sender, note in history.notes.items()
    ]
    heard += [(event.time, event, "") for event in history.events]
    return sorted(heard, key=lambda each: each[0])


def _is_one(history: History, silence: Micros) -> bool:
    """Whether all is so close together that there is no silence in it; the usual case."""
    events, notes = history
    if not notes:
        return not events or events[-1].time - events[0].time <= silence
    times = [event.time for event in (*events[:1], *events[-1:])]
    times += map(_time, notes.values())
    return max(times) - min(times) <= silence


def _time(note: SubjectNote) -> Micros:
    """When what a note says happened."""
    if isinstance(note, LoanOfLead):
        return note.disbursed_at
    if isinstance(note, ApplicationOfLead):
        return note.applied_at
    raise TypeError(f"{type(note).__name__} says nothing of a subject that is ever forgotten")


def _due(event: Event) -> Micros:
    """The moment that an event announces, at which its subject will count."""
    for name in ("due_at", "ends_at"):
        announced = getattr(event.data, name, None)
        if announced is not None:
            return micros(announced)
    return event.time


def _sum(meanings: Iterable[Meaning], calendar: Calendar) -> Meaning:
    total = Meaning(Contributions(calendar), {}, {}, {})
    for meaning in meanings:
        for place, cells in meaning.contributions.places.items():
            merge(total.contributions.places.setdefault(place, {}), cells)
        total.notes.update(meaning.notes)
        total.memberships.update(meaning.memberships)
        total.reference.update(meaning.reference)
    return total
