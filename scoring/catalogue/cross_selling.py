"""KRA cross-selling: selling more to those who have a loan, and being able to."""

from scoring import slots
from scoring.kpi import Kpi, Kra, Unit
from scoring.points import CappedFlow, Rating
from scoring.ratings import mean_stars
from scoring.trainings import training_hours

KRA = Kra("cross_selling", "Cross-selling and upselling", weight=10)

KPIS = (
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
