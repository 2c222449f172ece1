"""KRA professional development: learning, and what mentors see of it."""

from scoring import slots
from scoring.balances import implementation
from scoring.formulas import distinct
from scoring.kpi import Kpi, Kra, Unit
from scoring.points import CappedFlow, Rate, Rating
from scoring.ratings import mean_stars
from scoring.trainings import participation
from scoring.windows import DAILY

KRA = Kra("development", "Professional development", weight=5)

KPIS = (
    Kpi(
        id="development.training_participation",
        title="Training participation",
        definition=(
            "Of the enrolments that end in the window, the share that were completed at any "
            "time; credit by the enrolment. With the certifications earned in the window."
        ),
        formula_text="enrolments completed / enrolments, by ends_at",
        events=("training.enrolled", "training.completed"),
        formula=participation,
        unit=Unit.RATE,
        curve=Rate(floor=0.5, ceiling=1.0),
        weight=30,
        additive=False,
        default_target=0.9,
        least_n=1,
        is_share=True,
    ),
    Kpi(
        id="development.mentor_rating",
        title="Mentor rating",
        definition=(
            "Mean rating, 1 to 5, by mentors of the executive; the first answer of a response "
            "counts."
        ),
        formula_text="sum of ratings / responses of feedback.mentor",
        events=("feedback.mentor",),
        formula=mean_stars(slots.MENTOR_STARS),
        unit=Unit.RATING,
        curve=Rating(),
        weight=30,
        additive=False,
        default_target=4.0,
        least_n=1,
    ),
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
        is_share=True,
    ),
    Kpi(
        id="development.readings",
        title="Readings",
        definition=(
            "Distinct pairs of an executive and an article that he read in the window, however "
            "often. Where nobody set a target it is 3 a month for each active executive, spread "
            "over business days."
        ),
        formula_text="distinct (executive, article) of article.read",
        events=("article.read",),
        formula=distinct(slots.READINGS),
        unit=Unit.COUNT,
        curve=CappedFlow(),
        weight=10,
        additive=True,
        default_monthly_target=3,
    ),
)
