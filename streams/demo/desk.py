"""Work at the desk: hours, tasks, inquiries, and the report of last week."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from scoring.events.activity import (
    InquiryAnswered,
    InquiryOpened,
    ReportDue,
    ReportSubmitted,
    TaskCompleted,
    TaskScheduled,
    TaskWithdrawn,
    TimeLogged,
)
from streams.demo.rhythm import moment

if TYPE_CHECKING:
    from scoring.events import Micros
    from streams.demo.book import Book
    from streams.demo.floor import Executive
    from streams.demo.rhythm import Pace

    TimeCategory: TypeAlias = Literal[
        "selling", "prospecting", "follow_up", "admin", "training", "meeting", "break", "other"
    ]
    Cadence: TypeAlias = Literal["daily", "weekly", "monthly"]

_HOUR, _DAY = 3600, 86_400
_CATEGORIES: tuple[TimeCategory, ...] = (
    *("selling", "prospecting", "follow_up", "admin"),
    *("training", "meeting", "break", "other"),
)
_CATEGORY_WEIGHTS = (22, 14, 16, 20, 6, 14, 5, 3)
_CADENCES: tuple[Cadence | None, ...] = ("daily", "weekly", "monthly", None)
_PRIORITY, _WITHDRAWN, _DONE, _ANSWERED, _SUBMITTED = 0.3, 0.05, 0.95, 0.92, 0.97
#: One figure in so many is copied wrongly, and by how much.
_MISCOPIED, _MISTAKE = 0.12, 0.25


def time(book: Book, executive: Executive, at: Micros, _pace: Pace) -> None:
    """Log a stretch of work."""
    logged = TimeLogged(
        entry_id=book.number("TM"),
        executive_id=executive.id,
        category=book.rng.choices(_CATEGORIES, _CATEGORY_WEIGHTS)[0],
        minutes=5 * book.rng.randint(3, 24),
    )
    book.begin(at, logged)


def task(book: Book, executive: Executive, at: Micros, pace: Pace) -> None:
    """Schedule a task; it is done, mostly in time, or withdrawn, or forgotten."""
    number = book.number("TK")
    scheduled = TaskScheduled(
        task_id=number,
        executive_id=executive.id,
        due_at=moment(pace.after(book.rng, at, 1.5 * _DAY, 0.3)),
        cadence=book.rng.choice(_CADENCES),
        priority=book.chance(_PRIORITY),
    )
    book.begin(at, scheduled)
    if book.chance(_WITHDRAWN):
        book.plan(pace.after(book.rng, at, 0.5 * _DAY), TaskWithdrawn(task_id=number))
    elif book.chance(_DONE):
        book.plan(pace.after(book.rng, at, 0.5 * _DAY), TaskCompleted(task_id=number))


def inquiry(book: Book, executive: Executive, at: Micros, pace: Pace) -> None:
    """Take a customer's question, and mostly answer it."""
    number, customer = book.number("IQ"), book.known_customer()
    book.begin(at, InquiryOpened(inquiry_id=number, customer_id=customer))
    if book.chance(_ANSWERED):
        answer = InquiryAnswered(inquiry_id=number, executive_id=executive.id, customer_id=customer)
        book.plan(pace.after(book.rng, at, 2 * _HOUR, 1.0), answer)


def report(book: Book, executive: Executive, at: Micros, pace: Pace) -> None:
    """Report on last week, with figures as far as the executive knows them."""
    number = book.number("RP")
    due = pace.after(book.rng, at, 1.5 * _DAY, 0.3)
    book.begin(at, ReportDue(report_id=number, executive_id=executive.id, due_at=moment(due)))
    if not book.chance(_SUBMITTED):
        return
    period, figures = book.tally.last_week(executive.id, at)
    stated = {kpi: _copied(book, figure) for kpi, figure in figures.items()}
    submitted = ReportSubmitted(
        report_id=number, executive_id=executive.id, period=period, figures=stated
    )
    book.plan(pace.after(book.rng, at, 0.6 * _DAY, 0.6), submitted)


def _copied(book: Book, figure: float) -> float:
    wrong = book.chance(_MISCOPIED)
    return round(figure * book.rng.uniform(1 - _MISTAKE, 1 + _MISTAKE)) if wrong else figure
