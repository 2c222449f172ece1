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
from streams.demo.floor import MEAN_CONVERSION, MEAN_LOAN
from streams.demo.journeys import CONTACTED, QUALIFIED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scoring.events import EventData
    from streams.demo.floor import Executive, Floor

_VOLUME, _LEADS = "sales_targets.sales_volume", "lead_generation.qualified_leads"
_REPEAT = "sales_targets.repeat_customers"
_BUSINESS_DAYS_PER_MONTH, _BUSINESS_DAYS_PER_YEAR = 21.7, 260
_MONTHS_PER_QUARTER = 3
_MONTHS_BACK, _MONTHS_AHEAD = 4, 1
_MOVED_DAYS_AGO = 12
_TENURE_DAYS = 700
_VOLUME_STEP = 50_000
_REPEAT_TARGET = 1
#: Targets of the year, per lead that an executive will have.
_PER_LEAD = {"crm.referrals": 0.11, "cross_selling.revenue": 300}
#: The company's share of its market, roughly.
_MARKET_SHARE, _AIMED_SHARE = 0.2, 0.25
#: Of the loans that a month's leads will bring, what a short history has seen by the month's end.
_SETTLED = 0.7
#: A target has two decimals.
_LEAST_SHARE = 0.01
#: Level targets of the company for the year, in major units.
_COMPANY_LEVELS = {
    "sales_targets.average_deal_size": MEAN_LOAN,
    "lead_generation.channel_effectiveness": round(MEAN_LOAN * MEAN_CONVERSION),
    "campaigns.cost_per_lead": 600,
}


def reference(floor: Floor, today: date) -> Iterator[EventData]:
    """The reference events of a floor on a day, the placements first."""
    for executive in floor.executives:
        yield from _placements(executive, today)
    for campaign in floor.campaigns:
        yield CampaignDefined(
            campaign_id=campaign.id,
            channel=campaign.channel,
            digital=campaign.digital,
            name=campaign.name,
            branch_id=campaign.branch,
        )
    yield from _targets(floor, today)
    yield from _markets(floor, today)
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


def _targets(floor: Floor, today: date) -> Iterator[EventData]:
    months = [_month(today, back) for back in range(-_MONTHS_BACK, _MONTHS_AHEAD + 1)]
    quarters = sorted({f"{m.year}-Q{(m.month - 1) // _MONTHS_PER_QUARTER + 1}" for m in months})
    rng = Random(f"targets {floor.seed}")  # noqa: S311
    leads = floor.leads_per_day * _BUSINESS_DAYS_PER_MONTH * floor.ambition
    for executive in floor.executives:
        stretch = rng.uniform(0.85, 1.15) * executive.load
        volume = leads * MEAN_CONVERSION * _SETTLED * MEAN_LOAN * stretch
        monthly = {
            _VOLUME: max(1, round(volume / _VOLUME_STEP)) * _VOLUME_STEP,
            _LEADS: max(1, round(leads * CONTACTED * QUALIFIED * stretch)),
            _REPEAT: _REPEAT_TARGET,
        }
        for kpi, value in monthly.items():
            entity = f"executive:{executive.id}"
            for month in months:
                yield TargetSet(entity=entity, kpi=kpi, period=f"{month:%Y-%m}", value=value)
            for quarter in quarters:
                whole = value * _MONTHS_PER_QUARTER
                yield TargetSet(entity=entity, kpi=kpi, period=quarter, value=whole)
    for year in sorted({month.year for month in months}):
        yield from _of_year(floor, str(year))


def _of_year(floor: Floor, year: str) -> Iterator[EventData]:
    for kpi, value in _COMPANY_LEVELS.items():
        yield TargetSet(entity="company:company", kpi=kpi, period=year, value=value)
    leads = floor.leads_per_day * _BUSINESS_DAYS_PER_YEAR
    for executive in floor.executives:
        for kpi, per_lead in _PER_LEAD.items():
            value = max(1, round(leads * per_lead * executive.load))
            entity = f"executive:{executive.id}"
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


def _markets(floor: Floor, today: date) -> Iterator[EventData]:
    sold = floor.leads_per_day * _BUSINESS_DAYS_PER_MONTH * MEAN_CONVERSION * MEAN_LOAN
    whole = round(sold * floor.headcount / _MARKET_SHARE)
    places = (None, *floor.branches)
    for back in range(-_MONTHS_BACK, _MONTHS_AHEAD + 1):
        period = f"{_month(today, back):%Y-%m}"
        for branch in places:
            size = whole if branch is None else whole // len(floor.branches)
            yield MarketSized(period=period, amount=size, currency=floor.currency, branch_id=branch)


def _month(today: date, ahead: int) -> date:
    """The first day of a month before or after today's."""
    months = today.year * 12 + today.month - 1 + ahead
    return date(months // 12, months % 12 + 1, 1)
