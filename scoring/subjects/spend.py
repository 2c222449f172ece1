"""A spend: money put into a campaign at a moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scoring import slots
from scoring.cells import Contributions
from scoring.events.activity import CampaignSpent
from scoring.events.fields import hundredths
from scoring.meaning import Meaning
from scoring.origins import origins

if TYPE_CHECKING:
    from scoring.meaning import History, Rules


def meaning(_subject: str, history: History, rules: Rules) -> Meaning:
    """Add the first spend of this id to its campaign, and to the origins that it was for."""
    found = Meaning(Contributions(rules.calendar))
    spent = history.first(CampaignSpent)
    if spent is not None and (amount := hundredths(spent.data.amount)):
        campaign = spent.data.campaign_id
        slot = slots.keyed(slots.CAMPAIGN_SPEND, campaign)
        found.contributions.add(f"campaign:{campaign}", spent.time, slot, amount)
        for origin in origins(spent.data.channel, campaign):
            found.contributions.add_day(origin, rules.calendar.day(spent.time), slot, amount)
    return found
