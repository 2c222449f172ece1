"""What a subject's history means: the types that every subject's pure function speaks."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeVar, cast

import msgspec

from scoring.cells import Contributions
from scoring.events import EventData
from scoring.notes import Membership, ReferenceNote, SubjectNote

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from scoring.calendar import Calendar
    from scoring.events import Event, Micros

D = TypeVar("D", bound=EventData)
D_co = TypeVar("D_co", bound=EventData, covariant=True)


class Rules(NamedTuple):
    """Settings that decide what facts are; fixed for the life of a deployment's state.

    Attributes:
        calendar: The business calendar.
        maturity: How long a lead has to convert, microseconds.
        silence: What happens to a subject after a longer silence begins a new life of it,
            microseconds; longer than events may be late and than maturity.
    """

    calendar: Calendar
    maturity: Micros
    silence: Micros


class EventOf(Protocol[D_co]):
    """An event whose data is of one type."""

    @property
    def time(self) -> Micros:
        """Event time."""

    @property
    def source(self) -> str:
        """Source, for ties."""

    @property
    def id(self) -> str:
        """Identity, for ties."""

    @property
    def data(self) -> D_co:
        """What happened."""


class History(NamedTuple):
    """The set that is a subject's state.

    Attributes:
        events: The subject's events by (time, source, id).
        notes: What other subjects say now, by sender.
    """

    events: tuple[Event, ...]
    notes: Mapping[str, SubjectNote]

    def all(self, kind: type[D]) -> Iterator[EventOf[D]]:
        """The events of a type, by (time, source, id)."""
        return (cast("EventOf[D]", e) for e in self.events if isinstance(e.data, kind))

    def first(self, kind: type[D]) -> EventOf[D] | None:
        """The first event of a type."""
        for event in self.events:
            if isinstance(event.data, kind):
                return cast("EventOf[D]", event)
        return None

    def last(self, kind: type[D]) -> EventOf[D] | None:
        """The last event of a type."""
        return History(self.events[::-1], self.notes).first(kind)


class Meaning(msgspec.Struct, gc=False):
    """What a subject's state amounts to now.

    Attributes:
        contributions: To panes.
        notes: To other subjects, by subject key.
        memberships: Parents of an entity, by entity.
        reference: To evaluators, by reference key.
    """

    contributions: Contributions
    notes: dict[str, SubjectNote] = {}
    memberships: dict[str, Membership] = {}
    reference: dict[str, ReferenceNote] = {}
