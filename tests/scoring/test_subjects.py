"""What the history of each subject means, by example."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from scoring.cells import WHOLE_DAY
from scoring.events.activity import CampaignSpent
from scoring.events.leads import LeadAssigned, LeadCreated, LeadQualified, LeadReassigned
from scoring.events.reference import CampaignDefined, ExecutivePlaced, TargetSet
from scoring.events.sales import SaleCancelled, SaleDisbursed
from scoring.meaning import History
from scoring.notes import Campaign, LoanOfCustomer, LoanOfLead, Parent, Target
from scoring.subjects import meaning_of
from tests.scoring.making import RULES, at, day, event, flat

if TYPE_CHECKING:
    from scoring.events import Event
    from scoring.meaning import Meaning
    from scoring.notes import SubjectNote


def mean(subject: str, *events: Event, notes: dict[str, SubjectNote] | None = None) -> Meaning:
    ordered = tuple(sorted(events, key=lambda each: each.order))
    return meaning_of(subject, RULES)(History(ordered, notes or {}))


def counted(found: Meaning) -> dict[tuple[str, str], int]:
    """Sums by entity and slot."""
    sums: dict[tuple[str, str], int] = {}
    for (place, _, slot), n in flat(found.contributions.places).items():
        sums[place.entity, slot] = sums.get((place.entity, slot), 0) + n
    return sums


def created(executive: str | None = None, campaign: str | None = None) -> Event:
    data = LeadCreated(lead_id="L", channel="web", executive_id=executive, campaign_id=campaign)
    return event(data, "2026-03-02T10:00")


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


def disbursed(seller: str, time: str, identity: str, lead: str | None = "L") -> Event:
    data = SaleDisbursed(
        loan_id="LN",
        customer_id="C",
        executive_id=seller,
        amount=19.99,
        currency="INR",
        lead_id=lead,
    )
    return event(data, time, identity)


def test_a_loan_is_its_first_disbursal_until_it_is_cancelled() -> None:
    first = disbursed("E-1", "2026-03-02T10:00", "b")
    second = disbursed("E-2", "2026-03-02T10:00", "c", lead=None)
    found = mean("loan:LN", second, first)
    assert counted(found) == {("executive:E-1", "loans"): 1, ("executive:E-1", "volume"): 1999}
    time = at("2026-03-02T10:00")
    assert found.notes == {
        "lead:L": LoanOfLead(time, 1999),
        "customer:C": LoanOfCustomer(time, "/crm", "b", "E-1"),
    }
    assert set(mean("loan:LN", second).notes) == {"customer:C"}
    cancelled = mean("loan:LN", first, event(SaleCancelled(loan_id="LN"), "2026-03-01T10:00", "x"))
    assert (cancelled.contributions.places, cancelled.notes) == ({}, {})


def test_a_customers_loans_after_the_first_are_repeats_of_their_sellers() -> None:
    time = at("2026-03-02T10:00")
    loans: dict[str, SubjectNote] = {
        "loan:1": LoanOfCustomer(time + 1, "/a", "1", "E-3"),
        "loan:2": LoanOfCustomer(time, "/b", "1", "E-2"),
        "loan:3": LoanOfCustomer(time, "/a", "2", "E-1"),
    }
    for told in (loans, dict(reversed(loans.items()))):
        found = mean("customer:C|1", notes=told)
        assert counted(found) == {
            ("executive:E-2", "repeat#C|1"): 1,
            ("executive:E-3", "repeat#C|1"): 1,
        }
    assert counted(mean("customer:C|1", notes={"loan:1": loans["loan:1"]})) == {}


def placed(team: str, since: str, time: str, identity: str) -> Event:
    data = ExecutivePlaced(
        executive_id="E", team_id=team, branch_id="B", valid_from=date.fromisoformat(since)
    )
    return event(data, time, identity)


def test_an_executive_sits_by_date_and_the_latest_word_for_a_date_holds() -> None:
    found = mean(
        "executive:E",
        placed("T-3", "2026-03-16", "2026-01-01T10:00", "1"),
        placed("T-1", "2026-03-01", "2026-03-01T10:00", "2"),
        placed("T-2", "2026-03-01", "2026-03-02T10:00", "3"),
    )
    first, second = day("2026-03-01"), day("2026-03-16")
    assert found.memberships["executive:E"].parents == (
        Parent(first, "team:T-2", "B"),
        Parent(second, "team:T-3", "B"),
    )
    assert found.contributions.places == {
        ("executive:E", each): {WHOLE_DAY: {"placements": 1}} for each in (first, second)
    }


def test_a_campaign_and_a_target_are_as_last_defined() -> None:
    old = CampaignDefined(campaign_id="CMP", channel="web", digital=True, branch_id="B")
    new = CampaignDefined(campaign_id="CMP", channel="email", digital=False)
    early, late = event(old, "2026-03-01T10:00", "1"), event(new, "2026-03-02T10:00", "0")
    found = mean("campaign:CMP", early, late)
    assert found.reference == {"campaign:CMP": Campaign("CMP", "email", False, None, None)}  # noqa: FBT003
    assert found.memberships == {}
    (membership,) = mean("campaign:CMP", early).memberships.values()
    assert membership.parent(day("1990-01-01")) == Parent(0, "branch:B")
    key = "target:team:T|k|2026"
    targets = [
        event(TargetSet(entity="team:T", kpi="k", period="2026", value=value), time, str(value))
        for value, time in ((1, "2026-03-02T10:00"), (2, "2026-03-01T10:00"))
    ]
    assert mean(key, *targets).reference == {key: Target("team:T", "k", "2026", 1)}


def test_a_spend_counts_once() -> None:
    spends = [
        event(
            CampaignSpent(spend_id="S", campaign_id="CMP", amount=amount, currency="INR"),
            f"2026-03-0{amount}T10:00",
            str(amount),
        )
        for amount in (3, 2)
    ]
    assert counted(mean("spend:S", *spends)) == {("campaign:CMP", "campaign_spend|CMP"): 200}


def test_a_kind_that_no_kpi_needs_means_nothing() -> None:
    found = mean("inquiry:I", created("E"))
    assert (found.contributions.places, found.notes, found.reference) == ({}, {}, {})
