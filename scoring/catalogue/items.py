"""The events that open and end what customers hold."""

ITEMS = (
    "sale.disbursed",
    "sale.cancelled",
    "loan.closed",
    "product.sold",
    "product.cancelled",
    "product.closed",
)
