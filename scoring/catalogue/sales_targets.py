"""KRA sales targets: what was sold."""

from scoring import slots
from scoring.formulas import amount, distinct, mean_amount, share
from scoring.kpi import Kpi, Kra, Unit
from scoring.points import Band, Flow, Rate

KRA = Kra("sales_targets", "Sales target achievement", weight=25)

_SALE = ("sale.disbursed", "sale.cancelled")

KPIS = (
    Kpi(
        id="sales_targets.sales_volume",
        title="Sales volume",
        definition=(
            "Net disbursed amount, by the time of the disbursal; credit to the executive on it. "
            "A cancelled loan counts nowhere, from the moment that its cancellation is known."
        ),
        formula_text="sum of net disbursed amounts",
        events=_SALE,
        formula=amount(slots.VOLUME, cases=slots.LOANS),
        unit=Unit.AMOUNT,
        curve=Flow(),
        weight=60,
        additive=True,
    ),
    Kpi(
        id="sales_targets.conversion_rate",
        title="Period conversion",
        definition=(
            "Net disbursals in the window per lead created in the window. They are not the same "
            "people, so it may pass 100 % and rises when leads dry up: shown, not scored."
        ),
        formula_text="net disbursals / leads created",
        events=("lead.created", "lead.assigned", *_SALE),
        formula=share(slots.LOANS, slots.LEADS),
        unit=Unit.RATE,
        curve=Rate(floor=0.02, ceiling=0.16),
        weight=0,
        additive=False,
        default_target=0.08,
    ),
    Kpi(
        id="sales_targets.average_deal_size",
        title="Average deal size",
        definition="Net disbursed amount per net disbursal.",
        formula_text="net disbursed amount / net disbursals",
        events=_SALE,
        formula=mean_amount(slots.VOLUME, cases=slots.LOANS),
        unit=Unit.AMOUNT,
        curve=Band(((0.6, 0), (0.9, 100), (1.3, 100), (1.8, 0))),
        weight=20,
        additive=False,
        least_n=3,
    ),
    Kpi(
        id="sales_targets.repeat_customers",
        title="Repeat customers",
        definition=(
            "Distinct customers with a net disbursal in the window before which they had "
            "another net disbursal, by anyone."
        ),
        formula_text="distinct customers with an earlier net disbursal",
        events=_SALE,
        formula=distinct(slots.REPEAT),
        unit=Unit.COUNT,
        curve=Flow(),
        weight=20,
        additive=True,
    ),
)
