"""Roll-ups: a parent's day as the sum of what its children last said.

A contribution is cumulative: it replaces the child's former one if its version is larger.
A parent's version is the sum of its children's versions, which grows with every change, so
nothing but the contributions needs to be stored. What a book says goes no further: it tells
every team and branch itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from scoring import slots
from scoring.books import is_book
from scoring.cells import Cells, Entity, difference, merge
from scoring.kpi import Level
from scoring.notes import TeamSales
from scoring.panes import COMPANY

if TYPE_CHECKING:
    from scoring.calendar import Day
    from scoring.slots import Slot

FORMAT = 1

_EXECUTIVE = f"{Level.EXECUTIVE}:"


class Contribution(msgspec.Struct, frozen=True, array_like=True):
    """What a child last said of its day.

    Attributes:
        format: Version of this layout.
        version: The child's version.
        branch: The branch to which it belongs in this parent, if the parent is a team.
        cells: The child's vectors; empty when it left.
        former: Other branches under which this child was once counted here.
    """

    format: int = FORMAT
    version: int = 0
    branch: str | None = None
    cells: Cells = {}
    former: tuple[str, ...] = ()


class Upward(NamedTuple):
    """A contribution on its way to a parent."""

    parent: Entity
    contribution: Contribution


def replace(known: Contribution | None, said: Contribution) -> Contribution | None:
    """The contribution to keep, or None if the known one is as new."""
    if known is None:
        return said
    if said.version <= known.version:
        return None
    former = known.former
    if known.branch is not None and known.branch != said.branch and known.branch not in former:
        former = (*former, known.branch)
    return msgspec.structs.replace(said, former=former)


class ParentDay:
    """One day of a parent: what each child last said, and the sums that follow.

    Attributes:
        version: Sum of the children's versions; grows with every change.
    """

    def __init__(self) -> None:
        self.version = 0
        self._passed_on = 0
        self._sold = 0
        self._children: dict[Entity, Contribution] = {}
        self._sums: dict[str | None, Cells] = {}

    def known(self, child: Entity) -> Contribution | None:
        """What a child last said."""
        return self._children.get(child)

    def keep(self, child: Entity, said: Contribution) -> Cells:
        """Replace what a child said.

        Returns:
            By how much that changes the parent's day.
        """
        before = self._children.get(child, _NOTHING)
        self._children[child] = said
        growth = said.version - before.version
        self.version += growth
        if is_book(child):
            return difference(said.cells, before.cells)
        self._passed_on += growth
        if child.startswith(_EXECUTIVE):
            self._sold += growth
        for branch in (*said.former, said.branch):
            self._sums.setdefault(branch, {})
        delta = difference(said.cells, before.cells)
        if said.branch == before.branch:
            merge(self._sums[said.branch], delta)
        else:
            merge(self._sums.setdefault(before.branch, {}), before.cells, sign=-1)
            merge(self._sums[said.branch], said.cells)
        return delta

    def upward(self, entity: Entity) -> list[Upward]:
        """What the parent, `entity`, says to its own parents.

        A team speaks to every branch under which it ever counted a child, so that one that it
        left hears of it; a branch speaks to the company; the company to nobody.
        """
        level = entity.partition(":")[0]
        if level == "team":
            return [
                Upward(f"branch:{branch}", Contribution(version=self._passed_on, cells=cells))
                for branch, cells in self._sums.items()
                if branch is not None
            ]
        if level == "branch":
            total = self._sums.get(None, {})
            return [Upward(COMPANY, Contribution(version=self._passed_on, cells=total))]
        return []

    def sales(self, team: str, day: Day) -> tuple[int, TeamSales]:
        """What the parent, a team, sold on this day: its word to the evaluators of its members.

        Its version is the sum of those of the executives, who are all that sell. Judgements depend
        on what teams sold: with theirs in it, each would make the other larger for ever.
        """
        return self._sold, TeamSales(team, day, self._total(slots.VOLUME), self._total(slots.LOANS))

    def _total(self, slot: Slot) -> int:
        return sum(
            vector.get(slot, 0) for cells in self._sums.values() for vector in cells.values()
        )


def touches_sales(delta: Cells) -> bool:
    """Whether a change of a day is one of what was sold."""
    return any(slots.VOLUME in vector or slots.LOANS in vector for vector in delta.values())


_NOTHING = Contribution()
