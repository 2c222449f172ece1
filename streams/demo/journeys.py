"""The way of one lead, from its creation to its loss or a loan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scoring.events.activity import CampaignSpent
from scoring.events.leads import (
    LeadAssigned,
    LeadContacted,
    LeadCreated,
    LeadDisqualified,
    LeadLost,
    LeadQualified,
    LeadReassigned,
    Preferences,
)
from scoring.events.sales import SaleApplied, SaleApproved, SaleDeclined, SaleDisbursed
from streams.demo.aftercare import aftercare
from streams.demo.floor import CHANNELS

if TYPE_CHECKING:
    from scoring.events import Micros
    from streams.demo.book import Book
    from streams.demo.floor import Campaign, ChannelMix, Executive
    from streams.demo.rhythm import Pace

MINUTE, HOUR, DAY = 60, 3600, 86_400

CONTACTED, QUALIFIED, APPROVED = 0.86, 0.46, 0.78
_MOST_APPLY = 0.95
_UNOWNED, _REASSIGNED = 0.08, 0.04
OF_CAMPAIGN, _RETURNING, _PREFERS = 0.7, 0.1, 0.6
#: Money is spent on a campaign in payments that cover this many leads.
_LEADS_PER_PAYMENT = 10

_SEGMENTS = ("salaried", "self_employed", "gig", "pensioner", "first_job")
#: Bands of the demographics, and how common they are.
_AGES = {"21-25": 15, "26-35": 38, "36-45": 29, "46-60": 18}
_INCOMES = {"low": 22, "middle": 40, "upper": 26, "high": 12}
_EMPLOYMENT = {"salaried": 62, "self_employed": 30, "retired": 8}
_TIERS = {"1": 40, "2": 35, "3": 25}
_PURPOSES = ("wedding", "renovation", "education", "medical", "travel", "debt")
_TENURES, _REPAYMENTS = ("12m", "24m", "36m", "60m"), ("emi", "step_up", "bullet")
_CONTACTS = ("phone", "whatsapp", "email", "visit")
_LOSSES = ("rate too high", "another lender", "no answer", "no longer needed")
_DISQUALIFIED = ("income too low", "credit history", "documents missing")


@dataclass(frozen=True)
class _Lead:
    """A lead on its way: what all of its steps need."""

    book: Book
    pace: Pace
    id: str
    mix: ChannelMix
    executive: Executive

    def after(self, at: Micros, median: float, spread: float = 0.8) -> Micros:
        return self.pace.after(self.book.rng, at, median, spread)

    def reached(self, at: Micros, median: float, spread: float = 0.8) -> Micros:
        """When somebody has spoken with the lead, which an incident puts off."""
        reached, incident = self.after(at, median, spread), self.book.incident
        if incident is not None and incident.channel == self.mix.channel:
            return incident.put_off(reached)
        return reached


def lead(book: Book, at: Micros, pace: Pace) -> None:
    """Plan everything that will become of a lead that comes in at a moment.

    Args:
        book: Where it is planned.
        at: When it comes in.
        pace: How fast its journey goes.
    """
    mix = book.rng.choices(CHANNELS, [mix.share for mix in CHANNELS])[0]
    campaign = _campaign(book, mix)
    owner = book.floor.somebody(book.rng, campaign.branch if campaign is not None else None)
    on_its_way = _Lead(book, pace, book.number("L"), mix, owner)
    owned = not book.chance(_UNOWNED)
    book.begin(at, _created(on_its_way, campaign, owned=owned))
    if campaign is not None and book.chance(1 / _LEADS_PER_PAYMENT):
        _spend(book, at, campaign)
    if not owned:
        at = on_its_way.after(at, 90 * MINUTE)
        book.plan(at, LeadAssigned(lead_id=on_its_way.id, executive_id=owner.id))
    _work(on_its_way, at)


def _campaign(book: Book, mix: ChannelMix) -> Campaign | None:
    running = book.floor.campaigns_of[mix.channel]
    return book.rng.choice(running) if running and book.chance(OF_CAMPAIGN) else None


def _created(lead: _Lead, campaign: Campaign | None, *, owned: bool) -> LeadCreated:
    book, choose = lead.book, lead.book.rng.choice
    return LeadCreated(
        lead_id=lead.id,
        channel=lead.mix.channel,
        executive_id=lead.executive.id if owned else None,
        campaign_id=campaign.id if campaign is not None else None,
        customer_id=book.known_customer() if book.chance(_RETURNING) else None,
        segment=choose(_SEGMENTS),
        region=lead.executive.branch,
        referred_by=book.known_customer() if lead.mix.channel == "referral" else None,
        age_band=_band(book, _AGES),
        income_band=_band(book, _INCOMES),
        employment=_band(book, _EMPLOYMENT),
        city_tier=_band(book, _TIERS),
        preferences=_preferences(book) if book.chance(_PREFERS) else None,
    )


def _band(book: Book, bands: dict[str, int]) -> str:
    return book.rng.choices(list(bands), list(bands.values()))[0]


def _preferences(book: Book) -> Preferences:
    choose = book.rng.choice
    return Preferences(
        purpose=choose(_PURPOSES),
        tenure=choose(_TENURES) if book.chance(0.5) else None,
        repayment=choose(_REPAYMENTS) if book.chance(0.3) else None,
        contact=choose(_CONTACTS) if book.chance(0.4) else None,
    )


def _spend(book: Book, at: Micros, campaign: Campaign) -> None:
    amount = campaign.cost * _LEADS_PER_PAYMENT * book.rng.uniform(0.7, 1.3)
    spent = CampaignSpent(
        spend_id=book.number("SP"),
        campaign_id=campaign.id,
        amount=round(amount, 2),
        currency=book.floor.currency,
        channel=campaign.channel,
    )
    book.begin(at, spent)


def _work(lead: _Lead, at: Micros) -> None:
    """Contact and qualify the lead, or lose it."""
    book, executive = lead.book, lead.executive
    if book.chance(_REASSIGNED):
        executive = book.floor.somebody(book.rng, executive.branch)
        given = LeadReassigned(lead_id=lead.id, executive_id=executive.id)
        book.plan(lead.after(at, 20 * MINUTE), given)
    if not book.chance(CONTACTED):
        lost = LeadLost(lead_id=lead.id, reason="never reached")
        book.plan(lead.after(at, 6 * DAY, 0.4), lost)
        return
    contacted = lead.reached(at, 45 * MINUTE, 1.2)
    book.plan(contacted, LeadContacted(lead_id=lead.id, executive_id=executive.id))
    decided = lead.reached(contacted, 8 * HOUR)
    if not book.chance(QUALIFIED):
        reason = book.rng.choice(_DISQUALIFIED)
        book.plan(decided, LeadDisqualified(lead_id=lead.id, reason=reason))
        return
    book.plan(decided, LeadQualified(lead_id=lead.id, executive_id=executive.id))
    _apply(lead, executive, decided)


def _apply(lead: _Lead, seller: Executive, at: Micros) -> None:
    """Apply for a loan and get it, or not, so that the channel's share of leads converts."""
    book = lead.book
    wanted = lead.mix.conversion * seller.skill / (CONTACTED * QUALIFIED * APPROVED)
    if not book.chance(min(wanted, _MOST_APPLY)):
        lost = LeadLost(lead_id=lead.id, reason=book.rng.choice(_LOSSES))
        book.plan(lead.after(at, 4 * DAY), lost)
        return
    loan, customer = book.number("LN"), _customer(book)
    amount = book.floor.loan(book.rng)
    step = {"loan_id": loan, "lead_id": lead.id, "executive_id": seller.id}
    applied = lead.after(at, 30 * HOUR)
    book.plan(applied, SaleApplied(**step, customer_id=customer, amount=amount))
    decided = lead.after(applied, 20 * HOUR)
    if not book.chance(APPROVED):
        book.plan(decided, SaleDeclined(loan_id=loan, lead_id=lead.id, reason="credit policy"))
        return
    book.plan(decided, SaleApproved(**step, customer_id=customer, amount=amount))
    disbursed = lead.after(decided, 24 * HOUR)
    sale = SaleDisbursed(
        **step,
        customer_id=customer,
        amount=amount,
        currency=book.floor.currency,
        region=seller.branch,
    )
    book.plan(disbursed, sale)
    aftercare(book, sale, disbursed, lead.pace)


def _customer(book: Book) -> str:
    known = book.known_customer() if book.chance(_RETURNING) else None
    return known if known is not None else book.number("C")
