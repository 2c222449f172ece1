"""Building blocks of formulas: each takes slots and gives a function of a scene.

Sums are integers; the one division at the end is of exact integers, so a value is the
closest float to the true quotient.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import msgspec

from scoring import slots
from scoring.kpi import Part, Reading
from scoring.windows import Days

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scoring.kpi import Formula, Scene
    from scoring.measures import Measures

MINOR = 100
_LEAST_TREND_DAYS = 3
_DAYS_PER_WEEK = 7


def ratio(numerator: int, denominator: int) -> float | None:
    """The quotient, or None where the denominator is 0."""
    return numerator / denominator if denominator else None


def major(amount: int) -> float:
    """Hundredths, as money, hours and minutes are kept, in whole units."""
    return amount / MINOR


def count(slot: str) -> Formula:
    """How many; over nothing, 0."""

    def formula(scene: Scene) -> Reading:
        n = scene.now.total(slot)
        return Reading(n, n=n)

    return formula


def amount(slot: str, cases: str) -> Formula:
    """How much money, in major units; `n` is the number of cases."""

    def formula(scene: Scene) -> Reading:
        return Reading(major(scene.now.total(slot)), n=scene.now.total(cases))

    return formula


def distinct(measure: str) -> Formula:
    """How many different members."""

    def formula(scene: Scene) -> Reading:
        n = scene.now.distinct(measure)
        return Reading(n, n=n)

    return formula


def share(numerator: str, denominator: str) -> Formula:
    """Cases per case over the window."""

    def formula(scene: Scene) -> Reading:
        return _share(scene.now.total(numerator), scene.now.total(denominator))

    return formula


def mean_amount(slot: str, cases: str) -> Formula:
    """Money per case, in major units."""

    def formula(scene: Scene) -> Reading:
        total, n = scene.now.total(slot), scene.now.total(cases)
        return Reading(ratio(total, n * MINOR), major(total), n, n)

    return formula


def cohort_share(numerator: str, denominator: str) -> Formula:
    """Cases per case over the mature cohort of the window."""

    def formula(scene: Scene) -> Reading:
        cohort = scene.cohort
        reading = _share(cohort.total(numerator), cohort.total(denominator))
        return _with_cohort(reading, scene)

    return formula


def cohort_amount_by_channel(scene: Scene) -> Reading:
    """Money per lead over the mature cohort, and by channel with its index to the whole."""
    cohort = scene.cohort
    leads = cohort.total(slots.LEADS)
    amounts = cohort.by_key(slots.MATURED_AMOUNT_BY_CHANNEL)
    total = sum(amounts.values())
    breakdown: dict[str, Part] = {}
    for channel, n in sorted(cohort.by_key(slots.LEADS_BY_CHANNEL).items()):
        got = amounts.get(channel, 0)
        breakdown[channel] = {
            "leads": n,
            "amount": major(got),
            "per_lead": ratio(got, n * MINOR),
            "index": ratio(got * leads, n * total),
        }
    reading = Reading(ratio(total, leads * MINOR), major(total), leads, leads, breakdown)
    return _with_cohort(reading, scene)


def digital_count(scene: Scene) -> Reading:
    """Leads of digital campaigns, by campaign."""
    leads = _digital(scene, scene.now, slots.LEADS_BY_CAMPAIGN)
    total = sum(leads.values())
    return Reading(total, n=total, breakdown={key: {"leads": n} for key, n in leads.items()})


def digital_cohort_share(scene: Scene) -> Reading:
    """Conversion of the mature cohort of digital campaigns' leads, by campaign."""
    cohort = scene.cohort
    leads = _digital(scene, cohort, slots.LEADS_BY_CAMPAIGN)
    converted = _digital(scene, cohort, slots.CONVERTED_BY_CAMPAIGN)
    breakdown: dict[str, Part] = {
        key: {
            "leads": n,
            "converted": converted.get(key, 0),
            "rate": ratio(converted.get(key, 0), n),
        }
        for key, n in leads.items()
    }
    reading = _share(sum(converted.values()), sum(leads.values()), breakdown)
    return _with_cohort(reading, scene)


def digital_cost_per_lead(scene: Scene) -> Reading:
    """Money spent on digital campaigns per lead that they brought, by campaign."""
    leads = _digital(scene, scene.now, slots.CAMPAIGN_LEADS)
    spent = _digital(scene, scene.now, slots.CAMPAIGN_SPEND)
    breakdown: dict[str, Part] = {
        key: {
            "leads": leads.get(key, 0),
            "spent": major(spent.get(key, 0)),
            "per_lead": ratio(spent.get(key, 0), leads.get(key, 0) * MINOR),
        }
        for key in sorted({*leads, *spent})
    }
    total, n = sum(spent.values()), sum(leads.values())
    return Reading(ratio(total, n * MINOR), major(total), n, n, breakdown)


def growth(slot: str) -> Formula:
    """How much more than in the window before, as a fraction of it."""

    def formula(scene: Scene) -> Reading:
        now = scene.now.total(slot)
        previous = scene.previous
        before = previous.total(slot) if previous is not None else 0
        return Reading(ratio(now - before, before), now - before, before, before)

    return formula


def weekly_trend(slot: str) -> Formula:
    """Least-squares slope of the daily sums, per week, as a fraction of the daily mean.

    Over the window's days before today; undefined under three days or a mean of 0. With
    days i = 0..N-1 and sums y: 7 N (N Σiy - Σi Σy) / ((N Σi² - (Σi)²) Σy), in integers.
    """

    def formula(scene: Scene) -> Reading:
        days = Days(scene.days.first, min(scene.days.last, scene.today - 1))
        n = max(days.length, 0)
        daily = scene.totals.daily(slot, days)
        total = sum(daily)
        if n < _LEAST_TREND_DAYS or total <= 0:
            return Reading(None, n=n)
        sum_i, sum_ii = n * (n - 1) // 2, n * (n - 1) * (2 * n - 1) // 6
        weighted = sum(i * y for i, y in enumerate(daily))
        slope = _DAYS_PER_WEEK * n * (n * weighted - sum_i * total)
        return Reading(slope / ((n * sum_ii - sum_i * sum_i) * total), n=n)

    return formula


def _share(
    numerator: int, denominator: int, breakdown: Mapping[str, Part] | None = None
) -> Reading:
    value = ratio(numerator, denominator)
    return Reading(value, numerator, denominator, denominator, breakdown)


def _digital(scene: Scene, measures: Measures, measure: str) -> dict[str, int]:
    digital = scene.reference.digital_campaigns()
    if not digital:
        return {}
    return {key: n for key, n in sorted(measures.by_key(measure).items()) if key in digital}


def _with_cohort(reading: Reading, scene: Scene) -> Reading:
    days = scene.cohort_days
    return msgspec.structs.replace(
        reading,
        companions={
            "cohort_start": date.fromordinal(days.first).isoformat(),
            "cohort_end": date.fromordinal(days.last).isoformat(),
        },
    )
