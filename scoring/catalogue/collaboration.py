"""KRA team collaboration: what is achieved together."""

from scoring.attainment import team_vs_individual
from scoring.kpi import Kpi, Kra, Unit
from scoring.points import Flow
from scoring.windows import DAILY

KRA = Kra("collaboration", "Team collaboration", weight=5)

KPIS = (
    Kpi(
        id="collaboration.team_vs_individual",
        title="Team against individual targets",
        definition=(
            "Net disbursed amount over the sum of the own sales volume targets of the executives "
            "placed there, day by day; a target of the team itself plays no part. An executive "
            "shows the figure of his team of today, which may be the team of the unplaced."
        ),
        formula_text="net disbursed amount / sum of executives' own targets",
        events=("sale.disbursed", "sale.cancelled", "target.set", "executive.placed"),
        formula=team_vs_individual,
        unit=Unit.RATE,
        curve=Flow(),
        weight=50,
        additive=False,
        default_target=1.0,
        windows=DAILY,
    ),
)
