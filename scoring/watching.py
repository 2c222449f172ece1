"""Watching: what a KPI declares so that the alarm watches it.

A KPI's formula answers over any window; the alarm needs what a day brought. So the declaration
says of which measures a day's figure consists, and of what kind it is: how many (`Count`), which
share of cases (`Share`), or how much per case (`Mean`). Which direction is bad follows from the
KPI's `higher_is_better`, unless the figure goes the other way; whether a change is more than
chance, from its own history.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from scoring.kpi import ALL_LEVELS

if TYPE_CHECKING:
    from scoring.kpi import Level
    from scoring.origins import Origin
    from scoring.reference import Reference
    from scoring.totals import Totals
    from scoring.windows import Days


@dataclass(frozen=True)
class OfDigital:
    """The part of a measure split by campaign that belongs to digital ones."""

    measure: str


#: A plain slot, or a part of a measure that is split.
Measure: TypeAlias = str | OfDigital


@dataclass(frozen=True)
class Count:
    """How many came on a day.

    Attributes:
        events: What is counted.
    """

    events: Measure

    @property
    def measures(self) -> tuple[Measure, ...]:
        """What a day's figure consists of."""
        return (self.events,)


@dataclass(frozen=True)
class Share:
    """Which share of a day's cases are such.

    Attributes:
        such: The cases that count.
        cases: All of them.
    """

    such: Measure
    cases: Measure

    @property
    def measures(self) -> tuple[Measure, ...]:
        """What a day's figure consists of."""
        return self.such, self.cases


@dataclass(frozen=True)
class Mean:
    """How much a day's cases amount to, each.

    Attributes:
        total: What the cases add up to.
        cases: How many they are.
        less: What is taken off the total.
        scale: How much of the total, per case, is 1 in the unit that people read.
        notable: By how much, in that unit, it moves when something is wrong; None for a
            figure whose zero means nothing at all: it moves by 30 % of what is normal.
    """

    total: Measure
    cases: Measure
    less: Measure | None = None
    scale: float = 1.0
    notable: float | None = None

    @property
    def measures(self) -> tuple[Measure, ...]:
        """What a day's figure consists of."""
        return (self.total, self.cases, *((self.less,) if self.less is not None else ()))


Observed: TypeAlias = Count | Share | Mean


@dataclass(frozen=True)
class Watched:
    """That the alarm watches a KPI.

    Attributes:
        observed: What a day brings.
        title: What people call it, for it may be a part of the KPI: of its growth the count.
        unit: What is written behind a value, with its space.
        levels: At which levels it is watched, of those at which the KPI exists.
        origins: At which origins of leads it is watched too; their panes hold leads and spends.
        higher_is_better: The direction; None if it is the KPI's.
    """

    observed: Observed
    title: str
    unit: str = ""
    levels: tuple[Level, ...] = ALL_LEVELS
    origins: tuple[Origin, ...] = ()
    higher_is_better: bool | None = None


def daily(totals: Totals, measure: Measure, days: Days, reference: Reference | None) -> list[int]:
    """What a measure came to on each of some days.

    Args:
        totals: Whose.
        measure: Which.
        days: When.
        reference: Which campaigns are digital; None where there are none.
    """
    if isinstance(measure, str):
        return totals.daily(measure, days)
    digital = reference.digital_campaigns() if reference is not None else set[str]()
    split = totals.daily_by_key(measure.measure, days)
    found = [series for key, series in split.items() if key in digital]
    return [sum(each) for each in zip([0] * days.length, *found, strict=True)]


def name_of(measure: Measure) -> str:
    """The measure's name in slots."""
    return measure if isinstance(measure, str) else measure.measure
