"""What one subject tells another, an entity or the evaluators: upserts with a version.

A note replaces the sender's former note of the same address; the larger version wins, so
that repeats and disorder are harmless. `None` takes a note back.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import msgspec

from scoring.calendar import Day
from scoring.cells import Entity
from scoring.events import Micros
from scoring.events.fields import SEPARATOR, Number


class LoanOfLead(msgspec.Struct, frozen=True, array_like=True, tag=True, gc=False):
    """To a lead: a net loan names it. `amount` in minor units.

    `applied_at` is when that loan was applied for, if the application named the same lead.
    """

    disbursed_at: Micros
    amount: int
    applied_at: Micros | None = None


class ApplicationOfLead(msgspec.Struct, frozen=True, array_like=True, tag=True, gc=False):
    """To a lead: an application names it, of which no net loan of the same lead has come."""

    applied_at: Micros


class ItemOfCustomer(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """To a customer: something net of theirs; `source` and `id` break ties in time.

    Attributes:
        began_at: Its beginning, inclusive.
        source: Source of the event with which it begins.
        id: Identity of that event.
        executive: Who sold it.
        ended_at: Its first end, exclusive; None while it is open. It may be before the beginning.
    """

    began_at: Micros
    source: str
    id: str
    executive: str
    ended_at: Micros | None = None


class LoanOfCustomer(ItemOfCustomer, frozen=True, array_like=True, tag=True, gc=False):
    """To a customer: a net loan of theirs; `matured` says that it ended repaid at term."""

    matured: bool = False


class HoldingOfCustomer(ItemOfCustomer, frozen=True, array_like=True, tag=True, gc=False):
    """To a customer: a net product of theirs."""


class ReferredLead(msgspec.Struct, frozen=True, array_like=True, tag=True, gc=False):
    """To a customer: they referred a lead; `home` is whose it is."""

    created_at: Micros
    home: Entity


#: Notes between subjects.
SubjectNote: TypeAlias = (
    LoanOfLead | ApplicationOfLead | LoanOfCustomer | HoldingOfCustomer | ReferredLead
)


class Parent(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """From a day on an entity's panes belong to `entity`; `branch` is its branch, if any."""

    since: Day
    entity: Entity
    branch: str | None = None


class Membership(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The parents of an entity over time, ordered by `since`."""

    parents: tuple[Parent, ...]

    def parent(self, day: Day) -> Parent | None:
        """The parent in force on a day; none before the first."""
        current = None
        for parent in self.parents:
            if parent.since > day:
                break
            current = parent
        return current


class Placement(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Where an executive sits from a day on."""

    since: Day
    team: str
    branch: str
    active: bool
    name: str | None


class Placements(msgspec.Struct, frozen=True, array_like=True, tag=True, gc=False):
    """To evaluators: an executive's placements, ordered by `since`."""

    executive: str
    placements: tuple[Placement, ...]


class Target(msgspec.Struct, frozen=True, array_like=True, tag=True, gc=False):
    """To evaluators: what an entity is to reach of a KPI in a period; major units."""

    entity: Entity
    kpi: str
    period: str
    value: Number


class Campaign(msgspec.Struct, frozen=True, array_like=True, tag=True, gc=False):
    """To evaluators: what a campaign is, and its first and last day, where those are known."""

    campaign: str
    channel: str
    digital: bool
    branch: str | None
    name: str | None
    first: Day | None = None
    last: Day | None = None


class Market(msgspec.Struct, frozen=True, array_like=True, tag=True, gc=False):
    """To evaluators: the size of a branch's market, or of the whole one, in a period.

    `amount` in minor units; no branch means the whole market.
    """

    branch: str | None
    period: str
    amount: int


class Demographics(msgspec.Struct, frozen=True, array_like=True, tag=True, gc=False):
    """To evaluators: whom the company aims at, in the order of the attributes of a profile.

    Attributes:
        bands: The bands aimed at, by attribute; none where the attribute does not matter.
        weights: How much each attribute counts, hundredths.
    """

    bands: tuple[tuple[str, ...], ...]
    weights: tuple[int, ...]


class Insight(msgspec.Struct, frozen=True, array_like=True, tag=True, gc=False):
    """To evaluators: an insight was recorded on day `since`; it expired after day `until`."""

    insight: str
    since: Day
    until: Day | None


class TeamSales(msgspec.Struct, frozen=True, array_like=True, tag=True, gc=False):
    """To evaluators: what a team sold on a day, net; `volume` in minor units."""

    team: str
    day: Day
    volume: int
    loans: int

    @property
    def key(self) -> str:
        """Its reference key; a day of a team has one."""
        return f"sales:{self.team}{SEPARATOR}{self.day}"


class Share(NamedTuple):
    """So many of `n` cases."""

    cases: int
    n: int


#: Shares by KPI and window; one without cases is left out.
Shares: TypeAlias = dict[str, dict[str, Share]]


class Norm(msgspec.Struct, frozen=True, array_like=True, tag=True, gc=False):
    """To evaluators of an entity's children: its shares of cases, for what is usual around them.

    Attributes:
        parent: Whose shares.
        whole: All of its cases.
        parts: Those of them that each child brought; None where a child's are all in the whole.
    """

    parent: Entity
    whole: Shares
    parts: dict[Entity, Shares] | None

    @property
    def key(self) -> str:
        """Its reference key; a parent has one."""
        return f"norm:{self.parent}"


#: Notes to evaluators.
ReferenceNote: TypeAlias = (
    Placements | Target | Campaign | Market | Demographics | Insight | TeamSales | Norm
)
