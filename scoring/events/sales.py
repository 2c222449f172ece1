"""Sale events: a loan's way from application to its end, and products sold beside it."""

from __future__ import annotations

from typing import Literal

from scoring.events.fields import Currency, EventData, Id, Number, Text, hundredths


class LoanEvent(EventData, frozen=True):
    """An event of one loan."""

    family = "sales"
    kind = "loan"

    loan_id: Id

    @property
    def subject(self) -> str:
        """`loan:<loan_id>`."""
        return f"loan:{self.loan_id}"


class SaleStep(LoanEvent, frozen=True):
    """A step before the disbursal; nothing in it gives credit."""

    lead_id: Id | None = None
    customer_id: Id | None = None
    executive_id: Id | None = None
    amount: Number | None = None
    reason: Text | None = None

    def __post_init__(self) -> None:
        """Check the amount."""
        if self.amount is not None:
            hundredths(self.amount, "amount")


class SaleApplied(SaleStep, frozen=True, tag="sale.applied"):
    """The customer applied for the loan."""


class SaleApproved(SaleStep, frozen=True, tag="sale.approved"):
    """The application was approved."""


class SaleDeclined(SaleStep, frozen=True, tag="sale.declined"):
    """The application was declined."""


class SaleDisbursed(LoanEvent, frozen=True, tag="sale.disbursed"):
    """The money was paid out: this is the sale."""

    customer_id: Id
    executive_id: Id
    amount: Number
    currency: Currency
    lead_id: Id | None = None
    region: Id | None = None

    def __post_init__(self) -> None:
        """Check the amount."""
        hundredths(self.amount, "amount")


class SaleCancelled(LoanEvent, frozen=True, tag="sale.cancelled"):
    """The loan was undone, for example in the cooling-off period."""

    reason: Text | None = None


class LoanClosed(LoanEvent, frozen=True, tag="loan.closed"):
    """The loan ended: repaid at term, foreclosed or written off."""

    reason: Literal["matured", "foreclosed", "written_off"] | None = "matured"


class HoldingEvent(EventData, frozen=True):
    """An event of one product holding."""

    family = "sales"
    kind = "holding"

    holding_id: Id

    @property
    def subject(self) -> str:
        """`holding:<holding_id>`."""
        return f"holding:{self.holding_id}"


class ProductSold(HoldingEvent, frozen=True, tag="product.sold", rename={"sale_kind": "kind"}):
    """A further product was sold to a customer."""

    customer_id: Id
    executive_id: Id
    product: Id
    sale_kind: Literal["cross_sell", "up_sell"]
    revenue: Number
    currency: Currency

    def __post_init__(self) -> None:
        """Check the revenue."""
        hundredths(self.revenue, "revenue")


class ProductCancelled(HoldingEvent, frozen=True, tag="product.cancelled"):
    """The product sale was undone."""


class ProductClosed(HoldingEvent, frozen=True, tag="product.closed"):
    """The product ended."""


TYPES = (
    SaleApplied,
    SaleApproved,
    SaleDeclined,
    SaleDisbursed,
    SaleCancelled,
    LoanClosed,
    ProductSold,
    ProductCancelled,
    ProductClosed,
)
