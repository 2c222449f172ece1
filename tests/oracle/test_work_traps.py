"""Traps of feedback, compliance, trainings, tasks, products and teams, worked out by hand."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from .people_stories import SPOILED

if TYPE_CHECKING:
    from .generator import Event
    from .stories import Ask, Index, Stories

NPS = "crm.nps"
SERVICE = "crm.service_rating"
KNOWLEDGE = "compliance.knowledge_score"
AUDIT = "compliance.audit_result"
AVOIDED = "compliance.violations_avoided"
HOURS = "compliance.training_hours"
CROSS_HOURS = "cross_selling.training_hours"
TIMELINESS = "reporting.timeliness"
REVENUE = "cross_selling.revenue"
ADHERENCE = "time_management.schedule_adherence"
PRIORITY = "time_management.priority_completion"
REVENUE_TIME = "time_management.revenue_time"
PARTICIPATION = "development.training_participation"
READINGS = "development.readings"
INITIATIVES = "collaboration.joint_initiatives"
TEAM_BUILDING = "collaboration.team_building"
MONTH = ("company", "company", "month")
EXECUTIVES = ("E-1", "E-2", "E-3")


def of_executives(found: Index, kpi: str, window: str = "month") -> list[float | None]:
    return [found[kpi, "executive", executive, window].value for executive in EXECUTIVES]


def due(time: str) -> str:
    return f"2026-03-{time}+05:30"


@pytest.fixture
def everyone(make: Stories) -> list[Event]:
    """Placements of the three: E-1 and E-2 in T-1, of which E-2 leaves for T-2; E-3 in none."""
    return [
        make.placed("E-1", "2026-01-01", "T-1"),
        make.placed("E-2", "2026-01-01", "T-1"),
        make.placed("E-2", "2026-03-16", "T-2"),
        make("lead.contacted", "01T10:00:00", lead_id="L-1", executive_id="E-3"),
    ]


def test_nothing_is_zero_or_undefined(ask: Ask) -> None:
    found = ask()
    counts = (AVOIDED, HOURS, CROSS_HOURS, REVENUE, READINGS, INITIATIVES)
    assert [found[kpi, *MONTH].value for kpi in counts] == [0] * len(counts)
    ratios = (NPS, SERVICE, KNOWLEDGE, AUDIT, TIMELINESS, ADHERENCE, PRIORITY, REVENUE_TIME)
    assert [found[kpi, *MONTH].value for kpi in ratios] == [None] * len(ratios)
    assert found[AVOIDED, *MONTH].companions == {"recorded": 0, "catch_rate": None}
    assert found[PARTICIPATION, *MONTH].companions == {"certifications": 0}


def test_promoters_and_detractors_have_edges(ask: Ask, make: Stories) -> None:
    def response(number: int, score: int) -> Event:
        data = {"customer_id": "C-1", "executive_id": "E-1", "score": score}
        return make("feedback.nps", "10T10:00:00", response_id=f"R-{number}", **data)

    found = ask(*(response(number, score) for number, score in enumerate((0, 6, 7, 8, 9, 9, 10))))
    nps = found[NPS, *MONTH]
    assert (nps.numerator, nps.denominator, nps.n, nps.value) == (1, 7, 7, 100 / 7)
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
    assert (knowledge.numerator, knowledge.denominator, knowledge.value) == (200, 4, 50)
    result = found[AUDIT, *MONTH]
    assert (result.numerator, result.denominator, result.n) == (23, 25, 25)
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


def test_trainings_need_no_enrolment_for_their_hours(ask: Ask, make: Stories) -> None:
    def completed(training: str, time: str, area: str, hours: float, **more: str) -> Event:
        data: Event = {"training_id": training, "executive_id": "E-1", "area": area}
        return make.event("training.completed", time, data | {"hours": hours} | more)

    found = ask(
        completed("T-1", "10T10:00:00", "product", 0.1, certification="KYC"),
        completed("T-1", "09T10:00:00", "compliance", 0.2, certification=""),
        completed("T-2", "10T10:00:00", "product", 0.1, certification="KYC"),
        completed("T-3", "10T10:00:00", "cross_selling", 4, certification="KYC"),
        completed("T-4", "10T10:00:00", "sales", 8),
        completed("T-5", "10T10:00:00", "other", 16),
    )
    hours = found[HOURS, *MONTH]
    assert (hours.numerator, hours.value, hours.n) == (Fraction("0.3"), 0.3, 2)
    assert found[CROSS_HOURS, *MONTH].value == 4
    assert found[PARTICIPATION, *MONTH].value is None
    assert found[PARTICIPATION, *MONTH].companions == {"certifications": 2}


def test_enrolments_count_when_they_end_and_certifications_when_earned(
    ask: Ask, make: Stories, everyone: list[Event]
) -> None:
    def enrolled(training: str, executive: str, ends: str) -> Event:
        data = {"training_id": training, "executive_id": executive, "area": "sales"}
        return make("training.enrolled", "02T10:00:00", **data, ends_at=ends)

    completion: Event = {"area": "sales", "hours": 1, "certification": "KYC"}
    found = ask(
        *everyone,
        enrolled("T-1", "E-2", due("15T23:59:59")),
        enrolled("T-2", "E-2", due("16T00:00:00")),
        enrolled("T-2", "E-3", due("17T00:00:00")),
        enrolled("T-3", "E-2", "2026-04-01T00:00:00+05:30"),
        make("training.completed", "30T10:00:00", training_id="T-1", executive_id="E-1",
             **completion),
        make("training.completed", "20T10:00:00", training_id="T-3", executive_id="E-2",
             **completion),
    )  # fmt: skip
    assert of_executives(found, PARTICIPATION) == [None, 0.5, None]
    assert found[PARTICIPATION, "team", "T-1", "month"].value == 1
    assert found[PARTICIPATION, "team", "T-2", "month"].value == 0
    earned = [
        found[PARTICIPATION, *key].companions["certifications"]
        for key in (MONTH, ("executive", "E-2", "month"), ("executive", "E-1", "month"))
    ]
    assert earned == [1, 1, 0]  # the 30th is after as-of: known, but in no window


def test_reports_are_on_time_to_the_moment_by_their_first_submission(
    ask: Ask, make: Stories
) -> None:
    def report(number: int, due_at: str, *submitted: str) -> list[Event]:
        data: Event = {"report_id": f"R-{number}", "executive_id": "E-2"}
        content = {"period": "2026-02", "figures": {}}
        return [
            make("report.due", "20T10:00:00", **data | {"executive_id": "E-1"}, due_at=due_at),
            *(make("report.submitted", time, **data, **content) for time in submitted),
        ]

    found = ask(
        *report(1, due("10T18:00:00"), "10T18:00:00"),
        *report(2, due("10T18:00:00"), "10T18:00:00.001"),
        *report(3, "2026-03-10T18:00:00Z", "11T00:00:00", "10T23:30:00"),  # due at 23:30 here
        *report(4, due("10T18:00:00")),
        *report(5, due("10T18:00:00"), "2026-02-01T10:00:00+05:30", "12T10:00:00"),
        *report(6, due("25T00:00:00"), "10T18:00:00"),
        make("report.submitted", "10T10:00:00", report_id="R-7", executive_id="E-1",
             period="2026-02", figures={}),
    )  # fmt: skip
    assert found[TIMELINESS, *MONTH].value == 3 / 5
    assert found[TIMELINESS, "executive", "E-1", "month"].n == 5
    assert found[TIMELINESS, "executive", "E-2", "month"].value is None


def task(make: Stories, number: int, due_at: str, *done: str, **more: object) -> list[Event]:
    identity = {"task_id": f"T-{number}"}
    data: Event = identity | {"executive_id": "E-1", "due_at": due_at} | more
    return [
        make.event("task.scheduled", "20T10:00:00", data),
        *(make("task.completed", time, **identity) for time in done),
    ]


def test_tasks_are_done_in_time_or_late_or_withdrawn(ask: Ask, make: Stories) -> None:
    urgent: Event = {"priority": True}
    found = ask(
        *task(make, 1, due("10T18:00:00"), "10T18:00:00", cadence="daily", **urgent),
        *task(make, 2, due("10T18:00:00"), "10T18:00:00.001", cadence="daily", **urgent),
        *task(make, 3, due("10T18:00:00"), "12T10:00:00", "02T10:00:00", cadence="weekly"),
        *task(make, 4, due("10T18:00:00"), priority=True),
        *task(make, 5, due("10T18:00:00"), "10T10:00:00", cadence="weekly", **urgent),
        make("task.withdrawn", "30T10:00:00", task_id="T-5"),
        *task(make, 6, due("25T00:00:00"), "10T10:00:00"),
        make("task.completed", "10T10:00:00", task_id="T-7"),
    )
    adherence = found[ADHERENCE, *MONTH]
    assert (adherence.numerator, adherence.denominator) == (2, 4)
    assert adherence.breakdown == {
        "daily": {"tasks": 2, "in_time": 1, "rate": Fraction(1, 2)},
        "none": {"tasks": 1, "in_time": 0, "rate": 0},
        "weekly": {"tasks": 1, "in_time": 1, "rate": 1},
    }
    assert found[PRIORITY, *MONTH].value == 2 / 3


def test_a_task_is_what_it_was_first_scheduled_as(
    ask: Ask, make: Stories, everyone: list[Event]
) -> None:
    identity = {"task_id": "T-1"}
    found = ask(
        *everyone,
        make("task.scheduled", "11T10:00:00", **identity, executive_id="E-1", priority=True,
             due_at=due("24T12:00:00")),
        make("task.scheduled", "10T10:00:00", **identity, executive_id="E-2",
             due_at=due("17T12:00:00")),
        make("task.completed", "18T12:00:00", **identity),
    )  # fmt: skip
    assert of_executives(found, ADHERENCE) == [None, 0, None]
    assert found[PRIORITY, *MONTH].value is None
    assert found[ADHERENCE, "team", "T-2", "month"].value == 0  # where he was on the 17th
    assert found[ADHERENCE, "team", "T-1", "month"].value is None


def test_due_dates_far_from_all_events_have_their_day(
    ask: Ask, make: Stories, everyone: list[Event]
) -> None:
    found = ask(*everyone, *task(make, 1, "2026-02-10T18:00:00+05:30"))
    assert found[ADHERENCE, "team", "T-1", "month"].previous == 0
    assert found[ADHERENCE, *MONTH].value is None


def test_revenue_is_net_by_kind_and_by_product(ask: Ask, make: Stories) -> None:
    def sold(number: int, time: str, revenue: float, kind: str, product: str) -> Event:
        data: Event = {"holding_id": f"H-{number}", "customer_id": "C-1", "executive_id": "E-1"}
        data |= {"product": product, "kind": kind, "revenue": revenue, "currency": "INR"}
        return make.event("product.sold", time, data)

    found = ask(
        sold(1, "10T10:00:00", 0.1, "cross_sell", "card"),
        sold(2, "10T10:00:00", 0.2, "up_sell", "card"),
        sold(3, "10T10:00:00", 4, "up_sell", "insurance"),
        sold(3, "09T10:00:00", 7, "up_sell", "insurance"),
        sold(4, "10T10:00:00", 100, "cross_sell", "card"),
        make("product.cancelled", "09T10:00:00", holding_id="H-4"),
        make("product.closed", "11T10:00:00", holding_id="H-1"),
    )
    revenue = found[REVENUE, *MONTH]
    assert (revenue.value, revenue.n) == (7.3, 3)
    assert revenue.breakdown == {
        "kind:cross_sell": {"revenue": Fraction("0.1"), "sold": 1},
        "kind:up_sell": {"revenue": Fraction("7.2"), "sold": 2},
        "product:card": {"revenue": Fraction("0.3"), "sold": 2},
        "product:insurance": {"revenue": 7, "sold": 1},
    }


def test_breaks_are_minutes_too(ask: Ask, make: Stories) -> None:
    logged = {"selling": 60, "prospecting": 30, "follow_up": 15, "break": 45, "other": 0}
    found = ask(
        *(
            make("time.logged", "10T10:00:00", entry_id=category, executive_id="E-1",
                 category=category, minutes=minutes)
            for category, minutes in logged.items()
        ),
        make("time.logged", "11T10:00:00", entry_id="break", executive_id="E-1",
             category="selling", minutes=1000),
    )  # fmt: skip
    share = found[REVENUE_TIME, *MONTH]
    assert (share.numerator, share.denominator, share.value) == (105, 150, 0.7)
    assert share.n == len(logged)
    nothing = make("time.logged", "10T10:00:00", entry_id="1", executive_id="E-1",
                   category="selling", minutes=0)  # fmt: skip
    assert ask(nothing)[REVENUE_TIME, *MONTH].value is None


def test_readings_are_distinct_pairs_wherever_they_were_read(
    ask: Ask, make: Stories, everyone: list[Event]
) -> None:
    def read(article: str, time: str, executive: str) -> Event:
        return make("article.read", time, article_id=article, executive_id=executive)

    found = ask(
        *everyone,
        read("A-1", "10T10:00:00", "E-2"),
        read("A-1", "17T10:00:00", "E-2"),
        read("A-1", "20T10:00:00", "E-2"),
        read("A-1", "20T10:00:00", "E-1"),
        read("A-2", "20T10:00:00", "E-1"),
    )
    assert of_executives(found, READINGS) == [2, 1, 0]
    assert found[READINGS, *MONTH].value == 3
    teams = [found[READINGS, "team", team, "month"].value for team in ("T-1", "T-2")]
    assert teams == [3, 1]  # E-2 read it in both


def test_an_initiative_counts_once_for_all_of_its_participants(
    ask: Ask, make: Stories, everyone: list[Event]
) -> None:
    def initiative(number: int, time: str, *people: str, successful: bool = True) -> Event:
        data = {"participants": list(people), "successful": successful}
        return make("initiative.completed", time, initiative_id=f"I-{number}", **data)

    found = ask(
        *everyone,
        initiative(1, "10T10:00:00", "E-1", "E-2", "E-1"),
        initiative(2, "17T10:00:00", "E-1", "E-2", "E-3"),
        initiative(3, "17T10:00:00", "E-1", successful=False),
        initiative(3, "18T10:00:00", "E-1"),
        initiative(4, "18T10:00:00"),
    )
    assert of_executives(found, INITIATIVES) == [2, 2, 1]
    assert found[INITIATIVES, *MONTH].value == 2
    teams = [found[INITIATIVES, "team", team, "month"].value for team in ("T-1", "T-2", "unplaced")]
    assert teams == [2, 1, 1]


def test_who_comes_uninvited_counts_and_nobody_comes_twice(
    ask: Ask, make: Stories, everyone: list[Event]
) -> None:
    found = ask(
        *everyone,
        make("team_event.held", "17T10:00:00", team_event_id="TE-1",
             invited=["E-1", "E-2"], attended=["E-2", "E-3", "E-3"]),
        make("team_event.held", "18T10:00:00", team_event_id="TE-1",
             invited=["E-3"], attended=[]),
        make("team_event.held", "18T10:00:00", team_event_id="TE-2",
             invited=["E-1", "E-1"], attended=["E-1"]),
    )  # fmt: skip
    assert of_executives(found, TEAM_BUILDING) == [0.5, 1, None]
    assert found[TEAM_BUILDING, "executive", "E-3", "month"].numerator == 1
    assert found[TEAM_BUILDING, *MONTH].value == 1
    assert found[TEAM_BUILDING, "team", "T-1", "month"].value == 0.5


@pytest.mark.parametrize(("kind", "data", "spoiled"), SPOILED)
def test_dead_letters_do_not_count(
    ask: Ask, make: Stories, kind: str, data: Event, spoiled: tuple[tuple[str, object], ...]
) -> None:
    sound = data | {"executive_id": "E-1"}
    assert ("executive", "E-1") in {key[1:3] for key in ask(make.event(kind, "10T10:00:00", sound))}
    found = ask(*(make.event(kind, "10T10:00:00", sound | {name: to}) for name, to in spoiled))
    assert {key[1] for key in found} == {"company"}
