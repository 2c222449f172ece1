"""Accuracy of reports: how near what they state comes to what is known now.

The actual value is the reporting executive's own, so a figure is judged where his totals are;
levels above add up verdicts. A verdict is an integer, rounded once, so that sums are exact.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from scoring import slots
from scoring.figures import figure
from scoring.formulas import ratio
from scoring.kpi import Level, Reading, level_of
from scoring.periods import period_of
from scoring.windows import Days

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scoring.figures import Figure
    from scoring.kpi import Scene

#: Verdicts are counted in this part of 1.
UNIT = 10**12


class Verdict(NamedTuple):
    """The sum of some figures' accuracies, in trillionths, and their number."""

    accuracy: int
    figures: int

    @property
    def vector(self) -> slots.Vector:
        """What parents add up."""
        vector = {slots.ACCURACY: self.accuracy, slots.FIGURES_JUDGED: self.figures}
        return {slot: n for slot, n in vector.items() if n}


def report_accuracy(scene: Scene) -> Reading:
    """Mean accuracy of the figures submitted in the window's days."""
    measures = scene.totals.over(scene.days)
    if level_of(scene.entity) is Level.EXECUTIVE:
        total, n = judge(scene, measures.by_key(slots.FIGURES))
    else:
        total, n = measures.total(slots.ACCURACY), measures.total(slots.FIGURES_JUDGED)
    return Reading(ratio(total, n * UNIT), total / UNIT, n, n)


def judge(scene: Scene, counts: Mapping[str, int]) -> Verdict:
    """Judge an executive's figures; those without an actual value are left out.

    Args:
        scene: The executive's; its window does not matter.
        counts: How often each figure was stated, by key.
    """
    total = figures = 0
    for key, n in counts.items():
        stated = figure(key)
        known = actual(scene, stated)
        if known is not None:
            total += n * accuracy(stated.value, known)
            figures += n
    return Verdict(total, figures)


def actual(scene: Scene, stated: Figure) -> float | None:
    """The executive's value of the figure's KPI over all days of its period, as known now.

    None if the KPI is unknown, is not computed for executives, is this one, or is undefined.
    """
    kpi = scene.kpis.get(stated.kpi)
    if kpi is None or Level.EXECUTIVE not in kpi.levels or kpi.formula is report_accuracy:
        return None
    before, first, after = (day.toordinal() for day in period_of(stated.period))
    period = replace(scene, span=Days(first, after - 1), before=Days(before, first - 1))
    return kpi.formula(period).value


def accuracy(stated: Fraction, known: float) -> int:
    """max(0, 1 - |stated - known| / max(|known|, 1)) in trillionths, rounded half to even.

    >>> accuracy(Fraction(110_000), 100_000)
    900000000000
    """
    exact = Fraction(known)
    near = 1 - abs(stated - exact) / max(abs(exact), Fraction(1))
    return round(near * UNIT) if near > 0 else 0
