"""What a subject's history means: the types that every subject's pure function speaks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from scoring.events import EventData

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from scoring.calendar import Calendar
    from scoring.cells import Contributions
    from scoring.events import Event, Micros
    from scoring.notes import Membership, ReferenceNote, SubjectNote

D = TypeVar("D", bound=EventData)


class Rules(NamedTuple):
    """Settings that decide what facts are; fixed for the life of a deployment's state.

    Attributes:
        calendar: The business calendar.
        maturity: How long a lead has to convert, microseconds.
    """

    calendar: Calendar
    maturity: Micros


class Dated(NamedTuple, Generic[D]):
    """An event's data with the time and identity of the event."""

    time: Micros
    source: str
    id: str
    data: D


class History(NamedTuple):
    """The set that is a subject's state.

    Attributes:
        events: The subject's events by (time, source, id).
        notes: What other subjects say now, by sender.
    """

    events: tuple[Event, ...]
    notes: Mapping[str, SubjectNote]

    def all(self, *kinds: type[D]) -> Iterator[Dated[D]]:
        """The events of some types, by (time, source, id)."""
        for event in self.events:
            if isinstance(event.data, kinds):
                yield Dated(event.time, event.source, event.id, event.data)

    def first(self, *kinds: type[D]) -> Dated[D] | None:
        """The first event of some types."""
        return next(self.all(*kinds), None)

    def last(self, *kinds: type[D]) -> Dated[D] | None:
        """The last event of some types."""
        found = None
        for found in self.all(*kinds):  # noqa: B007
            pass
        return found


@dataclass(slots=True)
class Meaning:
    """What a subject's state amounts to now.

    Attributes:
        contributions: To panes.
        notes: To other subjects, by subject key.
        memberships: Parents of an entity, by entity.
        reference: To evaluators, by reference key.
    """

    contributions: Contributions
    notes: dict[str, SubjectNote] = field(default_factory=dict)
    memberships: dict[str, Membership] = field(default_factory=dict)
    reference: dict[str, ReferenceNote] = field(default_factory=dict)
