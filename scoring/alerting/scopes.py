"""Scopes: what is watched, in two trees over the same leads.

Executives, teams and branches work leads, channels and campaigns bring them; the company is
the root of both.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scoring.cells import Entity


class Scope(StrEnum):
    """Of what kind a watched entity is; from the bottom of each tree to the top of both."""

    EXECUTIVE = "executive"
    TEAM = "team"
    BRANCH = "branch"
    CAMPAIGN = "campaign"
    CHANNEL = "channel"
    COMPANY = "company"

    @property
    def is_source(self) -> bool:
        """Whether it is where leads come from, rather than who works them."""
        return self in (Scope.CHANNEL, Scope.CAMPAIGN)

    @property
    def has_children(self) -> bool:
        """Whether others are judged by what is normal for it."""
        return self in (Scope.TEAM, Scope.BRANCH, Scope.COMPANY)


def scope_of(entity: Entity) -> Scope:
    """The scope of a watched entity."""
    return Scope(entity.partition(":")[0])


def cross(one: Entity, other: Entity) -> bool:
    """Whether two entities may share leads though neither is above the other.

    >>> cross("channel:web", "team:A"), cross("channel:web", "campaign:C")
    (True, True)
    >>> cross("channel:web", "channel:email"), cross("team:A", "branch:P")
    (False, False)
    """
    scopes = scope_of(one), scope_of(other)
    if Scope.COMPANY in scopes or scopes[0] == scopes[1]:
        return False
    return scopes[0].is_source or scopes[1].is_source
