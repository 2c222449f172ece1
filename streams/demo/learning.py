"""Learning: trainings, assessments, articles, and techniques that are tried out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scoring.events.activity import (
    ArticleRead,
    AssessmentCompleted,
    TechniqueApplied,
    TechniqueLearned,
    TrainingCompleted,
    TrainingEnrolled,
)
from streams.demo.rhythm import moment

if TYPE_CHECKING:
    from scoring.events import Micros
    from scoring.events.activity import TrainingArea
    from streams.demo.book import Book
    from streams.demo.floor import Executive
    from streams.demo.rhythm import Pace

_DAY = 86_400
_AREAS: tuple[TrainingArea, ...] = ("product", "compliance", "cross_selling", "sales", "other")
_AREA_WEIGHTS = (3, 3, 2, 2, 1)
_CERTIFICATES = {"product": "Lending products", "compliance": "Fair practice"}
_COMPLETED, _CERTIFIED, _TRIED = 0.88, 0.3, 0.6
_ARTICLES, _TECHNIQUES, _FULL_MARKS = 60, 12, 50


def training(book: Book, executive: Executive, at: Micros, pace: Pace) -> None:
    """Enrol in a training and complete it, or not; some give a certificate."""
    area = book.rng.choices(_AREAS, _AREA_WEIGHTS)[0]
    person = {"training_id": book.number("TR"), "executive_id": executive.id}
    ends = pace.after(book.rng, at, 4 * _DAY)
    book.begin(at, TrainingEnrolled(**person, area=area, ends_at=moment(ends)))
    if book.chance(_COMPLETED):
        hours = book.rng.randint(1, 8) / 2
        name = _CERTIFICATES.get(area) if book.chance(_CERTIFIED) else None
        completed = TrainingCompleted(**person, area=area, hours=hours, certification=name)
        book.plan(pace.after(book.rng, at, 3 * _DAY), completed)


def assessment(book: Book, executive: Executive, at: Micros, _pace: Pace) -> None:
    """Take a test."""
    taken = AssessmentCompleted(
        assessment_id=book.number("AS"),
        executive_id=executive.id,
        score=round(min(book.rng.gauss(40, 5), _FULL_MARKS)),
        max_score=_FULL_MARKS,
    )
    book.begin(at, taken)


def reading(book: Book, executive: Executive, at: Micros, _pace: Pace) -> None:
    """Read an article."""
    article = f"AR-{book.rng.randint(1, _ARTICLES)}"
    book.begin(at, ArticleRead(article_id=article, executive_id=executive.id))


def technique(book: Book, executive: Executive, at: Micros, pace: Pace) -> None:
    """Learn a technique, and perhaps use it."""
    number = f"TQ-{book.rng.randint(1, _TECHNIQUES)}"
    pair = {"technique_id": number, "executive_id": executive.id}
    book.begin(at, TechniqueLearned(**pair))
    if book.chance(_TRIED):
        book.plan(pace.after(book.rng, at, 5 * _DAY), TechniqueApplied(**pair))
