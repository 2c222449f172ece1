"""KRA performance reporting: what the figures say."""

from scoring import slots
from scoring.attainment import target_attainment
from scoring.formulas import weekly_trend
from scoring.kpi import Kpi, Kra, Level, Unit
from scoring.points import Flow, Signed
from scoring.windows import DAILY

KRA = Kra("reporting", "Performance reporting", weight=6)

KPIS = (
    Kpi(
        id="reporting.target_attainment",
        title="Target attainment",
        definition=(
            "Net disbursed amount over the target of sales volume for the window's days. For a "
            "month and a quarter the pace says which attainment of the whole period's target it "
            "will end with if the business days from today on go like those that are over, with "
            "an 80 % interval from how much those differ; undefined before three are over. It "
            "is the attainment of sales volume once more: shown, not scored."
        ),
        formula_text="net disbursed amount / target of sales volume",
        events=("sale.disbursed", "sale.cancelled", "target.set", "executive.placed"),
        formula=target_attainment,
        unit=Unit.RATE,
        curve=Flow(),
        weight=0,
        additive=False,
        default_target=1.0,
        windows=DAILY,
    ),
    Kpi(
        id="reporting.sales_trend",
        title="Sales trend",
        definition=(
            "Least-squares slope of the daily net volume, times 7, as a fraction of the mean "
            "daily volume, over the window's days before today; at least three days and a mean "
            "above 0."
        ),
        formula_text="7 x slope of daily net volume / mean daily net volume",
        events=("sale.disbursed", "sale.cancelled"),
        formula=weekly_trend(slots.VOLUME),
        unit=Unit.RATE_PER_WEEK,
        curve=Signed(((-0.10, 0), (0, 60), (0.02, 80), (0.05, 100))),
        weight=15,
        additive=False,
        default_target=0.02,
        scored_levels=(Level.TEAM, Level.BRANCH, Level.COMPANY),
        windows=DAILY,
    ),
)
