"""Headcount: how many active executives sit in a team, a branch or the company on a day."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from itertools import zip_longest
from typing import TYPE_CHECKING

from scoring.panes import COMPANY

if TYPE_CHECKING:
    from scoring.calendar import Day
    from scoring.cells import Entity
    from scoring.reference import Reference


class Headcount:
    """The days on which active executives came to and left each entity, as known at a moment.

    An executive is an entity too: 1 while he is placed and active, else 0.
    """

    def __init__(self, reference: Reference) -> None:
        self._came: defaultdict[Entity, list[Day]] = defaultdict(list)
        self._left: defaultdict[Entity, list[Day]] = defaultdict(list)
        for executive in reference.executives:
            placements = reference.placements(executive)
            for at, following in zip_longest(placements, placements[1:]):
                if not at.active:
                    continue
                for entity in (
                    f"executive:{executive}",
                    f"team:{at.team}",
                    f"branch:{at.branch}",
                    COMPANY,
                ):
                    self._came[entity].append(at.since)
                    if following is not None:
                        self._left[entity].append(following.since)
        for days in (*self._came.values(), *self._left.values()):
            days.sort()

    def on(self, entity: Entity, day: Day) -> int:
        """Active executives of an entity on a day; nobody before the first placement."""
        came, left = self._came.get(entity, ()), self._left.get(entity, ())
        return bisect_right(came, day) - bisect_right(left, day)
