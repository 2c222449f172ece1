"""The traps of the catalogue, each in a few events whose answer is worked out by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from .stories import AS_OF, Ask, Stories

if TYPE_CHECKING:
    from .generator import Event

VOLUME = "sales_targets.sales_volume"
COHORT = "lead_generation.conversion_rate"
COST = "campaigns.cost_per_lead"
GROWTH = "campaigns.lead_growth"
COMPANY = ("company", "company")


def test_nothing_is_zero_or_undefined(ask: Ask) -> None:
    found = ask()
    assert {key[1:3] for key in found} == {COMPANY}
    assert found[VOLUME, *COMPANY, "month"].value == 0
    assert found["sales_targets.average_deal_size", *COMPANY, "month"].value is None
    assert found[GROWTH, *COMPANY, "month"].value is None
    assert found["reporting.sales_trend", *COMPANY, "month"].value is None


def test_copies_of_an_event_count_once_and_the_earliest_rules(ask: Ask, make: Stories) -> None:
    sale = make.sale("LN-1", "10T10:00:00", 100)
    later = sale | {"time": "2026-03-20T10:00:00+05:30", "data": sale["data"] | {"amount": 999}}
    found = ask(later, sale, sale)
    assert found[VOLUME, *COMPANY, "month"].value == 100
    assert found[VOLUME, *COMPANY, "7d"].value == 0


def test_a_copy_that_is_a_dead_letter_does_not_rule(ask: Ask, make: Stories) -> None:
    sale = make.sale("LN-1", "10T10:00:00", 100)
    earlier = sale | {"time": "2026-03-09T10:00:00+05:30", "data": sale["data"] | {"amount": -1}}
    assert ask(earlier, sale)[VOLUME, *COMPANY, "month"].value == 100


def test_a_subject_begins_once_and_ties_go_by_source_and_id(ask: Ask, make: Stories) -> None:
    found = ask(
        make.sale("LN-1", "10T10:00:00", 1) | {"source": "/b"},
        make.sale("LN-1", "10T10:00:00", 2) | {"source": "/a"},
        make.sale("LN-1", "10T10:00:00", 4) | {"source": "/a"},
        make.sale("LN-1", "11T10:00:00", 8) | {"source": "/Z"},
    )
    assert found[VOLUME, *COMPANY, "month"].value == 2


def test_the_executive_of_a_later_creation_is_not_the_leads(ask: Ask, make: Stories) -> None:
    found = ask(
        make.lead("L-1", "10T10:00:00", None),
        make.lead("L-1", "11T10:00:00", "E-2"),
        make("lead.assigned", "20T12:00:00", lead_id="L-1", executive_id="E-3"),
        make("lead.assigned", "20T11:00:00", lead_id="L-1", executive_id="E-1"),
        make("lead.reassigned", "09T11:00:00", lead_id="L-1", executive_id="E-4"),
        make("lead.qualified", "12T11:00:00", lead_id="L-1", executive_id="E-5"),
        make("lead.qualified", "19T11:00:00", lead_id="L-1"),
    )
    qualified = "lead_generation.qualified_leads"
    assert {
        entity: item.value
        for (kpi, level, entity, window), item in found.items()
        if (kpi, level, window) == (qualified, "executive", "month")
    } == {"E-1": 1, "E-2": 0, "E-3": 0, "E-4": 0, "E-5": 0}
    assert found[qualified, *COMPANY, "7d"].value == 0


def test_an_assignment_does_not_move_an_owned_lead(ask: Ask, make: Stories) -> None:
    found = ask(
        make.lead("L-1", "23T10:00:00", "E-1"),
        make("lead.assigned", "02T10:00:00", lead_id="L-1", executive_id="E-2"),
    )
    leads = [
        found["sales_targets.conversion_rate", "executive", executive, "7d"].denominator
        for executive in ("E-1", "E-2")
    ]
    assert leads == [1, 0]


def test_events_about_a_lead_that_never_came_wait(ask: Ask, make: Stories) -> None:
    found = ask(
        make("lead.qualified", "12T11:00:00", lead_id="L-1", executive_id="E-1"),
        make("sale.cancelled", "12T11:00:00", loan_id="LN-1"),
        make.sale("LN-2", "12T11:00:00", lead_id="L-1"),
    )
    assert found["lead_generation.qualified_leads", *COMPANY, "month"].value == 0
    assert found[VOLUME, *COMPANY, "month"].value == 100
    assert found["sales_targets.conversion_rate", *COMPANY, "month"].value is None


def test_unowned_leads_count_for_the_company_and_their_campaigns_branch(
    ask: Ask, make: Stories
) -> None:
    digital = {"channel": "web", "digital": True}
    found = ask(
        make.placed("E-1", "2026-01-01", "T-1"),
        make("campaign.defined", "23T10:00:00", campaign_id="P-1", **digital, branch_id="B-7"),
        make("campaign.defined", "23T10:00:00", campaign_id="P-2", **digital),
        make.lead("L-1", "23T10:00:00", None, campaign_id="P-1"),
        make.lead("L-2", "23T10:00:00", None, campaign_id="P-2"),
        make.lead("L-3", "23T10:00:00", None, campaign_id="P-3"),
        make.lead("L-4", "23T10:00:00", "E-1", campaign_id="P-1"),
    )
    week = {
        key[1:3]: item.value
        for key, item in found.items()
        if key[0] == "campaigns.digital_leads" and key[3] == "week"
    }
    assert week == {
        COMPANY: 3,
        ("branch", "B-7"): 1,
        ("branch", "B-1"): 1,
        ("team", "T-1"): 1,
        ("executive", "E-1"): 1,
    }
    assert found["campaigns.digital_leads", *COMPANY, "week"].breakdown == {
        "P-1": {"leads": 2},
        "P-2": {"leads": 1},
    }


def test_campaigns_are_what_they_are_known_as_now(ask: Ask, make: Stories) -> None:
    spent = {"campaign_id": "P-1", "amount": 90, "currency": "INR"}
    definition = {"campaign_id": "P-1", "channel": "web"}
    found = ask(
        make("campaign.defined", "25T10:00:00", **definition, digital=True, branch_id="B-2"),
        make("campaign.defined", "01T10:00:00", **definition, digital=False, branch_id="B-1"),
        make("campaign.spent", "10T10:00:00", spend_id="S-1", **spent),
        make("campaign.spent", "11T10:00:00", spend_id="S-1", **spent | {"amount": 7}),
        make.lead("L-1", "12T10:00:00", None, campaign_id="P-1"),
        make.lead("L-2", "12T10:00:00", "E-1", campaign_id="P-1"),
        make.lead("L-3", "12T10:00:00", "E-1"),
        make("campaign.defined", "01T10:00:00", campaign_id="P-2", channel="web", digital=False),
        make("campaign.spent", "10T10:00:00", spend_id="S-2", **spent | {"campaign_id": "P-2"}),
        make.lead("L-4", "12T10:00:00", None, campaign_id="P-2"),
    )
    month = {
        key[1:3]: item.value for key, item in found.items() if key[0] == COST and key[3] == "month"
    }
    assert month == {COMPANY: 45, ("branch", "B-2"): 45, ("branch", "unplaced"): None}
    assert found[COST, *COMPANY, "month"].breakdown["P-1"] == {
        "spent": 90,
        "leads": 2,
        "per_lead": 45,
    }


def test_a_cancelled_loan_counts_nowhere_whenever_it_was_cancelled(ask: Ask, make: Stories) -> None:
    found = ask(
        make.lead("L-1", "02T10:00:00"),
        make.sale("LN-1", "10T10:00:00", lead_id="L-1"),
        make("sale.cancelled", "09T10:00:00", loan_id="LN-1"),
        make.sale("LN-2", "12T10:00:00", 7),
    )
    assert found[VOLUME, *COMPANY, "month"].value == 7
    assert found[COHORT, *COMPANY, "month"].value == 0
    assert found["sales_targets.repeat_customers", *COMPANY, "month"].value == 0


def test_facts_belong_to_the_team_of_their_day(ask: Ask, make: Stories) -> None:
    found = ask(
        make.placed("E-1", "2026-03-05", "T-1"),
        make.placed("E-1", "2026-03-16", "T-9"),
        make.placed("E-1", "2026-03-16", "T-2", "B-2"),  # the same time: the greater id is later
        make.sale("LN-1", "04T23:59:59", 1),
        make.sale("LN-2", "05T00:00:00", 2),
        make.sale("LN-3", "15T23:59:59", 4),
        make.sale("LN-4", "16T00:00:00", 8),
    )
    month = {
        key[1:3]: item.value
        for key, item in found.items()
        if key[0] == VOLUME and key[3] == "month"
    }
    assert month == {
        COMPANY: 15,
        ("executive", "E-1"): 15,
        ("team", "unplaced"): 1,
        ("team", "T-1"): 6,
        ("team", "T-2"): 8,
        ("branch", "unplaced"): 1,
        ("branch", "B-1"): 6,
        ("branch", "B-2"): 8,
    }


def test_cohorts_belong_to_the_team_of_the_creation(ask: Ask, make: Stories) -> None:
    found = ask(
        make.placed("E-1", "2026-01-01", "T-1"),
        make.placed("E-1", "2026-03-06", "T-2"),
        make.lead("L-1", "05T10:00:00"),
        make.sale("LN-1", "10T10:00:00", 30, "E-2", lead_id="L-1"),
    )
    assert found[COHORT, "team", "T-1", "month"].value == 1
    assert found[COHORT, "team", "T-2", "month"].value is None
    effectiveness = found["lead_generation.channel_effectiveness", "executive", "E-1", "month"]
    assert effectiveness.numerator == 30
    assert effectiveness.denominator == 1


def test_full_time_is_to_the_moment_and_a_sale_before_counts(ask: Ask, make: Stories) -> None:
    found = ask(
        make.lead("L-1", "02T10:00:00", "E-1"),
        make.sale("LN-1", "16T10:00:00", lead_id="L-1"),
        make.lead("L-2", "02T10:00:00", "E-2"),
        make.sale("LN-2", "16T10:00:00.001", lead_id="L-2"),
        make.lead("L-3", "02T10:00:00", "E-3"),
        make.sale("LN-3", "2026-02-01T10:00:00+05:30", lead_id="L-3"),
        make.sale("LN-4", "15T10:00:00", lead_id="L-3"),
    )
    rates = [found[COHORT, "executive", f"E-{number}", "month"].value for number in (1, 2, 3)]
    assert rates == [1, 0, 1]
    assert found["lead_generation.channel_effectiveness", *COMPANY, "month"].value == 100


def test_the_shifted_window_ends_fifteen_days_ago(ask: Ask, make: Stories) -> None:
    found = ask(
        make.lead("L-1", "09T23:59:59"),
        make.lead("L-2", "10T00:00:00"),
        make.lead("L-3", "2026-02-14T00:00:00+05:30"),
        make.lead("L-4", "2026-02-13T23:59:59+05:30"),
    )
    assert found[COHORT, *COMPANY, "month"].denominator == 2
    assert found[COHORT, *COMPANY, "month"].n == 2
    assert found[COHORT, *COMPANY, "month"].previous is None
    assert found[COHORT, *COMPANY, "month"].previous_full == 0  # 17 January to 13 February


def test_a_shorter_full_time_moves_the_window_less(ask: Ask, make: Stories) -> None:
    lead, sale = make.lead("L-1", "10T10:00:00"), make.sale("LN-1", "17T10:00:00", lead_id="L-1")
    assert ask(lead, sale)[COHORT, *COMPANY, "month"].denominator == 0
    assert ask(lead, sale, maturity_days=7)[COHORT, *COMPANY, "month"].value == 1
    assert ask(lead, sale, maturity_days=6)[COHORT, *COMPANY, "month"].value == 0


def test_a_repeat_customer_had_a_loan_before_from_anyone(ask: Ask, make: Stories) -> None:
    repeat = "sales_targets.repeat_customers"
    found = ask(
        make.sale("LN-1", "2024-03-01T10:00:00+05:30", executive="E-2"),
        make.sale("LN-2", "10T10:00:00"),
        make.sale("LN-3", "11T10:00:00"),
        make.sale("LN-4", "10T10:00:00", customer_id="C-2"),
        make.sale("LN-5", "12T10:00:00", executive="E-3", customer_id="C-3") | {"source": "/b"},
        make.sale("LN-6", "12T10:00:00", executive="E-4", customer_id="C-3") | {"source": "/a"},
    )
    assert found[repeat, *COMPANY, "month"].value == 2
    month = [found[repeat, "executive", f"E-{number}", "month"].value for number in (1, 2, 3, 4)]
    assert month == [1, 0, 1, 0]


def test_amounts_are_exact(ask: Ask, make: Stories) -> None:
    found = ask(
        make.sale("LN-1", "10T10:00:00", 0.1),
        make.sale("LN-2", "10T11:00:00", 0.2),
        make.sale("LN-3", "10T12:00:00", 0),
        make.sale("LN-4", "17T12:00:00", 9999999999999.99),
    )
    assert found[VOLUME, *COMPANY, "month"].numerator == Fraction("10000000000000.29")
    deal = found["sales_targets.average_deal_size", *COMPANY, "month"]
    assert deal.numerator == Fraction("10000000000000.29")
    assert deal.denominator == 4
    assert deal.value == 1000000000000029 / 400


def test_the_trend_leaves_out_the_day_that_is_not_over(ask: Ask, make: Stories) -> None:
    trend = "reporting.sales_trend"
    found = ask(
        make.sale("LN-1", "22T10:00:00", 1),
        make.sale("LN-2", "23T10:00:00", 2),
        make.sale("LN-3", "24T10:00:00", 1000),
        make.sale("LN-4", "16T10:00:00", 3),
    )
    # Days 18 to 23: 0 0 0 0 1 2; slope 13/35 a day, mean 1/2.
    assert found[trend, *COMPANY, "7d"].value == pytest.approx(7 * (13 / 35) / 0.5, rel=1e-15)
    # Days 11 to 17, all seven of them: 0 0 0 0 0 3 0; slope 6/28, mean 3/7.
    assert found[trend, *COMPANY, "7d"].previous == pytest.approx(7 * (6 / 28) / (3 / 7), rel=1e-15)
    # Monday alone is over: no trend of one day. The two of the week before are too few as well.
    assert found[trend, *COMPANY, "week"].value is None
    assert found[trend, *COMPANY, "week"].previous is None
    assert found[trend, *COMPANY, "week"].previous_full is not None


def test_growth_has_no_previous(ask: Ask, make: Stories) -> None:
    found = ask(
        make.lead("L-1", "22T10:00:00"),
        make.lead("L-2", "23T10:00:00"),
        make.lead("L-3", "11T10:00:00"),
    )
    assert found[GROWTH, *COMPANY, "7d"].value == 1
    assert found[GROWTH, *COMPANY, "7d"].previous is None
    assert {item.previous for key, item in found.items() if key[0] == GROWTH} == {None}


def test_events_later_in_as_ofs_slot_count_and_later_ones_are_known(
    ask: Ask, make: Stories
) -> None:
    found = ask(
        make.sale("LN-1", "24T18:04:59.999", 1),
        make.sale("LN-2", "24T18:05:00", 2),
        make.sale("LN-3", "24T19:00:00", 4),
        make.sale("LN-4", "25T00:00:00", 8),
        make("sale.cancelled", "30T00:00:00", loan_id="LN-2"),
    )
    windows = ("1h", "24h", "day", "7d", "month")
    assert [found[VOLUME, *COMPANY, window].value for window in windows] == [1, 1, 1, 5, 5]


def test_daylight_saving_moves_the_edge_of_a_day(ask: Ask, make: Stories) -> None:
    sales = (
        make.sale("LN-0", "2026-03-28T22:59:59Z", 16),  # yesterday's hour 24: today has only 23
        make.sale("LN-1", "2026-03-28T21:59:59Z", 1),
        make.sale("LN-2", "2026-03-28T23:00:00Z", 2),
        make.sale("LN-3", "2026-03-29T21:59:59Z", 4),
        make.sale("LN-4", "2026-03-29T22:00:00Z", 8),
    )
    as_of = datetime(2026, 3, 29, 21, 30, tzinfo=UTC)
    berlin = ask(*sales, as_of=as_of, timezone="Europe/Berlin")
    assert berlin[VOLUME, *COMPANY, "day"].value == 6
    assert berlin[VOLUME, *COMPANY, "day"].previous == 1


@pytest.mark.parametrize(
    "spoiled",
    [
        {"time": None},
        {"time": "2026-03-10T10:00:00"},
        {"time": "2026-03-10"},
        {"time": "2026-02-30T10:00:00+05:30"},
        {"type": "sale.teleported"},
        {"id": None},
        {"source": ""},
        {"data": None},
        {"data.currency": "USD"},
        {"data.currency": None},
        {"data.amount": -0.01},
        {"data.amount": 1.005},
        {"data.amount": "100"},
        {"data.amount": None},
        {"data.amount": True},
        {"data.customer_id": None},
        {"data.executive_id": 17},
        {"data.loan_id": None},
    ],
    ids=str,
)
def test_dead_letters_do_not_count(ask: Ask, make: Stories, spoiled: Event) -> None:
    sale = make.sale("LN-1", "10T10:00:00")
    for name, value in spoiled.items():
        where, key = (sale["data"], name[5:]) if name.startswith("data.") else (sale, name)
        where[key] = value
    found = ask(sale)
    assert found[VOLUME, *COMPANY, "month"].value == 0
    assert {key[1] for key in found} == {"company"}


def test_unknown_fields_are_ignored(ask: Ask, make: Stories) -> None:
    sale = make.sale("LN-1", "10T10:00:00", colour="blue") | {"traceparent": "00-1"}
    assert ask(sale)[VOLUME, *COMPANY, "month"].value == 100


def test_retention_is_counted_from_the_latest_event(ask: Ask, make: Stories) -> None:
    late, kept = AS_OF - timedelta(days=800, milliseconds=1), AS_OF - timedelta(days=800)
    repeat = ("sales_targets.repeat_customers", *COMPANY, "month")
    now = make.sale("LN-2", "10T10:00:00")
    old = make.sale("LN-1", kept.isoformat())
    assert ask(old, now)[repeat].value == 1
    assert ask(make.sale("LN-1", late.isoformat()), now)[repeat].value == 0
    assert ask(old, now, make.sale("LN-3", "30T10:00:00"))[repeat].value == 0


def test_other_currencies_can_be_the_companys(ask: Ask, make: Stories) -> None:
    sale = make.sale("LN-1", "10T10:00:00", currency="USD")
    assert ask(sale, currency="USD")[VOLUME, *COMPANY, "month"].value == 100
