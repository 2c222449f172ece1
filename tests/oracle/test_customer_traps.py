"""The traps of customers, products, inquiries and techniques, worked out by hand."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from .stories import ratio

if TYPE_CHECKING:
    from .generator import Event
    from .stories import Ask, Stories

RETENTION = "crm.retention_rate"
PENETRATION = "cross_selling.penetration"
QUALITY = "lead_generation.lead_quality"
REFERRALS = "crm.referrals"
REVENUE = "cross_selling.revenue"
TURNAROUND = "time_management.turnaround_reduction"
TECHNIQUES = "development.techniques_implemented"
COMPANY = ("company", "company")
FEBRUARY = "2026-02-10T10:00:00+05:30"


def product(make: Stories, holding: str, time: str, customer: str = "C-1", **more: object) -> Event:
    data: Event = {"holding_id": holding, "customer_id": customer, "executive_id": "E-1"}
    data |= {"product": "card", "kind": "cross_sell", "revenue": 1, "currency": "INR"}
    return make.event("product.sold", time, data | more)


def closed(make: Stories, loan: str, time: str, reason: str | None = None) -> Event:
    data: Event = {"loan_id": loan} if reason is None else {"loan_id": loan, "reason": reason}
    return make.event("loan.closed", time, data)


def test_fit_is_judged_by_what_both_state_and_the_latest_targets(ask: Ask, make: Stories) -> None:
    wanted = {"age_band": ["25-34"], "income_band": ["50k-75k"], "city_tier": ["1", "2"]}
    found = ask(
        make("demographics.targeted", "20T10:00:00", attributes=wanted, weights={"age_band": 2.5}),
        make("demographics.targeted", "19T10:00:00", attributes={"employment": ["salaried"]}),
        # Of age (2.5), income (1) and tier (1) 3.5 of 4.5; of income alone nothing.
        make.lead("L-1", "10T10:00:00", age_band="25-34", income_band="x", city_tier="2"),
        make.lead("L-2", "10T10:00:00", income_band="x", employment="salaried"),
        make.lead("L-3", "10T10:00:00", employment="salaried"),
        make.lead("L-4", "10T10:00:00"),
    )
    item = found[QUALITY, *COMPANY, "month"]
    assert ratio(item) == (Fraction(700, 9), 2)
    assert item.n == 2
    assert found[QUALITY, *COMPANY, "day"].value is None


def test_weights_of_nothing_leave_nothing_to_judge(ask: Ask, make: Stories) -> None:
    found = ask(
        make(
            "demographics.targeted",
            "20T10:00:00",
            attributes={"city_tier": ["1"]},
            weights={"city_tier": 0},
        ),
        make.lead("L-1", "10T10:00:00", city_tier="1"),
    )
    assert found[QUALITY, *COMPANY, "month"].value is None


def test_a_referrer_is_a_customer_from_his_first_moment_until_his_last(
    ask: Ask, make: Stories
) -> None:
    def referred(number: int, time: str, customer: str = "C-1") -> Event:
        return make.lead(f"L-{number}", time, referred_by=customer)

    found = ask(
        make.sale("LN-1", "10T10:00:00"),
        closed(make, "LN-1", "12T10:00:00"),
        make.sale("LN-2", "10T10:00:00", customer_id="C-2"),
        make("sale.cancelled", "20T10:00:00", loan_id="LN-2"),
        product(make, "H-3", "10T10:00:00", "C-3"),
        referred(1, "10T09:59:59.999"),
        referred(2, "10T10:00:00"),
        referred(3, "12T09:59:59.999"),
        referred(4, "12T10:00:00"),
        referred(5, "11T10:00:00", "C-2"),
        referred(6, "11T10:00:00", "C-3"),
        referred(7, "11T10:00:00", "C-unknown"),
        make.lead("L-8", "11T10:00:00", None, referred_by="C-3"),
    )
    assert found[REFERRALS, *COMPANY, "month"].value == 4
    assert found[REFERRALS, "executive", "E-1", "month"].value == 3


def test_repaid_at_term_is_neither_kept_nor_lost(ask: Ask, make: Stories) -> None:
    found = ask(
        *[make.sale(f"LN-{number}", FEBRUARY, customer_id=f"C-{number}") for number in range(1, 6)],
        closed(make, "LN-1", "10T10:00:00"),
        closed(make, "LN-2", "10T10:00:00", "foreclosed"),
        closed(make, "LN-2", "11T10:00:00", "matured"),
        closed(make, "LN-3", "10T10:00:00", "written_off"),
        make.sale("LN-6", "10T10:00:00", customer_id="C-3"),
        closed(make, "LN-4", "2026-02-28T10:00:00+05:30", "foreclosed"),
    )
    item = found[RETENTION, *COMPANY, "month"]
    # Of 1, 2, 3 and 5: 1 matured, 2 lost, 3 began anew as he ended.
    assert ratio(item) == (2, 3)
    assert item.companions == {"matured": 1}
    assert found[RETENTION, *COMPANY, "7d"].value == 1
    assert found[RETENTION, *COMPANY, "month"].previous is None


def test_one_matured_of_several_ends_is_enough(ask: Ask, make: Stories) -> None:
    found = ask(
        make.sale("LN-1", FEBRUARY),
        make.sale("LN-2", FEBRUARY),
        product(make, "H-1", FEBRUARY),
        closed(make, "LN-1", "10T10:00:00", "written_off"),
        closed(make, "LN-2", "10T10:00:00", "matured"),
        make("product.closed", "10T10:00:00", holding_id="H-1"),
    )
    item = found[RETENTION, *COMPANY, "month"]
    assert item.value is None
    assert item.companions == {"matured": 1}


def test_the_first_lapse_in_the_window_counts(ask: Ask, make: Stories) -> None:
    found = ask(
        make.sale("LN-1", FEBRUARY),
        closed(make, "LN-1", "05T10:00:00", "foreclosed"),
        make.sale("LN-2", "06T10:00:00"),
        closed(make, "LN-2", "07T10:00:00", "matured"),
        make.sale("LN-3", "08T10:00:00"),
    )
    item = found[RETENTION, *COMPANY, "month"]
    assert item.value == 0
    assert item.companions == {"matured": 0}


def test_what_ends_at_the_first_moment_lapses_in_the_window(ask: Ask, make: Stories) -> None:
    found = ask(make.sale("LN-1", FEBRUARY), closed(make, "LN-1", "18T00:00:00", "foreclosed"))
    assert found[RETENTION, *COMPANY, "7d"].value == 0
    assert found[RETENTION, *COMPANY, "7d"].previous == 1
    assert found[PENETRATION, *COMPANY, "7d"].previous == 0
    assert found[PENETRATION, *COMPANY, "7d"].value is None


def test_what_ends_before_it_begins_was_never_open(ask: Ask, make: Stories) -> None:
    found = ask(
        make.sale("LN-1", "01T10:00:00"),
        closed(make, "LN-1", FEBRUARY, "foreclosed"),
        closed(make, "LN-1", "20T10:00:00", "foreclosed"),
    )
    assert found[RETENTION, *COMPANY, "7d"].value is None
    assert found[PENETRATION, *COMPANY, "month"].value is None


def test_balances_follow_the_executive_of_the_first_sale(ask: Ask, make: Stories) -> None:
    found = ask(
        make.placed("E-1", "2026-01-01", "T-1"),
        make.placed("E-1", "2026-03-24", "T-2"),
        product(make, "H-1", FEBRUARY),
        make.sale("LN-1", FEBRUARY.replace("10T", "11T"), executive="E-2"),
        make.sale("LN-2", FEBRUARY, executive="E-2", customer_id="C-2"),
        make("product.cancelled", "20T10:00:00", holding_id="H-2"),
        product(make, "H-2", FEBRUARY, "C-2"),
    )
    values = {
        key[1:3]: ratio(item)
        for key, item in found.items()
        if key[0] == PENETRATION and key[3] == "month" and item.value is not None
    }
    assert values == {
        ("executive", "E-1"): (1, 1),
        ("executive", "E-2"): (0, 1),
        ("team", "T-2"): (1, 1),
        ("team", "unplaced"): (0, 1),
        ("branch", "B-1"): (1, 1),
        ("branch", "unplaced"): (0, 1),
        COMPANY: (1, 2),
    }
    assert found[RETENTION, "team", "T-2", "month"].denominator == 1
    assert found[RETENTION, "team", "T-1", "month"].denominator == 0


def test_techniques_are_implemented_once_and_after_they_are_learned(
    ask: Ask, make: Stories
) -> None:
    def did(what: str, technique: str, time: str) -> Event:
        return make(f"technique.{what}", time, technique_id=technique, executive_id="E-1")

    found = ask(
        did("learned", "in-time", "20T10:00:00"),
        did("applied", "in-time", "20T10:00:00"),
        did("applied", "too-early", "19T10:00:00"),
        did("learned", "too-early", "20T10:00:00"),
        did("applied", "too-early", "21T10:00:00"),
        did("learned", "long-ago", "01T10:00:00"),
        did("applied", "long-ago", "17T10:00:00"),
        did("applied", "long-ago", "20T10:00:00"),
        did("learned", "waiting", "01T10:00:00"),
        did("learned", "to-come", "25T00:00:00"),
        did("applied", "unlearned", "20T10:00:00"),
    )
    item = found[TECHNIQUES, "executive", "E-1", "7d"]
    assert ratio(item) == (1, 3)


def inquiry(
    make: Stories, name: str, opened: str, answered: str, executive: str = "E-1"
) -> list[Event]:
    return [
        make("inquiry.opened", opened, inquiry_id=name),
        make("inquiry.answered", answered, inquiry_id=name, executive_id=executive),
    ]


def test_turnaround_is_in_business_hours_and_that_of_the_first_answer(
    ask: Ask, make: Stories
) -> None:
    found = ask(
        # Friday 17:59:59.999 to Monday 09:00:00.001: two milliseconds; a night: none.
        *inquiry(make, "Q-1", "20T17:59:59.999", "23T09:00:00.001"),
        *inquiry(make, "Q-2", "23T18:00:00", "24T09:00:00"),
        *inquiry(make, "Q-3", "24T12:00:00", "24T11:00:00"),
        *inquiry(make, "Q-4", "19T08:00:00", "24T10:00:00", "E-2"),
        make("inquiry.answered", "19T10:00:00", inquiry_id="Q-4", executive_id="E-1"),
        make("inquiry.answered", "19T10:00:00", inquiry_id="Q-5", executive_id="E-1"),
        *inquiry(make, "Q-6", "16T10:00:00", "17T10:00:00"),
    )
    item = found[TURNAROUND, *COMPANY, "7d"]
    minutes = Fraction(2, 60_000)
    assert item.companions == {"mean": (minutes + 60) / 4, "p50": 0, "p90": minutes}
    assert item.numerator / (item.denominator or 0) == (540 - (minutes + 60) / 4) / 540
    assert (item.n, item.previous) == (4, None)
    assert found[TURNAROUND, "executive", "E-2", "7d"].value is None
    assert found[TURNAROUND, "executive", "E-2", "7d"].companions["p50"] is None


def test_slower_stays_above_minus_one_and_no_time_at_all_is_no_change(
    ask: Ask, make: Stories
) -> None:
    found = ask(
        *inquiry(make, "Q-1", "24T10:00:00", "24T12:00:00"),
        *inquiry(make, "Q-2", "17T10:00:00", "17T10:30:00"),
        *inquiry(make, "Q-3", "24T20:00:00", "24T21:00:00", "E-2"),
        *inquiry(make, "Q-4", "17T20:00:00", "17T21:00:00", "E-2"),
    )
    assert found[TURNAROUND, "executive", "E-1", "7d"].value == -0.75
    assert found[TURNAROUND, "executive", "E-2", "7d"].value == 0


def test_revenue_is_net_by_kind_and_by_product(ask: Ask, make: Stories) -> None:
    def sold(number: int, time: str, revenue: float, kind: str, product: str) -> Event:
        data: Event = {"holding_id": f"H-{number}", "customer_id": "C-1", "executive_id": "E-1"}
        data |= {"product": product, "kind": kind, "revenue": revenue, "currency": "INR"}
        return make.event("product.sold", time, data)

    found = ask(
        sold(1, "10T10:00:00", 0.1, "cross_sell", "card"),
        sold(2, "10T10:00:00", 0.2, "up_sell", "card"),
        sold(3, "10T10:00:00", 4, "up_sell", "insurance"),
        sold(3, "09T10:00:00", 7, "up_sell", "insurance"),
        sold(4, "10T10:00:00", 100, "cross_sell", "card"),
        make("product.cancelled", "09T10:00:00", holding_id="H-4"),
        make("product.closed", "11T10:00:00", holding_id="H-1"),
    )
    revenue = found[REVENUE, *COMPANY, "month"]
    assert (revenue.value, revenue.n) == (7.3, 3)
    assert revenue.breakdown == {
        "kind:cross_sell": {"revenue": Fraction("0.1"), "sold": 1},
        "kind:up_sell": {"revenue": Fraction("7.2"), "sold": 2},
        "product:card": {"revenue": Fraction("0.3"), "sold": 2},
        "product:insurance": {"revenue": 7, "sold": 1},
    }
