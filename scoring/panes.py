"""Panes: what an entity adds up to on a day, and to which parents it says so.

Facts are differences, so a pane remembers which it has applied: per origin partition the
highest (offset, index). Contributions to parents are cumulative and carry the pane's
version, so they may be repeated at will.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import msgspec

from scoring.books import is_book
from scoring.cells import Cells, Entity, Horizon, coarsen, merge
from scoring.notes import Membership, Parent
from scoring.origins import is_origin

if TYPE_CHECKING:
    from scoring.calendar import Day

FORMAT = 1

#: Position of a fact in the log that caused it: partition, and offset and index as one
#: integer that grows along the partition.
Position: TypeAlias = tuple[str, int]

UNPLACED = "unplaced"
COMPANY: Entity = "company:company"

_INDEX_BITS = 20


def position(partition: str, offset: int, index: int) -> Position:
    """Position of the item `index` of the record at `offset`."""
    return partition, offset << _INDEX_BITS | index


class Pane(msgspec.Struct, frozen=True, array_like=True):
    """One entity's day.

    Attributes:
        format: Version of this layout.
        version: How many changes it has seen; grows with each.
        applied: Highest position applied, by origin partition.
        cells: The day's vectors.
        parents: Every parent that ever was sent this pane, in order of appearance.
    """

    format: int = FORMAT
    version: int = 0
    applied: dict[str, int] = {}
    cells: Cells = {}
    parents: tuple[Entity, ...] = ()


EMPTY = Pane()


class Member(msgspec.Struct, frozen=True, array_like=True):
    """The parents of an entity over time, as last told.

    Attributes:
        format: Version of this layout.
        version: The teller's version; a larger one replaces this.
        membership: None while nobody has placed the entity.
    """

    format: int = FORMAT
    version: int = 0
    membership: Membership | None = None


UNKNOWN = Member()


class OpenPane:
    """A pane being changed: opened once for a batch of facts, closed into a `Pane`.

    Attributes:
        before: The pane that was opened.
        delta: What the facts that were new add up to.
    """

    def __init__(self, pane: Pane) -> None:
        self.before = pane
        self.delta: Cells = {}
        self._version = pane.version
        self._applied = dict(pane.applied)
        self._parents = pane.parents

    @property
    def changed(self) -> bool:
        """Whether it is no longer what was opened."""
        return self._version != self.before.version

    @property
    def growth(self) -> int:
        """How many changes it has seen since it was opened."""
        return self._version - self.before.version

    def fold(self, at: Position, delta: Cells) -> bool:
        """Add a fact; False if it was applied before and changes nothing."""
        partition, offset = at
        if offset <= self._applied.get(partition, -1):
            return False
        self._applied[partition] = offset
        merge(self.delta, delta)
        self._version += 1
        return True

    def meet(self, parent: Entity) -> None:
        """Take note of a parent, which must hear of this pane from now on."""
        if parent not in self._parents:
            self._parents = (*self._parents, parent)

    def move(self, *parents: Entity) -> None:
        """Take note that the pane changed hands: a newer version, for the new parents too."""
        for parent in parents:
            self.meet(parent)
        self._version += 1

    def close(self, day: Day, horizon: Horizon) -> Pane:
        """The changed pane of a day, no finer than windows need; nor is `delta` from then on."""
        self.delta = coarsen(day, self.delta, horizon)
        cells = coarsen(day, self.before.cells, horizon)
        merge(cells, self.delta)
        return Pane(
            version=self._version,
            applied=self._applied,
            cells=cells,
            parents=self._parents,
        )


def parent_of(entity: Entity, member: Member, day: Day) -> Parent:
    """The parent of an entity's pane: as placed, else `unplaced` or the company."""
    placed = member.membership.parent(day) if member.membership is not None else None
    if placed is not None:
        return placed
    if entity.startswith("executive:") or is_book(entity):
        return Parent(0, f"team:{UNPLACED}", UNPLACED)
    return Parent(0, COMPANY)


def parents_of(entity: Entity, member: Member, day: Day) -> tuple[Parent, ...]:
    """All parents that must know an entity's pane.

    Those of a book are the teams and branches of its executive from that day on: his place on
    as-of's day decides whose figures his balances are in, and no window ends before its panes. An
    origin has none.
    """
    if is_origin(entity):
        return ()
    here = parent_of(entity, member, day)
    if not is_book(entity):
        return (here,)
    placed = member.membership.parents if member.membership is not None else ()
    ever = (here, *(parent for parent in placed if parent.since > day))
    above = (each for at in ever for each in (at.entity, f"branch:{at.branch}"))
    return tuple(Parent(0, each) for each in dict.fromkeys(above))
