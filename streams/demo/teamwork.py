"""What a team does together: insights that are shared, initiatives, gatherings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from scoring.events.activity import (
    InitiativeCompleted,
    InsightApplied,
    InsightRecorded,
    TeamEventHeld,
)
from streams.demo.rhythm import moment

if TYPE_CHECKING:
    from scoring.events import Micros
    from streams.demo.book import Book
    from streams.demo.floor import Executive
    from streams.demo.rhythm import Pace

    InsightKind: TypeAlias = Literal["preference", "need", "segment", "competitor"]

_KINDS: tuple[InsightKind, ...] = ("preference", "need", "segment", "competitor")
#: An insight belongs to a fortnight, in which there are so many, and is of use for another.
_FORTNIGHT, _INSIGHTS = 14, 6
_RECORDED = 0.4
_LEAST_PARTICIPANTS, _MOST_PARTICIPANTS = 2, 5
_SUCCESSFUL, _COMES = 0.8, 0.85


def insight(book: Book, executive: Executive, at: Micros, _pace: Pace) -> None:
    """Write an insight down, or use one."""
    if not book.chance(_RECORDED):
        book.begin(at, InsightApplied(insight_id=an_insight(book, at), executive_id=executive.id))
        return
    calendar = book.floor.calendar
    ends = calendar.midnight((calendar.day(at) // _FORTNIGHT + 2) * _FORTNIGHT)
    recorded = InsightRecorded(
        insight_id=an_insight(book, at),
        executive_id=executive.id,
        insight_kind=book.rng.choice(_KINDS),
        expires_at=moment(ends),
    )
    book.begin(at, recorded)


def an_insight(book: Book, at: Micros) -> str:
    """One of the insights of a moment's fortnight, recorded or not."""
    fortnight = book.floor.calendar.day(at) // _FORTNIGHT
    return f"IN-{fortnight}-{book.rng.randint(1, _INSIGHTS)}"


def initiative(book: Book, executive: Executive, at: Micros, _pace: Pace) -> None:
    """Finish something with others of the team."""
    team = book.floor.members[executive.team]
    number = min(book.rng.randint(_LEAST_PARTICIPANTS, _MOST_PARTICIPANTS), len(team))
    completed = InitiativeCompleted(
        initiative_id=book.number("JI"),
        participants=tuple(sorted(each.id for each in book.rng.sample(team, number))),
        successful=book.chance(_SUCCESSFUL),
    )
    book.begin(at, completed)


def gathering(book: Book, executive: Executive, at: Micros, _pace: Pace) -> None:
    """Meet as a team; not everybody comes."""
    invited = tuple(each.id for each in book.floor.members[executive.team])
    held = TeamEventHeld(
        team_event_id=book.number("TE"),
        invited=invited,
        attended=tuple(each for each in invited if book.chance(_COMES)),
    )
    book.begin(at, held)
