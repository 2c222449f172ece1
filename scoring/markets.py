"""Markets: how much there was to sell over some days, from sizes given for periods."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

from scoring.windows import Days, period, periods_of

if TYPE_CHECKING:
    from scoring.calendar import Day
    from scoring.notes import Market

_REMEMBERED = 10_000


class Markets:
    """The sizes of markets, as last told."""

    def __init__(self) -> None:
        self._amounts: dict[tuple[str | None, str], int] = {}
        self.size = lru_cache(_REMEMBERED)(self._size)

    def learn(self, said: Market) -> None:
        """Take a size; it replaces the one of the same branch and period."""
        self._amounts[said.branch, said.period] = said.amount
        self.size.cache_clear()

    def _size(self, branch: str | None, days: Days) -> Fraction | None:
        """The size of a branch's market over some days, or of the whole one; minor units.

        A period's size is spread evenly over all of its days; a month beats its quarter. None
        if a day has no size.
        """
        total = Fraction(0)
        for day in range(days.first, days.last + 1):
            share = self._of_day(branch, day)
            if share is None:
                return None
            total += share
        return total

    def _of_day(self, branch: str | None, day: Day) -> Fraction | None:
        month, quarter, _ = periods_of(date.fromordinal(day))
        for name in (month, quarter):
            amount = self._amounts.get((branch, name))
            if amount is not None:
                return Fraction(amount, period(name).length)
        return None
