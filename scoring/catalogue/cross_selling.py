"""KRA cross-selling and upselling: what customers hold beside their loan."""

from scoring.balances import penetration, revenue
from scoring.kpi import Kpi, Kra, Unit
from scoring.points import Flow, Rate
from scoring.windows import DAILY

KRA = Kra("cross_selling", "Cross-selling and upselling", weight=10)

KPIS = (
    Kpi(
        id="cross_selling.penetration",
        title="Penetration",
        definition=(
            "At the window's end, of the customers with an open net loan, the share that also "
            "holds an open net product: begun before the end and not ended before it. A customer "
            "is that of the executive of their first net loan or product, and follows him to the "
            "team and branch of as-of's day."
        ),
        formula_text="customers with an open loan and an open product / with an open loan",
        events=(
            "sale.disbursed",
            "sale.cancelled",
            "loan.closed",
            "product.sold",
            "product.cancelled",
            "product.closed",
            "executive.placed",
        ),
        formula=penetration,
        unit=Unit.RATE,
        curve=Rate(floor=0, ceiling=0.50),
        weight=35,
        additive=False,
        default_target=0.30,
        least_n=10,
        windows=DAILY,
    ),
    Kpi(
        id="cross_selling.revenue",
        title="Cross-selling revenue",
        definition=(
            "Net revenue of products, by the time of their sale; credit to the executive on it. "
            "A cancelled product counts nowhere. By kind (`kind:cross_sell`) and by product "
            "(`product:` and its id)."
        ),
        formula_text="sum of the revenue of net product.sold",
        events=("product.sold", "product.cancelled"),
        formula=revenue,
        unit=Unit.AMOUNT,
        curve=Flow(),
        weight=45,
        additive=True,
    ),
)
