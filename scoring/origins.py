"""Origins: where leads come from, counted beside those who work them.

Channels and campaigns are a second tree over the same leads. What an origin's panes hold the
panes of executives hold too, so that they speak to no parent, and get no scores; the alarm
watches them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scoring.cells import Entity
    from scoring.events.leads import LeadCreated

ORIGIN = "origin:"


def origins(lead: LeadCreated) -> Iterator[Entity]:
    """The entities that count a lead by where it came from.

    A campaign's own entity holds its spend and the leads that nobody owns, which the company
    counts.
    """
    yield f"{ORIGIN}channel:{lead.channel}"
    if lead.campaign_id is not None:
        yield f"{ORIGIN}campaign:{lead.campaign_id}"


def is_origin(entity: Entity) -> bool:
    """Whether an entity counts leads by where they came from."""
    return entity.startswith(ORIGIN)


def watched_as(entity: Entity) -> Entity:
    """The name by which an entity is watched.

    >>> watched_as("origin:channel:web"), watched_as("team:Pune A")
    ('channel:web', 'team:Pune A')
    """
    return entity.removeprefix(ORIGIN)
