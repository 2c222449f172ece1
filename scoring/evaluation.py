"""Evaluation: an entity's totals become its scores, one per window."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, NamedTuple

from scoring import slots
from scoring.accuracy import judge
from scoring.calendar import PANE
from scoring.card import VERDICT, Answer, Before, Frame, Sheet, Verdict
from scoring.errors import error_of_points
from scoring.gate import capped, gate
from scoring.kpi import Judged, Level, Reading, Scene, level_of
from scoring.norms import norm
from scoring.panes import UNPLACED
from scoring.score import Score
from scoring.scorecard import combined
from scoring.shrinkage import shrink
from scoring.targets import Targets
from scoring.windows import ALL_WINDOWS, Days, Placed, Window, place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scoring.accuracy import Verdict as Accuracy
    from scoring.calendar import Calendar, Day
    from scoring.card import Card
    from scoring.catalogue import Catalogue
    from scoring.cells import Entity
    from scoring.events import Micros
    from scoring.gate import Gate
    from scoring.kpi import Kpi
    from scoring.norms import Parts
    from scoring.notes import Norm
    from scoring.reference import Reference
    from scoring.score import Figures
    from scoring.scorecard import Overall
    from scoring.shrinkage import Told
    from scoring.totals import Totals
    from scoring.windows import Span

#: Some 300 kB each; beyond them every change of an entity computes all of it again.
_ENTITIES_KEPT = 1024


class Evaluator:
    """Evaluates entities against a catalogue.

    It keeps cards of the entities that it saw last; what it gives is the same without them.

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
        self._frames: dict[tuple[Level, Window], Frame] = {}
        self._sheets: OrderedDict[Totals, Sheet] = OrderedDict()

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
        )
        frames = [self._frame(head.level, window, as_of) for window in ALL_WINDOWS]
        return [self._score(head, totals, card) for card in self._sheet(totals).on(frames)]

    def verdicts(
        self, entity: Entity, totals: Totals, days: Iterable[Day], as_of: Micros
    ) -> dict[Day, Accuracy]:
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

    def _frame(self, level: Level, window: Window, as_of: Micros) -> Frame:
        placed, reference = self._place(window, as_of), self._reference.common
        frame = self._frames.get((level, window))
        if frame is None or frame.placed != placed or frame.reference != reference:
            frame = self._frames[level, window] = Frame(placed, reference)
        return frame

    def _sheet(self, totals: Totals) -> Sheet:
        sheet = self._sheets.get(totals)
        if sheet is None:
            sheet = self._sheets[totals] = Sheet(totals)
        self._sheets.move_to_end(totals)
        if len(self._sheets) > _ENTITIES_KEPT:
            self._sheets.popitem(last=False)
        return sheet

    def _score(self, head: _Head, totals: Totals, card: Card) -> Score:
        entity, level, today, as_of, parent = head
        placed = card.frame.placed
        name = entity.partition(":")[2]
        executive = level is Level.EXECUTIVE
        overall, kras, breach = self._verdict(head, totals, card)
        return Score(
            level=level,
            entity=name,
            name=self._reference.name(name) if executive else None,
            parent=parent,
            active=self._reference.placement(name, today).active if executive else name != UNPLACED,
            window=placed.window,
            as_of=as_of,
            start=self._calendar.iso(placed.start),
            end=self._calendar.iso(placed.end),
            version=totals.version + self._reference.version,
            reference=self._reference.version_for(entity, parent),
            score=capped(overall.score, breach),
            gate=breach,
            coverage=overall.coverage,
            kras=kras,
            kpis=dict(card.figures),
            error=_error(overall, breach),
        )

    def _verdict(self, head: _Head, totals: Totals, card: Card) -> Verdict:
        """The verdict on a window, after the card has all answers."""
        placed = card.frame.placed
        at = head.level, placed.window
        card.hear_norm(self._reference.norms.version_of(head.parent), self._told(head, placed))
        card.hear_sales(self._reference.sales.version)
        unanswered = card.unanswered(self._catalogue.applying[at])
        if unanswered:
            scenes = self._scenes(head.entity, totals, placed, head.today)
            for kpi in unanswered:
                self._answer(kpi, scenes, card)
            card.weigh(self._catalogue.areas[at], unanswered)
        verdict = card.verdict.get(VERDICT)
        if verdict is not None:
            return verdict
        overall = combined(self._catalogue.kras, card.areas)
        reads = totals.record()
        judged = head.level is Level.EXECUTIVE
        breach = gate(totals.over(placed.now), overall.score) if judged else None
        kras: dict[str, Figures] = {
            kra: {"score": area.score, "coverage": area.coverage}
            for kra, area in overall.areas.items()
        }
        return card.verdict.keep(VERDICT, Verdict(overall, kras, breach), reads)

    def _told(self, head: _Head, placed: Placed) -> Iterator[tuple[Kpi, Told | None]]:
        norms, window = self._reference.norms, placed.window
        for kpi in self._catalogue.shrunk[head.level, window]:
            yield kpi, norms.told(head.parent, head.entity, kpi.id, window)

    def _answer(self, kpi: Kpi, scenes: _Scenes, card: Card) -> None:
        scene, sales = scenes.now, self._reference.sales
        asked = sales.asked
        before = card.befores.get(kpi.id) or self._before(kpi, scenes, card)
        reads = scene.totals.record()
        target = self._target(kpi, scene.entity, card.frame.placed, scene.today)
        reading = shrink(kpi, kpi.formula(scene), card.told(kpi))
        points = _points(kpi, reading, target)
        answer = Answer(
            _figures(kpi, reading, before, target, points),
            points,
            error_of_points(kpi, reading, target) if points is not None and kpi.weight else 0.0,
        )
        card.answer(kpi, answer, reads, others=sales.asked != asked)

    def _before(self, kpi: Kpi, scenes: _Scenes, card: Card) -> Before:
        reads = scenes.now.totals.record()
        full = scenes.before_full if kpi.has_previous else None
        before = Before(
            kpi.formula(scenes.before).value if kpi.has_previous else None,
            {"previous_full": kpi.formula(full).value} if full is not None else {},
        )
        return card.befores.keep(kpi.id, before, reads)

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
    """

    entity: Entity
    level: Level
    today: Day
    as_of: str
    parent: Entity | None


class _Scenes(NamedTuple):
    """A window, the one before it, and the whole period before, if it is a calendar one."""

    now: Scene
    before: Scene
    before_full: Scene | None


def _figures(
    kpi: Kpi, reading: Reading, before: Before, target: float | None, points: float | None
) -> Figures:
    value, previous = reading.value, before.value
    judged = value if kpi.prior is not None else _judged(reading).value
    figures: Figures = {
        "value": value,
        "numerator": reading.numerator,
        "denominator": reading.denominator,
        "n": reading.n,
        "previous": previous,
        "change": value - previous if value is not None and previous is not None else None,
        "target": target,
        "attainment": judged / target if target and judged is not None else None,
        "score": points,
        **reading.companions,
        **before.full,
    }
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
