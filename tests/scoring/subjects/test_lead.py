"""What the history of a lead means, by example."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scoring.events.leads import (
    LeadAssigned,
    LeadCreated,
    LeadQualified,
    LeadReassigned,
    Preferences,
)
from scoring.journeys import Told
from scoring.notes import LoanOfLead, ReferredLead
from tests.scoring.making import RULES, at, day, event
from tests.scoring.subjects.meanings import counted, created, mean
from tests.scoring.subjects.stories import Subject

if TYPE_CHECKING:
    from scoring.notes import SubjectNote


def test_a_lead_is_that_of_its_creation_else_of_its_first_assignment() -> None:
    first = event(LeadAssigned(lead_id="L", executive_id="E-1"), "2026-03-03T10:00", "a")
    second = event(LeadAssigned(lead_id="L", executive_id="E-2"), "2026-03-04T10:00", "b")
    other = event(LeadReassigned(lead_id="L", executive_id="E-3"), "2026-03-01T10:00", "c")
    homes = [
        next(entity for entity, slot in counted(mean("lead:L", *history)) if slot == "leads")
        for history in (
            (created("E-0"), first, second),
            (created(), second, first, other),
            (created(campaign="CMP"), first),
            (created(campaign="CMP"), other),
            (created(), other),
        )
    ]
    assert homes == [
        "executive:E-0",
        "executive:E-1",
        "executive:E-1",
        "campaign:CMP",
        "unowned:unowned",
    ]


def test_a_lead_counts_once_at_its_first_creation_and_qualification() -> None:
    again = event(LeadCreated(lead_id="L", channel="email"), "2026-03-05T10:00", "2")
    by_nobody = LeadQualified(lead_id="L", executive_id="E-9")
    qualified = [event(by_nobody, f"2026-03-0{n}T10:00", f"q{n}") for n in (4, 7)]
    found = mean("lead:L", created("E", "CMP"), again, *qualified)
    assert counted(found) == {
        ("executive:E", "leads"): 1,
        ("executive:E", "leads.channel|web"): 1,
        ("executive:E", "leads.campaign|CMP"): 1,
        ("campaign:CMP", "campaign_leads|CMP"): 1,
        ("executive:E", "qualified"): 1,
        ("executive:E", "qualified.age|2"): 1,
        ("executive:E", "qualified.hour|10"): 1,
    }
    days = {place.day for place in found.contributions.places}
    assert days == {day("2026-03-02"), day("2026-03-04")}


def test_a_leads_origins_count_what_its_home_counts_of_its_stages() -> None:
    qualified = event(LeadQualified(lead_id="L"), "2026-03-04T10:00", "q")
    for home in ("E", None):
        sources = counted(mean("lead:L", created(home, "CMP"), qualified), by_origin=True)
        assert sources == {
            (f"origin:{source}", slot): 1
            for source in ("channel:web", "campaign:CMP")
            for slot in (
                "leads",
                "leads.channel|web",
                "leads.campaign|CMP",
                "campaign_leads|CMP",
                "qualified.age|2",
                "qualified.hour|10",
            )
        }
    alone = counted(mean("lead:L", created("E")), by_origin=True)
    assert {entity for entity, _ in alone} == {"origin:channel:web"}


def test_a_lead_counts_by_who_it_is_and_what_it_wants() -> None:
    wants = Preferences(purpose="home", tenure="", contact="a|b")
    data = LeadCreated(
        lead_id="L",
        channel="web",
        executive_id="E",
        segment="salaried",
        age_band="26-35",
        city_tier="1",
        preferences=wants,
    )
    found = counted(mean("lead:L", event(data, "2026-03-02T10:00")))
    assert found.keys() - {("executive:E", "leads"), ("executive:E", "leads.channel|web")} == {
        ("executive:E", "leads.segment|salaried"),
        ("executive:E", "leads.profile|26-35\x1f\x1f\x1f1"),
        ("executive:E", "leads.preferring"),
        ("executive:E", "leads.purpose|home"),
        ("executive:E", "leads.contact|a|b"),
    }
    silent = LeadCreated(lead_id="L", channel="web", preferences=Preferences(purpose=""))
    assert counted(mean("lead:L", event(silent, "2026-03-02T10:00"))).keys() == {
        ("unowned:unowned", "leads"),
        ("unowned:unowned", "leads.channel|web"),
    }


def test_a_converted_lead_counts_at_its_creation() -> None:
    notes: dict[str, SubjectNote] = {
        "loan:1": LoanOfLead(at("2026-03-09T10:00"), 500),
        "loan:2": LoanOfLead(at("2026-02-01T10:00"), 700),
        "loan:3": LoanOfLead(at("2026-03-16T10:01"), 900),
    }
    found = mean("lead:L", created("E", "CMP"), notes=notes)
    assert (
        counted(found).items()
        >= {
            ("executive:E", "converted"): 1,
            ("executive:E", "converted.campaign|CMP"): 1,
            ("executive:E", "matured_amount.channel|web"): 1200,
        }.items()
    )
    assert {place.day for place in found.contributions.places} == {day("2026-03-02")}


def test_a_loan_of_nothing_converts_without_an_amount() -> None:
    found = mean("lead:L", created("E"), notes={"loan:1": LoanOfLead(at("2026-03-09T10:00"), 0)})
    assert ("executive:E", "converted") in counted(found)
    assert ("executive:E", "matured_amount.channel|web") not in counted(found)


def test_a_lead_tells_who_referred_it_whose_it_is() -> None:
    data = LeadCreated(lead_id="L", channel="referral", referred_by="C")
    assigned = event(LeadAssigned(lead_id="L", executive_id="E"), "2026-03-03T10:00", "2")
    found = mean("lead:L", event(data, "2026-03-02T10:00"), assigned)
    assert found.notes == {"customer:C": ReferredLead(at("2026-03-02T10:00"), "executive:E")}


def test_a_deadline_is_inclusive_to_the_microsecond() -> None:
    created = event(LeadCreated(lead_id="L", channel="web", executive_id="E"), "2026-03-01T10:00")
    deadline = created.time + RULES.maturity
    for late in (0, 1):
        word = Told(1, LoanOfLead(deadline + late, 100))
        lead = Subject("lead:L").take([created, ("loan:1", word)])
        slots = {
            slot for cells in lead.facts.values() for vector in cells.values() for slot in vector
        }
        assert ("converted" in slots) is not bool(late)
        assert ("matured_amount.channel|web" in slots) is not bool(late)
