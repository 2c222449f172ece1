"""Absences: what was told of sources that fell silent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scoring.alerting.absence import days
from scoring.alerting.alert import Status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scoring.alerting.alert import Alert
    from scoring.calendar import Day

START = "source:"


class Absences:
    """The alerts of silent sources, by identity, as they were told last."""

    def __init__(self) -> None:
        self._alerts: dict[str, Alert] = {}

    def learn(self, identity: str, alert: Alert | None) -> None:
        """Take in what was told; None if it is forgotten."""
        self._alerts.pop(identity, None)
        if alert is not None:
            self._alerts[identity] = alert

    def of(self, source: str) -> Alert | None:
        """The alert of a source that fires."""
        return next(
            (a for a in self._of(source) if a.status is Status.FIRING),
            None,
        )

    def days(self, source: str, today: Day) -> frozenset[Day]:
        """The days on which a source was silent."""
        return frozenset(day for alert in self._of(source) for day in days(alert, today))

    def rests(self, today: Day, needs: Mapping[str, frozenset[str]]) -> dict[str, frozenset[Day]]:
        """The days on which nothing can be said of an indicator.

        Args:
            today: The present day.
            needs: The sources that each indicator needs.
        """
        silent = {name: self.days(name, today) for name in frozenset().union(*needs.values())}
        return {
            indicator: frozenset().union(*(silent[name] for name in names))
            for indicator, names in needs.items()
        }

    def before(self, day: Day) -> list[str]:
        """The identities of those that ended before a day."""
        return [
            identity
            for identity, alert in self._alerts.items()
            if alert.status is Status.RESOLVED and days(alert, day).stop <= day
        ]

    def _of(self, source: str) -> list[Alert]:
        return [alert for alert in self._alerts.values() if alert.source == source]
