"""Books: the balances of an executive, which follow him wherever he is placed.

Whose figures a balance is in depends on the executive's place on as-of's day, not on the day
of the event. So what moves a balance is entered twice: into the executive's own panes, which
is all that he and the company need, and into his book, an entity whose panes speak to every
team and branch where he may yet be placed. These keep the books apart and add up those that are
theirs when they are read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scoring.calendar import Day
    from scoring.cells import Contributions, Entity
    from scoring.slots import Slot

_KIND = "book:"


def book_of(executive: str) -> Entity:
    """The entity that holds an executive's balances."""
    return _KIND + executive


def is_book(entity: Entity) -> bool:
    """Whether an entity is somebody's book."""
    return entity.startswith(_KIND)


def executive_of(book: Entity) -> str:
    """Whose book it is."""
    return book.removeprefix(_KIND)


def enter(total: Contributions, executive: str, day: Day, slot: Slot, n: int = 1) -> None:
    """Change a balance of an executive on a day."""
    total.add_day(f"executive:{executive}", day, slot, n)
    total.add_day(book_of(executive), day, slot, n)
