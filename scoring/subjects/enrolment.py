"""An enrolment: one executive in one training, until he completes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scoring import slots
from scoring.calendar import micros
from scoring.cells import Contributions
from scoring.events.activity import TrainingCompleted, TrainingEnrolled
from scoring.events.fields import hundredths
from scoring.meaning import Meaning

if TYPE_CHECKING:
    from scoring.meaning import EventOf, History, Rules


def meaning(_subject: str, history: History, rules: Rules) -> Meaning:
    """The first enrolment where it ends, completed or not, and the first completion.

    A completion needs no enrolment; one at any time completes the enrolment.
    """
    found = Meaning(Contributions(rules.calendar))
    enrolled, completed = history.first(TrainingEnrolled), history.first(TrainingCompleted)
    if enrolled is not None:
        executive, ends_at = (
            f"executive:{enrolled.data.executive_id}",
            micros(enrolled.data.ends_at),
        )
        found.contributions.add(executive, ends_at, slots.ENROLMENTS)
        if completed is not None:
            found.contributions.add(executive, ends_at, slots.ENROLMENTS_COMPLETED)
    if completed is not None:
        _count_completed(found.contributions, completed)
    return found


def _count_completed(total: Contributions, completed: EventOf[TrainingCompleted]) -> None:
    training, at = completed.data, completed.time
    executive = f"executive:{training.executive_id}"
    total.add(executive, at, slots.keyed(slots.TRAININGS, training.area))
    if hours := hundredths(training.hours):
        total.add(executive, at, slots.keyed(slots.TRAINING_HOURS, training.area), hours)
    if training.certification:
        total.add(executive, at, slots.CERTIFICATIONS)
