"""Points: how good a value is, 0 to 100.

Piecewise-linear curves, clamped at both ends, so that no KPI can be run far beyond its
target to hide others. 80 points mean: did the job.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence

#: (input, points), the inputs increasing.
Knot: TypeAlias = tuple[float, float]

ATTAINMENT: tuple[Knot, ...] = ((0, 0), (0.5, 25), (0.8, 60), (1.0, 80), (1.2, 100))
#: The same, for what is capped when the target is met.
CAPPED_ATTAINMENT: tuple[Knot, ...] = (*ATTAINMENT[:3], (1.0, 100))
AT_TARGET = 80.0
LEAST_RATING = 1
_BEST_LOWER = 1.2


def interpolate(knots: Sequence[Knot], at: float) -> float:
    """The curve through `knots` at a point, flat outside them.

    >>> interpolate(ATTAINMENT, 0.65)
    42.5
    """
    if at <= knots[0][0]:
        return float(knots[0][1])
    for (x0, y0), (x1, y1) in pairwise(knots):
        if at <= x1:
            return y0 + (y1 - y0) * (at - x0) / (x1 - x0)
    return float(knots[-1][1])


class Curve(Protocol):
    """How a value, with its target if it has one, becomes points."""

    def points(self, value: float, target: float | None) -> float | None:
        """Points of a value; None if they need a target and there is none."""


@dataclass(frozen=True)
class Flow:
    """Counts, amounts and hours: points on the attainment of the target."""

    def points(self, value: float, target: float | None) -> float | None:  # noqa: D102
        return interpolate(ATTAINMENT, value / target) if target else None


@dataclass(frozen=True)
class CappedFlow:
    """Counts and hours of which more than asked for is no better: 100 points at the target."""

    def points(self, value: float, target: float | None) -> float | None:  # noqa: D102
        return interpolate(CAPPED_ATTAINMENT, value / target) if target else None


@dataclass(frozen=True)
class Rating:
    """Ratings of 1 to 5 stars: points on the attainment of the target, both counted from 1."""

    def points(self, value: float, target: float | None) -> float | None:  # noqa: D102
        if target is None or target <= LEAST_RATING:
            return None
        return interpolate(ATTAINMENT, (value - LEAST_RATING) / (target - LEAST_RATING))


@dataclass(frozen=True)
class Rate:
    """Rates with a natural ceiling: 0 at the floor, 80 at the target, 100 at the ceiling."""

    floor: float
    ceiling: float

    def points(self, value: float, target: float | None) -> float | None:  # noqa: D102
        if target is None:
            return None
        knots = [(self.floor, 0.0), (target, AT_TARGET), (self.ceiling, 100.0)]
        if not self.floor < target < self.ceiling:
            return 100.0 if value >= target else 0.0
        return interpolate(knots, value)


@dataclass(frozen=True)
class Signed:
    """Values on both sides of zero: points on the value itself."""

    knots: tuple[Knot, ...]

    def points(self, value: float, target: float | None) -> float | None:  # noqa: ARG002, D102
        return interpolate(self.knots, value)


@dataclass(frozen=True)
class Band:
    """Values that should be near the target: points on value / target."""

    knots: tuple[Knot, ...]

    def points(self, value: float, target: float | None) -> float | None:  # noqa: D102
        return interpolate(self.knots, value / target) if target else None


@dataclass(frozen=True)
class LowerIsBetter:
    """Costs: 2 - value / target, within 0 to 1.2, on the attainment curve."""

    def points(self, value: float, target: float | None) -> float | None:  # noqa: D102
        if not target:
            return None
        attainment = min(max(2 - value / target, 0.0), _BEST_LOWER)
        return interpolate(ATTAINMENT, attainment)
