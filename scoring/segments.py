"""Emerging segments: those whose share of the leads rose by more than chance explains."""

from __future__ import annotations

from math import copysign, erfc, sqrt
from typing import TYPE_CHECKING

from scoring import slots
from scoring.kpi import Reading

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scoring.kpi import Part, Scene

#: Leads that a segment needs in the window to be tested.
LEAST_LEADS = 30
#: Of the segments that are said to emerge, the share that by chance do not: Benjamini, Y. and
#: Hochberg, Y. (1995), "Controlling the false discovery rate", J. R. Stat. Soc. B 57, 289-300.
FALSE_DISCOVERIES = 0.05


def emerging_segments(scene: Scene) -> Reading:
    """How many segments emerge against the window before; with every segment's figures.

    `n` is the number of leads with a segment. Undefined if the window before has none or no
    segment has enough to be tested.
    """
    now = scene.totals.over(scene.days).by_key(slots.LEADS_BY_SEGMENT)
    before = scene.previous.by_key(slots.LEADS_BY_SEGMENT) if scene.previous is not None else {}
    total, total_before = sum(now.values()), sum(before.values())
    chances = _chances(now, before)
    found = emerging(chances)
    breakdown: dict[str, Part] = {
        segment: {
            "leads": n,
            "share": n / total,
            "previous_share": before.get(segment, 0) / total_before if total_before else None,
            "p": chances.get(segment),
            "emerging": segment in found,
        }
        for segment, n in sorted(now.items())
    }
    return Reading(len(found) if chances else None, n=total, breakdown=breakdown)


def emerging(chances: Mapping[str, float]) -> set[str]:
    """Benjamini and Hochberg's choice: the k smallest p, k the largest i with p(i) <= 5 % i / m.

    >>> emerging({"a": 0.04, "b": 0.03, "c": 0.9})
    set()
    >>> sorted(emerging({"a": 0.04, "b": 0.03}))
    ['a', 'b']
    """
    order = sorted(chances, key=lambda segment: chances[segment])
    passing = [
        i
        for i, segment in enumerate(order, start=1)
        if chances[segment] <= FALSE_DISCOVERIES * i / len(order)
    ]
    return set(order[: max(passing, default=0)])


def chance_of_rise(now: int, of: int, before: int, of_before: int) -> float:
    """How likely such a rise is by chance: p of a pooled one-sided two-proportion z-test.

    z^2 is a quotient of integers, so p is as exact as the square root and `erfc`: a few units
    in the last place. 0.5 where the standard error is 0.

    >>> chance_of_rise(30, 100, 30, 100)
    0.5
    >>> round(chance_of_rise(40, 100, 30, 100), 4)
    0.0691
    """
    rise = now * of_before - before * of
    cases, others = now + before, of + of_before - now - before
    if not (cases and others):
        return 0.5
    # z = (now / of - before / of_before) / sqrt(p (1 - p) (1 / of + 1 / of_before)), squared.
    z_squared = rise * rise * (of + of_before) / (of * of_before * cases * others)
    return erfc(copysign(sqrt(z_squared / 2), rise)) / 2


def _chances(now: Mapping[str, int], before: Mapping[str, int]) -> dict[str, float]:
    of, of_before = sum(now.values()), sum(before.values())
    if not of_before:
        return {}
    return {
        segment: chance_of_rise(n, of, before.get(segment, 0), of_before)
        for segment, n in now.items()
        if n >= LEAST_LEADS
    }
