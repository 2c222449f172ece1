"""What a lead says of the stages that it reached, and what alarms read of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scoring.alerting.cohorts import cohorts, hours
from scoring.alerting.stages import Stage
from scoring.events.leads import LeadContacted, LeadCreated, LeadQualified
from scoring.meaning import History
from scoring.notes import ApplicationOfLead, LoanOfLead
from scoring.subjects import meaning_of
from scoring.totals import Totals
from scoring.windows import Days
from tests.scoring.making import RULES, at, day, event

if TYPE_CHECKING:
    from scoring.events import Event
    from scoring.notes import SubjectNote

CREATED = "2026-03-02T10:00"
SPAN = Days(day("2026-03-01"), day("2026-03-20"))


def known(*events: Event, notes: dict[str, SubjectNote] | None = None) -> Totals:
    """The totals of the home of one lead."""
    created = event(LeadCreated(lead_id="L", channel="web", executive_id="E"), CREATED)
    ordered = tuple(sorted((created, *events), key=lambda each: each.order))
    found = meaning_of("lead:L", RULES)(History(ordered, notes or {}))
    totals = Totals()
    for place, cells in found.contributions.places.items():
        if place.entity != "executive:E":
            continue
        totals.add(place.day, cells)
    return totals


def reached(totals: Totals, stage: Stage) -> dict[tuple[int, int], int]:
    """Leads by day of March and age that reached a stage."""
    triangle = cohorts(totals, stage, SPAN, 14)
    return {
        (created + 1, age): n
        for created, ages in enumerate(triangle.reached)
        for age, n in enumerate(ages)
        if n
    }


def contacted(time: str, identity: str = "c") -> Event:
    return event(LeadContacted(lead_id="L", executive_id="E-9"), time, identity)


@pytest.mark.parametrize(
    ("time", "found"),
    [
        ("2026-03-02T10:05", {(2, 0): 1}),
        ("2026-03-02T23:59", {(2, 0): 1}),
        ("2026-03-03T00:00", {(2, 1): 1}),
        ("2026-03-01T09:00", {(2, 0): 1}),
        ("2026-03-16T23:00", {(2, 14): 1}),
        ("2026-03-17T00:00", {}),
    ],
)
def test_age_counts_local_days_up_to_the_horizon(
    time: str, found: dict[tuple[int, int], int]
) -> None:
    assert reached(known(contacted(time)), Stage.CONTACTED) == found


def test_the_first_contact_qualification_and_net_loan_count() -> None:
    qualified = event(LeadQualified(lead_id="L"), "2026-03-05T12:00", "q")
    later = event(LeadQualified(lead_id="L"), "2026-03-04T13:00", "r")
    notes: dict[str, SubjectNote] = {
        "loan:1": LoanOfLead(at("2026-03-09T10:00"), 500),
        "loan:2": LoanOfLead(at("2026-03-08T16:00"), 0, at("2026-03-06T14:00")),
        "loan:3": ApplicationOfLead(at("2026-03-05T15:30")),
    }
    contacts = contacted("2026-03-04T09:00", "d"), contacted("2026-03-03T11:00")
    totals = known(*contacts, qualified, later, notes=notes)
    assert reached(totals, Stage.CONTACTED) == {(2, 1): 1}
    assert reached(totals, Stage.QUALIFIED) == {(2, 2): 1}
    assert reached(totals, Stage.APPLIED) == {(2, 3): 1}
    assert reached(totals, Stage.DISBURSED) == {(2, 6): 1}
    by_hour = {
        stage: [hour for hour, n in enumerate(hours(totals, stage, SPAN)) if n] for stage in Stage
    }
    assert by_hour == {
        Stage.CONTACTED: [11],
        Stage.QUALIFIED: [13],
        Stage.APPLIED: [15],
        Stage.DISBURSED: [16],
    }


def test_open_leads_are_those_that_have_not_reached_the_stage() -> None:
    triangle = cohorts(known(contacted("2026-03-04T09:00")), Stage.CONTACTED, SPAN, 14)
    of_lead = {
        at.day: (triangle.open(at.ordinal)[-1 - at.age], triangle.observed(at.ordinal)[-1 - at.age])
        for at in (Moment(2, 0), Moment(3, 1), Moment(4, 2), Moment(5, 3))
    }
    assert of_lead == {2: (1, 0), 3: (1, 0), 4: (1, 1), 5: (0, 0)}


class Moment:
    """A day of March, and the lead's age then."""

    def __init__(self, number: int, age: int) -> None:
        self.day, self.age = number, age
        self.ordinal = day(f"2026-03-{number:02}")
