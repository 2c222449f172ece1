"""The scores of one entity over one window, as published."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import msgspec

from scoring.gate import Gate

if TYPE_CHECKING:
    from scoring.cells import Entity

#: The figures of one KPI, or of one area, as they go over the wire.
Figures: TypeAlias = dict[str, object]


class Score(msgspec.Struct, frozen=True, kw_only=True):
    """The scores of one entity over one window, as published.

    Attributes:
        level: executive, team, branch or company.
        entity: Its id; `company` for the company.
        name: Display name of an executive, if known.
        parent: Entity key of its parent on as-of's day; None without one.
        active: Whether it is ranked: not an executive who left, nor the team and branch `unplaced`.
        window: Which window.
        as_of: The moment that places the window, ISO 8601.
        start: First moment of the window.
        end: First moment after it.
        version: Grows with every change of what is known; with `as_of` it orders scores.
        reference: Version of that part of the reference on which it depends.
        score: Overall, 0 to 100; None when too little is known.
        error: Its standard error by chance alone, as far as it is known; None without an overall.
        gate: Why the overall is capped, if it is.
        coverage: Share of the weight that applies which had points.
        kras: Score and coverage by area.
        kpis: Figures by KPI id; money in major units, values not rounded.
    """

    level: str
    entity: str
    name: str | None
    parent: str | None
    active: bool
    window: str
    as_of: str
    start: str
    end: str
    version: int
    reference: int
    score: float | None
    gate: Gate | None
    coverage: float
    kras: dict[str, Figures]
    kpis: dict[str, Figures]
    error: float | None = None

    @property
    def key(self) -> Entity:
        """`level:entity`."""
        return f"{self.level}:{self.entity}"
