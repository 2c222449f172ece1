"""A response: what somebody answered about an executive."""

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
    ResponseEvent,
)
from scoring.meaning import Meaning

if TYPE_CHECKING:
    from scoring.meaning import History, Rules


_LEAST_PROMOTER = 9
_MOST_DETRACTOR = 6

#: Answers in stars -> the measure of their counts.
_STARS = {
    FeedbackService: slots.SERVICE_STARS,
    FeedbackProduct: slots.PRODUCT_STARS,
    FeedbackPeer: slots.PEER_STARS,
    FeedbackMentor: slots.MENTOR_STARS,
}


def meaning(_subject: str, history: History, rules: Rules) -> Meaning:
    """The first answer, whichever question it answers."""
    found = Meaning(Contributions(rules.calendar))
    first = history.first(ResponseEvent)
    if first is not None:
        for slot in _counted(first.data):
            found.contributions.add(f"executive:{first.data.executive_id}", first.time, slot)
    return found


def _counted(answer: ResponseEvent) -> list[slots.Slot]:
    if isinstance(answer, FeedbackService | FeedbackProduct | FeedbackPeer | FeedbackMentor):
        return [slots.keyed(_STARS[type(answer)], str(answer.rating))]
    if not isinstance(answer, FeedbackNps):
        return []
    if answer.score >= _LEAST_PROMOTER:
        return [slots.NPS, slots.PROMOTERS]
    return [slots.NPS, slots.DETRACTORS] if answer.score <= _MOST_DETRACTOR else [slots.NPS]
