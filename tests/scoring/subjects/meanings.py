"""What short histories of subjects mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scoring.events.leads import LeadCreated
from scoring.events.sales import SaleDisbursed
from scoring.meaning import History
from scoring.origins import is_origin
from scoring.subjects import meaning_of
from tests.scoring.making import RULES, event, flat

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
