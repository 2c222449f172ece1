"""Digital campaigns: what they bring, turn into and cost. In no executive's overall score."""

from scoring import slots
from scoring.formulas import (
    MINOR,
    digital_cohort_share,
    digital_cost_per_lead,
    digital_count,
    growth,
)
from scoring.kpi import Kpi, Kra, Level, Prior, Unit
from scoring.origins import Origin
from scoring.points import Flow, LowerIsBetter, Rate, Signed
from scoring.watching import Count, Mean, OfDigital, Watched
from scoring.windows import DAILY

KRA = Kra("campaigns", "Digital campaigns", weight=0)

KPIS = (
    Kpi(
        id="campaigns.digital_leads",
        title="Digital leads",
        definition=(
            "Leads created through campaigns defined as digital, by the definition as known "
            "now; by campaign."
        ),
        formula_text="count of lead.created of digital campaigns",
        events=("lead.created", "lead.assigned", "campaign.defined"),
        formula=digital_count,
        unit=Unit.COUNT,
        curve=Flow(),
        weight=35,
        additive=True,
    ),
    Kpi(
        id="campaigns.digital_conversion",
        title="Digital conversion",
        definition="Cohort conversion over the leads of digital campaigns; by campaign.",
        formula_text="leads converted within maturity / leads created, digital campaigns only",
        events=(
            "lead.created",
            "lead.assigned",
            "sale.disbursed",
            "sale.cancelled",
            "campaign.defined",
        ),
        formula=digital_cohort_share,
        unit=Unit.RATE,
        curve=Rate(floor=0.02, ceiling=0.16),
        weight=25,
        additive=False,
        default_target=0.08,
        least_n=10,
        is_share=True,
        prior=Prior(150, (slots.LEADS_BY_CAMPAIGN, slots.CONVERTED_BY_CAMPAIGN)),
        windows=DAILY,
    ),
    Kpi(
        id="campaigns.cost_per_lead",
        title="Cost per lead",
        definition=(
            "Money spent on digital campaigns per lead that they brought, whoever owns it; by "
            "campaign. The company has all digital campaigns, a branch those that name it."
        ),
        formula_text="campaign.spent / lead.created of digital campaigns",
        events=("campaign.spent", "lead.created", "campaign.defined"),
        formula=digital_cost_per_lead,
        unit=Unit.AMOUNT,
        curve=LowerIsBetter(),
        weight=20,
        additive=False,
        higher_is_better=False,
        levels=(Level.BRANCH, Level.COMPANY),
        watch=Watched(
            Mean(OfDigital(slots.CAMPAIGN_SPEND), OfDigital(slots.CAMPAIGN_LEADS), scale=MINOR),
            title="Cost per lead",
            origins=(Origin.CHANNEL, Origin.CAMPAIGN),
        ),
    ),
    Kpi(
        id="campaigns.lead_growth",
        title="Lead growth",
        definition="Leads created against leads created in the window before, less one.",
        formula_text="leads created / leads created in the previous window - 1",
        events=("lead.created", "lead.assigned"),
        formula=growth(slots.LEADS),
        unit=Unit.RATE,
        curve=Signed(((-0.20, 0), (0, 50), (0.10, 80), (0.20, 100))),
        weight=20,
        additive=False,
        default_target=0.10,
        least_n=30,
        has_previous=False,
        # An executive on leave gets no leads, and nobody is to be told so.
        watch=Watched(
            Count(slots.LEADS),
            title="Lead volume",
            levels=(Level.TEAM, Level.BRANCH, Level.COMPANY),
            origins=(Origin.CHANNEL, Origin.CAMPAIGN),
        ),
    ),
)
