"""Cards: what is kept of an entity's scores, so that they need not be computed again.

Most of what is known of an entity is not touched by an event about it. So figures are kept, a
card for each window, until something that they follow from has changed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from scoring.kept import Kept, Readers
from scoring.scorecard import area_score

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from scoring.gate import Gate
    from scoring.kpi import Kpi
    from scoring.score import Figures
    from scoring.scorecard import AreaScore, Overall
    from scoring.shrinkage import Told
    from scoring.totals import Change, Totals
    from scoring.windows import Days, Placed, Window

#: The key of the one verdict of a card.
VERDICT = "verdict"


class Answer(NamedTuple):
    """Figures of one KPI, its points, and their standard error."""

    figures: Figures
    points: float | None
    error: float


class Before(NamedTuple):
    """A KPI's value over the window before, and the figure of the whole period before, if any."""

    value: float | None
    full: Figures


class Verdict(NamedTuple):
    """The overall without a cap, the areas as they are published, and why it is capped."""

    overall: Overall
    kras: dict[str, Figures]
    breach: Gate | None


class Frame:
    """What the cards of all entities of a level over one window stand on.

    Args:
        placed: Where the window is.
        reference: The common version of the reference.
    """

    def __init__(self, placed: Placed, reference: int) -> None:
        self.placed = placed
        self.reference = reference
        self.answers = Readers()
        self.befores = Readers()
        self.verdicts = Readers()


class Card:
    """One window of one entity.

    Args:
        frame: What it stands on.

    Attributes:
        frame: The same.
        figures: Figures by KPI id.
        befores: What stands beside a value, by KPI id.
        areas: Scores by area.
        verdict: What follows from them, under the key `VERDICT`.
    """

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self.figures: dict[str, Figures] = {}
        self.befores: Kept[Before] = Kept(frame.befores)
        self.areas: dict[str, AreaScore] = {}
        self.verdict: Kept[Verdict] = Kept(frame.verdicts)
        self._answers: Kept[Answer] = Kept(frame.answers)
        self._points: dict[str, float | None] = {}
        self._errors: dict[str, float] = {}
        self._told: dict[str, Told | None] = {}
        self._of_others: set[str] = set()
        self._norm = self._sales = -1

    def heed(self, changes: Sequence[Change]) -> None:
        """Forget what was read from totals that have changed."""
        self._answers.heed(changes)
        self.befores.heed(changes)
        self.verdict.heed(changes)

    def hear_norm(self, version: int, told: Iterable[tuple[Kpi, Told | None]]) -> None:
        """Forget what leans on what the parent said of the entity, if that is something else now.

        Args:
            version: Of the parent's note.
            told: What it says, by KPI with a prior; asked only if the version is another.
        """
        if self._norm != version:
            self._norm = version
            for kpi, says in told:
                if says != self._told.get(kpi.id):
                    self._told[kpi.id] = says
                    self._answers.drop(kpi.id)

    def hear_sales(self, version: int) -> None:
        """Forget what depends on what teams sold, if that is something else now."""
        if self._sales != version:
            self._sales = version
            for kpi in self._of_others:
                self._answers.drop(kpi)
                self.befores.drop(kpi)

    def told(self, kpi: Kpi) -> Told | None:
        """What the parent said of the entity's share."""
        return self._told.get(kpi.id)

    def unanswered(self, kpis: Iterable[Kpi]) -> list[Kpi]:
        """The KPIs that must be computed."""
        answers, befores = self._answers, self.befores
        return [kpi for kpi in kpis if kpi.id not in answers or kpi.id not in befores]

    def answer(self, kpi: Kpi, answer: Answer, reads: Mapping[str, Days], *, others: bool) -> None:
        """Keep an answer.

        Args:
            kpi: To which KPI.
            answer: What was computed.
            reads: From what of the entity's totals.
            others: Whether what teams sold was asked for it.
        """
        self._answers.keep(kpi.id, answer, reads)
        self.figures[kpi.id], self._points[kpi.id], self._errors[kpi.id] = answer
        if others:
            self._of_others.add(kpi.id)

    def weigh(self, members: Mapping[str, Sequence[Kpi]], answered: Iterable[Kpi]) -> None:
        """Score the areas of the KPIs that were answered, and forget the verdict on them.

        Args:
            members: The KPIs that count, by area.
            answered: Those that have another answer since the last call.
        """
        for area in {kpi.kra for kpi in answered} & members.keys():
            self.areas[area] = area_score(members[area], self._points, self._errors)
            self.verdict.drop(VERDICT)


class Sheet:
    """The cards of one entity.

    Args:
        totals: The entity's.
    """

    def __init__(self, totals: Totals) -> None:
        self._totals = totals
        self._seen = totals.changes
        self._cards: dict[Window, Card] = {}

    def on(self, frames: Iterable[Frame]) -> list[Card]:
        """Its cards on some frames, without what has changed since the last call."""
        changes = self._totals.changes_since(self._seen)
        self._seen = self._totals.changes
        return [self._on(frame, changes) for frame in frames]

    def _on(self, frame: Frame, changes: Sequence[Change]) -> Card:
        window = frame.placed.window
        card = self._cards.get(window)
        if card is None or card.frame is not frame:
            card = self._cards[window] = Card(frame)
        else:
            card.heed(changes)
        return card
