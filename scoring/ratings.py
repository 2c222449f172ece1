"""Formulas over what people answered, and over tests and checks that they passed or not.

Like the others: sums are exact, and the one division at the end gives the closest float.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from scoring import slots
from scoring.formulas import ratio
from scoring.kpi import Judged, Reading

if TYPE_CHECKING:
    from scoring.kpi import Formula, Scene


def net_promoters(scene: Scene) -> Reading:
    """Promoters less detractors per 100 responses."""
    n = scene.now.total(slots.NPS)
    net = scene.now.total(slots.PROMOTERS) - scene.now.total(slots.DETRACTORS)
    return Reading(ratio(100 * net, n), net, n, n)


def mean_stars(measure: str) -> Formula:
    """Mean of responses of 1 to 5 stars."""

    def formula(scene: Scene) -> Reading:
        counts = scene.now.by_key(measure)
        total, n = sum(int(stars) * n for stars, n in counts.items()), sum(counts.values())
        return Reading(ratio(total, n), total, n, n)

    return formula


def mean_assessment(scene: Scene) -> Reading:
    """Mean percentage of the highest score; an exact fraction until the end."""
    n = scene.now.total(slots.ASSESSMENTS)
    if not n:
        return Reading(None, 0, 0, 0)
    scored = scene.now.by_key(slots.ASSESSED)
    total = sum((Fraction(100 * n, int(highest)) for highest, n in scored.items()), Fraction(0))
    return Reading(float(total / n), float(total), n, n)


def violations_avoided(scene: Scene) -> Reading:
    """Violations caught in time; judged by their share of all, for making more is no better."""
    avoided = scene.now.total(slots.VIOLATIONS_AVOIDED)
    recorded = scene.now.total(slots.VIOLATIONS_RECORDED)
    catch_rate = ratio(avoided, avoided + recorded)
    return Reading(
        avoided,
        n=avoided,
        companions={"recorded": recorded, "catch_rate": catch_rate},
        judged=Judged(catch_rate, avoided + recorded),
    )
