"""What the history of each subject means, by example."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Literal

import pytest

from scoring.calendar import HOUR
from scoring.cells import WHOLE_DAY
from scoring.events.activity import (
    CampaignSpent,
    InsightApplied,
    InsightRecorded,
    TechniqueApplied,
    TechniqueLearned,
)
from scoring.events.leads import (
    LeadAssigned,
    LeadCreated,
    LeadQualified,
    LeadReassigned,
    Preferences,
)
from scoring.events.reference import (
    AttributeWeights,
    CampaignDefined,
    DemographicsTargeted,
    ExecutivePlaced,
    MarketSized,
    TargetAttributes,
    TargetSet,
)
from scoring.events.sales import (
    LoanClosed,
    ProductCancelled,
    ProductClosed,
    ProductSold,
    SaleApplied,
    SaleCancelled,
    SaleDisbursed,
)
from scoring.meaning import History
from scoring.notes import (
    ApplicationOfLead,
    Campaign,
    Demographics,
    HoldingOfCustomer,
    Insight,
    LoanOfCustomer,
    LoanOfLead,
    Market,
    Parent,
    ReferredLead,
    Target,
)
from scoring.origins import is_origin
from scoring.subjects import meaning_of
from tests.scoring.making import RULES, at, day, event, flat

if TYPE_CHECKING:
    from scoring.events import Event
    from scoring.meaning import Meaning
    from scoring.notes import SubjectNote


def mean(subject: str, *events: Event, notes: dict[str, SubjectNote] | None = None) -> Meaning:
    ordered = tuple(sorted(events, key=lambda each: each.order))
    return meaning_of(subject, RULES)(History(ordered, notes or {}))


def counted(found: Meaning, *, by_origin: bool = False) -> dict[tuple[str, str], int]:
    """Sums by entity and slot, of sources or of all others."""
    sums: dict[tuple[str, str], int] = {}
    for (place, _, slot), n in flat(found.contributions.places).items():
        if is_origin(place.entity) is not by_origin:
            continue
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


def test_an_application_is_told_to_the_lead_that_it_names_until_its_loan_is() -> None:
    applied = event(SaleApplied(loan_id="LN", lead_id="L"), "2026-03-01T10:00", "a")
    again = event(SaleApplied(loan_id="LN", lead_id="L-2"), "2026-03-01T11:00", "b")
    time, paid = at("2026-03-01T10:00"), at("2026-03-02T10:00")
    sold = disbursed("E-1", "2026-03-02T10:00", "c")
    elsewhere = disbursed("E-1", "2026-03-02T10:00", "c", lead="L-2")
    cancelled = event(SaleCancelled(loan_id="LN"), "2026-03-03T10:00", "x")
    assert mean("loan:LN", applied, again).notes == {"lead:L": ApplicationOfLead(time)}
    assert mean("loan:LN", applied, sold).notes["lead:L"] == LoanOfLead(paid, 1999, time)
    others = mean("loan:LN", applied, elsewhere).notes
    assert (others["lead:L"], others["lead:L-2"]) == (
        ApplicationOfLead(time),
        LoanOfLead(paid, 1999),
    )
    assert mean("loan:LN", applied, sold, cancelled).notes == {}


def test_a_customers_loans_after_the_first_are_repeats_of_their_sellers() -> None:
    time = at("2026-03-02T10:00")
    loans: dict[str, SubjectNote] = {
        "loan:1": LoanOfCustomer(time + 1, "/a", "1", "E-3"),
        "loan:2": LoanOfCustomer(time, "/b", "1", "E-2"),
        "loan:3": LoanOfCustomer(time, "/a", "2", "E-1"),
    }
    for told in (loans, dict(reversed(loans.items()))):
        assert repeats(mean("customer:C|1", notes=told)) == {
            ("executive:E-2", "repeat#C|1"): 1,
            ("executive:E-3", "repeat#C|1"): 1,
        }
    assert repeats(mean("customer:C|1", notes={"loan:1": loans["loan:1"]})) == {}


def repeats(found: Meaning) -> dict[tuple[str, str], int]:
    return {where: n for where, n in counted(found).items() if where[1].startswith("repeat#")}


MIDNIGHT = at("2026-03-02T00:00")
DAY = 24 * HOUR


def item(began: float, ended: float | None = None, *, matured: bool = False) -> LoanOfCustomer:
    """A loan; days since the second of March."""
    return LoanOfCustomer(
        MIDNIGHT + int(began * DAY),
        "/a",
        "1",
        "E",
        None if ended is None else MIDNIGHT + int(ended * DAY),
        matured=matured,
    )


def lapses(*items: LoanOfCustomer) -> dict[tuple[int, str, int], int]:
    """Lapses by day, how, and the day since which the customer was active."""
    notes: dict[str, SubjectNote] = {f"loan:{n}": each for n, each in enumerate(items)}
    found = flat(mean("customer:C", notes=notes).contributions.places)
    first = day("2026-03-02")
    return {
        (place.day - first, slot.partition("#")[0], int(slot.partition("#")[2]) - first): n
        for (place, _, slot), n in found.items()
        if place.entity == "book:E" and slot.startswith(("lost#", "repaid#"))
    }


def test_a_customer_lapses_when_something_ends_and_nothing_else_is_open() -> None:
    assert lapses(item(0, 5)) == {(5, "lost", 0): 1}
    assert lapses(item(0, 5), item(2, 9)) == {(9, "lost", 0): 1}
    assert lapses(item(0, 5), item(2)) == {}
    # One that begins at the very moment at which another ends is open then.
    assert lapses(item(0, 5), item(5, 7)) == {(7, "lost", 0): 1}
    # One that begins later that day is not.
    assert lapses(item(0, 5.2), item(5.4, 7)) == {(5, "lost", 0): 1, (7, "lost", 5): 1}
    # Nobody was active before a day within which all of it happened.
    assert lapses(item(5.2, 5.4)) == {}


def test_a_lapse_is_a_repayment_if_one_of_several_ends_is() -> None:
    assert lapses(item(0, 5, matured=True)) == {(5, "repaid", 0): 1}
    assert lapses(item(0, 5), item(2, 5, matured=True)) == {(5, "repaid", 0): 1}
    assert lapses(item(0, 5), item(0, 4, matured=True)) == {(5, "lost", 0): 1}


def test_what_ends_when_or_before_it_begins_never_was_open() -> None:
    assert lapses(item(3, 2), item(3, 3)) == {}
    for never in (item(6, 5, matured=True), item(5, 5, matured=True)):
        assert lapses(item(0, 5), never) == {(5, "lost", 0): 1}


def test_a_customer_is_that_of_their_first_seller_though_it_never_was_open() -> None:
    notes: dict[str, SubjectNote] = {
        "holding:1": HoldingOfCustomer(MIDNIGHT, "/a", "2", "E-1", MIDNIGHT - 1),
        "loan:1": LoanOfCustomer(MIDNIGHT, "/a", "3", "E-2"),
    }
    found = mean("customer:C", notes=notes)
    assert counted(found) == {
        (entity, slot): 1
        for entity in ("executive:E-1", "book:E-1")
        for slot in ("active", "borrowers")
    }


def test_a_customer_is_cross_sold_while_both_are_open_at_a_days_end() -> None:
    notes: dict[str, SubjectNote] = {
        "loan:1": item(0, 8),
        "holding:1": HoldingOfCustomer(MIDNIGHT + 2 * DAY, "/b", "1", "F", MIDNIGHT + 5 * DAY),
        "holding:2": HoldingOfCustomer(MIDNIGHT + 6 * DAY, "/b", "1", "F", MIDNIGHT + 6 * DAY + 9),
    }
    found = flat(mean("customer:C", notes=notes).contributions.places)
    first = day("2026-03-02")
    changes = {
        (slot, place.day - first): n
        for (place, _, slot), n in found.items()
        if place.entity == "executive:E" and slot in ("borrowers", "cross_sold")
    }
    assert changes == {
        ("borrowers", 0): 1,
        ("borrowers", 8): -1,
        ("cross_sold", 2): 1,
        ("cross_sold", 5): -1,
    }


def test_a_lead_tells_who_referred_it_whose_it_is() -> None:
    data = LeadCreated(lead_id="L", channel="referral", referred_by="C")
    assigned = event(LeadAssigned(lead_id="L", executive_id="E"), "2026-03-03T10:00", "2")
    found = mean("lead:L", event(data, "2026-03-02T10:00"), assigned)
    assert found.notes == {"customer:C": ReferredLead(at("2026-03-02T10:00"), "executive:E")}


def test_a_loan_and_a_product_tell_their_customer_when_and_how_they_first_end() -> None:
    closings = [
        event(LoanClosed(loan_id="LN", reason=reason), f"2026-03-0{day}T10:00", reason)
        for day, reason in ((5, "foreclosed"), (6, "matured"))
    ]
    found = mean("loan:LN", disbursed("E", "2026-03-02T10:00", "1", lead=None), *closings)
    began, ended = at("2026-03-02T10:00"), at("2026-03-05T10:00")
    assert found.notes == {"customer:C": LoanOfCustomer(began, "/crm", "1", "E", ended)}
    sold = ProductSold(
        holding_id="H",
        customer_id="C",
        executive_id="E",
        product="card",
        sale_kind="up_sell",
        revenue=19.99,
        currency="INR",
    )
    history = [
        event(sold, "2026-03-02T10:00"),
        event(ProductClosed(holding_id="H"), "2026-03-06T10:00", "3"),
        event(ProductClosed(holding_id="H"), "2026-03-05T10:00", "4"),
    ]
    found = mean("holding:H", *history)
    assert found.notes == {"customer:C": HoldingOfCustomer(began, "/crm", "1", "E", ended)}
    assert counted(found) == {
        ("executive:E", f"{slot}{key}"): n
        for slot, n in (("products", 1), ("revenue", 1999))
        for key in ("", ".kind|up_sell", ".product|card")
    }
    cancelled = mean(
        "holding:H", *history, event(ProductCancelled(holding_id="H"), "2026-01-01T10:00", "5")
    )
    assert (cancelled.contributions.places, cancelled.notes) == ({}, {})
    assert mean("holding:H", *history[1:]).notes == {}


def test_a_technique_is_due_from_learning_to_first_use() -> None:
    def pair(learned: str | None, *applied: str) -> dict[str, int]:
        ids = {"technique_id": "X", "executive_id": "E"}
        events = [
            event(TechniqueApplied(**ids), f"2026-03-{time}", str(n))
            for n, time in enumerate(applied)
        ]
        if learned is not None:
            events.append(event(TechniqueLearned(**ids), f"2026-03-{learned}", "l"))
        found = mean("technique:E\x1fX", *events)
        assert {place.entity for place in found.contributions.places} <= {"executive:E", "book:E"}
        return {slot: n for (entity, slot), n in counted(found).items() if entity == "book:E"}

    assert pair(None, "02T10:00") == {}
    assert pair("02T10:00") == {"learned": 1}
    assert pair("02T10:00", "05T10:00", "04T10:00") == {
        "learned": 1,
        "applied": 1,
        "implemented": 1,
    }
    assert pair("02T10:00", "02T10:00") == {"learned": 1, "applied": 1, "implemented": 1}
    assert pair("02T10:01", "02T10:00") == {"learned": 1, "applied": 1}
    first = day("2026-03-02")
    assert pair("03T10:00", "04T10:00", "02T10:00") == {f"learned_late#{first}": 1}


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
    assert found.memberships["book:E"] == found.memberships["executive:E"]
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
    runs = CampaignDefined(
        campaign_id="CMP",
        channel="email",
        digital=False,
        start_date=date(2026, 3, 1),
        end_date=date(2026, 3, 31),
    )
    (campaign,) = mean("campaign:CMP", early, event(runs, "2026-03-02T10:00")).reference.values()
    assert isinstance(campaign, Campaign)
    assert (campaign.first, campaign.last) == (day("2026-03-01"), day("2026-03-31"))
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
    spends = [spent(3), spent(2)]
    assert counted(mean("spend:S", *spends)) == {("campaign:CMP", "campaign_spend|CMP"): 200}


def spent(amount: int, channel: Literal["web", "email"] | None = None) -> Event:
    data = CampaignSpent(
        spend_id="S", campaign_id="CMP", amount=amount, currency="INR", channel=channel
    )
    return event(data, f"2026-03-0{amount}T10:00", str(amount))


def test_a_spend_counts_at_the_origins_that_it_was_for_by_whole_days() -> None:
    slot = "campaign_spend|CMP"
    for later, first, named in ((3, 2, None), (3, 2, "web"), (5, 4, "email")):
        found = mean("spend:S", spent(first, named), spent(later, "web"))
        assert counted(found, by_origin=True) == {
            (f"origin:{origin}", slot): 100 * first
            for origin in ("campaign:CMP", *((f"channel:{named}",) if named else ()))
        }
        places = found.contributions.places
        of_origins = {place: cells for place, cells in places.items() if is_origin(place.entity)}
        assert {place.day for place in of_origins} == {day(f"2026-03-0{first}")}
        assert all(cells.keys() == {WHOLE_DAY} for cells in of_origins.values())


def recorded(time: str, identity: str, expires: str | None = None) -> Event:
    moment = datetime.fromisoformat(expires) if expires is not None else None
    return event(
        InsightRecorded(insight_id="I", executive_id="E", expires_at=moment), time, identity
    )


def test_an_insight_is_open_from_its_first_recording_until_it_expires() -> None:
    first = recorded("2026-03-02T10:00", "b", "2026-03-10T00:00:00+05:30")
    second = recorded("2026-03-03T10:00", "a")
    found = mean("insight:I", second, first)
    # It expires with the beginning of the 10th: the 9th is the last day that has some of it.
    last = day("2026-03-09")
    assert found.reference == {"insight:I": Insight("I", day("2026-03-02"), last)}
    assert mean("insight:I", second).reference["insight:I"] == Insight("I", day("2026-03-03"), None)
    moment_later = recorded("2026-03-02T10:00", "b", "2026-03-10T00:00:00.000001+05:30")
    assert mean("insight:I", moment_later).reference["insight:I"] == Insight(
        "I", day("2026-03-02"), last + 1
    )


@pytest.mark.parametrize(
    ("expires", "open_today"),
    [("9999-12-31T23:59:59-12:00", True), ("0001-01-01T00:00:00+14:00", False)],
)
def test_an_expiry_beyond_the_calendar_is_late_or_early_enough(
    expires: str, *, open_today: bool
) -> None:
    found = mean("insight:I", recorded("2026-03-02T10:00", "1", expires))
    (insight,) = found.reference.values()
    assert isinstance(insight, Insight)
    assert insight.until is not None
    assert (insight.until > day("2100-01-01")) is open_today


def test_an_insight_is_used_where_and_when_it_is_applied() -> None:
    uses = [
        event(InsightApplied(insight_id="I", executive_id=executive), f"{on}T10:00", f"{on}")
        for executive, on in (("E-1", "2026-03-02"), ("E-1", "2026-03-03"), ("E-2", "2026-03-03"))
    ]
    found = mean("insight:I", *uses)
    assert counted(found) == {
        ("executive:E-1", "insights#I"): 2,
        ("executive:E-2", "insights#I"): 1,
    }
    assert found.reference == {}


def test_a_market_and_the_demographics_are_as_last_told() -> None:
    sizes = [
        event(
            MarketSized(period="2026-03", amount=amount, currency="INR", branch_id=branch),
            f"2026-03-0{n}T10:00",
            str(n),
        )
        for n, amount, branch in ((2, 1, None), (1, 2.5, None))
    ]
    key = "market:\x1f2026-03"
    assert mean(key, *sizes).reference == {key: Market(None, "2026-03", 100)}
    aims = [
        event(DemographicsTargeted(attributes=attributes, weights=weights), time)
        for attributes, weights, time in (
            (TargetAttributes(age_band=("a", "b")), None, "2026-03-01T10:00"),
            (
                TargetAttributes(city_tier=("1",)),
                AttributeWeights(city_tier=0.5),
                "2026-03-02T10:00",
            ),
        )
    ]
    key = "demographics:target"
    assert mean(key, aims[0]).reference == {
        key: Demographics((("a", "b"), (), (), ()), (100, 100, 100, 100))
    }
    assert mean(key, *aims).reference == {
        key: Demographics(((), (), (), ("1",)), (100, 100, 100, 50))
    }


def test_a_kind_that_no_kpi_needs_means_nothing() -> None:
    found = mean("rumour:R", created("E"))
    assert (found.contributions.places, found.notes, found.reference) == ({}, {}, {})
