"""KRA team collaboration: what executives do with and for each other."""

from scoring import slots
from scoring.attainment import team_vs_individual
from scoring.formulas import distinct, share
from scoring.kpi import Kpi, Kra, Unit
from scoring.points import Flow, Rate, Rating
from scoring.ratings import mean_stars
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
    Kpi(
        id="collaboration.peer_rating",
        title="Peer rating",
        definition=(
            "Mean rating, 1 to 5, by colleagues of the executive; the first answer of a response "
            "counts."
        ),
        formula_text="sum of ratings / responses of feedback.peer",
        events=("feedback.peer",),
        formula=mean_stars(slots.PEER_STARS),
        unit=Unit.RATING,
        curve=Rating(),
        weight=25,
        additive=False,
        default_target=4.2,
        least_n=3,
    ),
    Kpi(
        id="collaboration.joint_initiatives",
        title="Joint initiatives",
        definition=(
            "Distinct successful initiatives in which anybody of the entity took part: one that "
            "members of a team did together counts once for the team."
        ),
        formula_text="distinct successful initiative.completed",
        events=("initiative.completed",),
        formula=distinct(slots.INITIATIVES),
        unit=Unit.COUNT,
        curve=Flow(),
        weight=25,
        additive=True,
    ),
    Kpi(
        id="collaboration.team_building",
        title="Team building",
        definition=(
            "Attendances, invited or not, per invitation to the team events held in the window; "
            "it may pass 100 %. Shown, not scored."
        ),
        formula_text="attendances / invitations of team_event.held",
        events=("team_event.held",),
        formula=share(slots.ATTENDANCES, slots.INVITATIONS),
        unit=Unit.RATE,
        curve=Rate(floor=0.5, ceiling=1.0),
        weight=0,
        additive=False,
    ),
)
