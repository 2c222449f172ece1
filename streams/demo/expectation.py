"""What traffic brings on average, so that targets can be set which a floor may miss or exceed."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from streams.demo.aftercare import CANCELLED
from streams.demo.floor import CHANNELS, MEAN_LOAN
from streams.demo.journeys import CONTACTED, OF_CAMPAIGN, QUALIFIED
from streams.demo.rhythm import WEEKDAYS

if TYPE_CHECKING:
    from scoring.windows import Days
    from streams.demo.floor import ChannelMix, Executive, Floor

#: Days from a lead to its loan, on average; measured.
DAYS_TO_LOAN = 5


class Usual(NamedTuple):
    """An executive's traffic of the past on one of the busiest days.

    Attributes:
        leads: Leads that come in.
        qualified: Leads that are qualified.
        volume: What is disbursed and not cancelled, major units.
    """

    leads: float
    qualified: float
    volume: float


def usual(floor: Floor, executive: Executive) -> Usual:
    """What an executive does on one of the busiest days, on average."""
    company = floor.headcount * floor.leads_per_day
    leads = loans = 0.0
    for mix in CHANNELS:
        own = company * mix.share * _share(floor, executive, mix)
        leads += own
        loans += own * mix.conversion * executive.skill
    volume = loans * (1 - CANCELLED) * MEAN_LOAN
    return Usual(leads, leads * CONTACTED * QUALIFIED, volume)


def busiest_days(days: Days) -> float:
    """How many of the busiest days some days are worth."""
    return sum(
        WEEKDAYS[date.fromordinal(day).weekday()] for day in range(days.first, days.last + 1)
    )


def _share(floor: Floor, executive: Executive, mix: ChannelMix) -> float:
    """An executive's share of a channel's leads: some campaigns serve his branch alone, or not."""
    own = executive.load / floor.load(None)
    running = floor.campaigns_of[mix.channel]
    if not running:
        return own
    served = sum(
        executive.load / floor.load(campaign.branch)
        for campaign in running
        if campaign.branch in (None, executive.branch)
    )
    return (1 - OF_CAMPAIGN) * own + OF_CAMPAIGN * served / len(running)
