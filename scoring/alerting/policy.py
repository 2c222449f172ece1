"""The alarm's settings."""

from __future__ import annotations

import msgspec

from scoring.calendar import Day
from scoring.kpi import Level


def _budgets() -> dict[Level, float]:
    return dict.fromkeys(Level, 1000.0)


def _differences() -> dict[Level, float]:
    return {Level.EXECUTIVE: 0.25, Level.TEAM: 0.12, Level.BRANCH: 0.08, Level.COMPANY: 0.08}


def _resolving() -> dict[Level, float]:
    return {Level.EXECUTIVE: 20.0, Level.TEAM: 100.0, Level.BRANCH: 100.0, Level.COMPANY: 100.0}


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """What an alarm may cost, and how it learns what is normal.

    Attributes:
        budgets: Days of one entity and stage, on average, per false alarm.
        resolving: How much likelier health must be than a drop to 0.7 before an alert resolves.
        horizon: Days of age after which nothing is expected of a lead any more.
        history: Days of settled cohorts from which a baseline is learned.
        least_cases: Cases in them without which an entity is not watched that has no parent, or
            whose rate was declared to change.
        refit: Days for which a baseline holds.
        memory: Days that are looked at again, at least; evidence begins with nothing.
        differences: How much the rates of siblings differ, relative to their mean.
        caution: Posterior deviations by which a baseline is taken low.
        rests: Days on which the clock stands still: holidays, outages of a source.
    """

    budgets: dict[Level, float] = msgspec.field(default_factory=_budgets)
    resolving: dict[Level, float] = msgspec.field(default_factory=_resolving)
    horizon: int = 14
    history: int = 90
    least_cases: int = 30
    refit: int = 14
    memory: int = 112
    differences: dict[Level, float] = msgspec.field(default_factory=_differences)
    caution: float = 0.5
    rests: frozenset[Day] = frozenset()

    def beginning(self, day: Day) -> Day:
        """The day from which the baseline holds that is in force on a day."""
        return day - day % self.refit

    def first(self, today: Day) -> Day:
        """The day with which what is looked at today begins."""
        return self.beginning(today - self.memory)
