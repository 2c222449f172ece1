"""The stages of a lead that the alarm watches, and the slots that say when leads reached them.

All of them belong to the pane of the lead's creation, so that a day's panes hold its cohort
and a lead stays with those who got it.
"""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from scoring.calendar import PANES_PER_HOUR
from scoring.slots import keyed

if TYPE_CHECKING:
    from scoring.calendar import Calendar
    from scoring.events import Micros
    from scoring.slots import Slot


class Stage(StrEnum):
    """What a lead may reach."""

    CONTACTED = "contacted"
    QUALIFIED = "qualified"
    APPLIED = "applied"
    DISBURSED = "disbursed"

    @property
    def by_age(self) -> str:
        """Measure: leads that reached it, by their age in whole local days."""
        return f"{self}.age"

    @property
    def by_hour(self) -> str:
        """Measure: leads that reached it, by the hour of the local day."""
        return f"{self}.hour"


def reached(
    stage: Stage, created: Micros, at: Micros, horizon: int, calendar: Calendar
) -> tuple[Slot, ...]:
    """Slots to which a lead adds 1, at its creation, because it reached a stage.

    Args:
        stage: Which one.
        created: When the lead was created.
        at: When it first reached the stage; before its creation counts as at once.
        horizon: Days of age after which nothing is expected any more.
        calendar: The business calendar.

    Returns:
        Nothing after the horizon.
    """
    pane = calendar.pane(max(at, created))
    age = pane.day - calendar.day(created)
    if age > horizon:
        return ()
    return _slots(stage, age, pane.number // PANES_PER_HOUR)


@lru_cache(maxsize=10_000)
def _slots(stage: Stage, age: int, hour: int) -> tuple[Slot, ...]:
    return keyed(stage.by_age, str(age)), keyed(stage.by_hour, str(hour))
