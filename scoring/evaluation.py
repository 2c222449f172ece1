"""Evaluation: an entity's totals become its scores, one per window."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import msgspec

from scoring import slots
from scoring.accuracy import judge
from scoring.kpi import Level, Reading, Scene, level_of
from scoring.scorecard import overall
from scoring.targets import Targets
from scoring.windows import ALL_WINDOWS, Days, Placed, Window, place

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scoring.accuracy import Verdict
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
        reference: Placements, targets and campaigns; what is known at each evaluation counts.
    """

    def __init__(
        self, catalogue: Catalogue, calendar: Calendar, maturity_days: int, reference: Reference
    ) -> None:
        self._catalogue = catalogue
        self._calendar = calendar
        self._maturity_days = maturity_days
        self._reference = reference
        self._targets = Targets(reference, calendar.business)

    def scores(self, entity: Entity, totals: Totals, as_of: Micros) -> list[Score]:
        """The entity's scores over all windows as of a moment."""
        today = self._calendar.day(as_of)
        return [
            self._score(entity, totals, place(window, as_of, self._calendar), as_of, today)
            for window in ALL_WINDOWS
        ]

    def verdicts(
        self, entity: Entity, totals: Totals, days: Iterable[Day], as_of: Micros
    ) -> dict[Day, Verdict]:
        """What the figures that an executive stated on some days are worth, day by day."""
        today = self._calendar.day(as_of)
        scene = self._scenes(entity, totals, place(Window.DAY, as_of, self._calendar), today).now
        figures = totals.by_day(slots.FIGURES)
        return {day: judge(scene, figures.get(day, {})) for day in days}

    def _score(
        self, entity: Entity, totals: Totals, placed: Placed, as_of: Micros, today: Day
    ) -> Score:
        level, name = level_of(entity), entity.partition(":")[2]
        applying = self._catalogue.applying[level, placed.window]
        scenes = self._scenes(entity, totals, placed, today)
        points: dict[str, float | None] = {}
        kpis: dict[str, Figures] = {}
        for kpi in applying:
            target = self._target(kpi, entity, placed, today)
            reading = kpi.formula(scenes.now)
            points[kpi.id] = _points(kpi, reading, target)
            kpis[kpi.id] = _figures(kpi, reading, scenes, target, points[kpi.id])
        total = overall(
            self._catalogue.kras, (kpi for kpi in applying if kpi.scores_at(level)), points
        )
        ancestors = self._reference.ancestors(entity, today)
        executive = level is Level.EXECUTIVE
        return Score(
            level=level,
            entity=name,
            name=self._reference.name(name) if executive else None,
            parent=ancestors[0] if ancestors else None,
            active=self._reference.placement(name, today).active if executive else True,
            window=placed.window,
            as_of=self._calendar.iso(as_of),
            start=self._calendar.iso(placed.start),
            end=self._calendar.iso(placed.end),
            version=totals.version + self._reference.version,
            reference=self._reference.version,
            score=total.score,
            coverage=total.coverage,
            kras={kra: area._asdict() for kra, area in total.areas.items()},
            kpis=kpis,
        )

    def _scenes(self, entity: Entity, totals: Totals, placed: Placed, today: Day) -> _Scenes:
        def scene(span: Span, before: Span | None) -> Scene:
            return Scene(
                entity,
                totals,
                span,
                before,
                today,
                self._maturity_days,
                self._reference,
                self._targets,
                self._catalogue.by_id,
            )

        full = placed.before_full
        return _Scenes(
            scene(placed.now, placed.before),
            scene(placed.before, None),
            scene(full, None) if full is not None else None,
        )

    def _target(self, kpi: Kpi, entity: Entity, placed: Placed, today: Day) -> float | None:
        if kpi.additive:
            days = placed.now if isinstance(placed.now, Days) else Days(today, today)
            target = self._targets.additive(entity, kpi.id, placed.window, days)
        else:
            target = self._targets.level(entity, kpi.id, today)
        return float(target) if target is not None else kpi.default_target


class _Scenes(NamedTuple):
    """A window, the one before it, and the whole period before, if it is a calendar one."""

    now: Scene
    before: Scene
    before_full: Scene | None


def _figures(
    kpi: Kpi, reading: Reading, scenes: _Scenes, target: float | None, points: float | None
) -> Figures:
    value = reading.value
    figures: Figures = {
        "value": value,
        "numerator": reading.numerator,
        "denominator": reading.denominator,
        "n": reading.n,
        "previous": None,
        "change": None,
        "target": target,
        "attainment": value / target if target and value is not None else None,
        "score": points,
        **reading.companions,
    }
    if kpi.has_previous:
        previous = kpi.formula(scenes.before).value
        figures["previous"] = previous
        if previous is not None and value is not None:
            figures["change"] = value - previous
        if scenes.before_full is not None:
            figures["previous_full"] = kpi.formula(scenes.before_full).value
    if reading.breakdown is not None:
        figures["breakdown"] = reading.breakdown
    return figures


def _points(kpi: Kpi, reading: Reading, target: float | None) -> float | None:
    if reading.value is None or (reading.n or 0) < kpi.least_n:
        return None
    points = kpi.curve.points(reading.value, target)
    return max(points, reading.least_points) if points is not None else None
