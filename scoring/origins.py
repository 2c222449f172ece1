"""Origins: where leads come from, counted beside those who work them.

Channels and campaigns are a second tree over the same leads. What an origin's panes hold the
panes of executives hold too, or those of campaigns, so that they speak to no parent, and get no
scores; the alarm watches them.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scoring.cells import Entity

ORIGIN = "origin:"


class Origin(StrEnum):
    """Of what kind an origin is."""

    CHANNEL = "channel"
    CAMPAIGN = "campaign"


def origins(channel: str | None, campaign: str | None) -> Iterator[Entity]:
    """The entities that count a lead by where it came from, or a spend by what it was for.

    A campaign's own entity holds its spend and the leads that nobody owns, which the company
    counts.

    >>> list(origins("web", "CMP-9"))
    ['origin:channel:web', 'origin:campaign:CMP-9']
    """
    if channel is not None:
        yield f"{ORIGIN}{Origin.CHANNEL}:{channel}"
    if campaign is not None:
        yield f"{ORIGIN}{Origin.CAMPAIGN}:{campaign}"


def is_origin(entity: Entity) -> bool:
    """Whether an entity counts leads by where they came from."""
    return entity.startswith(ORIGIN)


def watched_as(entity: Entity) -> Entity:
    """The name by which an entity is watched.

    >>> watched_as("origin:channel:web"), watched_as("team:Pune A")
    ('channel:web', 'team:Pune A')
    """
    return entity.removeprefix(ORIGIN)


def counted_as(watched: Entity) -> Entity:
    """The entity that is watched by a name.

    >>> counted_as("channel:web"), counted_as("team:Pune A")
    ('origin:channel:web', 'team:Pune A')
    """
    return f"{ORIGIN}{watched}" if watched.partition(":")[0] in set(Origin) else watched
