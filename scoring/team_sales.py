"""Team sales: what each team sold day by day, for the evaluation of its members."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from scoring.series import Series

if TYPE_CHECKING:
    from scoring.calendar import Day
    from scoring.notes import TeamSales
    from scoring.windows import Days


class Sold(NamedTuple):
    """What was sold, net: minor units and number of loans."""

    volume: int
    loans: int


_NOTHING = Sold(0, 0)


class _Team:
    def __init__(self) -> None:
        self.version = 0
        self.volume = Series()
        self.loans = Series()
        self.days: dict[Day, Sold] = {}


class SalesOfTeams:
    """What teams sold, as last told.

    Attributes:
        version: Sum of the versions of the notes; grows with every change.
        asked: How often it was asked what a team sold.
    """

    def __init__(self) -> None:
        self.version = self.asked = 0
        self._teams: dict[str, _Team] = defaultdict(_Team)

    def learn(self, said: TeamSales, growth: int) -> None:
        """Take what a team sold on a day.

        Args:
            said: It replaces what was said of that day.
            growth: By how much its version is larger than the former one's.
        """
        team = self._teams[said.team]
        known = team.days.get(said.day, _NOTHING)
        team.days[said.day] = Sold(said.volume, said.loans)
        team.volume.add(said.day, said.volume - known.volume)
        team.loans.add(said.day, said.loans - known.loans)
        team.version += growth
        self.version += growth

    def version_of(self, team: str) -> int:
        """Sum of the versions of the notes on a team."""
        return self._teams[team].version if team in self._teams else 0

    def over(self, team: str, days: Days) -> Sold:
        """What a team sold over some days."""
        self.asked += 1
        if team not in self._teams:
            return _NOTHING
        known = self._teams[team]
        return Sold(known.volume.between(days), known.loans.between(days))
