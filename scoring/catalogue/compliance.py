"""KRA product knowledge and compliance: knowing the rules, and keeping them."""

from scoring import slots
from scoring.formulas import share
from scoring.kpi import Kpi, Kra, Prior, Unit
from scoring.points import CappedFlow, Rate
from scoring.ratings import mean_assessment, violations_avoided
from scoring.trainings import training_hours
from scoring.watching import Share, Watched

KRA = Kra("compliance", "Product knowledge and compliance", weight=12)

KPIS = (
    Kpi(
        id="compliance.knowledge_score",
        title="Knowledge score",
        definition="Mean of assessments, each in percent of its highest score.",
        formula_text="sum of 100 x score / max_score / assessments",
        events=("assessment.completed",),
        formula=mean_assessment,
        unit=Unit.SCORE,
        curve=Rate(floor=50, ceiling=95),
        weight=25,
        additive=False,
        default_target=80,
        least_n=1,
    ),
    Kpi(
        id="compliance.audit_result",
        title="Audit result",
        definition=(
            "Checks passed per check made, over all audits: a large audit weighs more than a "
            "small one."
        ),
        formula_text="checks passed / checks made",
        events=("audit.completed",),
        formula=share(slots.CHECKS_PASSED, slots.CHECKS),
        unit=Unit.RATE,
        curve=Rate(floor=0.90, ceiling=1.0),
        weight=45,
        additive=False,
        default_target=0.97,
        least_n=10,
        is_share=True,
        prior=Prior(40, (slots.CHECKS, slots.CHECKS_PASSED)),
        watch=Watched(Share(slots.CHECKS_PASSED, slots.CHECKS), title="Audit result", unit=" %"),
    ),
    Kpi(
        id="compliance.violations_avoided",
        title="Violations avoided",
        definition=(
            "Violations caught before they happened; with those recorded, and the catch rate = "
            "avoided / (avoided + recorded). A target is one of the catch rate, and the points "
            "and the least sample come from it: making and catching more mistakes is not better. "
            "A violation is avoided once, the first time, and recorded once."
        ),
        formula_text="count of violation.avoided",
        events=("violation.avoided", "violation.recorded"),
        formula=violations_avoided,
        unit=Unit.COUNT,
        curve=Rate(floor=0.5, ceiling=1.0),
        weight=5,
        additive=False,
        default_target=0.9,
        least_n=3,
    ),
    Kpi(
        id="compliance.training_hours",
        title="Compliance training",
        definition=(
            "Hours of trainings in product or compliance, by the time of their first completion. "
            "Where nobody set a target it is 1.25 hours a month for each active executive, "
            "spread over business days."
        ),
        formula_text="sum of hours of training.completed in product or compliance",
        events=("training.completed",),
        formula=training_hours("product", "compliance"),
        unit=Unit.HOURS,
        curve=CappedFlow(),
        weight=25,
        additive=True,
        default_monthly_target=1.25,
    ),
)
