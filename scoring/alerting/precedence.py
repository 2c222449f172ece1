"""Precedence: of the alerts that workers would tell next the strongest goes first.

What it explains of its relatives is then known before any of them is told. A worker bids: it says
up to when it has looked at everything, and which alert of each indicator it would tell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from scoring.alerting.relief import strength
from scoring.alerting.scopes import FROM_TOP, scope_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scoring.alerting.alert import Alert

#: Seconds for which an alert waits for others at most; the first look of a day takes two minutes
#: where there are many entities.
PATIENCE = 300.0


class Bid(NamedTuple):
    """An alert that a worker would tell; of two the larger goes first.

    Attributes:
        strength: How strong it is.
        height: How high its entity is; of alerts as strong the highest explains the others.
        alert: Its id.
    """

    strength: float
    height: int
    alert: str


def bids_of(alerts: Iterable[Alert]) -> dict[str, Bid]:
    """The strongest of some alerts, by indicator."""
    bids: dict[str, Bid] = {}
    for alert in alerts:
        bid = Bid(strength(alert), -FROM_TOP.index(scope_of(alert.entity)), alert.id)
        bids[str(alert.indicator)] = max(bid, bids.get(str(alert.indicator), bid))
    return bids


class Word(msgspec.Struct, frozen=True, array_like=True):
    """What a worker says.

    Attributes:
        generation: Of the group of workers; whoever owns a partition owns it for one.
        looked: The five minutes for which it has looked at everything; 0 if it has not.
        bids: What it would tell, by indicator.
    """

    generation: int
    looked: int
    bids: dict[str, Bid]


SILENT = Word(0, 0, {})


class Precedence:
    """When it is the turn of a worker's alerts; knows what it said, and since when it waits."""

    def __init__(self) -> None:
        self._said = SILENT
        self._since: dict[str, float] = {}

    def due(self, word: Word, others: Iterable[Word], now: float) -> set[str]:
        """The indicators of which the worker may tell the alert that it bids.

        That is one for which it has bid before, so that others could hear of it, when all others
        have looked as far and none bids more, or when it has waited for `PATIENCE`.

        Args:
            word: What the worker has come to say.
            others: What the owners of all other partitions said last.
            now: Seconds of a clock that only goes forward.
        """
        since = {indicator: self._since.get(indicator, now) for indicator in word.bids}
        others = list(others)
        due = {
            indicator
            for indicator in word.bids.keys() & self._said.bids.keys()
            if now - since[indicator] > PATIENCE or _goes_first(indicator, word, others)
        }
        self._since = {indicator: at for indicator, at in since.items() if indicator not in due}
        return due

    def say(self, word: Word) -> bool:
        """Remember what the worker says; whether it is news."""
        news, self._said = word != self._said, word
        return news


def _goes_first(indicator: str, word: Word, others: Iterable[Word]) -> bool:
    """Whether all others have looked as far as a worker, and none of them bids more."""
    bid = word.bids[indicator]
    return all(
        (other.generation, other.looked) >= (word.generation, word.looked)
        and other.bids.get(indicator, bid) <= bid
        for other in others
    )
