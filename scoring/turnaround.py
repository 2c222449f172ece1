"""Turnaround: how long inquiries wait for their answer, and whether that gets shorter."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from scoring import slots
from scoring.formulas import ratio
from scoring.kpi import Reading
from scoring.points import AT_TARGET
from scoring.sketch import quantile

if TYPE_CHECKING:
    from scoring.kpi import Formula, Scene
    from scoring.totals import Measures

_MINUTE = 60_000
_MEDIAN = Fraction(1, 2)
_NINE_OF_TEN = Fraction(9, 10)


def turnaround_reduction(sla_minutes: int) -> Formula:
    """How much shorter the mean turnaround is than in the window before.

    With means m now and p before: (p - m) / max(p, m), in integers over both denominators.

    Args:
        sla_minutes: Mean turnaround, business minutes, that is good enough without becoming
            shorter: within it the KPI gets the points of a target that is met.
    """

    def formula(scene: Scene) -> Reading:
        now, n = _sum(scene.now)
        before, cases = _sum(scene.previous) if scene.previous is not None else (0, 0)
        bins = {int(k): c for k, c in scene.now.by_key(slots.TURNAROUND_BY_BIN).items()}
        return Reading(
            _reduction(before * n, now * cases) if n and cases else None,
            n=n,
            companions={
                "mean": ratio(now, n * _MINUTE),
                "p50": _minutes(quantile(bins, _MEDIAN)),
                "p90": _minutes(quantile(bins, _NINE_OF_TEN)),
            },
            least_points=AT_TARGET if now <= sla_minutes * _MINUTE * n else 0.0,
        )

    return formula


def _sum(measures: Measures) -> tuple[int, int]:
    return measures.total(slots.TURNAROUND), measures.total(slots.ANSWERED)


def _reduction(before: int, now: int) -> float:
    return (before - now) / max(before, now) if before or now else 0.0


def _minutes(milliseconds: float | None) -> float | None:
    return milliseconds / _MINUTE if milliseconds is not None else None
