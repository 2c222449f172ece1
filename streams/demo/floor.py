"""A sales floor: its executives, teams, branches, channels and campaigns, from a seed."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from functools import cached_property
from random import Random
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from scoring.calendar import Calendar
    from scoring.events.fields import Channel

_GIVEN = (
    *("Aarav", "Aditi", "Ananya", "Arjun", "Deepa", "Divya", "Farhan", "Gurpreet", "Harish"),
    *("Isha", "Karthik", "Kavya", "Lakshmi", "Manish", "Meera", "Mohit", "Nandini", "Neha"),
    *("Nikhil", "Pooja", "Priya", "Rahul", "Ravi", "Ritu", "Rohan", "Sameer", "Sneha"),
    *("Suresh", "Tanvi", "Vikram"),
)
_FAMILY = (
    *("Banerjee", "Chandra", "Das", "Desai", "Fernandes", "Ghosh", "Gupta", "Iyer", "Joshi"),
    *("Kapoor", "Khan", "Kulkarni", "Mehta", "Menon", "Mishra", "Nair", "Patel", "Pillai"),
    *("Rao", "Reddy", "Sethi", "Shah", "Sharma", "Singh", "Thomas", "Varma"),
)
_CITIES = (
    *("Mumbai", "Pune", "Bengaluru", "Chennai", "Hyderabad", "Delhi", "Jaipur", "Kolkata"),
    *("Kochi", "Indore", "Nagpur", "Surat"),
)
_TEAM_SIZE = 9
_TEAMS_PER_BRANCH = 3
#: One executive in this many has changed teams lately.
_MOVED_ONE_IN = 19

LEAST_LOAN, LARGEST_LOAN = 50_000, 15_00_000
_LOAN_STEP = 5_000
#: Loans are of two sorts: (share, median, spread of the logarithm).
_LOAN_SORTS = ((0.65, 1_50_000, 0.35), (0.35, 7_50_000, 0.22))
MEAN_LOAN = 3_70_000


class ChannelMix(NamedTuple):
    """A channel, its share of the leads, and the share of them that end in a loan."""

    channel: Channel
    share: float
    conversion: float


class Product(NamedTuple):
    """What is sold besides loans, and the revenue that it brings."""

    name: str
    least: int
    most: int


CHANNELS = (
    ChannelMix("web", 0.24, 0.065),
    ChannelMix("branch", 0.14, 0.14),
    ChannelMix("referral", 0.10, 0.17),
    ChannelMix("telecall", 0.15, 0.045),
    ChannelMix("partner", 0.12, 0.10),
    ChannelMix("social", 0.10, 0.035),
    ChannelMix("email", 0.05, 0.05),
    ChannelMix("event", 0.03, 0.075),
    ChannelMix("walk_in", 0.06, 0.15),
    ChannelMix("other", 0.01, 0.05),
)
PRODUCTS = (
    Product("insurance", 4_000, 18_000),
    Product("credit_card", 1_000, 4_000),
    Product("top_up", 6_000, 30_000),
)
MEAN_CONVERSION = sum(mix.share * mix.conversion for mix in CHANNELS)


@dataclass(frozen=True)
class Executive:
    """One who sells.

    Attributes:
        id: Opaque.
        name: For display.
        team: Where he sits.
        branch: The team's branch.
        came_from: His team of some days ago, if he changed teams lately.
        skill: Conversion in relation to the average, about 0.6 to 1.5.
        load: Share of leads in relation to the average.
    """

    id: str
    name: str
    team: str
    branch: str
    came_from: str | None
    skill: float
    load: float


@dataclass(frozen=True)
class Campaign:
    """What brings leads for money.

    Attributes:
        id: Opaque.
        name: For display.
        channel: The channel of its leads.
        digital: Whether it is digital.
        branch: The branch that it serves; None for all.
        cost: Money spent for each lead, on average.
    """

    id: str
    name: str
    channel: Channel
    digital: bool
    branch: str | None
    cost: int


@dataclass(frozen=True)
class Floor:
    """The people and campaigns of the demo; the same for the same arguments.

    Args:
        calendar: The business calendar.
        currency: The company's ISO 4217 currency.
        headcount: How many executives.
        seed: What the floor is drawn from.
        leads_per_day: Leads of one executive on a business day in the past.
        ambition: Targets in relation to what the floor usually does: a little more, for the
            demo's compressed time soon brings more than a day of the past.
    """

    calendar: Calendar
    currency: str = "INR"
    headcount: int = 60
    seed: int = 7
    leads_per_day: float = 6.0
    ambition: float = 1.05

    def __post_init__(self) -> None:
        """Check the size.

        Raises:
            ValueError: If nobody is on the floor.
        """
        if self.headcount < 1:
            raise ValueError(f"a floor needs at least 1 executive, not {self.headcount}")

    @cached_property
    def branches(self) -> tuple[str, ...]:
        """Branches, named by their cities."""
        number = math.ceil(self._team_count / _TEAMS_PER_BRANCH)
        rounds = (
            city if lap == 0 else f"{city}-{lap + 1}"
            for lap in itertools.count()
            for city in _CITIES
        )
        return tuple(itertools.islice(rounds, number))

    @cached_property
    def teams(self) -> dict[str, str]:
        """Branches by team."""
        serial = [0] * len(self.branches)
        teams = {}
        for index in range(self._team_count):
            at = index % len(self.branches)
            serial[at] += 1
            teams[f"{self.branches[at]} {chr(ord('A') + serial[at] - 1)}"] = self.branches[at]
        return teams

    @cached_property
    def executives(self) -> tuple[Executive, ...]:
        """Everybody who sells."""
        rng = Random(f"executives {self.seed}")  # noqa: S311
        names = [f"{given} {family}" for given in _GIVEN for family in _FAMILY]
        rng.shuffle(names)
        return tuple(
            self._executive(rng, index, names[index % len(names)])
            for index in range(self.headcount)
        )

    @cached_property
    def members(self) -> dict[str, tuple[Executive, ...]]:
        """Who sits in each team today."""
        return {team: tuple(e for e in self.executives if e.team == team) for team in self.teams}

    @cached_property
    def campaigns(self) -> tuple[Campaign, ...]:
        """Running campaigns: most of them digital, some of one branch."""
        first, last = self.branches[0], self.branches[-1]
        return (
            Campaign("CMP-1", "Festive personal loans", "web", True, None, 640),  # noqa: FBT003
            Campaign("CMP-2", "Pre-approved offer", "email", True, None, 180),  # noqa: FBT003
            Campaign("CMP-3", "Salary-day reels", "social", True, None, 420),  # noqa: FBT003
            Campaign("CMP-4", f"{first} search ads", "web", True, first, 710),  # noqa: FBT003
            Campaign("CMP-5", f"{last} search ads", "web", True, last, 690),  # noqa: FBT003
            Campaign("CMP-6", f"{first} tech park stall", "event", False, first, 950),  # noqa: FBT003
            Campaign("CMP-7", "Call list of March", "telecall", False, None, 90),  # noqa: FBT003
        )

    @cached_property
    def campaigns_of(self) -> dict[Channel, tuple[Campaign, ...]]:
        """Campaigns by channel."""
        return {
            mix.channel: tuple(c for c in self.campaigns if c.channel == mix.channel)
            for mix in CHANNELS
        }

    def somebody(self, rng: Random, branch: str | None = None) -> Executive:
        """An executive, of one branch or of any, by load."""
        people, loads = self._by_branch[branch]
        return rng.choices(people, cum_weights=loads)[0]

    def load(self, branch: str | None = None) -> float:
        """The load of everybody in one branch, or in all."""
        return self._by_branch[branch][1][-1]

    def loan(self, rng: Random) -> int:
        """An amount: small and large loans are two sorts, from 50,000 to 15,00,000."""
        _, median, spread = _LOAN_SORTS[rng.random() >= _LOAN_SORTS[0][0]]
        amount = rng.lognormvariate(math.log(median), spread)
        return round(min(max(amount, LEAST_LOAN), LARGEST_LOAN) / _LOAN_STEP) * _LOAN_STEP

    @cached_property
    def _by_branch(self) -> dict[str | None, tuple[list[Executive], list[float]]]:
        groups: dict[str | None, list[Executive]] = {None: list(self.executives)}
        for executive in self.executives:
            groups.setdefault(executive.branch, []).append(executive)
        return {
            branch: (people, list(itertools.accumulate(e.load for e in people)))
            for branch, people in groups.items()
        }

    @property
    def _team_count(self) -> int:
        return max(1, round(self.headcount / _TEAM_SIZE))

    def _executive(self, rng: Random, index: int, name: str) -> Executive:
        teams = list(self.teams)
        team = teams[index % len(teams)]
        moved = len(teams) > 1 and index % _MOVED_ONE_IN == _MOVED_ONE_IN - 1
        return Executive(
            id=f"E-{index + 1:03}",
            name=name,
            team=team,
            branch=self.teams[team],
            came_from=teams[(index + 1) % len(teams)] if moved else None,
            skill=min(max(rng.gauss(1.0, 0.22), 0.6), 1.5),
            load=rng.uniform(0.75, 1.25),
        )
