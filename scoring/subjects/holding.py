"""A holding: a product beside the loan, open until closed, nothing once cancelled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scoring import slots
from scoring.cells import Contributions
from scoring.events.fields import hundredths
from scoring.events.sales import ProductCancelled, ProductClosed, ProductSold
from scoring.meaning import Meaning
from scoring.notes import HoldingOfCustomer

if TYPE_CHECKING:
    from scoring.meaning import History, Rules


def meaning(_subject: str, history: History, rules: Rules) -> Meaning:
    """Count the net product and its revenue for its executive, and tell its customer."""
    found = Meaning(Contributions(rules.calendar))
    sold = history.first(ProductSold)
    if sold is None or history.first(ProductCancelled) is not None:
        return found
    holding = sold.data
    seller = f"executive:{holding.executive_id}"
    amount = hundredths(holding.revenue)
    for count, revenue in (
        (slots.PRODUCTS, slots.REVENUE),
        (
            slots.keyed(slots.PRODUCTS_BY_KIND, holding.sale_kind),
            slots.keyed(slots.REVENUE_BY_KIND, holding.sale_kind),
        ),
        (
            slots.keyed(slots.PRODUCTS_BY_PRODUCT, holding.product),
            slots.keyed(slots.REVENUE_BY_PRODUCT, holding.product),
        ),
    ):
        found.contributions.add(seller, sold.time, count)
        if amount:
            found.contributions.add(seller, sold.time, revenue, amount)
    closed = history.first(ProductClosed)
    found.notes[f"customer:{holding.customer_id}"] = HoldingOfCustomer(
        sold.time,
        sold.source,
        sold.id,
        holding.executive_id,
        closed.time if closed is not None else None,
    )
    return found
