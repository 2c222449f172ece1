"""What executives do besides leads: tasks, time, trainings, audits, answers."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal, TypeAlias

from scoring.calendar import SECOND
from scoring.events.activity import (
    ArticleRead,
    AssessmentCompleted,
    AuditCompleted,
    InquiryAnswered,
    InquiryOpened,
    InsightRecorded,
    TaskCompleted,
    TaskScheduled,
    TechniqueApplied,
    TechniqueLearned,
    TimeLogged,
    TrainingCompleted,
    TrainingEnrolled,
    ViolationAvoided,
    ViolationRecorded,
)
from scoring.events.feedback import FeedbackMentor, FeedbackPeer, FeedbackProduct

if TYPE_CHECKING:
    from collections.abc import Callable

    from scoring.events import Micros
    from scoring.events.activity import TrainingArea
    from streams.demo.book import Book
    from streams.demo.rhythm import Pace

    TimeCategory: TypeAlias = Literal[
        "selling", "prospecting", "follow_up", "admin", "training", "meeting", "break", "other"
    ]
    Cadence: TypeAlias = Literal["daily", "weekly", "monthly"]
    InsightKind: TypeAlias = Literal["preference", "need", "segment", "competitor"]

_HOUR, _DAY = 3600, 86_400
_CATEGORIES: tuple[TimeCategory, ...] = (
    *("selling", "prospecting", "follow_up", "admin"),
    *("training", "meeting", "break", "other"),
)
_CATEGORY_WEIGHTS = (30, 18, 20, 14, 5, 9, 3, 1)
_CADENCES: tuple[Cadence | None, ...] = ("daily", "weekly", "monthly", None)
_AREAS: tuple[TrainingArea, ...] = ("product", "compliance", "cross_selling", "sales", "other")
_PRODUCTS = ("insurance", "credit_card", "top_up")
_CHECKS = 20
_INSIGHTS: tuple[InsightKind, ...] = ("preference", "need", "segment", "competitor")
_RATINGS, _RATED = (5, 4, 3, 2, 1), (38, 36, 16, 7, 3)
_CAUGHT, _DONE, _ANSWERED, _CRITICAL = 0.85, 0.9, 0.92, 0.03

#: Plans one errand of an executive at a moment.
Errand: TypeAlias = "Callable[[Book, str, Micros, Pace], None]"


def errand(book: Book, at: Micros, pace: Pace) -> None:
    """Plan something that somebody does besides leads."""
    kinds, weights = zip(*_ERRANDS, strict=True)
    book.rng.choices(kinds, weights)[0](book, book.floor.somebody(book.rng).id, at, pace)


def _time(book: Book, executive: str, at: Micros, _pace: Pace) -> None:
    logged = TimeLogged(
        entry_id=book.number("TM"),
        executive_id=executive,
        category=book.rng.choices(_CATEGORIES, _CATEGORY_WEIGHTS)[0],
        minutes=5 * book.rng.randint(3, 24),
    )
    book.begin(at, logged)


def _task(book: Book, executive: str, at: Micros, pace: Pace) -> None:
    task, due = book.number("TK"), pace.after(book.rng, at, _DAY)
    scheduled = TaskScheduled(
        task_id=task,
        executive_id=executive,
        due_at=_moment(due),
        cadence=book.rng.choice(_CADENCES),
        priority=book.chance(0.3),
    )
    book.begin(at, scheduled)
    if book.chance(_DONE):
        book.plan(pace.after(book.rng, at, 0.6 * _DAY), TaskCompleted(task_id=task))


def _inquiry(book: Book, executive: str, at: Micros, pace: Pace) -> None:
    inquiry, customer = book.number("IQ"), book.known_customer()
    book.begin(at, InquiryOpened(inquiry_id=inquiry, customer_id=customer))
    if book.chance(_ANSWERED):
        answer = InquiryAnswered(inquiry_id=inquiry, executive_id=executive, customer_id=customer)
        book.plan(pace.after(book.rng, at, 2 * _HOUR, 1.0), answer)


def _assessment(book: Book, executive: str, at: Micros, _pace: Pace) -> None:
    score = round(min(book.rng.gauss(41, 6), 50))
    number = book.number("AS")
    taken = AssessmentCompleted(
        assessment_id=number, executive_id=executive, score=score, max_score=50
    )
    book.begin(at, taken)


def _audit(book: Book, executive: str, at: Micros, _pace: Pace) -> None:
    passed = sum(book.chance(0.93) for _ in range(_CHECKS))
    critical = passed < _CHECKS and book.chance(_CRITICAL)
    audit = AuditCompleted(
        audit_id=book.number("AU"),
        executive_id=executive,
        checks=_CHECKS,
        passed=passed,
        severity="critical" if critical else "normal",
    )
    book.begin(at, audit)


def _violation(book: Book, executive: str, at: Micros, _pace: Pace) -> None:
    kind = ViolationAvoided if book.chance(_CAUGHT) else ViolationRecorded
    rule = book.rng.choice(("kyc", "pricing", "disclosure"))
    book.begin(at, kind(violation_id=book.number("V"), executive_id=executive, rule=rule))


def _training(book: Book, executive: str, at: Micros, pace: Pace) -> None:
    training, area = book.number("TR"), book.rng.choice(_AREAS)
    ends = _moment(pace.after(book.rng, at, 4 * _DAY))
    enrolled = TrainingEnrolled(
        training_id=training, executive_id=executive, area=area, ends_at=ends
    )
    book.begin(at, enrolled)
    if book.chance(_DONE):
        hours = book.rng.randint(2, 16) / 2
        completed = TrainingCompleted(
            training_id=training, executive_id=executive, area=area, hours=hours
        )
        book.plan(pace.after(book.rng, at, 3 * _DAY), completed)


def _rating(book: Book, executive: str, at: Micros, _pace: Pace) -> None:
    number = book.number("R")
    rating = book.rng.choices(_RATINGS, _RATED)[0]
    if book.chance(0.4):
        product = book.rng.choice(_PRODUCTS)
        rated = FeedbackProduct(
            response_id=number, executive_id=executive, product=product, rating=rating
        )
        book.begin(at, rated)
        return
    kind = FeedbackPeer if book.chance(0.7) else FeedbackMentor
    colleague = book.floor.somebody(book.rng).id
    answer = kind(response_id=number, executive_id=executive, rating=rating, from_id=colleague)
    book.begin(at, answer)


def _insight(book: Book, executive: str, at: Micros, _pace: Pace) -> None:
    recorded = InsightRecorded(
        insight_id=f"IN-{book.rng.randrange(1, 40)}",
        executive_id=executive,
        insight_kind=book.rng.choice(_INSIGHTS),
    )
    book.begin(at, recorded)


def _learning(book: Book, executive: str, at: Micros, pace: Pace) -> None:
    if book.chance(0.5):
        article = f"AR-{book.rng.randrange(1, 60)}"
        book.begin(at, ArticleRead(article_id=article, executive_id=executive))
        return
    pair = {"technique_id": f"TQ-{book.rng.randrange(1, 12)}", "executive_id": executive}
    book.begin(at, TechniqueLearned(**pair))
    if book.chance(0.6):
        book.plan(pace.after(book.rng, at, 5 * _DAY), TechniqueApplied(**pair))


def _moment(at: Micros) -> datetime:
    return datetime.fromtimestamp(at // SECOND, UTC)


_ERRANDS: tuple[tuple[Errand, int], ...] = (
    (_time, 40),
    (_task, 18),
    (_inquiry, 12),
    (_rating, 8),
    (_learning, 6),
    (_training, 4),
    (_violation, 4),
    (_assessment, 3),
    (_audit, 3),
    (_insight, 2),
)
