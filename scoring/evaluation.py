"""Evaluation: an entity's totals become its scores, one per window."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import msgspec

from scoring.kpi import Level, Reading, Scene, level_of
from scoring.scorecard import overall
from scoring.targets import additive_target, level_target
from scoring.windows import ALL_WINDOWS, Days, Placed, Window, place

if TYPE_CHECKING:
    from fractions import Fraction

    from scoring.calendar import Calendar, Day
    from scoring.catalogue import Catalogue
    from scoring.cells import Entity
    from scoring.events import Micros
    from scoring.kpi import Kpi
    from scoring.reference import Reference
    from scoring.totals import Totals
    from scoring.windows import Span

#: The figures of one KPI as they go over the wire.
Figures: TypeAlias = dict[str, object]


class Score(msgspec.Struct, frozen=True, kw_only=True):
    """The scores of one entity over one window, as published.

    Attributes:
        level: executive, team, branch or company.
        entity: Its id; `company` for the company.
        name: Display name of an executive, if known.
        parent: Entity key of its parent on as-of's day; None without one.
        active: Whether it is ranked.
        window: Which window.
        as_of: The moment that places the window, ISO 8601.
        start: First moment of the window.
        end: First moment after it.
        version: Grows with every change of what is known; with `as_of` it orders scores.
        reference: Version of the reference against which it was evaluated.
        score: Overall, 0 to 100; None when too little is known.
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
    coverage: float
    kras: dict[str, Figures]
    kpis: dict[str, Figures]

    @property
    def key(self) -> Entity:
        """`level:entity`."""
        return f"{self.level}:{self.entity}"


class Evaluator:
    """Evaluates entities against a catalogue.

    Args:
        catalogue: The KPIs.
        calendar: The business calendar.
        maturity_days: How long a lead has to convert, whole days.
    """

    def __init__(self, catalogue: Catalogue, calendar: Calendar, maturity_days: int) -> None:
        self._catalogue = catalogue
        self._calendar = calendar
        self._maturity_days = maturity_days
        self._targets: dict[tuple[Entity, str, Window, Day], Fraction | None] = {}
        self._targets_version = -1
        self._placed: tuple[Micros, dict[Window, Placed]] = (-1, {})

    def scores(
        self, entity: Entity, totals: Totals, reference: Reference, as_of: Micros
    ) -> list[Score]:
        """The entity's scores over all windows as of a moment."""
        today = self._calendar.day(as_of)
        return [
            self._score(entity, totals, reference, self._place(window, as_of), as_of, today)
            for window in ALL_WINDOWS
        ]

    def _score(
        self,
        entity: Entity,
        totals: Totals,
        reference: Reference,
        placed: Placed,
        as_of: Micros,
        today: Day,
    ) -> Score:
        level = level_of(entity)
        kpis: dict[str, Figures] = {}
        points: dict[str, float | None] = {}
        applying = self._catalogue.applying(level, placed.window)
        for kpi in applying:
            target = self._target(kpi, entity, reference, placed, today)
            figures = self._figures(kpi, totals, reference, placed, today, target)
            kpis[kpi.id] = figures
            points[kpi.id] = figures["score"]  # type: ignore[assignment]
        total = overall(
            self._catalogue.kras, (kpi for kpi in applying if kpi.scores_at(level)), points
        )
        name = entity.partition(":")[2]
        ancestors = reference.ancestors(entity, today)
        executive = level is Level.EXECUTIVE
        return Score(
            level=level,
            entity=name,
            name=reference.name(name) if executive else None,
            parent=ancestors[0] if ancestors else None,
            active=reference.placement(name, today).active if executive else True,
            window=placed.window,
            as_of=self._calendar.iso(as_of),
            start=self._calendar.iso(placed.start),
            end=self._calendar.iso(placed.end),
            version=totals.version + reference.version,
            reference=reference.version,
            score=total.score,
            coverage=total.coverage,
            kras={
                kra: {"score": area.score, "coverage": area.coverage}
                for kra, area in total.areas.items()
            },
            kpis=kpis,
        )

    def _figures(
        self,
        kpi: Kpi,
        totals: Totals,
        reference: Reference,
        placed: Placed,
        today: Day,
        target: float | None,
    ) -> Figures:
        def read(span: Span, before: Span | None) -> Reading:
            return kpi.formula(Scene(totals, span, before, today, self._maturity_days, reference))

        reading = read(placed.now, placed.before)
        figures: Figures = {
            "value": reading.value,
            "numerator": reading.numerator,
            "denominator": reading.denominator,
            "n": reading.n,
            "previous": None,
            "change": None,
            "target": target,
            "attainment": reading.value / target if target and reading.value is not None else None,
            "score": _points(kpi, reading, target),
            **reading.companions,
        }
        if kpi.has_previous:
            previous = read(placed.before, None).value
            figures["previous"] = previous
            if previous is not None and reading.value is not None:
                figures["change"] = reading.value - previous
            if placed.before_full is not None:
                figures["previous_full"] = read(placed.before_full, None).value
        if reading.breakdown is not None:
            figures["breakdown"] = reading.breakdown
        return figures

    def _target(
        self, kpi: Kpi, entity: Entity, reference: Reference, placed: Placed, today: Day
    ) -> float | None:
        if reference.version != self._targets_version:
            self._targets.clear()
            self._targets_version = reference.version
        key = (entity, kpi.id, placed.window, today)
        if key not in self._targets:
            if kpi.additive:
                days = placed.now if isinstance(placed.now, Days) else Days(today, today)
                found = additive_target(reference, entity, kpi.id, placed.window, days)
            else:
                found = level_target(reference, entity, kpi.id, today)
            self._targets[key] = found
        target = self._targets[key]
        return float(target) if target is not None else kpi.default_target

    def _place(self, window: Window, as_of: Micros) -> Placed:
        if self._placed[0] != as_of:
            self._placed = (as_of, {w: place(w, as_of, self._calendar) for w in ALL_WINDOWS})
        return self._placed[1][window]


def _points(kpi: Kpi, reading: Reading, target: float | None) -> float | None:
    if reading.value is None or (reading.n or 0) < kpi.least_n:
        return None
    return kpi.curve.points(reading.value, target)
