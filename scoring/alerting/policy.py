"""The alarm's settings."""

from __future__ import annotations

import msgspec

from scoring.alerting.scopes import Scope
from scoring.calendar import Day

#: Channels and campaigns differ by far more than those who work their leads.
_DIFFERENCES = {Scope.EXECUTIVE: 0.25, Scope.TEAM: 0.12, Scope.CAMPAIGN: 0.5, Scope.CHANNEL: 0.5}
_DIFFERENCE = 0.08

#: How much the rates of siblings differ where one of them is known to have changed.
_WIDE = 1.0
#: How much more careful a rate is taken low that was learned without its parent's.
_CAUTION = 2.0


def _budgets() -> dict[Scope, float]:
    return dict.fromkeys(Scope, 1000.0)


def _differences() -> dict[Scope, float]:
    return dict.fromkeys(Scope, _DIFFERENCE) | _DIFFERENCES


def _resolving() -> dict[Scope, float]:
    return dict.fromkeys(Scope, 100.0) | {Scope.EXECUTIVE: 20.0}


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """What an alarm may cost, and how it learns what is normal.

    Attributes:
        budgets: Days of one entity and stage or KPI, on average, per false alarm; by scope.
        resolving: How much likelier health must be than a drop to 0.7 before an alert resolves.
        horizon: Days of age after which nothing is expected of a lead any more.
        history: Days of settled cohorts, or of a KPI, from which a baseline is learned.
        least_cases: Cases in them without which the company, a channel or a campaign is not
            watched, nor whose rate was declared to change: what is normal for others does not
            tell what is for it.
        refit: Days for which a baseline holds.
        memory: Days that are looked at again, at least; evidence begins with nothing.
        differences: How much the rates of siblings differ, relative to their mean; of means, in
            deviations of a case.
        caution: Posterior deviations by which a baseline is taken low.
        rests: Days on which the clock stands still: holidays, outages of a source.
    """

    budgets: dict[Scope, float] = msgspec.field(default_factory=_budgets)
    resolving: dict[Scope, float] = msgspec.field(default_factory=_resolving)
    horizon: int = 14
    history: int = 90
    least_cases: int = 30
    refit: int = 14
    memory: int = 112
    differences: dict[Scope, float] = msgspec.field(default_factory=_differences)
    caution: float = 0.5
    rests: frozenset[Day] = frozenset()

    def after_change(self) -> Policy:
        """What is learned where a rate is known to have changed.

        Who differs from a parent to which nothing happened has a rate of his own.
        """
        return msgspec.structs.replace(
            self, differences=dict.fromkeys(Scope, _WIDE), caution=_CAUTION * self.caution
        )

    def beginning(self, day: Day) -> Day:
        """The day from which the baseline holds that is in force on a day."""
        return day - day % self.refit

    def first(self, today: Day) -> Day:
        """The day with which what is looked at today begins."""
        return self.beginning(today - self.memory)
