"""Conduct: audits of files, and breaches of rules that are caught in time or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scoring.events.activity import AuditCompleted, ViolationAvoided, ViolationRecorded

if TYPE_CHECKING:
    from scoring.events import Micros
    from streams.demo.book import Book
    from streams.demo.floor import Executive
    from streams.demo.rhythm import Pace

_CHECKS, _PASSED = 20, 0.965
_CAUGHT = 0.88
#: Share of failed audits, and of breaches that happened, that cap the executive's score.
_CRITICAL = 0.03
_RULES = ("kyc", "pricing", "disclosure")


def audit(book: Book, executive: Executive, at: Micros, _pace: Pace) -> None:
    """Check the executive's files."""
    passed = sum(book.chance(_PASSED) for _ in range(_CHECKS))
    critical = passed < _CHECKS and book.chance(_CRITICAL)
    checked = AuditCompleted(
        audit_id=book.number("AU"),
        executive_id=executive.id,
        checks=_CHECKS,
        passed=passed,
        severity="critical" if critical else "normal",
    )
    book.begin(at, checked)


def violation(book: Book, executive: Executive, at: Micros, _pace: Pace) -> None:
    """Break a rule, or be kept from it."""
    caught = book.chance(_CAUGHT)
    critical = not caught and book.chance(_CRITICAL)
    kind = ViolationAvoided if caught else ViolationRecorded
    breach = kind(
        violation_id=book.number("V"),
        executive_id=executive.id,
        rule=book.rng.choice(_RULES),
        severity="critical" if critical else "normal",
    )
    book.begin(at, breach)
