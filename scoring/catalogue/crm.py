"""KRA customer relationship management: who stays, and who brings others."""

from scoring import slots
from scoring.balances import retention
from scoring.formulas import count
from scoring.kpi import Kpi, Kra, Unit
from scoring.points import Flow, Rate
from scoring.windows import DAILY

KRA = Kra("crm", "Customer relationship management", weight=10)

_ITEMS = (
    "sale.disbursed",
    "sale.cancelled",
    "loan.closed",
    "product.sold",
    "product.cancelled",
    "product.closed",
)

KPIS = (
    Kpi(
        id="crm.retention_rate",
        title="Retention rate",
        definition=(
            "Of the customers with something open that began before the window's first day and "
            "had not ended before it, the share that does not lapse in the window. The lapse is "
            "the first moment in the window at which something ends and nothing else is open. "
            "Who lapses by a loan repaid at term is neither kept nor lost (`matured`). A customer "
            "is that of the executive of their first net loan or product, and follows him to the "
            "team and branch of as-of's day."
        ),
        formula_text="1 - lost / (active at the start - matured)",
        events=(*_ITEMS, "executive.placed"),
        formula=retention,
        unit=Unit.RATE,
        curve=Rate(floor=0.95, ceiling=1.0),
        weight=20,
        additive=False,
        default_target=0.985,
        least_n=20,
        windows=DAILY,
    ),
    Kpi(
        id="crm.referrals",
        title="Referrals",
        definition=(
            "Leads created that a customer referred who had a net loan or product open at that "
            "moment. Credit as the lead's."
        ),
        formula_text="count of lead.created referred by an active customer",
        events=("lead.created", "lead.assigned", *_ITEMS),
        formula=count(slots.REFERRALS),
        unit=Unit.COUNT,
        curve=Flow(),
        weight=25,
        additive=True,
    ),
)
