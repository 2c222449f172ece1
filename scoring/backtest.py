"""Back-test: the alerts that the alarm would have told over a history, day by day.

Each day ends with looks like those of workers that are up to date: from the company downwards,
each look tells the strongest new alert of each indicator and looks again, until nothing is new.
Everything is known that is known now: what arrived late counts as if it had come in time. What
people declared is known from the moment on at which they said it, as the alarm knew it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from scoring.alerting.alarms import NO_BASELINES, NO_USUALS, Circumstances
from scoring.alerting.declared import concerning, heard
from scoring.alerting.idle import NO_LULLS
from scoring.alerting.precedence import bids_of
from scoring.alerting.relatives import KnownAlert, reliefs_of
from scoring.alerting.relief import is_over_with
from scoring.alerting.scopes import FROM_TOP, scope_of
from scoring.panes import COMPANY

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from scoring.alerting.alert import Alert
    from scoring.alerting.remarks import Declared
    from scoring.alerting.watchlist import Watchlist
    from scoring.calendar import Day
    from scoring.cells import Entity
    from scoring.events import Micros
    from scoring.reference import Reference
    from scoring.totals import Totals


class Telling(NamedTuple):
    """An alert that was raised or resolved at the end of a day, as it was told then."""

    day: Day
    alert: Alert


class Backtest:
    """Goes through a history.

    Args:
        entities: The totals of every watched entity: of the floor, and of channels and campaigns.
        reference: Placements as known now.
        watchlist: What is watched, and how.
        declared: Changes that people declared, each known from when it was said.
    """

    def __init__(
        self,
        entities: Mapping[Entity, Totals],
        reference: Reference,
        watchlist: Watchlist,
        declared: Sequence[Declared] = (),
    ) -> None:
        from_top = sorted(entities, key=lambda each: (FROM_TOP.index(scope_of(each)), each))
        self._entities = {entity: entities[entity] for entity in from_top}
        self._reference = reference
        self._declared = declared
        self._calendar = watchlist.calendar
        self._watches = {entity: watchlist.watch(entity) for entity in from_top}
        self._told: dict[Entity, dict[str, Alert]] = {entity: {} for entity in from_top}

    def run(self, first: Day, as_of: Micros) -> Iterator[Telling]:
        """What is told from a first day on, at the end of each day and at the last moment."""
        for day in range(first, self._calendar.day(as_of) + 1):
            before = self._statuses()
            while self._look(day, min(self._calendar.midnight(day + 1) - 1, as_of)):
                pass
            for alerts in self._told.values():
                for alert in alerts.values():
                    if before.get(alert.id) != alert.status:
                        yield Telling(day, alert)

    def _statuses(self) -> dict[str, str]:
        return {a.id: a.status for alerts in self._told.values() for a in alerts.values()}

    def _look(self, day: Day, at: Micros) -> bool:
        """Look at everything once; whether anything new was told."""
        new: list[Alert] = []
        above = {entity: self._reference.ancestors(entity, day) for entity in self._entities}
        known = KnownAlert.gather(
            (alert for alerts in self._told.values() for alert in alerts.values()),
            above.__getitem__,
        )
        declared = heard(self._declared, at)
        top = self._watches.get(COMPANY)
        for entity, totals in self._entities.items():
            told = self._told[entity]
            parent = self._watches.get(above[entity][0]) if above[entity] else None
            company = (top.baselines, top.usuals) if top is not None else ()
            reliefs = reliefs_of(entity, above[entity], known, totals, *company)
            alerts = self._watches[entity].alerts(
                totals,
                parent.baselines if parent is not None else NO_BASELINES,
                at,
                list(told.values()),
                reliefs,
                Circumstances(
                    declared=concerning(declared, (entity, *above[entity])),
                    usuals=parent.usuals if parent is not None else NO_USUALS,
                    reference=self._reference,
                    lulls=parent.lulls if parent is not None else NO_LULLS,
                ),
            )
            new += (a for a in alerts if a.id not in told and not is_over_with(a, reliefs))
            told.update((alert.id, alert) for alert in alerts if alert.id in told)
        found = {alert.id: alert for alert in new}
        strongest = sorted(bids_of(new).values(), reverse=True)
        for bid in strongest:
            self._told[found[bid.alert].entity][bid.alert] = found[bid.alert]
        return bool(strongest)
