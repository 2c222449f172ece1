"""KRA customer relationship: what customers say, and whether they stay."""

from scoring import slots
from scoring.balances import retention
from scoring.catalogue.items import ITEMS
from scoring.formulas import count
from scoring.kpi import Kpi, Kra, Prior, Unit
from scoring.points import Flow, Rate, Rating, Signed
from scoring.ratings import mean_stars, net_promoters
from scoring.watching import Mean, Watched
from scoring.windows import DAILY

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
        watch=Watched(
            Mean(slots.PROMOTERS, slots.NPS, slots.DETRACTORS, scale=0.01, notable=20),
            title="NPS",
        ),
    ),
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
        events=(*ITEMS, "executive.placed"),
        formula=retention,
        unit=Unit.RATE,
        curve=Rate(floor=0.95, ceiling=1.0),
        weight=20,
        additive=False,
        default_target=0.985,
        least_n=20,
        windows=DAILY,
        is_share=True,
        prior=Prior(100),
    ),
    Kpi(
        id="crm.referrals",
        title="Referrals",
        definition=(
            "Leads created that a customer referred who had a net loan or product open at that "
            "moment. Credit as the lead's."
        ),
        formula_text="count of lead.created referred by an active customer",
        events=("lead.created", "lead.assigned", *ITEMS),
        formula=count(slots.REFERRALS),
        unit=Unit.COUNT,
        curve=Flow(),
        weight=25,
        additive=True,
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
