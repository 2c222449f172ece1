"""KRA lead generation: finding people who want a loan, and the right ones."""

from scoring import slots
from scoring.formulas import cohort_amount_by_channel, cohort_share, count
from scoring.kpi import Kpi, Kra, Prior, Unit
from scoring.lead_quality import lead_quality
from scoring.points import Flow, Rate
from scoring.windows import DAILY

KRA = Kra("lead_generation", "Lead generation", weight=15)

KPIS = (
    Kpi(
        id="lead_generation.qualified_leads",
        title="Qualified leads",
        definition=(
            "Leads whose first qualification is in the window. Credit as the lead's: the "
            "executive on its creation, else the first assigned."
        ),
        formula_text="count of first lead.qualified",
        events=("lead.created", "lead.assigned", "lead.qualified"),
        formula=count(slots.QUALIFIED),
        unit=Unit.COUNT,
        curve=Flow(),
        weight=40,
        additive=True,
    ),
    Kpi(
        id="lead_generation.conversion_rate",
        title="Cohort conversion",
        definition=(
            "Of the leads created in the window moved back by maturity and one day, the share "
            "with a net disbursal at or before creation + maturity, by anyone; one before the "
            "creation counts too. Every lead in the moved window has had its full time, so the "
            "value does not drift through a month."
        ),
        formula_text="leads converted within maturity / leads created, by creation",
        events=("lead.created", "lead.assigned", "sale.disbursed", "sale.cancelled"),
        formula=cohort_share(slots.CONVERTED, slots.LEADS),
        unit=Unit.RATE,
        curve=Rate(floor=0.02, ceiling=0.16),
        weight=35,
        additive=False,
        default_target=0.08,
        least_n=10,
        is_share=True,
        prior=Prior(150, (slots.LEADS, slots.CONVERTED)),
        windows=DAILY,
    ),
    Kpi(
        id="lead_generation.lead_quality",
        title="Lead quality",
        definition=(
            "Mean fit, 0 to 100, of the leads created to the target demographics: of the weight "
            "of the attributes (age band, income band, employment, city tier; 1 each unless set "
            "otherwise) that both the lead and the targets state, the share that matches. Judged "
            "by the latest targets known now, whenever the lead was created; leads with nothing "
            "to judge leave the mean."
        ),
        formula_text="mean of 100 x matching weight / weight stated by both",
        events=("lead.created", "lead.assigned", "demographics.targeted"),
        formula=lead_quality,
        unit=Unit.SCORE,
        curve=Rate(floor=30.0, ceiling=90.0),
        weight=15,
        additive=False,
        default_target=65.0,
        least_n=5,
    ),
    Kpi(
        id="lead_generation.channel_effectiveness",
        title="Channel effectiveness",
        definition=(
            "Over the same moved window as cohort conversion: net amount disbursed within "
            "maturity per lead created; by channel with leads, amount, per lead, and the index "
            "of the channel's figure to the whole. Scored only against a target on the amount "
            "per lead that somebody set."
        ),
        formula_text="net amount within maturity / leads created, by creation",
        events=("lead.created", "lead.assigned", "sale.disbursed", "sale.cancelled"),
        formula=cohort_amount_by_channel,
        unit=Unit.AMOUNT,
        curve=Flow(),
        weight=10,
        additive=False,
        least_n=30,
        windows=DAILY,
    ),
)
