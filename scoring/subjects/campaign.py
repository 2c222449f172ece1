"""A campaign: what it is, and whose branch it serves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scoring.cells import Contributions
from scoring.events.reference import CampaignDefined
from scoring.meaning import Meaning
from scoring.notes import Campaign, Membership, Parent

if TYPE_CHECKING:
    from scoring.meaning import History, Rules

_ALWAYS = 0


def meaning(subject: str, history: History, rules: Rules) -> Meaning:
    """The latest definition; it holds for all days, before it too."""
    found = Meaning(Contributions(rules.calendar))
    latest = history.last(CampaignDefined)
    if latest is None:
        return found
    defined = latest.data
    if defined.branch_id is not None:
        branch = f"branch:{defined.branch_id}"
        found.memberships[subject] = Membership((Parent(_ALWAYS, branch),))
    first, last = (
        day.toordinal() if day is not None else None
        for day in (defined.start_date, defined.end_date)
    )
    found.reference[subject] = Campaign(
        defined.campaign_id,
        defined.channel,
        defined.digital,
        defined.branch_id,
        defined.name,
        first,
        last,
    )
    return found
