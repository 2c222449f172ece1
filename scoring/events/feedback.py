"""Feedback events: what customers, peers and mentors answered."""

from __future__ import annotations

from typing import Annotated

import msgspec

from scoring.events.fields import EventData, Id, Rating


class ResponseEvent(EventData, frozen=True):
    """One answer about one executive."""

    family = "feedback"
    kind = "response"

    response_id: Id
    executive_id: Id

    @property
    def subject(self) -> str:
        """`response:<response_id>`."""
        return f"response:{self.response_id}"


class FeedbackNps(ResponseEvent, frozen=True, tag="feedback.nps"):
    """How likely the customer is to recommend, 0 to 10."""

    customer_id: Id
    score: Annotated[int, msgspec.Meta(ge=0, le=10)]


class FeedbackService(ResponseEvent, frozen=True, tag="feedback.service"):
    """How a service interaction was, 1 to 5."""

    rating: Rating
    customer_id: Id | None = None
    interaction_id: Id | None = None


class FeedbackProduct(ResponseEvent, frozen=True, tag="feedback.product"):
    """How a product is, 1 to 5."""

    product: Id
    rating: Rating
    customer_id: Id | None = None


class FeedbackPeer(ResponseEvent, frozen=True, tag="feedback.peer"):
    """What a colleague says of the executive, 1 to 5."""

    rating: Rating
    from_id: Id | None = None
    skill: Id | None = None


class FeedbackMentor(ResponseEvent, frozen=True, tag="feedback.mentor"):
    """What a mentor says of the executive, 1 to 5."""

    rating: Rating
    from_id: Id | None = None
    skill: Id | None = None


TYPES = (FeedbackNps, FeedbackService, FeedbackProduct, FeedbackPeer, FeedbackMentor)
