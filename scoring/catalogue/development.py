"""KRA professional development: what is learned, and put to use."""

from scoring.balances import implementation
from scoring.kpi import Kpi, Kra, Unit
from scoring.points import Rate
from scoring.windows import DAILY

KRA = Kra("development", "Professional development", weight=5)

KPIS = (
    Kpi(
        id="development.techniques_implemented",
        title="Techniques implemented",
        definition=(
            "Of the pairs of executive and technique learned before the window's end and not "
            "applied before its start, the share first applied in the window and learned at or "
            "before that. The first application is the first ever, even one before learning. A "
            "pair follows its executive to the team and branch of as-of's day."
        ),
        formula_text="techniques first applied / techniques learned and not applied before",
        events=("technique.learned", "technique.applied", "executive.placed"),
        formula=implementation,
        unit=Unit.RATE,
        curve=Rate(floor=0, ceiling=0.90),
        weight=30,
        additive=False,
        default_target=0.50,
        least_n=2,
        windows=DAILY,
    ),
)
