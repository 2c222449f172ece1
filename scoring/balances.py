"""Formulas over balances: what stands at a day's end, and who left since.

A balance is a running sum of its changes by day. Executives and the company read their own
panes; teams and branches add up the books of the executives who are placed there on as-of's
day, for the whole window.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scoring import slots
from scoring.formulas import major, ratio
from scoring.kpi import Level, Part, Reading, level_of
from scoring.windows import Days

if TYPE_CHECKING:
    from scoring.calendar import Day
    from scoring.kpi import Scene
    from scoring.totals import Totals

_EVER: Day = 0


def retention(scene: Scene) -> Reading:
    """1 - lost / (active at the start - repaid), over the customers active at the start."""
    first = scene.days.first
    active = _sum(scene, slots.ACTIVE, Days(_EVER, first - 1))
    repaid, lost = (
        sum(n for since, n in _by_day(scene, measure) if since < first)
        for measure in (slots.REPAID, slots.LOST)
    )
    base = active - repaid
    return Reading(
        ratio(base - lost, base), base - lost, base, base, companions={"matured": repaid}
    )


def penetration(scene: Scene) -> Reading:
    """Of the customers with an open loan at the window's end, those with a product too."""
    upto = Days(_EVER, scene.days.last)
    both, borrowers = (_sum(scene, slot, upto) for slot in (slots.CROSS_SOLD, slots.BORROWERS))
    return Reading(ratio(both, borrowers), both, borrowers, borrowers)


def implementation(scene: Scene) -> Reading:
    """Of the techniques learned and not applied before the window, those first applied in it."""
    first, last = scene.days
    implemented = _sum(scene, slots.IMPLEMENTED, scene.days)
    waiting = _sum(scene, slots.LEARNED, Days(_EVER, last)) - _sum(
        scene, slots.APPLIED, Days(_EVER, first - 1)
    )
    late = sum(n for used, n in _by_day(scene, slots.LEARNED_LATE) if used >= first)
    due = waiting + late
    return Reading(ratio(implemented, due), implemented, due, due)


def revenue(scene: Scene) -> Reading:
    """Net revenue of products, by kind and by product; `n` is the number of products."""
    breakdown: dict[str, Part] = {}
    for name, counts, amounts in (
        ("kind", slots.PRODUCTS_BY_KIND, slots.REVENUE_BY_KIND),
        ("product", slots.PRODUCTS_BY_PRODUCT, slots.REVENUE_BY_PRODUCT),
    ):
        sums = scene.now.by_key(amounts)
        for key, n in sorted(scene.now.by_key(counts).items()):
            breakdown[f"{name}:{key}"] = {"sold": n, "revenue": major(sums.get(key, 0))}
    total, sold = scene.now.total(slots.REVENUE), scene.now.total(slots.PRODUCTS)
    return Reading(major(total), n=sold, breakdown=breakdown)


def _sum(scene: Scene, measure: str, span: Days) -> int:
    """The changes of a balance on a span of days."""
    return _balances(scene).over(span).total(measure)


def _by_day(scene: Scene, measure: str) -> list[tuple[Day, int]]:
    """What is counted in the window, by the other day that tells it apart."""
    counts = _balances(scene).over(scene.days).by_member(measure)
    return [(int(day), n) for day, n in counts.items()]


def _balances(scene: Scene) -> Totals:
    """The entity's own panes, or for a team or branch the books of those who are there."""
    if level_of(scene.entity) in (Level.TEAM, Level.BRANCH):
        return scene.totals.placed(scene.entity, scene.today, scene.reference)
    return scene.totals
