"""The pipeline in memory: the pure core alone, driven through all levels without a broker."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scoring import slots
from scoring.books import is_book
from scoring.catalogue import BUILT_IN, Catalogue
from scoring.cells import WHOLE_DAY, merge
from scoring.evaluation import Evaluator
from scoring.journeys import NEW, Change, Journey, Told, Verdict, hear, receive
from scoring.norms import Parts
from scoring.notes import TeamSales
from scoring.origins import is_origin
from scoring.panes import COMPANY, UNKNOWN, Member, parents_of
from scoring.reference import Reference
from scoring.slots import add
from scoring.subjects import meaning_of
from scoring.totals import Totals
from scoring.upward import heard
from streams.cloudevents import admit, decode
from streams.dead_letters import RejectedError
from streams.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from scoring.calendar import Day
    from scoring.cells import Cells, Entity, Place
    from scoring.events import Event, Micros
    from scoring.score import Score
    from scoring.slots import Vector


@dataclass
class Pipeline:
    """Everything that subjects and panes hold, after any number of events."""

    settings: Settings = field(default_factory=Settings)
    catalogue: Catalogue = BUILT_IN
    journeys: dict[str, Journey] = field(default_factory=dict)
    panes: dict[Place, Cells] = field(default_factory=dict)
    members: dict[Entity, Member] = field(default_factory=dict)
    reference: Reference = field(default_factory=Reference)
    verdicts: defaultdict[Verdict, int] = field(default_factory=lambda: defaultdict(int))
    rejected: list[RejectedError] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.calendar = self.settings.calendar
        self.rules = self.settings.rules(self.calendar)
        self._offset = self._told = 0
        self._sold: dict[tuple[str, Day], Vector] = {}

    def lines(self, lines: Iterable[bytes], now: Micros) -> None:
        """Take raw lines, as intake does."""
        for line in lines:
            try:
                event = decode(line, ())
                admit(event, now, self.settings.admission)
            except RejectedError as error:
                self.rejected.append(error)
            else:
                self.event(event)

    def event(self, event: Event) -> None:
        """Take an event, and everything that it causes."""
        self._offset += 1
        queue: deque[tuple[str, Event | tuple[str, Told]]] = deque([(event.data.subject, event)])
        while queue:
            subject, item = queue.popleft()
            journey, meaning = self.journeys.get(subject, NEW), meaning_of(subject, self.rules)
            if isinstance(item, tuple):
                change = hear(journey, *item, meaning)
            else:
                change = receive(journey, item, ("lines", self._offset), meaning)
                self.verdicts[change.verdict] += 1
            self._take(subject, change)
            version = change.journey.version
            for other, note in change.notes.items():
                queue.append((other, (subject, Told(version, note))))

    def scores(self, as_of: Micros) -> dict[tuple[str, str, str], Score]:
        """Scores by level, entity and window."""
        self._tell_sales()
        evaluator = Evaluator(
            self.catalogue, self.calendar, self.settings.maturity_days, self.reference
        )
        everybody = self._totals(evaluator, as_of)
        self._tell_norms(evaluator, everybody, as_of)
        return {
            (score.level, score.entity, score.window): score
            for entity, totals in everybody.items()
            if not totals.empty and not is_origin(entity)
            for score in evaluator.scores(entity, totals, as_of)
        }

    def totals(self, as_of: Micros) -> dict[Entity, Totals]:
        """What is known of each entity."""
        evaluator = Evaluator(
            self.catalogue, self.calendar, self.settings.maturity_days, self.reference
        )
        return self._totals(evaluator, as_of)

    def _take(self, subject: str, change: Change) -> None:
        self.journeys[subject] = change.journey
        for place, cells in change.facts.items():
            merge(self.panes.setdefault(place, {}), cells)
        for entity, membership in change.memberships.items():
            self.members[entity] = Member(version=1, membership=membership)
        for key, note in change.reference.items():
            self.reference.learn(key, change.journey.version, note)

    def _tell_sales(self) -> None:
        """Tell evaluators what teams sold; of days on which they no longer did, too."""
        sold: defaultdict[tuple[str, Day], Vector] = defaultdict(dict)
        for (entity, day), cells in self.panes.items():
            if is_book(entity) or is_origin(entity):
                continue
            (parent,) = parents_of(entity, self.members.get(entity, UNKNOWN), day)
            level, _, team = parent.entity.partition(":")
            if level == "team":
                for vector in cells.values():
                    add(sold[team, day], vector)
        self._told += 1
        for team, day in {**self._sold, **sold}:
            day_of_team = sold[team, day]
            volume, loans = (day_of_team.get(slot, 0) for slot in (slots.VOLUME, slots.LOANS))
            note = TeamSales(team, day, volume, loans)
            self.reference.learn(note.key, self._told, note)
        self._sold = sold

    def _tell_norms(
        self, evaluator: Evaluator, everybody: Mapping[Entity, Totals], as_of: Micros
    ) -> None:
        """Tell evaluators what parents have of cases, and who brought them."""
        parts = {
            parent: Parts(self.catalogue.prior_measures, totals.books)
            for parent, totals in everybody.items()
            if parent.startswith(("team:", "branch:"))
        }
        for (entity, day), cells in self.panes.items():
            for parent, child in self._above(entity, day).items():
                if parent in parts and not is_book(entity):
                    parts[parent].hear(child, day, cells)
        for parent, totals in everybody.items():
            if not parent.startswith("executive:") and not is_origin(parent):
                note = evaluator.norm(parent, totals, parts.get(parent), as_of)
                self.reference.learn(note.key, self._told, note)

    def _totals(self, evaluator: Evaluator, as_of: Micros) -> dict[Entity, Totals]:
        totals: defaultdict[Entity, Totals] = defaultdict(Totals)
        for (entity, day), cells in self.panes.items():
            if entity.startswith(("executive:", "origin:")):
                totals[entity].add(day, cells)
            for above in self._above(entity, day):
                totals[above].hear(entity, day, heard(cells, self._branch(entity, day)))
        for executive in [each for each in totals if each.startswith("executive:")]:
            days = totals[executive].by_day(slots.FIGURES)
            verdicts = evaluator.verdicts(executive, totals[executive], days, as_of)
            for day, verdict in verdicts.items():
                for above in self._above(executive, day):
                    totals[above].add(day, {WHOLE_DAY: verdict.vector})
        return totals

    def _branch(self, entity: Entity, day: Day) -> str | None:
        return parents_of(entity, self.members.get(entity, UNKNOWN), day)[0].branch

    def _above(self, entity: Entity, day: Day) -> dict[Entity, Entity]:
        """Everybody who hears of an entity's day, and from which child."""
        parents = parents_of(entity, self.members.get(entity, UNKNOWN), day)
        if is_origin(entity):
            return {}
        if is_book(entity):
            return {parent.entity: entity for parent in parents}
        above = {COMPANY: entity}
        for parent in parents:
            above[parent.entity] = entity
            if parent.branch is not None:
                above[f"branch:{parent.branch}"] = parent.entity
        for branch in [each for each in above if each.startswith("branch:")]:
            above[COMPANY] = branch
        return above
