"""Upward: what the parents of an executive's day hear of it.

An inquiry does not know where the executive who answers it sits, so it cannot know by which
branch's calendar its business time passes. It counts the time by the company's calendar and,
for each branch that has its own, by how much that differs. The pane knows its branch of the
day: what it says upwards has the difference added in, and the others left out. Figures stay
below too, see `scoring.figures`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from scoring import slots
from scoring.events.fields import SEPARATOR
from scoring.slots import Vector, add

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scoring.calendar import Day
    from scoring.cells import Cells
    from scoring.slots import Slot

_TIME = slots.member(slots.TURNAROUND_THERE, "")
_BINS = slots.member(slots.TURNAROUND_THERE_BY_BIN, "")
_BELOW = (slots.keyed(slots.FIGURES, ""), _TIME, _BINS)


class There(NamedTuple):
    """A branch with a calendar of its own, and the day of which a pane may be one of its."""

    branch: str
    day: Day

    def time(self) -> Slot:
        """Slot of the difference of the business time."""
        return f"{_TIME}{self.branch}{SEPARATOR}{self.day}"

    def bin(self, number: int) -> Slot:
        """Slot of the difference of the count in a bin."""
        return f"{_BINS}{self.branch}{SEPARATOR}{self.day}{SEPARATOR}{number}"


def there(member: str) -> tuple[There, str]:
    """The branch and day of a difference, and its bin if it is one of bins."""
    branch, day, *number = member.split(SEPARATOR)
    return There(branch, int(day)), "".join(number)


def heard(cells: Cells, branch: str | None) -> Cells:
    """What parents hear of cells.

    Args:
        cells: Of an executive's day.
        branch: In which the executive is that day.
    """
    if not any(slot.startswith(_BELOW) for vector in cells.values() for slot in vector):
        return cells
    told = ((at, _heard(vector, branch)) for at, vector in cells.items())
    return {at: vector for at, vector in told if vector}


def _heard(vector: Vector, branch: str | None) -> Vector:
    found = {slot: n for slot, n in vector.items() if not slot.startswith(_BELOW)}
    add(found, dict(_differences(vector, branch)))
    return found


def _differences(vector: Vector, branch: str | None) -> Iterator[tuple[Slot, int]]:
    for slot, n in vector.items():
        for prefix in (_TIME, _BINS):
            if slot.startswith(prefix):
                where, number = there(slot.removeprefix(prefix))
                if where.branch == branch:
                    yield (
                        (
                            slots.keyed(slots.TURNAROUND_BY_BIN, number)
                            if number
                            else slots.TURNAROUND
                        ),
                        n,
                    )
