"""Headcount: how many active executives sit in a team, a branch or the company on a day."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from itertools import zip_longest
from typing import TYPE_CHECKING

from scoring.business import BusinessWeeks
from scoring.panes import COMPANY

if TYPE_CHECKING:
    from typing import TypeAlias

    from scoring.calendar import Day
    from scoring.cells import Entity
    from scoring.reference import Reference

    _Changes: TypeAlias = defaultdict[Entity, defaultdict[str | None, list[Day]]]


class Headcount:
    """The days on which active executives came to and left each entity, as known at a moment.

    An executive is an entity too: 1 while he is placed and active, else 0.

    Args:
        reference: Placements as known now.
        business: Which branches have a calendar of their own.
    """

    def __init__(self, reference: Reference, business: BusinessWeeks | None = None) -> None:
        business = business or BusinessWeeks()
        self._came: _Changes = defaultdict(_days_by_calendar)
        self._left: _Changes = defaultdict(_days_by_calendar)
        for executive in reference.executives:
            placements = reference.placements(executive)
            for at, following in zip_longest(placements, placements[1:]):
                if not at.active:
                    continue
                calendar = business.calendar_of(at.branch)
                for entity in (
                    f"executive:{executive}",
                    f"team:{at.team}",
                    f"branch:{at.branch}",
                    COMPANY,
                ):
                    self._came[entity][calendar].append(at.since)
                    if following is not None:
                        self._left[entity][calendar].append(following.since)
        for by_calendar in (*self._came.values(), *self._left.values()):
            for days in by_calendar.values():
                days.sort()

    def on(self, entity: Entity, day: Day) -> Counter[str | None]:
        """Active executives of an entity on a day, by the calendar of their branch.

        There is nobody before the first placement.
        """
        heads: Counter[str | None] = Counter()
        for calendar, came in self._came[entity].items() if self.knows(entity) else ():
            left = self._left[entity][calendar]
            heads[calendar] = bisect_right(came, day) - bisect_right(left, day)
        return heads

    def knows(self, entity: Entity) -> bool:
        """Whether an active executive was ever placed in an entity."""
        return entity in self._came


def _days_by_calendar() -> defaultdict[str | None, list[Day]]:
    return defaultdict(list)
