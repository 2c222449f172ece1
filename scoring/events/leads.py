"""Lead events: a person shows interest, is owned, contacted, qualified, or lost."""

from __future__ import annotations

import msgspec

from scoring.events.fields import Channel, EventData, Id, Text


class Preferences(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """What the lead said that it wants; any of the four may be missing."""

    purpose: Text | None = None
    tenure: Text | None = None
    repayment: Text | None = None
    contact: Text | None = None


class LeadEvent(EventData, frozen=True):
    """An event of one lead."""

    family = "leads"
    kind = "lead"

    lead_id: Id

    @property
    def subject(self) -> str:
        """`lead:<lead_id>`."""
        return f"lead:{self.lead_id}"


class LeadCreated(LeadEvent, frozen=True, tag="lead.created"):
    """A lead came in through a channel, with or without an owner."""

    channel: Channel
    executive_id: Id | None = None
    campaign_id: Id | None = None
    customer_id: Id | None = None
    segment: Id | None = None
    region: Id | None = None
    referred_by: Id | None = None
    age_band: Id | None = None
    income_band: Id | None = None
    employment: Id | None = None
    city_tier: Id | None = None
    preferences: Preferences | None = None


class LeadAssigned(LeadEvent, frozen=True, tag="lead.assigned"):
    """The lead got an owner; credit goes to the first one by time."""

    executive_id: Id


class LeadReassigned(LeadEvent, frozen=True, tag="lead.reassigned"):
    """The lead is worked by somebody else; credit does not move."""

    executive_id: Id


class LeadContacted(LeadEvent, frozen=True, tag="lead.contacted"):
    """An executive reached the lead."""

    executive_id: Id


class LeadQualified(LeadEvent, frozen=True, tag="lead.qualified"):
    """The lead was found worth pursuing."""

    executive_id: Id | None = None


class LeadDisqualified(LeadEvent, frozen=True, tag="lead.disqualified"):
    """The lead was found not worth pursuing."""

    reason: Text | None = None


class LeadLost(LeadEvent, frozen=True, tag="lead.lost"):
    """The lead went elsewhere or lost interest."""

    reason: Text | None = None


TYPES = (
    LeadCreated,
    LeadAssigned,
    LeadReassigned,
    LeadContacted,
    LeadQualified,
    LeadDisqualified,
    LeadLost,
)
