"""The watchlist: what is watched, by which calendar and under which policy."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from scoring.alerting.alarms import Watch
from scoring.alerting.silence import needs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scoring.alerting.policy import Policy
    from scoring.calendar import Calendar
    from scoring.cells import Entity
    from scoring.kpi import Kpi


@dataclass(frozen=True)
class Watchlist:
    """What all watched entities share.

    Attributes:
        calendar: The business calendar.
        policy: Settings of the alarm.
        kpis: Those that are watched beside the stages of leads.
    """

    calendar: Calendar
    policy: Policy
    kpis: Sequence[Kpi]

    def watch(self, entity: Entity) -> Watch:
        """An entity under watch."""
        return Watch(entity, self.calendar, self.policy, self.kpis)

    @cached_property
    def needs(self) -> Mapping[str, frozenset[str]]:
        """The sources without which nothing can be said of an indicator."""
        return needs(self.kpis)
