"""KRA performance reporting: true reports in time, and what the figures say."""

from scoring import slots
from scoring.accuracy import report_accuracy
from scoring.attainment import target_attainment
from scoring.formulas import share, weekly_trend
from scoring.kpi import Kpi, Kra, Level, Unit
from scoring.points import Flow, Rate, Signed
from scoring.windows import DAILY

KRA = Kra("reporting", "Performance reporting", weight=6)

KPIS = (
    Kpi(
        id="reporting.accuracy",
        title="Accuracy of reports",
        definition=(
            "Over the figures of the reports first submitted in the window, the mean of max(0, 1 "
            "- |stated - actual| / max(|actual|, 1)), each to the nearest trillionth (1e-12). "
            "Money in major units, rates as fractions. Actual is the reporting executive's own "
            "value of that KPI over all days of the period, as known now; cohort KPIs move the "
            "period back, comparisons are with the whole period before. Figures of KPIs that "
            "are unknown, not computed for executives, undefined, or this one, do not count. "
            "Credit and placement are those of the submission."
        ),
        formula_text="mean of 1 - |stated - actual| / |actual|, at least 0",
        events=("report.submitted",),
        formula=report_accuracy,
        unit=Unit.RATE,
        curve=Rate(floor=0.8, ceiling=1.0),
        weight=50,
        additive=False,
        default_target=0.97,
        least_n=1,
        windows=DAILY,
    ),
    Kpi(
        id="reporting.timeliness",
        title="Timeliness of reports",
        definition=(
            "Of the reports due in the window, the share first submitted at or before that; "
            "credit to the executive on report.due."
        ),
        formula_text="reports submitted by due_at / reports due",
        events=("report.due", "report.submitted"),
        formula=share(slots.REPORTS_IN_TIME, slots.REPORTS_DUE),
        unit=Unit.RATE,
        curve=Rate(floor=0.7, ceiling=1.0),
        weight=35,
        additive=False,
        default_target=0.95,
        least_n=2,
        is_share=True,
    ),
    Kpi(
        id="reporting.target_attainment",
        title="Target attainment",
        definition=(
            "Net disbursed amount over the target of sales volume for the window's days. For a "
            "month and a quarter the pace says which attainment of the whole period's target it "
            "will end with if the business days from today on go like those that are over, with "
            "an 80 % interval from how much those differ; undefined before three are over. "
            "Business days are those of the branch where the entity is on as-of's day. "
            "`period_target` is that target. It is the attainment of sales volume once more: "
            "shown, not scored."
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
