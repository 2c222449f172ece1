"""What goes on besides leads: one errand after another, each of somebody on the floor."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from streams.demo import answers, conduct, desk, learning, teamwork

if TYPE_CHECKING:
    from collections.abc import Callable

    from scoring.events import Micros
    from streams.demo.book import Book
    from streams.demo.floor import Executive
    from streams.demo.rhythm import Pace

#: Plans one errand of an executive at a moment.
Errand: TypeAlias = "Callable[[Book, Executive, Micros, Pace], None]"

#: Kinds of errands and how often each is run, relative to the others.
ERRANDS: tuple[tuple[Errand, int], ...] = (
    (desk.time, 32),
    (desk.task, 18),
    (desk.inquiry, 12),
    (desk.report, 4),
    (answers.of_customers, 6),
    (answers.of_colleagues, 5),
    (learning.reading, 4),
    (learning.technique, 4),
    (learning.training, 4),
    (learning.assessment, 3),
    (conduct.audit, 3),
    (conduct.violation, 3),
    (teamwork.insight, 4),
    (teamwork.initiative, 1),
    (teamwork.gathering, 1),
)


def errand(book: Book, at: Micros, pace: Pace) -> None:
    """Plan something that somebody does besides leads."""
    kinds, weights = zip(*ERRANDS, strict=True)
    book.rng.choices(kinds, weights)[0](book, book.floor.somebody(book.rng), at, pace)
