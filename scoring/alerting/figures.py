"""Figures: the alert of a KPI that got worse."""

from __future__ import annotations

from datetime import date
from math import sqrt
from typing import TYPE_CHECKING, NamedTuple

from scoring.alerting.alert import (
    LONG,
    Alert,
    Kind,
    Ratio,
    Status,
    Z,
    at_worst,
    period,
    rarity,
    ratio,
)
from scoring.alerting.scopes import scope_of
from scoring.watching import Count, Mean, Share

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scoring.alerting.course import Incident
    from scoring.alerting.scopes import Scope
    from scoring.alerting.usual import Usual
    from scoring.cells import Entity
    from scoring.kpi import Kpi
    from scoring.watching import Observed, Watched

_PER_CENT = 100


class _Sums(NamedTuple):
    """What came since the beginning of an incident, beside what was to be expected."""

    observed: float
    expected: float
    variance: float
    cases: int

    def ratio(self, observed: Observed) -> Ratio | None:
        """Observed over expected, where that means anything: of an NPS it does not."""
        if self.expected <= 0 or (isinstance(observed, Mean) and observed.notable is not None):
            return None
        if not isinstance(observed, Mean):
            return ratio(self.observed, self.expected, self.variance / self.expected)
        half = Z * sqrt(self.variance)
        ends = (self.observed - half, self.observed + half)
        return Ratio(self.observed / self.expected, *(end / self.expected for end in ends))


def describe(
    entity: Entity,
    kpi: Kpi,
    watched: Watched,
    incident: Incident,
    budgets: Mapping[Scope, float],
    usual: Usual | None,
) -> Alert:
    """The alert that tells of an incident.

    Args:
        entity: Where.
        kpi: Which KPI.
        watched: What it declares.
        incident: Its life so far.
        budgets: Days per false alarm.
        usual: What is normal; None where that is not known any more.
    """
    start, end = incident.since.mark, incident.end
    sums = _Sums(
        end.observed - start.observed,
        end.expected - start.expected,
        end.variance - start.variance,
        end.leads - start.leads,
    )
    found = sums.ratio(watched.observed)
    since, raised = (date.fromordinal(d).isoformat() for d in (start.day, incident.raised))
    resolved = incident.resolved
    value, normal = (_read(watched.observed, n, sums.cases) for n in sums[:2])
    deviation = (sums.observed - sums.expected) / sqrt(sums.variance) if sums.variance else 0.0
    scope = scope_of(entity)
    return Alert(
        id=f"{entity}|{kpi.id}|{raised}",
        entity=entity,
        level=scope,
        indicator=kpi.id,
        status=Status.FIRING if resolved is None else Status.RESOLVED,
        kind=Kind.HIGHER if kpi.is_watched_for_rise else Kind.LOWER,
        raised=raised,
        resolved=date.fromordinal(resolved).isoformat() if resolved is not None else None,
        since=since,
        since_low=date.fromordinal(incident.since.low).isoformat(),
        since_high=date.fromordinal(incident.since.high).isoformat(),
        observed=round(sums.observed),
        expected=round(sums.expected, 1),
        days=max(end.day - start.day, 1),
        ratio=round(found.value, 3) if found else None,
        ratio_low=round(found.low, 3) if found else None,
        ratio_high=round(found.high, 3) if found else None,
        n=sums.cases,
        evidence_days=float(f"{min(incident.evidence, LONG):.3g}"),
        budget_days=budgets[scope],
        baseline=round(usual.level, 4) if usual else 0.0,
        baseline_cases=usual.cases if usual else 0,
        explanation=_explanation(watched, sums, value, normal, incident),
        spread=round(usual.spread, 4) if usual else 0.0,
        title=watched.title,
        unit=watched.unit,
        value=value,
        usual=normal,
        deviation=round(deviation, 3),
        worst=at_worst(incident, lambda then: describe(entity, kpi, watched, then, budgets, usual)),
    )


def _read(observed: Observed, amount: float, cases: int) -> float | None:
    """What an amount comes to per case, as people read it; None of a count."""
    if isinstance(observed, Count) or not cases:
        return None
    per_case = amount / cases
    return float(
        f"{per_case * _PER_CENT if isinstance(observed, Share) else per_case / observed.scale:.4g}"
    )


def _explanation(
    watched: Watched,
    sums: _Sums,
    value: float | None,
    normal: float | None,
    incident: Incident,
) -> str:
    days = period(incident)
    came = f"{sums.observed:,.0f} {days} where {sums.expected:,.1f} were to be expected"
    if value is not None:
        came = (
            f"{value:,.4g}{watched.unit} {days}, in {sums.cases:,} cases, where "
            f"{normal:,.4g}{watched.unit} is usual"
        )
    return f"{watched.title}: {came}. {rarity(incident)}"
