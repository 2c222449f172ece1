"""A loan: a sale from its first disbursal on, open until closed, nothing once cancelled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scoring import slots
from scoring.cells import Contributions
from scoring.events.fields import hundredths
from scoring.events.sales import LoanClosed, SaleApplied, SaleCancelled, SaleDisbursed
from scoring.meaning import Meaning
from scoring.notes import ApplicationOfLead, LoanOfCustomer, LoanOfLead

if TYPE_CHECKING:
    from scoring.meaning import History, Rules


def meaning(_subject: str, history: History, rules: Rules) -> Meaning:
    """Count the net disbursal for its executive, and tell its lead and its customer.

    The lead of an application is that of the first one, whatever lead the disbursal names. A
    cancelled loan means nothing, and so does its application.
    """
    found = Meaning(Contributions(rules.calendar))
    if history.first(SaleCancelled) is not None:
        return found
    applied = history.first(SaleApplied)
    if applied is not None and applied.data.lead_id is not None:
        found.notes[f"lead:{applied.data.lead_id}"] = ApplicationOfLead(applied.time)
    disbursed = history.first(SaleDisbursed)
    if disbursed is None:
        return found
    sale = disbursed.data
    amount = hundredths(sale.amount)
    seller = f"executive:{sale.executive_id}"
    found.contributions.add(seller, disbursed.time, slots.LOANS)
    if amount:
        found.contributions.add(seller, disbursed.time, slots.VOLUME, amount)
    if sale.lead_id is not None:
        same = applied is not None and applied.data.lead_id == sale.lead_id
        found.notes[f"lead:{sale.lead_id}"] = LoanOfLead(
            disbursed.time, amount, applied.time if applied is not None and same else None
        )
    closed = history.first(LoanClosed)
    found.notes[f"customer:{sale.customer_id}"] = LoanOfCustomer(
        disbursed.time,
        disbursed.source,
        disbursed.id,
        sale.executive_id,
        closed.time if closed is not None else None,
        matured=closed is not None and closed.data.reason in ("matured", None),
    )
    return found
