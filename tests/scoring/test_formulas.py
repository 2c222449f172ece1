"""Every KPI of the catalogue on a scene small enough to work out by hand."""

from __future__ import annotations

from datetime import date
from math import isclose
from typing import TYPE_CHECKING

import pytest

from scoring.calendar import PaneAt
from scoring.catalogue import BUILT_IN
from scoring.kpi import Scene
from scoring.targets import Targets
from scoring.totals import Totals
from scoring.windows import DAILY, Days, Panes
from tests.scoring.making import reference

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scoring.kpi import Reading
    from scoring.reference import Reference
    from scoring.windows import Span

TODAY = date(2026, 3, 10).toordinal()
WEEK = Days(TODAY - 6, TODAY)
BEFORE = WEEK.back(7)
#: With 14 days of maturity the cohort of the week was created 15 days before.
COHORT = WEEK.back(15)
CAMPAIGNS = {"CMP-1": True, "CMP-2": True, "CMP-3": False}
Filling = tuple[int, dict[str, int]]


def read(kpi: str, *filled: Filling, span: Span = WEEK, before: Span = BEFORE) -> Reading:
    """What a KPI answers after (day, slots) were added in the first pane of each day."""
    totals = Totals()
    for day, slots in filled:
        totals.add(day, {0: slots})
    known = reference(campaigns=CAMPAIGNS)
    return BUILT_IN.by_id[kpi].formula(scene(totals, span, before, known))


def scene(totals: Totals, span: Span, before: Span | None, known: Reference) -> Scene:
    return Scene("executive:E-1", totals, span, before, TODAY, 14, known, Targets(known))


def on_edges(span: Days, slots: dict[str, int]) -> list[Filling]:
    """The slots on a span's first and last day, and a thousandfold just outside."""
    outside = {slot: 1000 * n for slot, n in slots.items()}
    return [
        (span.first - 1, outside),
        (span.first, slots),
        (span.last, slots),
        (span.last + 1, outside),
    ]


def cohort_companions(reading: Reading) -> Mapping[str, object]:
    assert reading.companions == {"cohort_start": "2026-02-17", "cohort_end": "2026-02-23"}
    return reading.companions


def test_qualified_leads() -> None:
    reading = read("lead_generation.qualified_leads", *on_edges(WEEK, {"qualified": 2}))
    assert (reading.value, reading.n) == (4, 4)


def test_cohort_conversion() -> None:
    filled = on_edges(COHORT, {"leads": 8, "converted": 1})
    reading = read("lead_generation.conversion_rate", *filled)
    assert reading.value == 2 / 16
    assert (reading.numerator, reading.denominator, reading.n) == (2, 16, 16)
    assert cohort_companions(reading)


def test_channel_effectiveness() -> None:
    web = {"leads": 3, "leads.channel|web": 3, "matured_amount.channel|web": 60_000}
    email = {"leads": 1, "leads.channel|email": 1}
    reading = read(
        "lead_generation.channel_effectiveness",
        *on_edges(COHORT, web),
        (COHORT.first + 1, email),
    )
    assert (reading.value, reading.numerator, reading.denominator) == (1200 / 7, 1200, 7)
    assert reading.breakdown == {
        "email": {"leads": 1, "amount": 0, "per_lead": 0, "index": 0},
        "web": {"leads": 6, "amount": 1200, "per_lead": 200, "index": 7 / 6},
    }
    assert cohort_companions(reading)


def test_channels_without_any_amount_have_no_index() -> None:
    filled = (COHORT.first, {"leads": 1, "leads.channel|web": 1})
    reading = read("lead_generation.channel_effectiveness", filled)
    assert reading.value == 0
    assert reading.breakdown == {"web": {"leads": 1, "amount": 0, "per_lead": 0, "index": None}}


def test_sales_volume() -> None:
    reading = read("sales_targets.sales_volume", *on_edges(WEEK, {"volume": 1999, "loans": 1}))
    assert (reading.value, reading.n) == (39.98, 2)


def test_period_conversion_may_pass_one() -> None:
    filled = on_edges(WEEK, {"loans": 3, "leads": 2})
    reading = read("sales_targets.conversion_rate", *filled)
    assert (reading.value, reading.numerator, reading.denominator, reading.n) == (1.5, 6, 4, 4)


def test_average_deal_size() -> None:
    reading = read("sales_targets.average_deal_size", *on_edges(WEEK, {"loans": 3, "volume": 1000}))
    assert (reading.value, reading.numerator, reading.n) == (20 / 6, 20, 6)


def test_repeat_customers_are_distinct() -> None:
    reading = read(
        "sales_targets.repeat_customers",
        (WEEK.first - 1, {"repeat#C-0": 1}),
        (WEEK.first, {"repeat#C-1": 1, "repeat#C-2": 1}),
        (WEEK.last, {"repeat#C-1": 2}),
    )
    assert (reading.value, reading.n) == (2, 2)


def test_sales_trend() -> None:
    # Volumes 0, 1, ..., 5 on the six days before today: slope 1, mean 2.5.
    filled = [(WEEK.first + day, {"volume": day}) for day in range(1, 6)]
    reading = read("reporting.sales_trend", *filled, (TODAY, {"volume": 10**6}))
    assert reading.value is not None
    assert isclose(reading.value, 7 * 1 / 2.5)
    assert reading.n == 6


def test_a_steady_trend_is_zero_and_a_falling_one_negative() -> None:
    steady = [(WEEK.first + day, {"volume": 5}) for day in range(6)]
    assert read("reporting.sales_trend", *steady).value == 0
    falling = read("reporting.sales_trend", (WEEK.first, {"volume": 5})).value
    assert falling is not None
    assert falling < 0


@pytest.mark.parametrize(("length", "defined"), [(1, False), (3, False), (4, True)])
def test_a_trend_needs_three_days_before_today(length: int, *, defined: bool) -> None:
    span = Days(TODAY - length + 1, TODAY)
    reading = read("reporting.sales_trend", (span.first, {"volume": 5}), span=span)
    assert (reading.value is not None) is defined
    assert reading.n == length - 1


def test_a_trend_of_a_window_in_the_past_takes_all_of_its_days() -> None:
    filled = [(BEFORE.first + day, {"volume": 1 + day}) for day in range(7)]
    assert read("reporting.sales_trend", *filled, span=BEFORE).n == 7


def test_digital_leads() -> None:
    leads = {"leads.campaign|CMP-1": 2, "leads.campaign|CMP-3": 9, "leads.campaign|CMP-9": 9}
    reading = read("campaigns.digital_leads", *on_edges(WEEK, leads))
    assert (reading.value, reading.n) == (4, 4)
    assert reading.breakdown == {"CMP-1": {"leads": 4}}


def test_digital_conversion() -> None:
    slots = {f"leads.campaign|CMP-{n}": 2 for n in (1, 2, 3)}
    slots |= {"converted.campaign|CMP-1": 1, "converted.campaign|CMP-3": 2}
    reading = read("campaigns.digital_conversion", *on_edges(COHORT, slots))
    assert (reading.value, reading.numerator, reading.denominator, reading.n) == (0.25, 2, 8, 8)
    assert reading.breakdown == {
        "CMP-1": {"leads": 4, "converted": 2, "rate": 0.5},
        "CMP-2": {"leads": 4, "converted": 0, "rate": 0},
    }
    assert cohort_companions(reading)


def test_cost_per_lead() -> None:
    slots = {"campaign_spend|CMP-1": 500, "campaign_leads|CMP-1": 2, "campaign_spend|CMP-2": 100}
    slots |= {"campaign_spend|CMP-3": 999, "campaign_leads|CMP-3": 1}
    reading = read("campaigns.cost_per_lead", *on_edges(WEEK, slots))
    assert (reading.value, reading.numerator, reading.denominator, reading.n) == (3, 12, 4, 4)
    assert reading.breakdown == {
        "CMP-1": {"leads": 4, "spent": 10, "per_lead": 2.5},
        "CMP-2": {"leads": 0, "spent": 2, "per_lead": None},
    }


@pytest.mark.parametrize(("now", "value"), [(6, 0.5), (4, 0), (1, -0.75), (0, -1)])
def test_lead_growth(now: int, value: float) -> None:
    reading = read(
        "campaigns.lead_growth", (BEFORE.last, {"leads": 4}), (WEEK.first, {"leads": now})
    )
    assert (reading.value, reading.n) == (value, 4)


def test_growth_of_a_window_with_none_before_is_undefined() -> None:
    totals = Totals()
    totals.add(TODAY, {0: {"leads": 1}})
    formula = BUILT_IN.by_id["campaigns.lead_growth"].formula
    assert formula(scene(totals, WEEK, None, reference())).value is None


def test_windows_within_a_day_count_panes() -> None:
    span = Panes(hourly=False, panes=(PaneAt(TODAY, 0),))
    filled = [(TODAY, {"leads": 2, "loans": 1, "repeat#C": 1}), (TODAY - 1, {"leads": 9})]
    assert read("sales_targets.conversion_rate", *filled, span=span).value == 0.5
    assert read("sales_targets.repeat_customers", *filled, span=span).value == 1


ZERO = {
    "lead_generation.qualified_leads",
    "sales_targets.sales_volume",
    "sales_targets.repeat_customers",
    "compliance.violations_avoided",
    "compliance.training_hours",
    "cross_selling.training_hours",
    "development.readings",
    "collaboration.joint_initiatives",
    "crm.referrals",
    "cross_selling.revenue",
    "campaigns.digital_leads",
}


@pytest.mark.parametrize("kpi", [kpi.id for kpi in BUILT_IN.kpis])
def test_over_nothing_counts_are_zero_and_the_rest_undefined(kpi: str) -> None:
    reading = read(kpi)
    assert reading.value == (0 if kpi in ZERO else None)
    assert not reading.breakdown


@pytest.mark.parametrize("kpi", [kpi for kpi in BUILT_IN.kpis if kpi.windows == DAILY])
def test_kpis_of_days_say_so_where_there_are_none(kpi: object) -> None:
    identity: str = kpi.id  # type: ignore[attr-defined]
    with pytest.raises(TypeError, match="restrict its `windows` to DAILY"):
        read(identity, span=Panes(hourly=True, panes=()))
