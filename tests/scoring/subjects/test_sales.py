"""What the histories of loans and of products sold mean, by example."""

from __future__ import annotations

from scoring.events.sales import (
    LoanClosed,
    ProductCancelled,
    ProductClosed,
    ProductSold,
    SaleApplied,
    SaleCancelled,
)
from scoring.notes import ApplicationOfLead, HoldingOfCustomer, LoanOfCustomer, LoanOfLead
from tests.scoring.making import at, event
from tests.scoring.subjects.meanings import counted, disbursed, mean


def test_a_loan_is_its_first_disbursal_until_it_is_cancelled() -> None:
    first = disbursed("E-1", "2026-03-02T10:00", "b")
    second = disbursed("E-2", "2026-03-02T10:00", "c", lead=None)
    found = mean("loan:LN", second, first)
    assert counted(found) == {("executive:E-1", "loans"): 1, ("executive:E-1", "volume"): 1999}
    time = at("2026-03-02T10:00")
    assert found.notes == {
        "lead:L": LoanOfLead(time, 1999),
        "customer:C": LoanOfCustomer(time, "/crm", "b", "E-1"),
    }
    assert set(mean("loan:LN", second).notes) == {"customer:C"}
    cancelled = mean("loan:LN", first, event(SaleCancelled(loan_id="LN"), "2026-03-01T10:00", "x"))
    assert (cancelled.contributions.places, cancelled.notes) == ({}, {})


def test_an_application_is_told_to_the_lead_that_it_names_until_its_loan_is() -> None:
    applied = event(SaleApplied(loan_id="LN", lead_id="L"), "2026-03-01T10:00", "a")
    again = event(SaleApplied(loan_id="LN", lead_id="L-2"), "2026-03-01T11:00", "b")
    time, paid = at("2026-03-01T10:00"), at("2026-03-02T10:00")
    sold = disbursed("E-1", "2026-03-02T10:00", "c")
    elsewhere = disbursed("E-1", "2026-03-02T10:00", "c", lead="L-2")
    cancelled = event(SaleCancelled(loan_id="LN"), "2026-03-03T10:00", "x")
    assert mean("loan:LN", applied, again).notes == {"lead:L": ApplicationOfLead(time)}
    assert mean("loan:LN", applied, sold).notes["lead:L"] == LoanOfLead(paid, 1999, time)
    others = mean("loan:LN", applied, elsewhere).notes
    assert (others["lead:L"], others["lead:L-2"]) == (
        ApplicationOfLead(time),
        LoanOfLead(paid, 1999),
    )
    assert mean("loan:LN", applied, sold, cancelled).notes == {}


def test_a_loan_and_a_product_tell_their_customer_when_and_how_they_first_end() -> None:
    closings = [
        event(LoanClosed(loan_id="LN", reason="foreclosed"), "2026-03-05T10:00", "foreclosed"),
        event(LoanClosed(loan_id="LN", reason="matured"), "2026-03-06T10:00", "matured"),
    ]
    found = mean("loan:LN", disbursed("E", "2026-03-02T10:00", "1", lead=None), *closings)
    began, ended = at("2026-03-02T10:00"), at("2026-03-05T10:00")
    assert found.notes == {"customer:C": LoanOfCustomer(began, "/crm", "1", "E", ended)}
    sold = ProductSold(
        holding_id="H",
        customer_id="C",
        executive_id="E",
        product="card",
        sale_kind="up_sell",
        revenue=19.99,
        currency="INR",
    )
    history = [
        event(sold, "2026-03-02T10:00"),
        event(ProductClosed(holding_id="H"), "2026-03-06T10:00", "3"),
        event(ProductClosed(holding_id="H"), "2026-03-05T10:00", "4"),
    ]
    found = mean("holding:H", *history)
    assert found.notes == {"customer:C": HoldingOfCustomer(began, "/crm", "1", "E", ended)}
    assert counted(found) == {
        ("executive:E", f"{slot}{key}"): n
        for slot, n in (("products", 1), ("revenue", 1999))
        for key in ("", ".kind|up_sell", ".product|card")
    }
    cancelled = mean(
        "holding:H", *history, event(ProductCancelled(holding_id="H"), "2026-01-01T10:00", "5")
    )
    assert (cancelled.contributions.places, cancelled.notes) == ({}, {})
    assert mean("holding:H", *history[1:]).notes == {}
