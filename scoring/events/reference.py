"""Reference events: who sits where, what is aimed at, and what campaigns and markets are."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import msgspec

from scoring.events.fields import SEPARATOR, Currency, EventData, Id, Number, Text, hundredths

#: `2026-03`, `2026-Q1` or `2026`.
TargetPeriod = Annotated[str, msgspec.Meta(pattern=r"^\d{4}(-(0[1-9]|1[0-2])|-Q[1-4])?$(?!\n)")]
#: `2026-03` or `2026-Q1`.
MarketPeriod = Annotated[str, msgspec.Meta(pattern=r"^\d{4}-(0[1-9]|1[0-2]|Q[1-4])$(?!\n)")]
#: `executive:E-017`, `team:T-1`, `branch:B-1` or `company:company`.
EntityKey = Annotated[
    str,
    msgspec.Meta(
        max_length=220,
        pattern=r"^((executive|team|branch):[^\x00-\x1f\x7f]+|company:company)$(?!\n)",
    ),
]


class ExecutivePlaced(EventData, frozen=True, tag="executive.placed"):
    """From a date on the executive belongs to a team and a branch."""

    family = "reference"
    kind = "executive"

    executive_id: Id
    team_id: Id
    branch_id: Id
    valid_from: date
    display_name: Text | None = None
    active: bool | None = True

    @property
    def subject(self) -> str:
        """`executive:<executive_id>`."""
        return f"executive:{self.executive_id}"


class TargetSet(EventData, frozen=True, tag="target.set"):
    """What an entity is to reach of a KPI in a period."""

    family = "reference"
    kind = "target"

    entity: EntityKey
    kpi: Id
    period: TargetPeriod
    value: Number

    def __post_init__(self) -> None:
        """Check the value."""
        hundredths(self.value, "value")

    @property
    def subject(self) -> str:
        """`target:<entity> <kpi> <period>`."""
        return f"target:{self.entity}{SEPARATOR}{self.kpi}{SEPARATOR}{self.period}"


class CampaignDefined(EventData, frozen=True, tag="campaign.defined"):
    """What a campaign is: its channel, whether it is digital, whose branch it serves, its ends."""

    family = "reference"
    kind = "campaign"

    campaign_id: Id
    channel: Id
    digital: bool
    name: Text | None = None
    branch_id: Id | None = None
    start_date: date | None = None
    end_date: date | None = None

    @property
    def subject(self) -> str:
        """`campaign:<campaign_id>`."""
        return f"campaign:{self.campaign_id}"


class MarketSized(EventData, frozen=True, tag="market.sized"):
    """How large the market of a branch, or the whole market, is in a period."""

    family = "reference"
    kind = "market"

    period: MarketPeriod
    amount: Number
    currency: Currency
    branch_id: Id | None = None

    def __post_init__(self) -> None:
        """Check the amount."""
        hundredths(self.amount, "amount")

    @property
    def subject(self) -> str:
        """`market:<branch_id> <period>`; an empty branch is the whole market."""
        return f"market:{self.branch_id or ''}{SEPARATOR}{self.period}"


class TargetAttributes(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """The bands that the company aims at."""

    age_band: tuple[Id, ...] = ()
    income_band: tuple[Id, ...] = ()
    employment: tuple[Id, ...] = ()
    city_tier: tuple[Id, ...] = ()


class AttributeWeights(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """How much each attribute counts in a lead's fit."""

    age_band: Number = 1
    income_band: Number = 1
    employment: Number = 1
    city_tier: Number = 1

    def __post_init__(self) -> None:
        """Check the weights."""
        for field in self.__struct_fields__:
            hundredths(getattr(self, field), field)


class DemographicsTargeted(EventData, frozen=True, tag="demographics.targeted"):
    """The target demographics of the company."""

    family = "reference"
    kind = "demographics"

    attributes: TargetAttributes
    weights: AttributeWeights | None = None

    @property
    def subject(self) -> str:
        """`demographics:target`: there is one set."""
        return "demographics:target"


TYPES = (ExecutivePlaced, TargetSet, CampaignDefined, MarketSized, DemographicsTargeted)
