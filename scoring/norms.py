"""Norms: what a parent tells its children of its shares of cases, and who brought them.

A team and a branch know who brought which of their cases: on a day those count who sat there on
that day, and of balances those whose place on as-of's day is there, as in the figures of the
parent themselves. The company has all cases of a branch, which can take them off itself.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from scoring.kpi import Level, level_of
from scoring.notes import Norm
from scoring.shrinkage import share_of
from scoring.slots import measure_of
from scoring.totals import BOOKS, Totals

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scoring.calendar import Day
    from scoring.catalogue import Catalogue
    from scoring.cells import Cells, Entity
    from scoring.kpi import Scene
    from scoring.notes import Shares
    from scoring.reference import Reference
    from scoring.totals import Books
    from scoring.windows import Window


class PriorError(ValueError):
    """A KPI counts cases in measures that its prior does not name; the message says which."""


class Part(Totals):
    """The cases that one child brought to a parent, and whose books among the parent's are its.

    Args:
        books: The parent's.
    """

    def __init__(self, books: Books) -> None:
        super().__init__()
        self._books = books
        self._here: Sequence[str] = ()
        self._placed: tuple[object, Totals] = None, Totals()
        self._kept: tuple[object, Shares] = None, {}

    def placed(self, entity: Entity, today: Day, reference: Reference) -> Totals:
        """The sum of the books of those of the child who are in the parent, as last told."""
        del entity, today, reference
        stamp = self._stamp()
        if self._placed[0] != stamp:
            self._placed = stamp, self._books.added(self._here)
        return self._placed[1]

    def shares(
        self, here: Sequence[str], scenes: Mapping[Window, Scene], catalogue: Catalogue
    ) -> Shares:
        """Its shares; read anew only if they may have changed.

        Args:
            here: The executives of the child who are in the parent and have a book there.
            scenes: What formulas see of the parent, by window.
            catalogue: The KPIs.
        """
        self._here = here
        spans = [scene.span for scene in scenes.values()]
        at = next(iter(scenes.values()))
        stamp = spans, at.reference.common, self.changes, self._stamp()
        if self._kept[0] != stamp:
            own = {window: replace(scene, totals=self) for window, scene in scenes.items()}
            self._kept = stamp, _shares(own, catalogue)
        return self._kept[1]

    def _stamp(self) -> list[tuple[str, int]]:
        return [(each, self._books.changes[each]) for each in self._here]


def child_with(parent: Entity, executive: str, today: Day, reference: Reference) -> Entity:
    """The child of a team or branch that an executive who is in it is, or belongs to."""
    if level_of(parent) is Level.TEAM:
        return f"executive:{executive}"
    return f"team:{reference.placement(executive, today).team}"


class Parts:
    """What each child brought to a team or branch: no more than shares need.

    Args:
        measures: The measures in which cases are counted.
        books: The parent's.
    """

    def __init__(self, measures: frozenset[str], books: Books) -> None:
        self._measures = measures
        self._books = books
        self._parts: dict[Entity, Part] = {}

    def hear(self, child: Entity, day: Day, cells: Cells) -> None:
        """Add what a child said of a day."""
        counted: Cells = {}
        for index, vector in cells.items():
            cases = {slot: n for slot, n in vector.items() if measure_of(slot) in self._measures}
            if cases:
                counted[index] = cases
        if counted:
            self._of(child).add(day, counted)

    def forget_panes(self, before: Day) -> None:
        """Drop the sub-day panes of days before `before`."""
        for part in self._parts.values():
            part.forget_panes(before)

    def shares(
        self, parent: Entity, scenes: Mapping[Window, Scene], catalogue: Catalogue
    ) -> dict[Entity, Shares]:
        """The shares of those that are children today, without those that have no cases."""
        at = next(iter(scenes.values()))
        here: defaultdict[Entity, list[str]] = defaultdict(list)
        for executive in self._books.executives:
            if at.reference.is_in(parent, executive, at.today):
                here[child_with(parent, executive, at.today, at.reference)].append(executive)
        found = {
            child: self._of(child).shares(here[child], scenes, catalogue)
            for child in sorted({*self._parts, *here})
            if at.reference.ancestors(child, at.today)[:1] == [parent]
        }
        return {child: shares for child, shares in found.items() if shares}

    def _of(self, child: Entity) -> Part:
        part = self._parts.get(child)
        if part is None:
            part = self._parts[child] = Part(self._books)
        return part


def norm(
    parent: Entity, scenes: Mapping[Window, Scene], parts: Parts | None, catalogue: Catalogue
) -> Norm:
    """What a parent tells its children.

    Args:
        parent: Who tells it.
        scenes: What formulas see of it, by window.
        parts: What each child brought; None for the company, where that is all of a child's.
        catalogue: The KPIs.

    Raises:
        PriorError: If a KPI reads a measure that its prior does not name.
    """
    totals = next(iter(scenes.values())).totals
    reads = totals.record()
    whole = _shares(scenes, catalogue)
    if parts is None:
        return Norm(parent, whole, None)
    unknown = reads.keys() - catalogue.prior_measures - {BOOKS}
    if unknown:
        raise PriorError(
            f"KPIs with a prior read {', '.join(sorted(unknown))}, which no prior names: add the "
            "measures to the `Prior` of the KPI that reads them"
        )
    return Norm(parent, whole, parts.shares(parent, scenes, catalogue))


def _shares(scenes: Mapping[Window, Scene], catalogue: Catalogue) -> Shares:
    found: Shares = {}
    for window, scene in scenes.items():
        for kpi in catalogue.shrunk[level_of(scene.entity), window]:
            share = share_of(kpi.formula(scene))
            if share.n:
                found.setdefault(kpi.id, {})[window.value] = share
    return found
