"""Reference: placements, targets, campaigns, markets, ... as known now, for evaluating scores."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from typing import TYPE_CHECKING

from scoring.demographics import Aim
from scoring.insights import Insights
from scoring.markets import Markets
from scoring.notes import (
    Campaign,
    Demographics,
    Market,
    Norm,
    Placement,
    Placements,
    Target,
    TeamSales,
)
from scoring.panes import UNPLACED
from scoring.shrinkage import Norms
from scoring.team_sales import SalesOfTeams

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scoring.calendar import Day
    from scoring.cells import Entity
    from scoring.notes import ReferenceNote

_NOWHERE = Placement(0, UNPLACED, UNPLACED, active=True, name=None)


class Reference:
    """The latest notes to evaluators.

    Attributes:
        common: Sum of the versions of the notes that concern everybody: all but teams' sales
            and parents' norms.
        aim: Target demographics, once there are any.
        insights: The insights.
        markets: The sizes of markets.
        sales: What teams sold.
        norms: What parents said of their shares.
    """

    def __init__(self) -> None:
        self.common = 0
        self.aim: Aim | None = None
        self.insights = Insights()
        self.markets = Markets()
        self.sales = SalesOfTeams()
        self.norms = Norms()
        self._versions: dict[str, int] = {}
        self._placements: dict[str, tuple[Placement, ...]] = {}
        self._targets: dict[tuple[Entity, str], dict[str, Target]] = defaultdict(dict)
        self._targeted: dict[str, set[Entity]] = defaultdict(set)
        self._campaigns: dict[str, Campaign] = {}
        self._digital: set[str] = set()

    @property
    def version(self) -> int:
        """Sum of the versions of the notes; grows with every change."""
        return self.version_of_values + self.norms.version

    @property
    def version_of_values(self) -> int:
        """The same without norms, on which points depend but no value does."""
        return self.common + self.sales.version

    def version_for(self, entity: Entity, parent: Entity | None) -> int:
        """Sum of the versions of the notes that the scores of a parent's child depend on."""
        version = self.common + self.norms.version_of(parent)
        if parent is not None and entity.startswith("executive:"):
            version += self.sales.version_of(parent.partition(":")[2])
        return version

    def learn(self, key: str, version: int, note: ReferenceNote | None) -> bool:
        """Take a note, or take back an insight's; False if the known one is as new."""
        known = self._versions.get(key, 0)
        if version <= known:
            return False
        self._versions[key] = version
        if isinstance(note, TeamSales):
            self.sales.learn(note, version - known)
            return True
        if isinstance(note, Norm):
            self.norms.learn(note, version - known)
            return True
        self.common += version - known
        if isinstance(note, Placements):
            self._placements[note.executive] = note.placements
        elif isinstance(note, Target):
            self._targets[note.entity, note.kpi][note.period] = note
            self._targeted[note.kpi].add(note.entity)
        elif isinstance(note, Campaign):
            self._campaigns[note.campaign] = note
            (self._digital.add if note.digital else self._digital.discard)(note.campaign)
        elif isinstance(note, Market):
            self.markets.learn(note)
        elif isinstance(note, Demographics):
            self.aim = Aim(note)
        else:
            self.insights.learn(key, note)
        return True

    def placement(self, executive: str, day: Day) -> Placement:
        """Where an executive sits on a day; `unplaced` before the first placement."""
        placements = self._placements.get(executive, ())
        at = bisect_right(placements, day, key=lambda placement: placement.since)
        return placements[at - 1] if at else _NOWHERE

    def placements(self, executive: str) -> tuple[Placement, ...]:
        """All placements of an executive, ordered by `since`."""
        return self._placements.get(executive, ())

    def is_in(self, entity: Entity, executive: str, day: Day) -> bool:
        """Whether a team or branch is where an executive sits on a day."""
        placement = self.placement(executive, day)
        return entity in (f"team:{placement.team}", f"branch:{placement.branch}")

    @property
    def executives(self) -> Iterable[str]:
        """Everybody who was ever placed."""
        return self._placements.keys()

    def name(self, executive: str) -> str | None:
        """The latest display name of an executive."""
        placements = self._placements.get(executive, ())
        return next((p.name for p in reversed(placements) if p.name is not None), None)

    def campaign(self, campaign: str) -> Campaign | None:
        """What a campaign is, if it was defined."""
        return self._campaigns.get(campaign)

    def digital_campaigns(self) -> set[str]:
        """Campaigns defined as digital."""
        return self._digital

    def target(self, entity: Entity, kpi: str, period: str) -> Target | None:
        """An entity's own target of a KPI for a period."""
        return self._targets.get((entity, kpi), {}).get(period)

    def targeted(self, kpi: str) -> set[Entity]:
        """Entities with an own target of a KPI for any period."""
        return self._targeted.get(kpi, set())

    def ancestors(self, entity: Entity, today: Day) -> list[Entity]:
        """The entities above an executive, team, branch or the company, nearest first."""
        level, _, name = entity.partition(":")
        chain: list[Entity] = []
        if level == "executive":
            placement = self.placement(name, today)
            chain = [f"team:{placement.team}", f"branch:{placement.branch}"]
        elif level == "team":
            branch = self.branch_of_team(name, today)
            chain = [f"branch:{branch}"] if branch is not None else []
        return chain if level == "company" else [*chain, "company:company"]

    def branch_of_team(self, team: str, today: Day) -> str | None:
        """A team's branch on a day: that of its member with the lowest id, if it has any."""
        if team == UNPLACED:
            return UNPLACED
        members = (e for e in self._placements if self.placement(e, today).team == team)
        lowest = min(members, default=None)
        return self.placement(lowest, today).branch if lowest is not None else None
