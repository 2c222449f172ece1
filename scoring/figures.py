"""Figures that reports state: kept, as slots, in the executive's pane of the submission.

What a figure is worth depends on the executive's other panes, so only he can judge it. His
parents are told the verdict and never hear of the figure itself.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from scoring import slots
from scoring.events.fields import SEPARATOR

if TYPE_CHECKING:
    from scoring.cells import Cells

_PREFIX = slots.keyed(slots.FIGURES, "")


class Figure(NamedTuple):
    """What a report says of a KPI over a period; `stated` as the JSON number was written."""

    period: str
    kpi: str
    stated: str

    @property
    def slot(self) -> str:
        """Where it is counted."""
        return slots.keyed(slots.FIGURES, SEPARATOR.join(self))

    @property
    def value(self) -> Fraction:
        """The number, exactly."""
        return Fraction(Decimal(self.stated))


def figure(key: str) -> Figure:
    """The figure of a slot's key."""
    return Figure(*key.split(SEPARATOR))


def holds_figures(cells: Cells) -> bool:
    """Whether there is a figure in some cells."""
    return any(slot.startswith(_PREFIX) for vector in cells.values() for slot in vector)
