"""KRA cross-selling: selling more to those who have a loan, and being able to."""

from scoring import slots
from scoring.balances import penetration, revenue
from scoring.catalogue.items import ITEMS
from scoring.kpi import Kpi, Kra, Prior, Unit
from scoring.points import CappedFlow, Flow, Rate, Rating
from scoring.ratings import mean_stars
from scoring.trainings import training_hours
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
        events=(*ITEMS, "executive.placed"),
        formula=penetration,
        unit=Unit.RATE,
        curve=Rate(floor=0, ceiling=0.50),
        weight=35,
        additive=False,
        default_target=0.30,
        least_n=10,
        windows=DAILY,
        is_share=True,
        prior=Prior(40),
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
    Kpi(
        id="cross_selling.product_satisfaction",
        title="Product satisfaction",
        definition=(
            "Mean rating, 1 to 5, of products; the first answer of a response counts, for the "
            "executive that it names."
        ),
        formula_text="sum of ratings / responses of feedback.product",
        events=("feedback.product",),
        formula=mean_stars(slots.PRODUCT_STARS),
        unit=Unit.RATING,
        curve=Rating(),
        weight=15,
        additive=False,
        default_target=4.2,
        least_n=3,
    ),
    Kpi(
        id="cross_selling.training_hours",
        title="Cross-selling training",
        definition=(
            "Hours of trainings in cross-selling, by the time of their first completion. Where "
            "nobody set a target it is half an hour a month for each active executive, spread "
            "over business days."
        ),
        formula_text="sum of hours of training.completed in cross_selling",
        events=("training.completed",),
        formula=training_hours("cross_selling"),
        unit=Unit.HOURS,
        curve=CappedFlow(),
        weight=5,
        additive=True,
        default_monthly_target=0.5,
    ),
)
