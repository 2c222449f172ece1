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
    def is_origin(self) -> bool:
        """Whether it is where leads come from, rather than who works them."""
        return self in (Scope.CHANNEL, Scope.CAMPAIGN)

    @property
    def has_children(self) -> bool:
        """Whether others are judged by what is normal for it."""
        return self in (Scope.TEAM, Scope.BRANCH, Scope.COMPANY)


#: In this order parents have spoken when their children are looked at.
FROM_TOP = tuple(reversed(Scope))


def scope_of(entity: Entity) -> Scope:
    """The scope of a watched entity."""
    return Scope(entity.partition(":")[0])


def shares_leads(entity: Entity, alerted: Entity) -> bool:
    """Whether a share of an entity's leads may be those of an alerted one, in another tree.

    The company has a share of every origin's leads: how many come on a day is known better by
    the origin's share than by what it missed on others.

    >>> shares_leads("team:A", "channel:web"), shares_leads("channel:web", "team:A")
    (True, True)
    >>> shares_leads("company:company", "channel:web"), shares_leads("channel:web", "channel:sms")
    (True, False)
    >>> shares_leads("channel:web", "company:company"), shares_leads("branch:P", "team:A")
    (False, False)
    """
    scope, origin = scope_of(entity), scope_of(alerted)
    if origin in (scope, Scope.COMPANY):
        return False
    return origin.is_origin or scope.is_origin
