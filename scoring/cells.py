"""Cells: vectors by entity, day and five-minute pane; what facts are differences of."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from scoring.calendar import PANES_PER_HOUR, Day, PaneAt
from scoring.slots import Slot, Vector, add

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scoring.calendar import Calendar
    from scoring.events import Micros

#: `level:id`, for example `executive:E-017`, `campaign:CMP-9`, `company:company`.
Entity: TypeAlias = str
#: Vectors of one (entity, day) by cell: the number of a five-minute pane, or where windows no
#: longer need those, an hour (see `hour_cell`) or the whole day.
Cells: TypeAlias = dict[int, Vector]

#: Cell of a whole day.
WHOLE_DAY = -1
_FIRST_HOUR = -2


class Place(NamedTuple):
    """Where a fact lands: an entity's pane of a day."""

    entity: Entity
    day: Day


class Contributions:
    """What a subject's state adds to panes: integers by place, pane index and slot."""

    __slots__ = ("_calendar", "places")

    def __init__(self, calendar: Calendar) -> None:
        self.places: dict[Place, Cells] = {}
        self._calendar = calendar

    def add(self, entity: Entity, time: Micros, slot: Slot, n: int = 1) -> None:
        """Add `n` to a slot of the pane that contains `time`."""
        pane = self._calendar.pane(time)
        self._add(entity, pane.day, pane.number, slot, n)

    def add_each(self, entity: Entity, time: Micros, slots: Iterable[Slot]) -> None:
        """Add 1 to each of some slots of the pane that contains `time`."""
        day, number = self._calendar.pane(time)
        _count(self._vector(entity, day, number), slots)

    def add_each_to_day(self, entity: Entity, time: Micros, slots: Iterable[Slot]) -> None:
        """Add 1 to each of some slots of the whole day that contains `time`."""
        _count(self._vector(entity, self._calendar.day(time), WHOLE_DAY), slots)

    def add_day(self, entity: Entity, day: Day, slot: Slot, n: int = 1) -> None:
        """Add `n` to a slot of a whole day."""
        self._add(entity, day, WHOLE_DAY, slot, n)

    def _add(self, entity: Entity, day: Day, number: int, slot: Slot, n: int) -> None:
        vector = self._vector(entity, day, number)
        vector[slot] = vector.get(slot, 0) + n

    def _vector(self, entity: Entity, day: Day, number: int) -> Vector:
        return self.places.setdefault(Place(entity, day), {}).setdefault(number, {})


def _count(vector: Vector, slots: Iterable[Slot]) -> None:
    for slot in slots:
        vector[slot] = vector.get(slot, 0) + 1


def difference(after: Cells, before: Cells) -> Cells:
    """`after - before`, without zeros; empty when they are equal.

    >>> difference({3: {"leads": 1}}, {3: {"leads": 1}, 4: {"volume": 5}})
    {4: {'volume': -5}}
    """
    delta: Cells = {}
    for index in after.keys() | before.keys():
        vector = _difference(after.get(index, {}), before.get(index, {}))
        if vector:
            delta[index] = vector
    return delta


def merge(total: Cells, cells: Cells, sign: int = 1) -> None:
    """Add `sign * cells` to `total` in place; what becomes empty disappears."""
    for index, vector in cells.items():
        here = total.setdefault(index, {})
        add(here, vector, sign)
        if not here:
            del total[index]


class Horizon(NamedTuple):
    """What windows within days still need.

    Attributes:
        day: Days before this one are kept whole.
        pane: Five-minute panes before this one are kept as hours.
    """

    day: Day
    pane: PaneAt


def coarsen(day: Day, cells: Cells, horizon: Horizon) -> Cells:
    """The cells of a day, no finer than windows need; their sum stays.

    >>> early = Horizon(10, PaneAt(10, 24))
    >>> coarsen(10, {3: {"leads": 1}, 30: {"leads": 2}}, early)
    {-2: {'leads': 1}, 30: {'leads': 2}}
    >>> coarsen(9, {3: {"leads": 1}, 30: {"leads": 2}}, early)
    {-1: {'leads': 3}}
    """
    kept: Cells = {}
    for index, vector in cells.items():
        at = _coarse(day, index, horizon)
        if at in kept:
            add(kept[at], vector)
        else:
            kept[at] = dict(vector)
    return {index: vector for index, vector in kept.items() if vector}


def hour_cell(hour: int) -> int:
    """Index of the cell of an hour pane."""
    return _FIRST_HOUR - hour


def hour_of(index: int) -> int | None:
    """The hour to which a cell belongs; None for a whole day's."""
    if index >= 0:
        return index // PANES_PER_HOUR
    return None if index == WHOLE_DAY else _FIRST_HOUR - index


def _difference(after: Vector, before: Vector) -> Vector:
    if after == before:
        return {}
    delta = {slot: n - before.get(slot, 0) for slot, n in after.items() if n != before.get(slot, 0)}
    delta.update((slot, -n) for slot, n in before.items() if n and slot not in after)
    return delta


def _coarse(day: Day, index: int, horizon: Horizon) -> int:
    if day < horizon.day:
        return WHOLE_DAY
    if index >= 0 and (day, index) < horizon.pane:
        return hour_cell(index // PANES_PER_HOUR)
    return index


def nonzero(cells: Cells) -> Iterator[tuple[int, Slot, int]]:
    """Every (pane index, slot, integer) of the cells."""
    for index, vector in cells.items():
        for slot, n in vector.items():
            yield index, slot, n
