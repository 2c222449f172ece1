"""Workplaces: by which calendar an entity works on a day.

An executive works by the calendar of the branch in which he is placed that day, a team by that
of its branch, which is that of its member with the lowest id; a branch by its own, and the
company, like every branch without a calendar of its own, by the company's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scoring.business import BusinessWeeks
    from scoring.calendar import Day
    from scoring.cells import Entity
    from scoring.reference import Reference


class Workplaces:
    """The calendars of entities, as placements are known at a moment.

    Args:
        reference: Placements as known now.
        business: Which branches have a calendar of their own.
    """

    def __init__(self, reference: Reference, business: BusinessWeeks) -> None:
        self._reference = reference
        self._business = business
        self._branches_of_teams: dict[Day, dict[str, str]] = {}

    def calendar(self, entity: Entity, day: Day) -> str | None:
        """The name of the calendar by which an entity works on a day."""
        if not self._business.branches:
            return None
        level, _, name = entity.partition(":")
        if level == "executive":
            return self._business.calendar_of(self._reference.placement(name, day).branch)
        if level == "team":
            branch = self._of_teams(day).get(name)
            return self._business.calendar_of(branch) if branch is not None else None
        return self._business.calendar_of(name) if level == "branch" else None

    def _of_teams(self, day: Day) -> dict[str, str]:
        """The branch of every team with members on a day, all found in one go."""
        if day not in self._branches_of_teams:
            found: dict[str, str] = {}
            for executive in sorted(self._reference.executives):
                at = self._reference.placement(executive, day)
                found.setdefault(at.team, at.branch)
            self._branches_of_teams[day] = found
        return self._branches_of_teams[day]
