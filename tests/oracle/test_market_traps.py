"""The traps of the market, targets and reports, worked out by hand."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from math import erfc, isclose, sqrt
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from .reports import period_days, period_spans
from .stories import AS_OF, Ask, Stories, ratio
from .windows import Days

if TYPE_CHECKING:
    from .generator import Event

SHARE = "market.share"
PREFERENCES = "market.customer_preferences"
EMERGING = "market.emerging_segments"
INSIGHTS = "market.insight_utilisation"
ACCURACY = "reporting.accuracy"
ATTAINMENT = "reporting.target_attainment"
TEAMWORK = "collaboration.team_vs_individual"
VOLUME = "sales_targets.sales_volume"
COMPANY = ("company", "company")


def target(
    make: Stories, entity: str, period: str, value: float, time: str = "02T09:00:00"
) -> Event:
    return make("target.set", time, entity=entity, kpi=VOLUME, period=period, value=value)


def size(make: Stories, period: str, amount: float, **more: object) -> Event:
    data: Event = {"period": period, "amount": amount, "currency": "INR", **more}
    return make.event("market.sized", "02T09:00:00", data)


def test_preferences_stated_and_how_evenly_they_spread(ask: Ask, make: Stories) -> None:
    found = ask(
        make.lead("L-1", "10T10:00:00", preferences={"purpose": "travel", "colour": "blue"}),
        make.lead("L-2", "10T10:00:00", preferences={"purpose": "medical", "tenure": "24m"}),
        make.lead("L-3", "10T10:00:00", preferences={"purpose": None, "tenure": "24m"}),
        make.lead("L-4", "10T10:00:00", preferences={"colour": "blue"}),
        make.lead("L-5", "10T10:00:00", preferences={"purpose": 7}),
    )
    item = found[PREFERENCES, *COMPANY, "month"]
    assert item.value == 0.75
    assert item.denominator == 4
    assert item.breakdown == {
        "purpose": {"counts.travel": 1, "counts.medical": 1, "top": "medical", "entropy": 1},
        "tenure": {"counts.24m": 2, "top": "24m", "entropy": 0},
    }


def leads(make: Stories, segment: str, day: str, count: int) -> list[Event]:
    return [
        make.lead(f"{segment}-{day}-{number}", f"{day}T10:00:00", segment=segment)
        for number in range(count)
    ]


def test_a_segment_emerges_when_its_share_has_grown(ask: Ask, make: Stories) -> None:
    found = ask(
        make.placed("E-1", "2026-01-01", "T-1"),
        *leads(make, "new", "24", 40),
        *leads(make, "old", "24", 30),
        *leads(make, "rare", "24", 29),
        *leads(make, "new", "17", 3),
        *leads(make, "old", "17", 20),
        make.lead("L-1", "17T10:00:00"),
    )
    item = found[EMERGING, *COMPANY, "7d"]
    assert (item.value, item.denominator, item.previous) == (1, None, None)
    assert found[EMERGING, "team", "T-1", "7d"].value == 1
    assert found[EMERGING, *COMPANY, "month"].value is None
    assert (EMERGING, "executive", "E-1", "7d") not in found
    pooled = 43 / 122
    z = (40 / 99 - 3 / 23) / sqrt(pooled * (1 - pooled) * (1 / 99 + 1 / 23))
    new = item.breakdown["new"]
    assert new["leads"] == 40
    assert (new["share"], new["previous_share"]) == (Fraction(40, 99), Fraction(3, 23))
    p = new["p"]
    assert isinstance(p, Fraction)
    assert isclose(p, erfc(z / sqrt(2)) / 2, rel_tol=1e-12)
    assert item.breakdown["rare"]["p"] is None
    assert item.breakdown["rare"]["emerging"] == 0


def test_the_same_leads_everywhere_have_no_error_to_judge_by(ask: Ask, make: Stories) -> None:
    found = ask(*leads(make, "only", "24", 30), *leads(make, "only", "17", 1))
    item = found[EMERGING, *COMPANY, "7d"]
    assert item.value == 0
    assert item.breakdown["only"]["p"] == Fraction(1, 2)


def test_segments_are_judged_together(ask: Ask, make: Stories) -> None:
    # b's p is above 0.05 / 2, and emerges as the second of two whose p is below 0.05.
    found = ask(
        *leads(make, "a", "24", 60),
        *leads(make, "a", "17", 30),
        *leads(make, "b", "24", 60),
        *leads(make, "b", "17", 55),
        *leads(make, "c", "24", 20),
        *leads(make, "c", "17", 80),
    )
    segments = found[EMERGING, *COMPANY, "7d"].breakdown
    assert {name: figures["emerging"] for name, figures in segments.items()} == {
        "a": 1,
        "b": 1,
        "c": 0,
    }
    p = segments["b"]["p"]
    assert isinstance(p, Fraction)
    assert 0.025 < p < 0.05


def test_the_month_beats_the_quarter_and_each_day_needs_a_size(ask: Ask, make: Stories) -> None:
    found = ask(
        make.placed("E-1", "2026-01-01", "T-1"),
        make.placed("E-0", "2026-01-01", "T-1", "B-2"),
        make.sale("LN-1", "24T10:00:00", 600),
        size(make, "2026-Q1", 900),
        size(make, "2026-03", 3100),
        size(make, "2026-03", 6200) | {"time": "2026-03-01T00:00:00+05:30"},
        size(make, "2026-03", 310, branch_id="B-1"),
        size(make, "2026-03", 93, branch_id="B-2"),
    )
    assert found[SHARE, *COMPANY, "7d"].value == 600 / 700
    # 59 days before March of 10 a day each, and 24 of 100.
    assert found[SHARE, *COMPANY, "quarter"].denominator == 59 * 10 + 24 * 100
    assert found[SHARE, "branch", "B-1", "7d"].value == 600 / 70
    assert found[SHARE, "branch", "B-1", "quarter"].value is None
    assert found[SHARE, "executive", "E-1", "7d"].value == 600 / 70
    # The member with the lowest id is in the other branch.
    assert found[SHARE, "team", "T-1", "7d"].value == 600 / 21
    assert found[SHARE, *COMPANY, "quarter"].previous is None


def test_targets_spread_over_business_days_and_the_shortest_period_rules(
    ask: Ask, make: Stories
) -> None:
    found = ask(
        make.sale("LN-1", "24T10:00:00", 100),
        target(make, "executive:E-1", "2026-03", 22),
        target(make, "executive:E-1", "2026-03", 2200, "01T09:00:00"),
        target(make, "executive:E-1", "2026-Q1", 640),
        target(make, "executive:E-1", "2026", 1),
    )
    # 42 business days before March of 10, then 17 of 1 up to the 24th.
    item = found[ATTAINMENT, "executive", "E-1", "quarter"]
    assert item.denominator == 42 * 10 + 17
    assert found[ATTAINMENT, "executive", "E-1", "month"].denominator == 17
    assert found[ATTAINMENT, "executive", "E-1", "7d"].denominator == 5
    assert found[ATTAINMENT, *COMPANY, "7d"].value == 20
    assert found[ATTAINMENT, "team", "unplaced", "7d"].value == 20


def test_a_day_without_a_target_of_its_own_has_its_members(ask: Ask, make: Stories) -> None:
    found = ask(
        make.placed("E-1", "2026-01-01", "T-1"),
        make.placed("E-1", "2026-03-23", "T-2"),
        make.placed("E-2", "2026-01-01", "T-1"),
        make.sale("LN-1", "24T10:00:00", 100),
        make.sale("LN-2", "20T10:00:00", 10),
        target(make, "executive:E-1", "2026-03", 22),
        target(make, "executive:E-2", "2026-03", 44),
        target(make, "team:T-2", "2026-Q1", 64 * 5),
    )
    # Of the five business days from the 18th on E-1 spent three in T-1 and two in T-2.
    due = {
        (kpi, entity): found[kpi, level, entity, "7d"].denominator
        for kpi in (ATTAINMENT, TEAMWORK)
        for level, entity in (("team", "T-1"), ("team", "T-2"), ("branch", "B-1"), COMPANY)
    }
    assert due == {
        (ATTAINMENT, "T-1"): 13,
        (ATTAINMENT, "T-2"): 25,
        (ATTAINMENT, "B-1"): 15,
        (ATTAINMENT, "company"): 15,
        (TEAMWORK, "T-1"): 13,
        (TEAMWORK, "T-2"): 2,
        (TEAMWORK, "B-1"): 15,
        (TEAMWORK, "company"): 15,
    }
    shown = found[TEAMWORK, "executive", "E-1", "7d"]
    assert shown.value == 50
    assert shown.numerator == 100
    assert found[TEAMWORK, "executive", "E-2", "7d"].numerator == 10
    assert found[ATTAINMENT, "executive", "E-2", "7d"].value == 0


def test_a_weekend_has_no_target(ask: Ask, make: Stories) -> None:
    sunday = AS_OF.replace(day=1)
    found = ask(
        make.sale("LN-1", "01T10:00:00", 100),
        target(make, "executive:E-1", "2026-03", 22),
        as_of=sunday,
    )
    assert found[ATTAINMENT, "executive", "E-1", "month"].value is None
    assert found[ATTAINMENT, "executive", "E-1", "week"].value is None


def test_insights_count_while_they_are_open(ask: Ask, make: Stories) -> None:
    def recorded(name: str, time: str, expires: str | None = None) -> Event:
        until = {} if expires is None else {"expires_at": f"2026-03-{expires}+05:30"}
        return make("insight.recorded", time, insight_id=name, executive_id="E-1", **until)

    def applied(name: str, time: str, executive: str) -> Event:
        return make("insight.applied", time, insight_id=name, executive_id=executive)

    found = ask(
        recorded("I-1", "24T23:59:59.999"),  # within as-of's day
        recorded("I-2", "01T10:00:00", "18T00:00:00"),  # over as the week begins
        recorded("I-3", "01T10:00:00", "18T00:00:00.001"),
        recorded("I-4", "25T00:00:00"),
        recorded("I-4", "26T00:00:00", "26T00:00:00"),
        applied("I-1", "20T10:00:00", "E-1"),
        applied("I-1", "21T10:00:00", "E-2"),
        applied("I-2", "20T10:00:00", "E-1"),
        applied("I-3", "20T10:00:00", "E-2"),
        applied("I-3", "20T11:00:00", "E-2"),
        applied("I-4", "20T10:00:00", "E-1"),
        applied("I-5", "20T10:00:00", "E-1"),
    )
    assert {
        key[1:3]: ratio(item)
        for key, item in found.items()
        if key[0] == INSIGHTS and key[3] == "7d"
    } == {
        COMPANY: (2, 2),
        ("executive", "E-1"): (1, 2),
        ("executive", "E-2"): (2, 2),
        ("team", "unplaced"): (2, 2),
        ("branch", "unplaced"): (2, 2),
    }


def report(
    make: Stories, period: str, figures: dict[str, float], time: str = "24T10:00:00"
) -> Event:
    return make(
        "report.submitted",
        time,
        report_id=f"R-{make.count}",
        executive_id="E-1",
        period=period,
        figures=figures,
    )


def test_figures_are_judged_by_the_executives_own_values(ask: Ask, make: Stories) -> None:
    found = ask(
        make.sale("LN-1", "16T00:00:00", 300),
        make.sale("LN-2", "23T00:00:00", 1000),
        make.sale("LN-3", "22T10:00:00", 7, executive="E-2"),
        report(make, "2026-W12", {VOLUME: 200, "market.weather": 3, EMERGING: 1, ACCURACY: 1}),
        report(make, "2026-03-23", {VOLUME: 3000, "campaigns.cost_per_lead": 0}),
        report(make, "2026-Q1", {"crm.referrals": 0.25, "sales_targets.conversion_rate": 2}),
    )
    item = found[ACCURACY, "executive", "E-1", "week"]
    third = round(Fraction(2, 3) * 10**12)
    assert ratio(item) == (Fraction(third, 10**12) + 0 + Fraction(3, 4), 3)
    assert item.n == 3
    assert found[ACCURACY, "executive", "E-2", "week"].value is None
    assert found[ACCURACY, "team", "unplaced", "week"].n == 3


def test_a_report_counts_once_with_its_first_submission(ask: Ask, make: Stories) -> None:
    first = report(make, "2026-03", {VOLUME: 0}, "10T10:00:00")
    second = report(make, "2026-03", {VOLUME: 100}, "24T10:00:00")
    second["data"]["report_id"] = first["data"]["report_id"]
    found = ask(make.sale("LN-1", "20T10:00:00", 100), first, second)
    assert found[ACCURACY, *COMPANY, "month"].value == 0
    assert found[ACCURACY, *COMPANY, "7d"].value is None


def test_what_looks_back_looks_back_from_the_period(ask: Ask, make: Stories) -> None:
    trend, growth = "reporting.sales_trend", "campaigns.lead_growth"
    found = ask(
        # Of February, moved back by 15 days: one lead of two came to a loan in time.
        make.lead("L-1", "2026-01-17T00:00:00+05:30"),
        make.lead("L-2", "2026-02-13T23:59:59+05:30"),
        make.sale("LN-1", "2026-01-20T10:00:00+05:30", lead_id="L-1"),
        report(make, "2026-02", {"lead_generation.conversion_rate": 0.5, growth: 0}),
        # This week's only day that is over is the 23rd: too few for a trend.
        report(make, "2026-W13", {trend: 1}),
        # All of March before today, with a sale on the last of these days alone.
        make.sale("LN-2", "23T10:00:00", 100),
        report(make, "2026-03", {trend: 1.83}),
    )
    item = found[ACCURACY, *COMPANY, "7d"]
    # All on the last of N = 23 days: 7 * 6 / (N + 1) = 1.75.
    assert item.numerator == 1 + 1 + Fraction(round((1 - Fraction(8, 175)) * 10**12), 10**12)
    assert item.n == 3


@pytest.mark.parametrize(
    ("period", "first", "last", "before"),
    [
        ("2026-03", "2026-03-01", "2026-03-31", "2026-02-01"),
        ("2026-12", "2026-12-01", "2026-12-31", "2026-11-01"),
        ("2026-Q1", "2026-01-01", "2026-03-31", "2025-10-01"),
        ("2026-Q4", "2026-10-01", "2026-12-31", "2026-07-01"),
        ("2026-W01", "2025-12-29", "2026-01-04", "2025-12-22"),
        ("2026-W53", "2026-12-28", "2027-01-03", "2026-12-21"),
        ("2026-03-02", "2026-03-02", "2026-03-02", "2026-03-01"),
    ],
)
def test_periods_of_reports(period: str, first: str, last: str, before: str) -> None:
    assert period_days(period) == Days(date.fromisoformat(first), date.fromisoformat(last))
    now, previous = period_spans(period, ZoneInfo("Asia/Kolkata"))
    assert previous.days is not None
    assert previous.days.first == date.fromisoformat(before)
    assert previous.slot.end == now.slot.start


SOUND: dict[str, Event] = {
    "product.sold": {
        "holding_id": "H-1", "customer_id": "C-1", "executive_id": "E-1", "product": "card",
        "kind": "up_sell", "revenue": 1, "currency": "INR",
    },
    "insight.recorded": {"insight_id": "I-1", "executive_id": "E-1"},
    "market.sized": {"period": "2026-03", "amount": 3100, "currency": "INR"},
    "target.set": {"entity": "executive:E-1", "kpi": VOLUME, "period": "2026-03", "value": 100},
    "report.submitted": {
        "report_id": "R-1", "executive_id": "E-1", "period": "2026-03", "figures": {VOLUME: 1},
    },
    "demographics.targeted": {"attributes": {"city_tier": ["1"]}, "weights": {}},
}  # fmt: skip
SPOILED = (
    ("product.sold", {"kind": "gift"}),
    ("product.sold", {"revenue": -1}),
    ("insight.recorded", {"expires_at": "2026-03-10T10:00:00"}),
    ("market.sized", {"period": "2026-W12"}),
    ("target.set", {"period": "2026-13"}),
    ("target.set", {"entity": "company:B-1"}),
    ("target.set", {"value": 0.001}),
    ("report.submitted", {"period": "2025-W53"}),
    ("report.submitted", {"period": "2026"}),
    ("report.submitted", {"figures": {VOLUME: "1"}}),
    ("report.submitted", {"figures": {VOLUME: 0.001}}),
    ("demographics.targeted", {"attributes": {"city_tier": "1"}}),
    ("demographics.targeted", {"weights": {"city_tier": -1}}),
)


def test_what_is_not_of_the_contract_counts_nowhere(ask: Ask, make: Stories) -> None:
    rest = (make.lead("L-1", "24T09:00:00", city_tier="1"), make.sale("LN-1", "24T09:00:00", 1))
    without = ask(*rest)
    spoiled = [make.event(kind, "24T10:00:00", SOUND[kind] | data) for kind, data in SPOILED]
    assert ask(*rest, *spoiled) == without
    # Each counts when it is sound.
    for kind, data in SOUND.items():
        assert ask(*rest, make.event(kind, "24T10:00:00", data)) != without
