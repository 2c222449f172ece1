"""How alerts come and go: courses of a few days, made by hand."""

from __future__ import annotations

from math import log
from typing import NamedTuple

import pytest

from scoring.alerting.course import (
    Course,
    Incident,
    Terms,
    Told,
    anew,
    begun,
    follow,
)
from scoring.alerting.dating import Mark, Since, Walk
from scoring.alerting.detector import NOTHING, Cohort, Evidence, Slice


class Proof(NamedTuple):
    """Evidence that is what it says, and of which some is of closing."""

    of: float = 0.0
    share: float = 1.0

    def days(self) -> float:
        return self.of

    def closing(self) -> float:
        return self.share

    def forget(self) -> Proof:
        return Proof(0.0, self.share)


TERMS = Terms(budget=100.0, recovery=2.0, horizon=3)
START = begun(10, Proof(), ())


def mark(day: int) -> Mark:
    return Mark(day, Walk(), 0.0, 0.0, 0)


def after(course: Course[Proof], *days: tuple[float, float], terms: Terms = TERMS) -> Course[Proof]:
    """A course after some days, each with its evidence and what it proves of a drop."""
    for of, proven in days:
        last = course.marks[-1]
        end = Mark(
            last.day + 1,
            last.walk.on(Walk(proven, proven)),
            last.observed + 7,
            last.expected + 9,
            0,
        )
        course = course.then(end, Proof(of, 0.75), proven, terms)
    return course


def told(raised: int, resolved: int | None = None) -> Terms:
    return TERMS._replace(told=(Told(raised, resolved),))


def test_an_alert_is_raised_on_the_day_on_which_evidence_reaches_the_budget() -> None:
    assert after(START, (99.9, 1.0)).incidents == ()
    course = after(START, (99.9, 1.0), (100.0, 1.0))
    (incident,) = course.incidents
    assert (incident.raised, incident.resolved) == (11, None)
    assert (incident.evidence, incident.of_sales) == (100.0, 0.75)
    assert (incident.end.day, incident.end.observed, incident.end.expected) == (12, 14.0, 18.0)
    assert course.recovery == 0.0
    assert course.firing
    assert not START.firing


def test_while_it_fires_figures_go_on_and_the_largest_evidence_is_kept() -> None:
    course = after(START, (100.0, 1.0), (150.0, 1.0), (120.0, 1.0))
    (incident,) = course.incidents
    assert (incident.raised, incident.evidence, incident.end.day) == (10, 150.0, 13)
    assert incident.end.observed == 21.0


def test_it_is_known_when_it_was_worst_and_from_when_on_it_recovers() -> None:
    terms = TERMS._replace(recovery=10.0)
    fires = after(START, (100.0, 5.0), (150.0, 1.0), (150.0, -2.0), terms=terms)
    (incident,) = fires.incidents
    assert (incident.worst.day, incident.end.day) == (12, 13)
    assert not incident.recovers, "that may be chance"
    clearer = after(fires, (150.0, -0.5), terms=terms).incidents[-1]
    assert (clearer.worst.day, clearer.recovers) == (12, True)
    again = after(fires, (150.0, 2.5), terms=terms).incidents[-1]
    assert (again.worst.day, again.recovers) == (14, False)


def test_it_resolves_when_health_is_as_much_likelier_as_the_terms_say() -> None:
    almost = after(START, (100.0, 5.0), (90.0, -1.0), (90.0, -0.9))
    assert almost.firing
    assert almost.recovery == pytest.approx(1.9)
    course = after(START, (100.0, 5.0), (90.0, -1.0), (90.0, -1.0))
    (incident,) = course.incidents
    assert (incident.raised, incident.resolved, incident.end.day) == (10, 12, 13)
    assert not course.firing
    assert course.evidence == Proof(0.0, 0.75), "it begins anew"
    assert [each.day for each in course.marks] == [13]
    assert course.recovery == 0.0


def test_a_day_of_the_drop_undoes_recovery_and_no_more_than_all_of_it() -> None:
    course = after(START, (100.0, 5.0), (90.0, -1.5), (90.0, 0.5))
    assert course.recovery == pytest.approx(1.0)
    assert after(course, (90.0, 7.0)).recovery == 0.0
    assert after(course, (90.0, 7.0), (90.0, -2.0)).incidents[-1].resolved == 14


def test_after_it_another_may_be_raised_and_the_first_stays() -> None:
    once = after(START, (100.0, 5.0), (90.0, -2.0))
    twice = after(once, (100.0, 1.0), (90.0, -2.0), (100.0, 3.0))
    assert [(each.raised, each.resolved) for each in twice.incidents] == [
        (10, 11),
        (12, 13),
        (14, None),
    ]
    assert twice.incidents[:1] == once.incidents
    thrice = after(twice, (90.0, -2.0))
    assert thrice.incidents[:2] == twice.incidents[:2]
    assert [(each.raised, each.resolved) for each in thrice.incidents[2:]] == [(14, 15)]


def test_what_was_told_is_raised_again_on_its_day_and_nothing_sooner() -> None:
    raised = after(START, (500.0, 1.0), (1.0, 0.0), terms=told(11)).incidents
    assert [each.raised for each in raised] == [11]
    later = after(START, (1.0, 1.0), (1.0, 0.0), (100.0, 0.0), terms=told(10, 10)).incidents
    assert [each.raised for each in later] == [10], "it fires on, until it is resolved"


def test_after_what_was_told_the_evidence_decides() -> None:
    terms = told(10, 11)
    course = after(START, (1.0, 1.0), (1.0, 0.0), (99.0, 0.0), terms=terms)
    assert [(each.raised, each.resolved) for each in course.incidents] == [(10, 11)]
    more = after(course, (100.0, 0.0), terms=terms)
    assert [(each.raised, each.resolved) for each in more.incidents] == [(10, 11), (13, None)]


def test_what_was_told_is_resolved_again_on_its_day_though_nothing_has_recovered() -> None:
    course = after(START, (100.0, 1.0), (100.0, 1.0), (100.0, 1.0), terms=told(10, 12))
    assert [(each.raised, each.resolved) for each in course.incidents] == [(10, 12)]


def test_what_is_normal_may_be_learned_until_a_drop_is_half_proven() -> None:
    assert after(START, (9.99, 0.0)).is_calm(TERMS)
    assert not after(START, (10.0, 0.0)).is_calm(TERMS), "the root of the budget"
    assert not after(START, (100.0, 5.0), (1.0, -0.1)).is_calm(TERMS), "while it fires"
    assert after(START, (100.0, 5.0), (1.0, -2.0)).is_calm(TERMS)


def test_days_of_drops_are_abnormal_from_their_beginning_to_their_end() -> None:
    course = after(START, (1.0, -5.0), (1.0, 3.0), (100.0, 3.0), (90.0, -2.0), (1.0, 0.0))
    (incident,) = course.incidents
    assert (incident.since.mark.day, incident.resolved) == (11, 13)
    assert list(course.abnormal()) == [11, 12, 13]
    assert list(START.abnormal()) == []


@pytest.mark.parametrize(
    ("alerts", "firing"),
    [
        ((), None),
        ((Told(9, None),), 9),
        ((Told(9, 10),), 9),
        ((Told(9, 9),), None),
        ((Told(10, None),), None),
        ((Told(5, 12), Told(8, None)), 8),
    ],
)
def test_an_alert_of_an_earlier_day_may_still_fire(
    alerts: tuple[Told, ...], firing: int | None
) -> None:
    course = begun(10, Proof(), alerts)
    assert course.marks == (mark(10),)
    assert course.firing is (firing is not None)
    assert [each.raised for each in course.incidents] == ([firing] if firing else [])
    for each in course.incidents:
        assert each == Incident(
            each.raised,
            Since(mark(10), 10, 10),
            None,
            end=mark(10),
            worst=mark(10),
            evidence=0.0,
            of_sales=1.0,
        )


def test_anew_an_alert_ends_and_the_others_stay() -> None:
    comes_and_goes = ((100.0, 5.0), (90.0, -2.0))
    fires = after(START, *comes_and_goes, *comes_and_goes, (100.0, 5.0))
    course = anew(fires, 20, Proof(3.0))
    assert course.incidents[:2] == fires.incidents[:2]
    assert [(each.raised, each.resolved) for each in course.incidents[2:]] == [(14, 20)]
    assert course.marks == (mark(20),)
    assert (course.evidence, course.recovery) == (Proof(3.0), 0.0)
    over = after(START, (100.0, 5.0), (90.0, -2.0))
    assert anew(over, 20, Proof()).incidents == over.incidents


BLANK = Evidence(young=(Cohort(0.0, NOTHING),) * 3)


def seen(observed: tuple[float, ...], expected: tuple[float, ...]) -> Slice:
    """What a day of Poisson counts brought, of three older cohorts and its own."""
    return Slice(observed, expected, 0.0)


def test_a_day_of_leads_adds_to_all_sums() -> None:
    course = begun(10, BLANK, ())
    once = follow(course, seen((1, 2, 0, 4), (2, 2, 1, 5)), 30, 1.0, 1.1, TERMS)
    twice = follow(once, seen((0, 1, 0, 1), (1, 1, 0, 2)), 12, 1.0, 1.1, TERMS)
    end = twice.marks[-1]
    assert (end.day, end.observed, end.leads, end.variance) == (12, 9, 42, 0.0)
    assert end.expected == pytest.approx((10 + 4) * 1.1), "by the rate, not by the low one"
    # Of Poisson counts the likelihood ratio of r E against E is r^O e^((1 - r) E).
    walk = [9 * log(r) + (1 - r) * 14 for r in (0.7, 0.5)]
    assert tuple(end.walk) == pytest.approx(walk, abs=1e-4)


def test_within_a_day_an_alert_resolves_only_by_what_would_be_enough_for_all_of_it() -> None:
    end = mark(10)
    fired = Incident(8, Since(end, 10, 10), None, end, end, 500.0, 1.0)
    course: Course[Evidence] = Course((end,), BLANK, incidents=(fired,))
    came, due, of_day = (0, 0, 0, 9), (0, 0, 0, 6), (0, 0, 0, 18)
    part = follow(course, seen(came, due), 20, 0.5, 1.0, TERMS, whole=seen(came, of_day))
    assert part.recovery == 0.0
    whole = follow(course, seen(came, due), 20, 0.5, 1.0, TERMS)
    assert whole.recovery == pytest.approx(-9 * log(0.7) - 0.3 * 6, abs=1e-4)
    assert part.marks[-1] == whole.marks[-1]
