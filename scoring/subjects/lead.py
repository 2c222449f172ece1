"""A lead: created, owned, qualified, and converted by the net loans that name it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scoring import slots
from scoring.alerting.stages import Stage, reached
from scoring.calendar import HOUR
from scoring.cells import Contributions
from scoring.demographics import profile
from scoring.events.leads import LeadAssigned, LeadContacted, LeadCreated, LeadQualified
from scoring.meaning import Meaning
from scoring.notes import ApplicationOfLead, LoanOfLead, ReferredLead
from scoring.origins import origins

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scoring.cells import Entity
    from scoring.events import Micros
    from scoring.meaning import EventOf, History, Rules
    from scoring.slots import Slot

#: Microseconds of a day, of which maturity is a whole number.
_DAY = 24 * HOUR

#: Home of leads that nobody owns and no campaign brought.
UNOWNED: Entity = "unowned:unowned"


def meaning(_subject: str, history: History, rules: Rules) -> Meaning:
    """Count the lead where and when it was created, and what it became.

    A conversion within maturity belongs to the pane of the lead's *creation*, so that a
    cohort's rate needs no timer. A lead that was not created yet means nothing.
    """
    found = Meaning(Contributions(rules.calendar))
    created = history.first(LeadCreated)
    if created is None:
        return found
    home = _home(created, history)
    _count_created(found.contributions, home, created)
    _count_converted(found.contributions, home, created, history, rules)
    if created.data.referred_by is not None:
        found.notes[f"customer:{created.data.referred_by}"] = ReferredLead(created.time, home)
    qualified = history.first(LeadQualified)
    if qualified is not None:
        found.contributions.add(home, qualified.time, slots.QUALIFIED)
    _count_reached(found.contributions, home, created, history, rules)
    return found


def _home(created: EventOf[LeadCreated], history: History) -> Entity:
    """Whose lead it is: the creation's executive, else the first assignment's, else nobody's."""
    owner = created.data.executive_id
    if owner is None:
        assigned = history.first(LeadAssigned)
        owner = assigned.data.executive_id if assigned is not None else None
    if owner is not None:
        return f"executive:{owner}"
    if created.data.campaign_id is not None:
        return f"campaign:{created.data.campaign_id}"
    return UNOWNED


def _count_created(total: Contributions, home: Entity, created: EventOf[LeadCreated]) -> None:
    at, lead = created.time, created.data
    came = [slots.LEADS, slots.keyed(slots.LEADS_BY_CHANNEL, lead.channel)]
    brought = []
    if lead.campaign_id is not None:
        came.append(slots.keyed(slots.LEADS_BY_CAMPAIGN, lead.campaign_id))
        brought = [slots.keyed(slots.CAMPAIGN_LEADS, lead.campaign_id)]
        total.add_each(f"campaign:{lead.campaign_id}", at, brought)
    total.add_each(home, at, (*came, *_traits(lead)))
    for origin in origins(lead.channel, lead.campaign_id):
        total.add_each_to_day(origin, at, (*came, *brought))


def _traits(lead: LeadCreated) -> Iterator[Slot]:
    """Who the lead is and what it said that it wants; an empty text says nothing."""
    if lead.segment is not None:
        yield slots.keyed(slots.LEADS_BY_SEGMENT, lead.segment)
    known = profile(lead)
    if known is not None:
        yield slots.keyed(slots.LEADS_BY_PROFILE, known)
    if lead.preferences is None:
        return
    stated = {
        slot: value
        for name, slot in slots.LEADS_BY_PREFERENCE.items()
        if (value := getattr(lead.preferences, name))
    }
    yield from (slots.keyed(slot, value) for slot, value in stated.items())
    if stated:
        yield slots.LEADS_WITH_PREFERENCE


def _count_converted(
    total: Contributions,
    home: Entity,
    created: EventOf[LeadCreated],
    history: History,
    rules: Rules,
) -> None:
    deadline = created.time + rules.maturity
    amounts = [
        loan.amount
        for loan in history.notes.values()
        if isinstance(loan, LoanOfLead) and loan.disbursed_at <= deadline
    ]
    if not amounts:
        return
    at, lead = created.time, created.data
    total.add(home, at, slots.CONVERTED)
    if lead.campaign_id is not None:
        total.add(home, at, slots.keyed(slots.CONVERTED_BY_CAMPAIGN, lead.campaign_id))
    if sum(amounts):
        total.add(
            home, at, slots.keyed(slots.MATURED_AMOUNT_BY_CHANNEL, lead.channel), sum(amounts)
        )


def _count_reached(
    total: Contributions,
    home: Entity,
    created: EventOf[LeadCreated],
    history: History,
    rules: Rules,
) -> None:
    """When it reached the stages that the alarm watches, by its age."""
    horizon = rules.maturity // _DAY
    found = [
        slot
        for stage, at in _first_reached(history)
        for slot in reached(stage, created.time, at, horizon, rules.calendar)
    ]
    if found:
        total.add_each(home, created.time, found)
        for origin in origins(created.data.channel, created.data.campaign_id):
            total.add_each_to_day(origin, created.time, found)


def _first_reached(history: History) -> Iterator[tuple[Stage, Micros]]:
    contacted, qualified = history.first(LeadContacted), history.first(LeadQualified)
    if contacted is not None:
        yield Stage.CONTACTED, contacted.time
    if qualified is not None:
        yield Stage.QUALIFIED, qualified.time
    if history.notes:
        notes = history.notes.values()
        told = [note for note in notes if isinstance(note, LoanOfLead | ApplicationOfLead)]
        applications = [note.applied_at for note in told if note.applied_at is not None]
        loans = [note.disbursed_at for note in told if isinstance(note, LoanOfLead)]
        if applications:
            yield Stage.APPLIED, min(applications)
        if loans:
            yield Stage.DISBURSED, min(loans)
