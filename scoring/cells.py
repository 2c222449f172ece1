"""Cells: vectors by entity, day and five-minute pane; what facts are differences of."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from scoring.slots import Slot, Vector, add

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scoring.calendar import Calendar, Day
    from scoring.events import Micros

#: `level:id`, for example `executive:E-017`, `campaign:CMP-9`, `company:company`.
Entity: TypeAlias = str
#: Vectors of one (entity, day) by the index of a five-minute pane.
Cells: TypeAlias = dict[int, Vector]

#: Index under which a day too old for sub-day windows keeps its whole vector.
WHOLE_DAY = -1


class Place(NamedTuple):
    """Where a fact lands: an entity's pane of a day."""

    entity: Entity
    day: Day


class Contributions:
    """What a subject's state adds to panes: integers by place, pane index and slot."""

    def __init__(self, calendar: Calendar) -> None:
        self.places: dict[Place, Cells] = {}
        self._calendar = calendar

    def add(self, entity: Entity, time: Micros, slot: Slot, n: int = 1) -> None:
        """Add `n` to a slot of the pane that contains `time`."""
        pane = self._calendar.pane(time)
        self._add(entity, pane.day, pane.number, slot, n)

    def add_day(self, entity: Entity, day: Day, slot: Slot) -> None:
        """Add 1 to a slot of a whole day."""
        self._add(entity, day, WHOLE_DAY, slot, 1)

    def _add(self, entity: Entity, day: Day, number: int, slot: Slot, n: int) -> None:
        cells = self.places.setdefault(Place(entity, day), {})
        vector = cells.setdefault(number, {})
        vector[slot] = vector.get(slot, 0) + n


def difference(after: Cells, before: Cells) -> Cells:
    """`after - before`, without zeros; empty when they are equal.

    >>> difference({3: {"leads": 1}}, {3: {"leads": 1}, 4: {"volume": 5}})
    {4: {'volume': -5}}
    """
    if after == before:
        return {}
    delta: Cells = {index: dict(vector) for index, vector in after.items()}
    merge(delta, before, sign=-1)
    return delta


def merge(total: Cells, cells: Cells, sign: int = 1) -> None:
    """Add `sign * cells` to `total` in place; what becomes empty disappears."""
    for index, vector in cells.items():
        here = total.setdefault(index, {})
        add(here, vector, sign)
        if not here:
            del total[index]


def whole_day(cells: Cells) -> Cells:
    """The same day without its panes: one vector, their sum."""
    total: Vector = {}
    for vector in cells.values():
        add(total, vector)
    return {WHOLE_DAY: total} if total else {}


def nonzero(cells: Cells) -> Iterator[tuple[int, Slot, int]]:
    """Every (pane index, slot, integer) of the cells."""
    for index, vector in cells.items():
        for slot, n in vector.items():
            yield index, slot, n
