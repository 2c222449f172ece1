"""Books: the balances of an executive, which follow him wherever he is placed.

Whose figures a balance is in depends on the executive's place on as-of's day, not on the day
of the event. So what moves a balance is entered twice: plainly into the executive's own panes,
which is all that he and the company need, and under his name into his book, an entity whose
panes speak to every team and branch where he may yet be placed. These pick the books that are
theirs when they are read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scoring import slots
from scoring.events.fields import SEPARATOR

if TYPE_CHECKING:
    from scoring.calendar import Day
    from scoring.cells import Contributions, Entity

_KIND = "book:"


def book_of(executive: str) -> Entity:
    """The entity that holds an executive's balances."""
    return _KIND + executive


def is_book(entity: Entity) -> bool:
    """Whether an entity is somebody's book."""
    return entity.startswith(_KIND)


def booked(measure: str) -> str:
    """Name of a measure in books, where it is split by executive."""
    return f"book.{measure}"


def enter(total: Contributions, executive: str, day: Day, measure: str, n: int = 1) -> None:
    """Change a balance of an executive on a day."""
    total.add_day(f"executive:{executive}", day, measure, n)
    total.add_day(book_of(executive), day, slots.keyed(booked(measure), executive), n)


def enter_by_day(total: Contributions, executive: str, day: Day, measure: str, other: Day) -> None:
    """Count something on a day that is told apart by another day."""
    total.add_day(f"executive:{executive}", day, slots.member(measure, str(other)))
    under = f"{other}{SEPARATOR}{executive}"
    total.add_day(book_of(executive), day, slots.member(booked(measure), under))
