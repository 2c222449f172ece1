"""The board: the newest score of every entity over one window, and the state of the feed."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from scoring.ranking import ranks
from scoring.score import Score

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scoring.cells import Entity
    from scoring.events import Micros
    from scoring.kpi import Level
    from scoring.windows import Window

_decode = msgspec.json.Decoder(Score).decode


class Board:
    """What is known of one window's scores, newest by (version, as-of).

    Args:
        window: Whose scores are kept; records of others are passed over.
        currency: The company's ISO 4217 currency.

    Attributes:
        changed_at: When a score last changed; None before the first.
        unreachable_since: Since when the broker has not answered; None while it does.
        asked: Whether the broker was asked, and answered or not.
        problem: Why there is nothing to read although it answers, and what to do.
        unreadable: How many records could not be read.
    """

    def __init__(self, window: Window, currency: str) -> None:
        self.window = window
        self.currency = currency
        self.changed_at: Micros | None = None
        self.unreachable_since: Micros | None = None
        self.asked = False
        self.problem: str | None = None
        self.unreadable = 0
        self._scores: dict[Entity, Score] = {}

    def read(self, key: bytes | None, value: bytes | None, at: Micros) -> None:
        """Take a record of the scores topic, in any order and any number of times.

        Args:
            key: `level:entity|window`.
            value: The score; None takes the entity off the board.
            at: When it was read.
        """
        entity, _, window = (key or b"").decode(errors="replace").rpartition("|")
        if window != self.window:
            return
        if value is None:
            if self._scores.pop(entity, None) is not None:
                self.changed_at = at
            return
        try:
            score = _decode(value)
        except msgspec.DecodeError:
            self.unreadable += 1
            return
        self.learn(score, at)

    def learn(self, score: Score, at: Micros) -> None:
        """Take a score if it is newer than the known one of its entity."""
        known = self._scores.get(score.key)
        if known is not None and _age(score) <= _age(known):
            return
        self._scores[score.key] = score
        self.changed_at = at

    def lost(self, at: Micros) -> None:
        """The broker did not answer."""
        self.asked = True
        if self.unreachable_since is None:
            self.unreachable_since = at

    def connected(self, problem: str | None = None) -> None:
        """The broker answers: what is known is read again from the beginning.

        It may be another broker, whose versions begin anew; an old score would never go.

        Args:
            problem: Why there is nothing to read; None if there may be something.
        """
        self.asked = True
        self.problem = problem
        self.unreachable_since = None
        self.changed_at = None
        self.unreadable = 0
        self._scores.clear()

    @property
    def company(self) -> Score | None:
        """The company's score; None before it is known."""
        return self._scores.get("company:company")

    def ranked(self, level: Level) -> list[tuple[int | None, Score]]:
        """The active entities of a level with their places in the whole company.

        The unranked come last.
        """
        whole = [
            msgspec.structs.replace(score, parent=None) for score in self._of(level) if score.active
        ]
        places = ranks(whole)
        placed = [(places[score.key, score.window].rank, score) for score in whole]
        return sorted(placed, key=lambda at: (at[0] is None, at[0] or 0, at[1].entity))

    def team_of(self, executive: Score) -> str:
        """The team of an executive, as his score names it; empty without one."""
        known = self._scores[executive.key]
        return (known.parent or "").partition(":")[2]

    def _of(self, level: Level) -> Iterator[Score]:
        return (score for score in self._scores.values() if score.level == level)


def _age(score: Score) -> tuple[int, datetime]:
    return score.version, datetime.fromisoformat(score.as_of)
