"""The traps of feedback, assessments, audits and violations, worked out by hand."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from .stories import MONTH, of_executives, ratio

if TYPE_CHECKING:
    from .generator import Event
    from .stories import Ask, Stories

NPS = "crm.nps"
SERVICE = "crm.service_rating"
KNOWLEDGE = "compliance.knowledge_score"
AUDIT = "compliance.audit_result"
AVOIDED = "compliance.violations_avoided"


def test_promoters_and_detractors_have_edges(ask: Ask, make: Stories) -> None:
    def response(number: int, score: int) -> Event:
        data = {"customer_id": "C-1", "executive_id": "E-1", "score": score}
        return make("feedback.nps", "10T10:00:00", response_id=f"R-{number}", **data)

    found = ask(*(response(number, score) for number, score in enumerate((0, 6, 7, 8, 9, 9, 10))))
    nps = found[NPS, *MONTH]
    assert ratio(nps) == (1, 7)
    assert (nps.n, nps.value) == (7, 100 / 7)
    worst = ask(response(8, 0), response(9, 0))[NPS, *MONTH]
    assert worst.value == -100


def test_a_response_counts_once_and_stays_where_it_began(
    ask: Ask, make: Stories, everyone: list[Event]
) -> None:
    def rating(time: str, executive: str, stars: int) -> Event:
        data = {"response_id": "R-1", "executive_id": executive, "rating": stars}
        return make("feedback.service", time, **data)

    found = ask(
        *everyone,
        rating("17T10:00:00", "E-1", 1),
        rating("15T23:59:59", "E-2", 5),
        rating("15T23:59:59", "E-3", 3),  # the same time: the greater id is later
    )
    assert of_executives(found, SERVICE) == [None, 5, None]
    assert found[SERVICE, "team", "T-1", "month"].value == 5
    assert found[SERVICE, "team", "T-2", "month"].value is None
    assert found[SERVICE, *MONTH].n == 1


def test_each_kind_of_feedback_is_its_own(ask: Ask, make: Stories) -> None:
    data = {"executive_id": "E-1"}
    found = ask(
        make("feedback.service", "10T10:00:00", response_id="R-1", rating=1, **data),
        make("feedback.product", "10T10:00:00", response_id="R-2", rating=2, product="p", **data),
        make("feedback.mentor", "10T10:00:00", response_id="R-3", rating=3, **data),
        make("feedback.peer", "10T10:00:00", response_id="R-4", rating=4, from_id="E-2", **data),
    )
    kpis = (
        SERVICE,
        "cross_selling.product_satisfaction",
        "development.mentor_rating",
        "collaboration.peer_rating",
    )
    assert [found[kpi, *MONTH].value for kpi in kpis] == [1, 2, 3, 4]
    assert found["collaboration.peer_rating", "executive", "E-1", "month"].value == 4
    assert ("collaboration.peer_rating", "executive", "E-2", "month") not in found


def test_assessments_are_a_mean_of_shares_and_audits_a_share_of_sums(
    ask: Ask, make: Stories
) -> None:
    def assessment(number: int, score: float, most: float) -> Event:
        data = {"executive_id": "E-1", "score": score, "max_score": most}
        return make("assessment.completed", "10T10:00:00", assessment_id=f"A-{number}", **data)

    def audit(number: int, passed: int, checks: int) -> Event:
        data = {"executive_id": "E-1", "passed": passed, "checks": checks}
        return make("audit.completed", "10T10:00:00", audit_id=f"A-{number}", **data)

    found = ask(
        assessment(1, 1, 3), assessment(2, 2, 3), assessment(3, 0, 7), assessment(4, 12.5, 12.5),
        audit(1, 19, 20), audit(2, 4, 5), audit(3, 0, 0),
    )  # fmt: skip
    knowledge = found[KNOWLEDGE, *MONTH]
    assert ratio(knowledge) == (200, 4)
    assert knowledge.value == 50
    result = found[AUDIT, *MONTH]
    assert ratio(result) == (23, 25)
    assert result.n == 25
    assert ask(assessment(5, 1, 3))[KNOWLEDGE, *MONTH].numerator == Fraction(100, 3)


def test_the_catch_rate_weighs_what_was_avoided_against_what_was_not(
    ask: Ask, make: Stories
) -> None:
    def violation(kind: str, number: int, time: str, executive: str = "E-1") -> Event:
        data = {"violation_id": f"V-{number}", "executive_id": executive, "severity": "critical"}
        return make(f"violation.{kind}", time, **data)

    found = ask(
        violation("avoided", 1, "10T10:00:00"),
        violation("avoided", 1, "11T10:00:00"),
        violation("avoided", 2, "18T10:00:00"),
        violation("recorded", 3, "18T10:00:00"),
        violation("recorded", 4, "18T10:00:00", "E-2"),
    )
    assert found[AVOIDED, *MONTH].value == 2
    rates = [
        found[AVOIDED, *key].companions["catch_rate"]
        for key in (MONTH, ("company", "company", "7d"), ("executive", "E-2", "month"))
    ]
    assert rates == [Fraction(1, 2), Fraction(1, 3), 0]
