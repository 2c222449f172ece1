"""Explanation: how an overall score came about, so that its parts sum to it exactly.

An overall is a weighted mean of points, area by area. Each KPI's share of it is its points
times the weight that is left to it when what has no points is left out. Shown to a tenth,
the shares are rounded by the largest remainder, so that they sum to what is shown.
"""

from __future__ import annotations

from math import floor, sqrt
from typing import TYPE_CHECKING

import msgspec

from scoring.gate import Gate
from scoring.kpi import Level
from scoring.scorecard import weights
from scoring.windows import Window

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scoring.catalogue import Catalogue
    from scoring.kpi import Kpi
    from scoring.score import Figures, Score

_STEPS = 10
_FULL = 100.0
#: Normal quantile of a two-sided interval of 80 %.
_Z80 = 1.2815515655446004


class Interval(msgspec.Struct, frozen=True):
    """Where the true share lies, with a probability of 80 %."""

    low: float
    high: float


class Shrunk(msgspec.Struct, frozen=True):
    """That a share was held nearer to what is usual around it before it got its points.

    Attributes:
        prior: p, the parent's share without the child.
        strength: K, the cases that it is worth.
        scored_on: (x + K p) / (n + K), what gets the points.
    """

    prior: float
    strength: int
    scored_on: float


class Contribution(msgspec.Struct, frozen=True, kw_only=True):
    """What one KPI adds to an overall.

    Attributes:
        kpi: Its id.
        title: Its title.
        value: Its value.
        n: Sample size.
        interval: Of the value, if it is a share of cases.
        shrunk: What gets the points instead of the value, if it is a share that leans on others.
        target: Its target.
        points: 0 to 100; None if it has none.
        reason: Why it has no points.
        weight: Share of the overall that its points make, 0 to 1.
        contribution: What it adds, in tenths of a point exactly.
        potential: What more it would add with full points.
    """

    kpi: str
    title: str
    value: float | None
    n: int | None
    interval: Interval | None
    shrunk: Shrunk | None
    target: float | None
    points: float | None
    reason: str | None
    weight: float
    contribution: float
    potential: float


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """How an overall came about.

    Attributes:
        level: Of the entity.
        entity: Its id.
        window: Over which window.
        score: The overall, to a tenth: the sum of the contributions, and the gate's cap.
        coverage: Share of the weight that applies which had points.
        gate: The gate that caps it, if any.
        contributions: By KPI in the catalogue's order.
        lever: The KPI whose full points would move it most.
    """

    level: Level
    entity: str
    window: Window
    score: float | None
    coverage: float
    gate: Gate | None
    contributions: list[Contribution]
    lever: str | None


def explain(score: Score, catalogue: Catalogue) -> Explanation:
    """Explain a published score by the catalogue against which it was evaluated."""
    level, window = Level(score.level), Window(score.window)
    scored = [kpi for kpi in catalogue.scored[level, window] if kpi.id in score.kpis]
    points = {kpi.id: _number(score.kpis[kpi.id], "score") for kpi in scored}
    shares = weights(catalogue.kras, scored, points) if score.score is not None else {}
    exact = {kpi: share * (points[kpi] or 0.0) for kpi, share in shares.items()}
    shown = _by_largest_remainder(exact)
    found = [
        _contribution(kpi, score.kpis[kpi.id], shares.get(kpi.id, 0.0), shown.get(kpi.id, 0.0))
        for kpi in scored
    ]
    best = max(found, key=lambda each: each.potential, default=None)
    return Explanation(
        level=level,
        entity=score.entity,
        window=window,
        score=_shown(score),
        coverage=score.coverage,
        gate=score.gate,
        contributions=found,
        lever=best.kpi if best is not None and best.potential > 0 else None,
    )


def wilson(cases: int, n: int) -> Interval:
    """The 80 % interval of a share of cases.

    Source: E. B. Wilson, "Probable inference, the law of succession, and statistical
    inference", JASA 22 (1927).

    >>> round(wilson(0, 10).high, 4)
    0.1411
    """
    share, z2 = cases / n, _Z80 * _Z80
    centre = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = _Z80 * sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    # Rounding must not put the share outside.
    return Interval(min(max(centre - half, 0.0), share), max(min(centre + half, 1.0), share))


def _contribution(kpi: Kpi, figures: Figures, weight: float, shown: float) -> Contribution:
    value, target, points = (_number(figures, name) for name in ("value", "target", "score"))
    n = figures["n"]
    cases, denominator = figures["numerator"], figures["denominator"]
    is_share = kpi.is_share and isinstance(cases, int) and isinstance(denominator, int)
    return Contribution(
        kpi=kpi.id,
        title=kpi.title,
        value=value,
        n=n if isinstance(n, int) else None,
        interval=wilson(cases, denominator) if is_share and denominator else None,  # type: ignore[arg-type]
        shrunk=_shrunk(kpi, figures),
        target=target,
        points=points,
        reason=_reason(kpi, value, n, points),
        weight=weight,
        contribution=shown,
        potential=weight * (_FULL - points) if points is not None else 0.0,
    )


def _shrunk(kpi: Kpi, figures: Figures) -> Shrunk | None:
    if kpi.prior is None:
        return None
    prior, scored_on = (_number(figures, name) for name in ("prior", "scored_on"))
    if prior is None or scored_on is None:
        return None
    return Shrunk(prior, kpi.prior.strength, scored_on)


def _reason(kpi: Kpi, value: float | None, n: object, points: float | None) -> str | None:
    if points is not None:
        return None
    if value is None:
        return "undefined: there are no cases"
    if isinstance(n, int) and n < kpi.least_n:
        return f"too few cases: {n}, at least {kpi.least_n} are needed"
    return "no target is set"


def _shown(score: Score) -> float | None:
    return round(score.score, 1) if score.score is not None else None


def _by_largest_remainder(exact: Mapping[str, float]) -> dict[str, float]:
    """Round to tenths so that the sum is the rounded sum."""
    floors = {kpi: floor(value * _STEPS) for kpi, value in exact.items()}
    missing = round(sum(exact.values()) * _STEPS) - sum(floors.values())
    by_remainder = sorted(floors, key=lambda kpi: floors[kpi] - exact[kpi] * _STEPS)
    for kpi in by_remainder[:missing]:
        floors[kpi] += 1
    return {kpi: steps / _STEPS for kpi, steps in floors.items()}


def _number(figures: Figures, name: str) -> float | None:
    value = figures.get(name)
    return float(value) if isinstance(value, int | float) else None
