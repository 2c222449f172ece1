"""Scorecard: from points to area scores and an overall score.

An area's score is the weighted mean of its KPIs that have points, the overall that of the
areas. What has no points is left out and its weight falls on the rest; coverage says how
much of the weight that applies was there.
"""

from __future__ import annotations

from collections import defaultdict
from math import sqrt
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from scoring.kpi import Kpi, Kra

_EXACT: Mapping[str, float] = MappingProxyType({})
LEAST_AREA_COVERAGE = 0.5
LEAST_OVERALL_COVERAGE = 0.3


class AreaScore(NamedTuple):
    """Score of an area, 0 to 100 or None, the share of its weight that had points, its variance."""

    score: float | None
    coverage: float
    variance: float


class Overall(NamedTuple):
    """Overall score, 0 to 100 or None, its coverage, the areas' scores by id, its error."""

    score: float | None
    coverage: float
    areas: dict[str, AreaScore]
    error: float | None


def overall(
    kras: Iterable[Kra],
    scored: Iterable[Kpi],
    points: Mapping[str, float | None],
    errors: Mapping[str, float] = _EXACT,
) -> Overall:
    """Score the KPIs that apply.

    Args:
        kras: The areas with their weights.
        scored: The KPIs that count at this level and window.
        points: Points by KPI id; None or absent where there are none.
        errors: Standard errors of the points, independent of each other; 0 where absent.
    """
    members = by_area(scored)
    areas = {kra: area_score(kpis, points, errors) for kra, kpis in members.items()}
    return combined(kras, areas)


def by_area(scored: Iterable[Kpi]) -> dict[str, list[Kpi]]:
    """KPIs by their area's id."""
    members: dict[str, list[Kpi]] = defaultdict(list)
    for kpi in scored:
        members[kpi.kra].append(kpi)
    return members


def area_score(
    members: Iterable[Kpi], points: Mapping[str, float | None], errors: Mapping[str, float]
) -> AreaScore:
    """Score the KPIs of one area that count; arguments as for `overall`."""
    total = earned = weight = spread = 0.0
    for kpi in members:
        total += kpi.weight
        got = points.get(kpi.id)
        if got is not None:
            earned += kpi.weight * got
            weight += kpi.weight
            spread += (kpi.weight * errors.get(kpi.id, 0.0)) ** 2
    coverage = weight / total
    if coverage < LEAST_AREA_COVERAGE:
        return AreaScore(None, coverage, 0.0)
    return AreaScore(earned / weight, coverage, spread / weight**2)


def combined(kras: Iterable[Kra], areas: Mapping[str, AreaScore]) -> Overall:
    """The overall of the areas that apply, which it lists in the order of all areas.

    Args:
        kras: All areas with their weights.
        areas: The scores of those that apply, by id.
    """
    listed: dict[str, AreaScore] = {}
    applying = covered = earned = weight = variance = 0.0
    for kra in kras:
        area = areas.get(kra.id)
        if area is None:
            continue
        listed[kra.id] = area
        applying += kra.weight
        covered += kra.weight * area.coverage
        if area.score is not None:
            earned += kra.weight * area.score
            weight += kra.weight
            variance += kra.weight**2 * area.variance
    coverage = covered / applying if applying else 0.0
    defined = weight > 0 and coverage >= LEAST_OVERALL_COVERAGE
    score, error = (earned / weight, sqrt(variance) / weight) if defined else (None, None)
    return Overall(score, coverage, listed, error)


def weights(
    kras: Iterable[Kra], scored: Iterable[Kpi], points: Mapping[str, float | None]
) -> dict[str, float]:
    """The share of the overall that each KPI with points makes; they sum to 1, or are none.

    Args:
        kras: The areas with their weights.
        scored: The KPIs that count at this level and window.
        points: Points by KPI id; None or absent where there are none.
    """
    kpis = list(scored)
    areas = overall(kras, kpis, points).areas
    present = {kra for kra, area in areas.items() if area.score is not None}
    counted = {kra.id: kra.weight for kra in kras if kra.id in present and kra.weight}
    with_points = [kpi for kpi in kpis if points.get(kpi.id) is not None and kpi.kra in counted]
    inside: dict[str, int] = defaultdict(int)
    for kpi in with_points:
        inside[kpi.kra] += kpi.weight
    whole = sum(counted.values())
    return {kpi.id: counted[kpi.kra] / whole * kpi.weight / inside[kpi.kra] for kpi in with_points}
