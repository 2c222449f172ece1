"""Insights: which of them were open over some days."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scoring.notes import Insight
    from scoring.windows import Days

#: Daily windows, with the ones before them, of some days.
_REMEMBERED = 64


class Insights:
    """The insights of the company, as last told."""

    def __init__(self) -> None:
        self._by_key: dict[str, Insight] = {}
        self.open_in = lru_cache(_REMEMBERED)(self._open_in)

    def learn(self, key: str, said: Insight | None) -> None:
        """Take an insight, or take it back."""
        if said is None:
            self._by_key.pop(key, None)
        else:
            self._by_key[key] = said
        self.open_in.cache_clear()

    def _open_in(self, days: Days) -> frozenset[str]:
        """Those recorded by the last day that had not expired before the first."""
        return frozenset(
            each.insight
            for each in self._by_key.values()
            if each.since <= days.last and (each.until is None or each.until >= days.first)
        )
