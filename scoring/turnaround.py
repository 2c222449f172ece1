"""Turnaround: how long inquiries wait for their answer, and whether that gets shorter."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from scoring import slots
from scoring.formulas import ratio
from scoring.kpi import Reading
from scoring.points import AT_TARGET
from scoring.sketch import quantile
from scoring.slots import add
from scoring.upward import there

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scoring.kpi import Formula, Scene
    from scoring.measures import Measures
    from scoring.slots import Vector

#: Milliseconds, as turnaround is kept, in one.
MINUTE = 60_000
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
        now, n = _sum(scene, scene.now)
        before, cases = _sum(scene, scene.previous) if scene.previous is not None else (0, 0)
        bins = _bins(scene)
        return Reading(
            _reduction(before * n, now * cases) if n and cases else None,
            n=n,
            companions={
                "mean": ratio(now, n * MINUTE),
                "p50": _minutes(quantile(bins, _MEDIAN)),
                "p90": _minutes(quantile(bins, _NINE_OF_TEN)),
            },
            least_points=AT_TARGET if now <= sla_minutes * MINUTE * n else 0.0,
        )

    return formula


def _sum(scene: Scene, measures: Measures) -> tuple[int, int]:
    longer = _of_his_branches(scene, measures.by_member(slots.TURNAROUND_THERE))
    time = measures.total(slots.TURNAROUND) + sum(n for _, n in longer)
    return time, measures.total(slots.ANSWERED)


def _bins(scene: Scene) -> dict[int, int]:
    bins = scene.now.by_key(slots.TURNAROUND_BY_BIN)
    moved = scene.now.by_member(slots.TURNAROUND_THERE_BY_BIN)
    for number, n in _of_his_branches(scene, moved):
        add(bins, {number: n})
    return {int(number): n for number, n in bins.items()}


def _of_his_branches(scene: Scene, differences: Vector) -> Iterator[tuple[str, int]]:
    """The differences that the calendars of an executive's branches make; parents have none."""
    executive = scene.entity.partition(":")[2]
    for member, n in differences.items():
        (branch, day), number = there(member)
        if scene.reference.placement(executive, day).branch == branch:
            yield number, n


def _reduction(before: int, now: int) -> float:
    return (before - now) / max(before, now) if before or now else 0.0


def _minutes(milliseconds: float | None) -> float | None:
    return milliseconds / MINUTE if milliseconds is not None else None
