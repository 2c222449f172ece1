"""Judgements: what executives' reports are worth, said to their parents whenever that changes.

A parent keeps the verdict on a day as one more contribution, of the child `accuracy:<id>`. Its
version is the sum of what the verdict depends on, none of which ever falls: the executive's
panes and placements, the reference, and as-of's day. What was said already is not said again,
so a restart repeats at most what it does not know of.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from scoring.cells import WHOLE_DAY, Cells, Entity
from scoring.rollups import Contribution
from scoring.windows import reach
from streams.frames import Upsert

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scoring.accuracy import Verdict
    from scoring.calendar import Calendar, Day
    from scoring.evaluation import Evaluator
    from scoring.events import Micros
    from scoring.reference import Reference
    from scoring.totals import Totals

CHILD = "accuracy"


class Home(NamedTuple):
    """Who hears of an executive's day.

    Attributes:
        parents: Everybody who ever did.
        current: Who counts it now, and in which branch.
    """

    parents: tuple[Entity, ...]
    current: Mapping[Entity, str | None]


class Word(NamedTuple):
    """A verdict on a day as every parent is to hear it."""

    home: Home
    cells: Cells


class Saying(NamedTuple):
    """What an executive has to say, and the version that he says it with."""

    entity: Entity
    version: int
    words: Mapping[Day, Word]

    def upserts(self) -> list[Upsert]:
        """The contributions; a former parent hears of an empty one."""
        child = f"{CHILD}:{self.entity.partition(':')[2]}"
        return [
            Upsert(parent, day, child, self._contribution(parent, word))
            for day, word in self.words.items()
            for parent in word.home.parents
        ]

    def _contribution(self, parent: Entity, word: Word) -> Contribution:
        current = word.home.current
        if parent not in current:
            return Contribution(version=self.version)
        return Contribution(version=self.version, branch=current[parent], cells=word.cells)


class Judgements:
    """The days on which executives stated figures, and what was said of them.

    Args:
        evaluator: Judges figures.
        calendar: The business calendar.
        reference: Placements, targets and campaigns as known now.
    """

    def __init__(self, evaluator: Evaluator, calendar: Calendar, reference: Reference) -> None:
        self._evaluator = evaluator
        self._calendar = calendar
        self._reference = reference
        self.clear()

    def clear(self) -> None:
        """Forget everything; the executives may have gone to another worker."""
        self._homes: dict[Entity, dict[Day, Home]] = defaultdict(dict)
        self._said: dict[Entity, dict[Day, Word]] = defaultdict(dict)
        self._versions: dict[Entity, int] = {}

    def touch(self, entity: Entity, day: Day, home: Home, *, figures: bool) -> None:
        """Take note of a day that changed; it is spoken of, again if need be.

        Args:
            entity: Whose day.
            day: Which.
            home: Who hears of it.
            figures: Whether figures came or went; a day that has had some stays one.
        """
        if figures or day in self._homes.get(entity, ()):
            self._homes[entity][day] = home
            self._said[entity].pop(day, None)
            self._versions.pop(entity, None)

    def unsaid(self, entity: Entity, totals: Totals, as_of: Micros) -> Saying | None:
        """What an executive has to say, if it differs from what he said last.

        Days that no window reaches any more keep their last word.
        """
        today = self._calendar.day(as_of)
        first = reach(today)
        homes = {day: home for day, home in self._homes.get(entity, {}).items() if day >= first}
        version = today + totals.version + self._reference.version_of_values
        if not homes or self._versions.get(entity) == version:
            return None
        verdicts = self._evaluator.verdicts(entity, totals, homes, as_of)
        words = {day: _word(home, verdicts[day]) for day, home in homes.items()}
        said = self._said[entity]
        return Saying(
            entity, version, {day: word for day, word in words.items() if said.get(day) != word}
        )

    def said(self, sayings: Sequence[Saying]) -> None:
        """Take note of what the broker has acknowledged."""
        for entity, version, words in sayings:
            self._said[entity].update(words)
            self._versions[entity] = version


def _word(home: Home, verdict: Verdict) -> Word:
    return Word(home, {WHOLE_DAY: verdict.vector} if verdict.vector else {})
