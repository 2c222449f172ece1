"""What a deployment knows before the first lead: placements, targets, campaigns, markets."""

from __future__ import annotations

from collections import Counter
from datetime import date
from random import Random
from typing import TYPE_CHECKING

from scoring.events.reference import (
    AttributeWeights,
    CampaignDefined,
    DemographicsTargeted,
    ExecutivePlaced,
    MarketSized,
    TargetAttributes,
    TargetSet,
)
from scoring.periods import first_of
from scoring.windows import Days, period
from streams.demo.expectation import DAYS_TO_LOAN, busiest_days, usual
from streams.demo.floor import MEAN_CONVERSION, MEAN_LOAN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scoring.calendar import Day
    from scoring.events import EventData
    from streams.demo.floor import Executive, Floor

_VOLUME, _LEADS = "sales_targets.sales_volume", "lead_generation.qualified_leads"
_REPEAT = "sales_targets.repeat_customers"
_MOVED_DAYS_AGO = 12
_TENURE_DAYS = 700
#: Campaigns began before all traffic, for events may be backdated by some days, and go on for
#: longer than a demo does: none is to end while its leads still come.
_CAMPAIGN_BEGAN_DAYS_BEFORE, _CAMPAIGN_ENDS_IN_DAYS = 7, 365
_VOLUME_STEP = 50_000
_REPEAT_TARGET = 1
#: Targets of the year, per lead that an executive will have.
_PER_LEAD = {"crm.referrals": 0.11, "cross_selling.revenue": 300}
#: The company's share of its market, roughly.
_MARKET_SHARE, _AIMED_SHARE = 0.2, 0.25
#: A target has two decimals.
_LEAST_SHARE = 0.01
#: Level targets of the company for the year, in major units.
_COMPANY_LEVELS = {
    "sales_targets.average_deal_size": MEAN_LOAN,
    "lead_generation.channel_effectiveness": round(MEAN_LOAN * MEAN_CONVERSION),
    "campaigns.cost_per_lead": 600,
}


def reference(floor: Floor, since: Day, today: date) -> Iterator[EventData]:
    """The reference events of a floor on a day, the placements first.

    Args:
        floor: The sales floor.
        since: The day with which its traffic begins; nobody was to do anything before.
        today: The day.
    """
    for executive in floor.executives:
        yield from _placements(executive, today)
    for campaign in floor.campaigns:
        yield CampaignDefined(
            campaign_id=campaign.id,
            channel=campaign.channel,
            digital=campaign.digital,
            name=campaign.name,
            branch_id=campaign.branch,
            start_date=date.fromordinal(since - _CAMPAIGN_BEGAN_DAYS_BEFORE),
            end_date=date.fromordinal(today.toordinal() + _CAMPAIGN_ENDS_IN_DAYS),
        )
    yield from _targets(floor, since, today)
    yield from _markets(floor, since, today)
    yield DemographicsTargeted(
        attributes=TargetAttributes(
            age_band=("26-35", "36-45"),
            income_band=("middle", "upper"),
            employment=("salaried",),
            city_tier=("1", "2"),
        ),
        weights=AttributeWeights(income_band=2),
    )


def _placements(executive: Executive, today: date) -> Iterator[EventData]:
    began = date.fromordinal(today.toordinal() - _TENURE_DAYS)
    moved = date.fromordinal(today.toordinal() - _MOVED_DAYS_AGO)
    sits = [(began, executive.team)]
    if executive.came_from is not None:
        sits = [(began, executive.came_from), (moved, executive.team)]
    for since, team in sits:
        yield ExecutivePlaced(
            executive_id=executive.id,
            team_id=team,
            branch_id=executive.branch,
            valid_from=since,
            display_name=executive.name,
        )


def _targets(floor: Floor, since: Day, today: date) -> Iterator[EventData]:
    rng = Random(f"targets {floor.seed}")  # noqa: S311
    months = [period(name) for name in _months(since, today)]
    for executive in floor.executives:
        does, entity = usual(floor, executive), f"executive:{executive.id}"
        stretch = floor.ambition * rng.uniform(0.9, 1.1)
        for month in months:
            lasts = busiest_days(Days(max(month.first, since), month.last))
            brings = busiest_days(Days(max(month.first, since + DAYS_TO_LOAN), month.last))
            targets = {
                _VOLUME: round(does.volume * brings * stretch / _VOLUME_STEP) * _VOLUME_STEP,
                _LEADS: round(does.qualified * lasts * stretch),
                _REPEAT: _REPEAT_TARGET,
            }
            name = f"{date.fromordinal(month.first):%Y-%m}"
            for kpi, value in targets.items():
                yield TargetSet(entity=entity, kpi=kpi, period=name, value=max(value, 1))
    for year in sorted({name[:4] for name in _months(since, today)}):
        yield from _of_year(floor, year)


def _of_year(floor: Floor, year: str) -> Iterator[EventData]:
    for kpi, value in _COMPANY_LEVELS.items():
        yield TargetSet(entity="company:company", kpi=kpi, period=year, value=value)
    lasts = busiest_days(period(year))
    for executive in floor.executives:
        leads, entity = usual(floor, executive).leads * lasts, f"executive:{executive.id}"
        for kpi, per_lead in _PER_LEAD.items():
            value = max(1, round(leads * per_lead))
            yield TargetSet(entity=entity, kpi=kpi, period=year, value=value)
    for entity, people in _parts(floor):
        share = max(round(_AIMED_SHARE * people, 2), _LEAST_SHARE)
        yield TargetSet(entity=entity, kpi="market.share", period=year, value=share)


def _parts(floor: Floor) -> Iterator[tuple[str, float]]:
    """Entities, and which part they are of the people who share their market."""
    yield "company:company", 1.0
    sizes = Counter(executive.branch for executive in floor.executives)
    for branch in floor.branches:
        yield f"branch:{branch}", 1.0
    for team, members in floor.members.items():
        yield f"team:{team}", len(members) / sizes[floor.teams[team]]
    for executive in floor.executives:
        yield f"executive:{executive.id}", 1 / sizes[executive.branch]


def _markets(floor: Floor, since: Day, today: date) -> Iterator[EventData]:
    sold = sum(usual(floor, executive).volume for executive in floor.executives)
    places = (None, *floor.branches)
    for name in _months(since, today):
        whole = round(sold * busiest_days(period(name)) / _MARKET_SHARE)
        for branch in places:
            size = whole if branch is None else whole // len(floor.branches)
            yield MarketSized(period=name, amount=size, currency=floor.currency, branch_id=branch)


def _months(since: Day, today: date) -> list[str]:
    """The months from that of a day to the one after today's."""
    month, last = date.fromordinal(since).replace(day=1), first_of(today.year, today.month)
    names = []
    while month <= last:
        names.append(f"{month:%Y-%m}")
        month = first_of(month.year, month.month)
    return names
