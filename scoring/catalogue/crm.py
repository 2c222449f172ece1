"""KRA customer relationship: what customers say, and whether they stay."""

from scoring import slots
from scoring.kpi import Kpi, Kra, Unit
from scoring.points import Rating, Signed
from scoring.ratings import mean_stars, net_promoters

KRA = Kra("crm", "Customer relationship management", weight=10)

KPIS = (
    Kpi(
        id="crm.nps",
        title="Net promoter score",
        definition=(
            "Share of responses with 9 or 10 less the share with 0 to 6, times 100; the first "
            "answer of a response counts, for the executive that it names."
        ),
        formula_text="100 x (scores 9 and 10 - scores 0 to 6) / responses",
        events=("feedback.nps",),
        formula=net_promoters,
        unit=Unit.NET_SCORE,
        curve=Signed(((-50, 0), (0, 40), (30, 80), (60, 100))),
        weight=30,
        additive=False,
        default_target=30,
        least_n=5,
    ),
    Kpi(
        id="crm.service_rating",
        title="Service rating",
        definition=(
            "Mean rating, 1 to 5, of service interactions; the first answer of a response counts, "
            "for the executive that it names."
        ),
        formula_text="sum of ratings / responses of feedback.service",
        events=("feedback.service",),
        formula=mean_stars(slots.SERVICE_STARS),
        unit=Unit.RATING,
        curve=Rating(),
        weight=25,
        additive=False,
        default_target=4.3,
        least_n=3,
    ),
)
