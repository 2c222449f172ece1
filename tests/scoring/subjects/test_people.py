"""What responses, tests, checks, trainings, readings and things done together mean."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.events import activity, feedback
from scoring.events.fields import SEPARATOR
from tests.scoring.making import KOLKATA, day, event
from tests.scoring.subjects.meanings import counted, mean
from tests.scoring.subjects.stories import Subject, events

if TYPE_CHECKING:
    from scoring.events import Event, EventData
    from scoring.meaning import Meaning

ME, OTHER = "executive:E-1", "executive:E-2"


def days(found: Meaning) -> set[int]:
    return {place.day for place in found.contributions.places}


def nps(score: int, executive: str = "E-1") -> EventData:
    return feedback.FeedbackNps(
        response_id="R", executive_id=executive, customer_id="C", score=score
    )


def service(rating: int, executive: str = "E-1") -> EventData:
    return feedback.FeedbackService(response_id="R", executive_id=executive, rating=rating)


@pytest.mark.parametrize(
    ("score", "also"),
    [
        *((score, "nps.detractors") for score in range(7)),
        *((7, None), (8, None)),
        *((9, "nps.promoters"), (10, "nps.promoters")),
    ],
)
def test_who_recommends_is_a_promoter_a_detractor_or_neither(score: int, also: str | None) -> None:
    expected = {(ME, "nps"): 1} | ({(ME, also): 1} if also is not None else {})
    assert counted(mean("response:R", event(nps(score), "2026-03-02T10:00"))) == expected


@pytest.mark.parametrize(
    ("answer", "slot"),
    [
        (service(4), "stars.service|4"),
        (
            feedback.FeedbackProduct(response_id="R", executive_id="E-1", product="card", rating=1),
            "stars.product|1",
        ),
        (
            feedback.FeedbackPeer(response_id="R", executive_id="E-1", rating=5, from_id="E-2"),
            "stars.peer|5",
        ),
        (
            feedback.FeedbackMentor(response_id="R", executive_id="E-1", rating=2),
            "stars.mentor|2",
        ),
    ],
)
def test_stars_are_counted_for_whom_they_are_about(answer: EventData, slot: str) -> None:
    assert counted(mean("response:R", event(answer, "2026-03-02T10:00"))) == {(ME, slot): 1}


def test_of_several_answers_to_a_question_the_first_by_time_counts() -> None:
    answers = [
        event(nps(10), "2026-03-02T10:00", "3"),
        event(nps(0, "E-2"), "2026-03-02T10:00", "4"),
        event(service(2, "E-2"), "2026-03-03T10:00", "1"),
        event(service(5), "2026-03-04T10:00", "0"),
    ]
    assert counted(mean("response:R", *answers)) == {
        (ME, "nps"): 1,
        (ME, "nps.promoters"): 1,
        (OTHER, "stars.service|2"): 1,
    }


def assessed(score: float, max_score: float, time: str, identity: str = "1") -> Event:
    data = activity.AssessmentCompleted(
        assessment_id="A", executive_id="E-1", score=score, max_score=max_score
    )
    return event(data, time, identity)


def test_an_assessment_counts_once_by_its_highest_score() -> None:
    first = assessed(37.5, 50, "2026-03-02T10:00", "2")
    again = assessed(50, 50, "2026-03-03T10:00", "1")
    expected = {(ME, "assessments"): 1, (ME, "assessed|5000"): 3750}
    assert counted(mean("assessment:A", again, first)) == expected
    none = mean("assessment:A", assessed(0, 0.5, "2026-03-02T10:00"))
    assert counted(none) == {(ME, "assessments"): 1}


def test_an_audit_counts_its_checks_once() -> None:
    def audited(checks: int, passed: int, date: str) -> Event:
        data = activity.AuditCompleted(
            audit_id="A", executive_id="E-1", checks=checks, passed=passed
        )
        return event(data, f"{date}T10:00", date)

    first, again = audited(20, 19, "2026-03-02"), audited(5, 5, "2026-03-03")
    assert counted(mean("audit:A", again, first)) == {(ME, "checks"): 20, (ME, "checks.passed"): 19}
    assert counted(mean("audit:A", audited(3, 0, "2026-03-02"))) == {(ME, "checks"): 3}
    assert counted(mean("audit:A", audited(0, 0, "2026-03-02"))) == {}


@pytest.mark.parametrize("severity", ["normal", "critical"])
def test_what_is_critical_is_counted_for_the_gate(severity: Literal["normal", "critical"]) -> None:
    critical = severity == "critical"
    audit = activity.AuditCompleted(
        audit_id="A", executive_id="E-1", checks=0, passed=0, severity=severity
    )
    committed = activity.ViolationRecorded(violation_id="V", executive_id="E-1", severity=severity)
    prevented = activity.ViolationAvoided(violation_id="V", executive_id="E-1", severity=severity)
    when = "2026-03-02T10:00"
    found = counted(mean("audit:A", event(audit, when, "1")))
    assert found == ({(ME, "critical_audits"): 1} if critical else {})
    recorded = counted(mean("violation:V", event(committed, when, "1")))
    assert recorded.get((ME, "critical_violations"), 0) == critical
    avoided = counted(mean("violation:V", event(prevented, when, "1")))
    assert avoided == {(ME, "violations.avoided"): 1}


def test_a_violation_is_avoided_once_and_recorded_once() -> None:
    def violated(kind: type[activity.ViolationEvent], executive: str, date: str) -> Event:
        return event(kind(violation_id="V", executive_id=executive), f"{date}T10:00", date)

    avoided = [
        violated(activity.ViolationAvoided, executive, date)
        for executive, date in (("E-2", "2026-03-03"), ("E-1", "2026-03-02"))
    ]
    assert counted(mean("violation:V", *avoided)) == {(ME, "violations.avoided"): 1}
    happened = violated(activity.ViolationRecorded, "E-2", "2026-03-04")
    assert counted(mean("violation:V", happened, *avoided)) == {
        (ME, "violations.avoided"): 1,
        (OTHER, "violations.recorded"): 1,
    }


def enrolled(executive: str, ends_at: str, time: str, identity: str = "e") -> Event:
    data = activity.TrainingEnrolled(
        training_id="T",
        executive_id=executive,
        area="product",
        ends_at=datetime.fromisoformat(ends_at).replace(tzinfo=KOLKATA.zone),
    )
    return event(data, time, identity)


def completed(
    hours: float, time: str, certification: str | None = None, identity: str = "c"
) -> Event:
    data = activity.TrainingCompleted(
        training_id="T",
        executive_id="E-1",
        area="cross_selling",
        hours=hours,
        certification=certification,
    )
    return event(data, time, identity)


def test_an_enrolment_counts_where_it_ends_and_completed_ever() -> None:
    first = enrolled("E-2", "2026-03-31T18:00", "2026-03-02T10:00", "2")
    again = enrolled("E-1", "2026-04-30T18:00", "2026-03-03T10:00", "1")
    open_ = mean("training:T", again, first)
    assert counted(open_) == {(OTHER, "enrolments"): 1}
    assert days(open_) == {day("2026-03-31")}
    for time in ("2026-03-01T10:00", "2026-05-01T10:00"):
        done = mean("training:T", first, completed(0, time))
        assert counted(done) == {
            (OTHER, "enrolments"): 1,
            (OTHER, "enrolments.completed"): 1,
            (ME, "trainings|cross_selling"): 1,
        }
        assert days(done) == {day("2026-03-31"), day(time[:10])}


@pytest.mark.parametrize("certification", [None, "", "AML"])
def test_a_completion_needs_no_enrolment_and_counts_once(certification: str | None) -> None:
    first = completed(1.25, "2026-03-02T10:00", certification, "2")
    again = completed(9, "2026-03-03T10:00", "other", "1")
    certified = {(ME, "certifications"): 1} if certification else {}
    assert counted(mean("training:T", again, first)) == {
        (ME, "trainings|cross_selling"): 1,
        (ME, "training_hours|cross_selling"): 125,
        **certified,
    }


def test_an_article_counts_at_each_reading_as_one_pair() -> None:
    read = activity.ArticleRead(article_id="A|1", executive_id="E-1")
    times = ("2026-03-02T10:00", "2026-03-09T10:00")
    found = mean(read.subject, *(event(read, time, time) for time in times))
    assert counted(found) == {(ME, f"readings#E-1{SEPARATOR}A|1"): 2}
    assert days(found) == {day("2026-03-02"), day("2026-03-09")}


def initiative(participants: tuple[str, ...], time: str, *, successful: bool = True) -> Event:
    data = activity.InitiativeCompleted(
        initiative_id="I", participants=participants, successful=successful
    )
    return event(data, time, time)


def test_an_initiative_is_one_member_of_each_participant() -> None:
    together = initiative(("E-1", "E-2", "E-1"), "2026-03-02T10:00")
    again = initiative(("E-3",), "2026-03-03T10:00")
    expected = {(ME, "initiatives#I"): 1, (OTHER, "initiatives#I"): 1}
    assert counted(mean("initiative:I", again, together)) == expected
    failed = initiative(("E-1",), "2026-03-01T10:00", successful=False)
    assert counted(mean("initiative:I", again, together, failed)) == {}
    assert counted(mean("initiative:I")) == {}


def test_a_team_event_counts_who_was_invited_and_who_came() -> None:
    held = activity.TeamEventHeld(
        team_event_id="T", invited=("E-1", "E-1", "E-3"), attended=("E-2", "E-1", "E-2")
    )
    again = activity.TeamEventHeld(team_event_id="T", invited=("E-9",), attended=())
    found = mean(
        "team_event:T",
        event(again, "2026-03-03T10:00", "1"),
        event(held, "2026-03-02T10:00", "2"),
    )
    assert counted(found) == {
        (ME, "invitations"): 1,
        ("executive:E-3", "invitations"): 1,
        (ME, "attendances"): 1,
        (OTHER, "attendances"): 1,
    }


executives = st.sampled_from(("E-1", "E-2"))
some_executives = st.lists(executives, max_size=3).map(tuple)
ends = st.datetimes(datetime(2026, 2, 1), datetime(2026, 4, 1)).map(  # noqa: DTZ001
    lambda naive: naive.replace(tzinfo=KOLKATA.zone)
)
#: Data of every type of one subject, by subject.
TYPES: dict[str, st.SearchStrategy[Any]] = {
    "response:R": st.one_of(
        st.builds(nps, st.integers(0, 10), executives),
        st.builds(service, st.integers(1, 5), executives),
    ),
    "assessment:A": st.builds(
        activity.AssessmentCompleted,
        assessment_id=st.just("A"),
        executive_id=executives,
        score=st.sampled_from((0, 37.5, 40)),
        max_score=st.sampled_from((40, 50)),
    ),
    "audit:A": st.builds(
        activity.AuditCompleted,
        audit_id=st.just("A"),
        executive_id=executives,
        checks=st.integers(3, 4),
        passed=st.integers(0, 3),
    ),
    "violation:V": st.builds(
        lambda kind, executive: kind(violation_id="V", executive_id=executive),
        st.sampled_from((activity.ViolationAvoided, activity.ViolationRecorded)),
        executives,
    ),
    "training:T": st.one_of(
        st.builds(
            activity.TrainingEnrolled,
            training_id=st.just("T"),
            executive_id=executives,
            area=st.just("product"),
            ends_at=ends,
        ),
        st.builds(
            activity.TrainingCompleted,
            training_id=st.just("T"),
            executive_id=executives,
            area=st.sampled_from(("product", "sales")),
            hours=st.sampled_from((0, 1.25)),
            certification=st.sampled_from((None, "", "AML")),
        ),
    ),
    f"article:E-1{SEPARATOR}A": st.just(activity.ArticleRead(article_id="A", executive_id="E-1")),
    "initiative:I": st.builds(
        activity.InitiativeCompleted,
        initiative_id=st.just("I"),
        participants=some_executives,
        successful=st.booleans(),
    ),
    "team_event:T": st.builds(
        activity.TeamEventHeld,
        team_event_id=st.just("T"),
        invited=some_executives,
        attended=some_executives,
    ),
}


@pytest.mark.parametrize("subject", TYPES)
@given(st.data())
def test_any_order_and_repetition_means_the_same(subject: str, data: st.DataObject) -> None:
    story = data.draw(events(TYPES[subject]))
    again = data.draw(st.lists(st.sampled_from(story), max_size=5)) if story else []
    there = Subject(subject).take(story)
    back = Subject(subject).take(data.draw(st.permutations([*story, *again])))
    assert back.meant == there.meant
    assert back.summed == there.summed == there.meant
