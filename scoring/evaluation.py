"""Evaluation: an entity's totals become its scores, one per window.

Most of what is known of an entity is not touched by an event about it. So figures are kept
with what they were read from, and computed again only when something of that has changed.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import msgspec

from scoring import slots
from scoring.accuracy import judge
from scoring.calendar import PANE
from scoring.errors import error_of_points
from scoring.gate import Gate, capped, gate
from scoring.kpi import Judged, Level, Reading, Scene, level_of
from scoring.norms import norm
from scoring.scorecard import overall
from scoring.shrinkage import shrink
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
    from scoring.norms import Parts
    from scoring.notes import Norm
    from scoring.reference import Reference
    from scoring.scorecard import Overall
    from scoring.shrinkage import Told
    from scoring.totals import Read, Totals
    from scoring.windows import Span

#: The figures of one KPI as they go over the wire.
Figures: TypeAlias = dict[str, object]

_ENTITIES_KEPT = 256


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


class Answer(NamedTuple):
    """Figures and points of one KPI over one window, and what they depend on."""

    figures: Figures
    points: float | None
    error: float
    placed: Placed
    told: Told | None
    reference: int
    of_others: bool
    reads: frozenset[Read]
    changes: int

    def holds(
        self, placed: Placed, told: Told | None, reference: Reference, totals: Totals
    ) -> bool:
        """Whether computing it again would surely give the same."""
        return (
            self.placed is placed
            and self.told == told
            and self.reference == reference.common
            and not self.of_others
            and (self.changes == totals.changes or not totals.changed(self.reads, self.changes))
        )


#: Answers of one entity by KPI id and window.
Answers: TypeAlias = dict[tuple[str, str], Answer]


class Evaluator:
    """Evaluates entities against a catalogue.

    It keeps the answers about the entities that it saw last; what it gives is the same
    without them.

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
        monthly = ((kpi.id, kpi.default_monthly_target) for kpi in catalogue.kpis)
        self._targets = Targets(
            reference, calendar.business, {kpi: n for kpi, n in monthly if n is not None}
        )
        self._answers: OrderedDict[Totals, Answers] = OrderedDict()

    def scores(self, entity: Entity, totals: Totals, as_of: Micros) -> list[Score]:
        """The entity's scores over all windows as of a moment."""
        today = self._calendar.day(as_of)
        ancestors = self._reference.ancestors(entity, today)
        head = _Head(
            entity,
            level_of(entity),
            today,
            self._calendar.iso(as_of),
            ancestors[0] if ancestors else None,
            self._kept(totals),
        )
        return [self._score(head, totals, self._place(window, as_of)) for window in ALL_WINDOWS]

    def verdicts(
        self, entity: Entity, totals: Totals, days: Iterable[Day], as_of: Micros
    ) -> dict[Day, Verdict]:
        """What the figures that an executive stated on some days are worth, day by day."""
        today = self._calendar.day(as_of)
        scene = self._scenes(entity, totals, self._place(Window.DAY, as_of), today).now
        figures = totals.by_day(slots.FIGURES)
        return {day: judge(scene, figures.get(day, {})) for day in days}

    def norm(self, entity: Entity, totals: Totals, parts: Parts | None, as_of: Micros) -> Norm:
        """What an entity tells its children of its shares of cases.

        Args:
            entity: A team, a branch or the company.
            totals: Its totals.
            parts: What each child brought to them; None for the company.
            as_of: The moment that places the windows.

        Raises:
            PriorError: If a KPI reads a measure that its prior does not name.
        """
        today = self._calendar.day(as_of)
        scenes = {
            window: self._scenes(entity, totals, self._place(window, as_of), today).now
            for window in ALL_WINDOWS
        }
        return norm(entity, scenes, parts, self._catalogue)

    def _place(self, window: Window, as_of: Micros) -> Placed:
        """The window's place, the same object for all moments of a pane."""
        return place(window, as_of // PANE * PANE, self._calendar)

    def _kept(self, totals: Totals) -> Answers:
        answers = self._answers.setdefault(totals, {})
        self._answers.move_to_end(totals)
        if len(self._answers) > _ENTITIES_KEPT:
            self._answers.popitem(last=False)
        return answers

    def _score(self, head: _Head, totals: Totals, placed: Placed) -> Score:
        entity, level, today, as_of, parent, kept = head
        name = entity.partition(":")[2]
        applying = self._catalogue.applying[level, placed.window]
        scenes = self._scenes(entity, totals, placed, today)
        points: dict[str, float | None] = {}
        errors: dict[str, float] = {}
        kpis: dict[str, Figures] = {}
        for kpi in applying:
            key = kpi.id, placed.window
            answer = kept.get(key)
            told = self._told(kpi, head, placed.window) if kpi.prior is not None else None
            if answer is None or not answer.holds(placed, told, self._reference, totals):
                answer = kept[key] = self._answer(kpi, scenes, placed, told)
            points[kpi.id], errors[kpi.id] = answer.points, answer.error
            kpis[kpi.id] = answer.figures
        scored = self._catalogue.scored[level, placed.window]
        total = overall(self._catalogue.kras, scored, points, errors)
        executive = level is Level.EXECUTIVE
        breach = gate(scenes.now.now, total.score) if executive else None
        return Score(
            level=level,
            entity=name,
            name=self._reference.name(name) if executive else None,
            parent=parent,
            active=self._reference.placement(name, today).active if executive else True,
            window=placed.window,
            as_of=as_of,
            start=self._calendar.iso(placed.start),
            end=self._calendar.iso(placed.end),
            version=totals.version + self._reference.version,
            reference=self._reference.version_for(entity, parent),
            score=capped(total.score, breach),
            gate=breach,
            coverage=total.coverage,
            kras={kra: area._asdict() for kra, area in total.areas.items()},
            kpis=kpis,
            error=_error(total, breach),
        )

    def _told(self, kpi: Kpi, head: _Head, window: Window) -> Told | None:
        return self._reference.norms.told(head.parent, head.entity, kpi.id, window)

    def _answer(self, kpi: Kpi, scenes: _Scenes, placed: Placed, told: Told | None) -> Answer:
        scene, asked = scenes.now, self._reference.sales.asked
        with scene.totals.recorded() as reads:
            target = self._target(kpi, scene.entity, placed, scene.today)
            reading = shrink(kpi, kpi.formula(scene), told)
            points = _points(kpi, reading, target)
            figures = _figures(kpi, reading, scenes, target, points)
        return Answer(
            figures,
            points,
            error_of_points(kpi, reading, target) if points is not None and kpi.weight else 0.0,
            placed,
            told,
            self._reference.common,
            self._reference.sales.asked != asked,
            frozenset(reads),
            scene.totals.changes,
        )

    def _scenes(self, entity: Entity, totals: Totals, placed: Placed, today: Day) -> _Scenes:
        def scene(span: Span, before: Span | None, period: Days | None = None) -> Scene:
            return Scene(
                entity,
                totals,
                span,
                before,
                today,
                self._maturity_days,
                self._reference,
                self._targets,
                period,
                self._catalogue.by_id,
            )

        full = placed.before_full
        return _Scenes(
            scene(placed.now, placed.before, placed.period),
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


class _Head(NamedTuple):
    """What is the same in an entity's scores over all windows.

    Attributes:
        entity: Which entity.
        level: Its level.
        today: As-of's day.
        as_of: As-of, ISO 8601.
        parent: Its parent today; None without one.
        kept: Its answers so far.
    """

    entity: Entity
    level: Level
    today: Day
    as_of: str
    parent: Entity | None
    kept: Answers


class _Scenes(NamedTuple):
    """A window, the one before it, and the whole period before, if it is a calendar one."""

    now: Scene
    before: Scene
    before_full: Scene | None


def _figures(
    kpi: Kpi, reading: Reading, scenes: _Scenes, target: float | None, points: float | None
) -> Figures:
    value = reading.value
    judged = value if kpi.prior is not None else _judged(reading).value
    figures: Figures = {
        "value": value,
        "numerator": reading.numerator,
        "denominator": reading.denominator,
        "n": reading.n,
        "previous": None,
        "change": None,
        "target": target,
        "attainment": judged / target if target and judged is not None else None,
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
    value, n = _judged(reading)
    if value is None or n < kpi.least_n:
        return None
    points = kpi.curve.points(value, target)
    return max(points, reading.least_points) if points is not None else None


def _error(total: Overall, breach: Gate | None) -> float | None:
    """Standard error of an overall; a cap takes away what lies above it."""
    if total.score is None or total.error is None or breach is None:
        return total.error
    low, high = (capped(total.score + way * total.error, breach) or 0.0 for way in (-1, 1))
    return (high - low) / 2


def _judged(reading: Reading) -> Judged:
    return reading.judged or Judged(reading.value, reading.n or 0)
