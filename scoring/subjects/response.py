"""A response: what somebody answered about an executive, to one question or several."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scoring import slots
from scoring.cells import Contributions
from scoring.events.feedback import (
    FeedbackMentor,
    FeedbackNps,
    FeedbackPeer,
    FeedbackProduct,
    FeedbackService,
)
from scoring.meaning import Meaning

if TYPE_CHECKING:
    from scoring.meaning import History, Rules


_LEAST_PROMOTER = 9
_MOST_DETRACTOR = 6

#: Questions that are answered in stars -> the measure of their counts.
_STARS: dict[type[FeedbackService | FeedbackProduct | FeedbackPeer | FeedbackMentor], str] = {
    FeedbackService: slots.SERVICE_STARS,
    FeedbackProduct: slots.PRODUCT_STARS,
    FeedbackPeer: slots.PEER_STARS,
    FeedbackMentor: slots.MENTOR_STARS,
}


def meaning(_subject: str, history: History, rules: Rules) -> Meaning:
    """The first answer to each question: a survey may ask several under one id."""
    found = Meaning(Contributions(rules.calendar))
    answered = history.first(FeedbackNps)
    if answered is not None:
        executive = f"executive:{answered.data.executive_id}"
        for slot in _recommended(answered.data.score):
            found.contributions.add(executive, answered.time, slot)
    for question, measure in _STARS.items():
        rated = history.first(question)
        if rated is not None:
            executive, stars = f"executive:{rated.data.executive_id}", str(rated.data.rating)
            found.contributions.add(executive, rated.time, slots.keyed(measure, stars))
    return found


def _recommended(score: int) -> tuple[slots.Slot, ...]:
    if score >= _LEAST_PROMOTER:
        return slots.NPS, slots.PROMOTERS
    return (slots.NPS, slots.DETRACTORS) if score <= _MOST_DETRACTOR else (slots.NPS,)
