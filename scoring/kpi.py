"""What a KPI is, and what its formula sees and answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import msgspec

from scoring.windows import ALL_WINDOWS, Days, Panes, Window

if TYPE_CHECKING:
    from collections.abc import Callable

    from scoring.calendar import Day
    from scoring.cells import Entity
    from scoring.measures import Measures
    from scoring.points import Curve
    from scoring.reference import Reference
    from scoring.targets import Targets
    from scoring.totals import Totals
    from scoring.watching import Watched
    from scoring.windows import Span


class Level(StrEnum):
    """Whom a score is about."""

    EXECUTIVE = "executive"
    TEAM = "team"
    BRANCH = "branch"
    COMPANY = "company"


ALL_LEVELS = tuple(Level)


class Unit(StrEnum):
    """What a value counts; rates are fractions, amounts are major units of money."""

    COUNT = "count"
    RATE = "rate"
    NET_SCORE = "net score"
    AMOUNT = "amount"
    SCORE = "score"
    RATING = "rating"
    HOURS = "hours"
    RATE_PER_WEEK = "rate per week"


#: A part of a breakdown, for example the figures of one channel, or the counts by value of
#: one preference.
Part: TypeAlias = dict[str, float | int | str | dict[str, int] | None]


class Judged(NamedTuple):
    """A figure that gets the points instead of a KPI's value, and its own sample size."""

    value: float | None
    n: int


class Reading(msgspec.Struct, frozen=True):
    """What a formula answers.

    Attributes:
        value: The KPI's value; None when it is undefined.
        numerator: What was divided, where something was; money in major units.
        denominator: By what.
        n: Sample size.
        breakdown: Figures by key, where the KPI names a breakdown.
        companions: Further figures that ride along.
        judged: What is held against the target and gets the points, if not the value.
        least_points: Points that the value gets at least, where it gets any.
    """

    value: float | int | None
    numerator: float | int | None = None
    denominator: float | int | None = None
    n: int | None = None
    breakdown: Mapping[str, Part] | None = None
    companions: Mapping[str, float | str | None] = {}
    judged: Judged | None = None
    least_points: float = 0.0


@dataclass(frozen=True)
class Scene:
    """What a formula sees: one entity's totals and one window.

    Attributes:
        entity: Whose figures.
        totals: The entity's panes.
        span: The window's panes.
        before: The panes of the window before, where there is one.
        today: As-of's day.
        maturity_days: How far a cohort's window is moved back, in days, less one.
        reference: Placements, targets, campaigns as known now.
        targets: What follows from the targets in it.
        period: The whole month or quarter of which the span is the part so far, if it is one.
        kpis: The catalogue's KPIs by id, for formulas that look at others.
    """

    entity: Entity
    totals: Totals
    span: Span
    before: Span | None
    today: Day
    maturity_days: int
    reference: Reference
    targets: Targets
    period: Days | None = None
    kpis: Mapping[str, Kpi] = field(default_factory=dict)

    @cached_property
    def now(self) -> Measures:
        """Measures over the window."""
        return self.totals.over(self.span)

    @cached_property
    def previous(self) -> Measures | None:
        """Measures over the window before."""
        return self.totals.over(self.before) if self.before is not None else None

    @property
    def days(self) -> Days:
        """The window's days; only for windows that are made of days.

        Raises:
            TypeError: If the window is made of panes within days.
        """
        if isinstance(self.span, Panes):
            raise TypeError(
                "this KPI needs a window of whole days: restrict its `windows` to DAILY"
            )
        return self.span

    @property
    def cohort_days(self) -> Days:
        """The window moved back by maturity and a day, so that every lead in it is mature."""
        return self.days.back(self.maturity_days + 1)

    @cached_property
    def cohort(self) -> Measures:
        """Measures over the cohort's days."""
        return self.totals.over(self.cohort_days)


Formula: TypeAlias = "Callable[[Scene], Reading]"


@dataclass(frozen=True)
class Prior:
    """How much a share of cases leans on what is usual around it before it gets points.

    Attributes:
        strength: As many cases as that are added, at the parent's share without the child.
        measures: The measures in which its cases are counted; none where books hold them.
    """

    strength: int
    measures: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Kpi:
    """One key performance indicator: everything about it, in one place.

    Attributes:
        id: `kra.name`; also the name of its metric, API field and document row.
        title: For people.
        definition: What it is, so that two people computing it by hand agree.
        formula_text: The formula in words.
        events: Event types from which it is computed.
        formula: What computes it.
        unit: What its value counts.
        curve: How its value becomes points.
        weight: Its weight inside its KRA; 0 shows it without scoring it.
        additive: Whether targets are spread over days (counts, amounts) or are levels.
        default_target: Level target where nobody set one; major units.
        default_monthly_target: Additive target of an active executive for a month where nobody
            set one, spread like any other; major units, at most two places.
        least_n: Sample size under which it gets no points.
        higher_is_better: The direction.
        levels: At which levels it exists.
        scored_levels: At which of them it gets points.
        windows: Over which windows it exists.
        has_previous: Whether it has a previous value.
        is_share: Whether its value is a share of cases, each of which counts once.
        prior: What its share is shrunk to before it gets points; None leaves it as it is.
        watch: What the alarm watches of it; None leaves it alone.
    """

    id: str
    title: str
    definition: str
    formula_text: str
    events: tuple[str, ...]
    formula: Callable[[Scene], Reading]
    unit: Unit
    curve: Curve
    weight: int
    additive: bool
    default_target: float | None = None
    default_monthly_target: float | None = None
    least_n: int = 0
    higher_is_better: bool = True
    levels: tuple[Level, ...] = ALL_LEVELS
    scored_levels: tuple[Level, ...] | None = None
    windows: tuple[Window, ...] = ALL_WINDOWS
    has_previous: bool = True
    is_share: bool = False
    prior: Prior | None = None
    watch: Watched | None = None

    @cached_property
    def kra(self) -> str:
        """Key responsibility area: the part of the id before the dot."""
        return self.id.partition(".")[0]

    def applies(self, level: Level, window: Window) -> bool:
        """Whether the KPI exists at a level over a window."""
        return level in self.levels and window in self.windows

    @property
    def is_watched_for_rise(self) -> bool:
        """Whether the alarm waits for a higher figure rather than a lower one."""
        own = self.watch.higher_is_better if self.watch is not None else None
        return not (self.higher_is_better if own is None else own)

    def is_watched_at(self, scope: str) -> bool:
        """Whether the alarm watches it at entities of a kind."""
        if self.watch is None:
            return False
        levels = (level for level in self.watch.levels if level in self.levels)
        return scope in (*levels, *self.watch.origins)

    def scores_at(self, level: Level) -> bool:
        """Whether the KPI counts in the score of a level."""
        return self.weight > 0 and level in (self.scored_levels or self.levels)


@dataclass(frozen=True)
class Kra:
    """A key responsibility area and its weight in the overall score; 0 keeps it out."""

    id: str
    title: str
    weight: int


def level_of(entity: Entity) -> Level:
    """The level of an entity."""
    return Level(entity.partition(":")[0])
