"""Activity events: what executives do besides selling, and what is asked of them."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from scoring.events.fields import (
    SEPARATOR,
    Channel,
    Count,
    Currency,
    EventData,
    Figure,
    Id,
    Moment,
    Number,
    Severity,
    Text,
    check_year,
    hundredths,
)
from scoring.periods import period_of

#: `2026-03`, `2026-Q1`, `2026-W09` or `2026-03-02`.
ReportPeriod = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^\d{4}-((0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?|Q[1-4]|W(0[1-9]|[1-4]\d|5[0-3]))$(?!\n)"
    ),
]


class ActivityEvent(EventData, frozen=True):
    """An event of the activity topic."""

    family = "activity"

    @property
    def subject(self) -> str:
        """`<kind>:<id>`, where the id is the field `<kind's id>` of the type."""
        return f"{self.kind}:{getattr(self, self.id_field)}"

    @property
    def id_field(self) -> str:
        """Name of the field that holds the subject's id."""
        return f"{self.kind}_id"


class AssessmentCompleted(ActivityEvent, frozen=True, tag="assessment.completed"):
    """A knowledge test was taken."""

    kind = "assessment"

    assessment_id: Id
    executive_id: Id
    score: Number
    max_score: Number

    def __post_init__(self) -> None:
        """Check the scores."""
        hundredths(self.score, "score")
        if hundredths(self.max_score, "max_score") == 0:
            raise ValueError("`max_score` is 0: it must be above 0")


class AuditCompleted(ActivityEvent, frozen=True, tag="audit.completed"):
    """The executive's files were checked."""

    kind = "audit"

    audit_id: Id
    executive_id: Id
    checks: Count
    passed: Count
    severity: Severity | None = "normal"

    def __post_init__(self) -> None:
        """Check that no more checks passed than were made."""
        if self.passed > self.checks:
            raise ValueError(f"`passed` is {self.passed}, above `checks`, {self.checks}")


class ViolationEvent(ActivityEvent, frozen=True):
    """A breach of a rule, caught in time or not."""

    kind = "violation"

    violation_id: Id
    executive_id: Id
    rule: Id | None = None
    severity: Severity | None = "normal"


class ViolationAvoided(ViolationEvent, frozen=True, tag="violation.avoided"):
    """A breach was caught before it happened."""


class ViolationRecorded(ViolationEvent, frozen=True, tag="violation.recorded"):
    """A breach happened."""


TrainingArea = Literal["product", "compliance", "cross_selling", "sales", "other"]


class TrainingEnrolled(ActivityEvent, frozen=True, tag="training.enrolled"):
    """One executive was enrolled in a training."""

    kind = "training"

    training_id: Id
    executive_id: Id
    area: TrainingArea
    ends_at: Moment

    def __post_init__(self) -> None:
        """Check the end."""
        check_year(self.ends_at.year, "ends_at")


class TrainingCompleted(ActivityEvent, frozen=True, tag="training.completed"):
    """One executive completed a training."""

    kind = "training"

    training_id: Id
    executive_id: Id
    area: TrainingArea
    hours: Number
    certification: Text | None = None

    def __post_init__(self) -> None:
        """Check the hours."""
        hundredths(self.hours, "hours")


class TaskScheduled(ActivityEvent, frozen=True, tag="task.scheduled"):
    """A task is due at a moment."""

    kind = "task"

    task_id: Id
    executive_id: Id
    due_at: Moment
    cadence: Literal["daily", "weekly", "monthly"] | None = None
    priority: bool | None = False

    def __post_init__(self) -> None:
        """Check the year."""
        check_year(self.due_at.year, "due_at")


class TaskCompleted(ActivityEvent, frozen=True, tag="task.completed"):
    """The task was done."""

    kind = "task"

    task_id: Id


class TaskWithdrawn(ActivityEvent, frozen=True, tag="task.withdrawn"):
    """The task is no longer asked for."""

    kind = "task"

    task_id: Id


class TimeLogged(ActivityEvent, frozen=True, tag="time.logged"):
    """Minutes spent on a category of work."""

    kind = "entry"

    entry_id: Id
    executive_id: Id
    category: Literal[
        "selling", "prospecting", "follow_up", "admin", "training", "meeting", "break", "other"
    ]
    minutes: Number

    def __post_init__(self) -> None:
        """Check the minutes."""
        hundredths(self.minutes, "minutes")


class InquiryOpened(ActivityEvent, frozen=True, tag="inquiry.opened"):
    """A customer asked something."""

    kind = "inquiry"

    inquiry_id: Id
    executive_id: Id | None = None
    customer_id: Id | None = None


class InquiryAnswered(ActivityEvent, frozen=True, tag="inquiry.answered"):
    """An executive answered."""

    kind = "inquiry"

    inquiry_id: Id
    executive_id: Id
    customer_id: Id | None = None


class InsightEvent(ActivityEvent, frozen=True):
    """Something learned about customers."""

    kind = "insight"

    insight_id: Id
    executive_id: Id
    insight_kind: Literal["preference", "need", "segment", "competitor"] | None = None
    expires_at: Moment | None = None
    lead_id: Id | None = None
    loan_id: Id | None = None


class InsightRecorded(
    InsightEvent, frozen=True, tag="insight.recorded", rename={"insight_kind": "kind"}
):
    """The insight was written down."""


class InsightApplied(
    InsightEvent, frozen=True, tag="insight.applied", rename={"insight_kind": "kind"}
):
    """The insight was used with a lead or a loan."""


class ReportDue(ActivityEvent, frozen=True, tag="report.due"):
    """A report is due at a moment."""

    kind = "report"

    report_id: Id
    executive_id: Id
    due_at: Moment

    def __post_init__(self) -> None:
        """Check the year."""
        check_year(self.due_at.year, "due_at")


class ReportSubmitted(ActivityEvent, frozen=True, tag="report.submitted"):
    """A report came in, with the figures that it states by KPI id."""

    kind = "report"

    report_id: Id
    executive_id: Id
    period: ReportPeriod
    figures: dict[Id, Figure]

    def __post_init__(self) -> None:
        """Check that there is such a period."""
        check_year(int(self.period[:4]), "period")
        try:
            period_of(self.period)
        except ValueError as error:
            raise ValueError(f"`period` is {self.period}, which does not exist: {error}") from error


class TechniqueEvent(ActivityEvent, frozen=True):
    """A sales technique, learned or used."""

    kind = "technique"

    technique_id: Id
    executive_id: Id
    lead_id: Id | None = None

    @property
    def subject(self) -> str:
        """`technique:<executive_id> <technique_id>`: a pair is one subject."""
        return f"technique:{self.executive_id}{SEPARATOR}{self.technique_id}"


class TechniqueLearned(TechniqueEvent, frozen=True, tag="technique.learned"):
    """The executive learned the technique."""


class TechniqueApplied(TechniqueEvent, frozen=True, tag="technique.applied"):
    """The executive used the technique."""


class ArticleRead(ActivityEvent, frozen=True, tag="article.read"):
    """The executive read an article."""

    kind = "article"

    article_id: Id
    executive_id: Id

    @property
    def subject(self) -> str:
        """`article:<executive_id> <article_id>`: a pair is one subject."""
        return f"article:{self.executive_id}{SEPARATOR}{self.article_id}"


class InitiativeCompleted(ActivityEvent, frozen=True, tag="initiative.completed"):
    """Several executives finished something together."""

    kind = "initiative"

    initiative_id: Id
    participants: tuple[Id, ...]
    successful: bool


class TeamEventHeld(ActivityEvent, frozen=True, tag="team_event.held"):
    """A team event took place."""

    kind = "team_event"

    team_event_id: Id
    invited: tuple[Id, ...]
    attended: tuple[Id, ...]


class CampaignSpent(ActivityEvent, frozen=True, tag="campaign.spent"):
    """Money was spent on a campaign, perhaps on one channel of it."""

    kind = "spend"

    spend_id: Id
    campaign_id: Id
    amount: Number
    currency: Currency
    channel: Channel | None = None

    def __post_init__(self) -> None:
        """Check the amount."""
        hundredths(self.amount, "amount")


TYPES = (
    AssessmentCompleted,
    AuditCompleted,
    ViolationAvoided,
    ViolationRecorded,
    TrainingEnrolled,
    TrainingCompleted,
    TaskScheduled,
    TaskCompleted,
    TaskWithdrawn,
    TimeLogged,
    InquiryOpened,
    InquiryAnswered,
    InsightRecorded,
    InsightApplied,
    ReportDue,
    ReportSubmitted,
    TechniqueLearned,
    TechniqueApplied,
    ArticleRead,
    InitiativeCompleted,
    TeamEventHeld,
    CampaignSpent,
)
