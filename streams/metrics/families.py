"""Metrics of the catalogue: one name per KPI and level, with its unit.

Prometheus carries the company, branches and teams, over two windows. Executives are too many
for it, and their scores are not for everybody who may read metrics; they are in the feed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scoring.kpi import Level, Unit
from scoring.windows import Window

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scoring.catalogue import Catalogue
    from scoring.kpi import Kpi

#: From the largest to the smallest.
LEVELS = (Level.COMPANY, Level.BRANCH, Level.TEAM)
WINDOWS = (Window.DAY, Window.FOUR_WEEKS_ROLLING)
#: Labels that say whose a value is.
ENTITY_LABELS = {
    Level.COMPANY: (),
    Level.BRANCH: ("branch",),
    Level.TEAM: ("branch", "team"),
}
_HOUR_SECONDS = 3_600
#: Last word of a name, and by what a value is multiplied to be in that unit.
_UNITS = {
    Unit.COUNT: ("", 1),
    Unit.RATE: ("ratio", 1),
    Unit.SCORE: ("points", 1),
    Unit.HOURS: ("seconds", _HOUR_SECONDS),
    Unit.RATE_PER_WEEK: ("ratio_per_week", 1),
}
#: Last words of ids that say a unit, for which the metric's own unit stands.
_ENDINGS = ("_rate", "_score", "_rating", "_hours")
_CURRENCIES = {"INR": "rupees", "USD": "dollars", "EUR": "euros", "GBP": "pounds"}


@dataclass(frozen=True)
class Family:
    """The metrics of one KPI at one level.

    Attributes:
        kpi: The KPI.
        level: Whose values they are.
        value: Name of the metric of its value.
        target: Name of the metric of its target; None for teams, which are many.
        factor: By what values and targets are multiplied to be in the metric's unit.
    """

    kpi: Kpi
    level: Level
    value: str
    target: str | None
    factor: int

    @property
    def windows(self) -> tuple[Window, ...]:
        """Those of its windows that are exposed."""
        return tuple(window for window in WINDOWS if window in self.kpi.windows)

    @property
    def help(self) -> str:
        """What the value is, on one line."""
        return f"{self.kpi.title}. {' '.join(self.kpi.definition.split())}"


def families(catalogue: Catalogue, currency: str) -> Iterator[Family]:
    """The metrics of a catalogue, KPI by KPI.

    Args:
        catalogue: The KPIs.
        currency: ISO 4217 code of what amounts are in.
    """
    for kpi in catalogue.kpis:
        unit, factor = _unit(kpi.unit, currency)
        for level in LEVELS:
            if level in kpi.levels and set(WINDOWS) & set(kpi.windows):
                stem = f"salesbell_{level}_{_stem(kpi.id)}"
                target = _joined(f"{stem}_target", unit) if level is not Level.TEAM else None
                yield Family(kpi, level, _joined(stem, unit), target, factor)


def _unit(unit: Unit, currency: str) -> tuple[str, int]:
    if unit is Unit.AMOUNT:
        return _CURRENCIES.get(currency, currency.lower()), 1
    return _UNITS.get(unit, (unit.replace(" ", "_"), 1))


def _stem(kpi: str) -> str:
    name = kpi.replace(".", "_")
    ending = next((each for each in _ENDINGS if name.endswith(each)), "")
    return name.removesuffix(ending)


def _joined(name: str, unit: str) -> str:
    return f"{name}_{unit}" if unit else name
