"""KRA market research: how large the market is, what it wants and where it moves."""

from scoring.insight_use import insight_utilisation
from scoring.kpi import Kpi, Kra, Level, Unit
from scoring.market_share import market_share
from scoring.points import Flow, Rate
from scoring.preferences import customer_preferences
from scoring.segments import emerging_segments
from scoring.windows import DAILY

KRA = Kra("market", "Market research", weight=5)

_LEADS = ("lead.created", "lead.assigned")

KPIS = (
    Kpi(
        id="market.share",
        title="Market share",
        definition=(
            "Net disbursed amount over the size of the market, each size spread evenly over all "
            "days of its month or quarter; a month beats its quarter. The company has the size "
            "that names no branch, a branch its own; an executive and a team divide what they "
            "sold by the whole size of their branch of today, a team's being that of its member "
            "with the lowest id. Undefined where a day of the window has no size."
        ),
        formula_text="net disbursed amount / market size",
        events=("sale.disbursed", "sale.cancelled", "market.sized", "executive.placed"),
        formula=market_share,
        unit=Unit.RATE,
        curve=Flow(),
        weight=55,
        additive=False,
        windows=DAILY,
    ),
    Kpi(
        id="market.customer_preferences",
        title="Customer preferences",
        definition=(
            "Share of the leads created that state at least one of purpose, tenure, repayment "
            "and contact. By preference: leads by value, the top value (the first by alphabet "
            "of several), and how evenly leads spread over the values seen: entropy over its "
            "maximum, 0 for one value."
        ),
        formula_text="leads created with a stated preference / leads created",
        events=_LEADS,
        formula=customer_preferences,
        unit=Unit.RATE,
        curve=Rate(floor=0.2, ceiling=0.9),
        weight=15,
        additive=False,
        default_target=0.6,
        least_n=10,
        is_share=True,
    ),
    Kpi(
        id="market.emerging_segments",
        title="Emerging segments",
        definition=(
            "Segments whose share of the leads created (of those with a segment) rose against "
            "the window before by more than chance explains: a pooled one-sided two-proportion "
            "z-test of each segment with at least 30 leads in the window, of which Benjamini "
            "and Hochberg's procedure at 5 % chooses. Undefined if the window before has no "
            "leads with a segment or no segment has 30 now. p is a float from erfc."
        ),
        formula_text="count of segments whose share of lead.created rose significantly",
        events=_LEADS,
        formula=emerging_segments,
        unit=Unit.COUNT,
        curve=Flow(),
        weight=0,
        additive=True,
        levels=(Level.TEAM, Level.BRANCH, Level.COMPANY),
        windows=DAILY,
        has_previous=False,
    ),
    Kpi(
        id="market.insight_utilisation",
        title="Insight utilisation",
        definition=(
            "Of the insights of the whole company that were open in the window, the share that "
            "the entity's executives applied in it, be it after expiry. Open: recorded before "
            "the window's end, and expiring never or after its start."
        ),
        formula_text="distinct open insights applied / distinct open insights",
        events=("insight.recorded", "insight.applied"),
        formula=insight_utilisation,
        unit=Unit.RATE,
        curve=Rate(floor=0.0, ceiling=0.9),
        weight=30,
        additive=False,
        default_target=0.5,
        least_n=3,
        windows=DAILY,
        is_share=True,
    ),
)
