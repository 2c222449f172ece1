"""Declared changes: a rate is another from a day on, and somebody knows why.

From that day on what was normal before is no measure: evidence begins anew, and what is normal
is learned again from the cohorts since then. Until enough of them are settled nobody is watched.
An alert that fires because of it is resolved, with the reason that was given.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from scoring.alerting.alert import Status
from scoring.alerting.scopes import Scope
from scoring.alerting.stages import Stage
from scoring.calendar import micros

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from scoring.alerting.alert import Alert
    from scoring.alerting.remarks import Declared
    from scoring.calendar import Calendar, Day
    from scoring.cells import Entity
    from scoring.events import Micros
    from scoring.kpi import Kpi


class Change(NamedTuple):
    """One declared change of one indicator.

    Attributes:
        day: From when on the rate is another.
        said: The day on which it was declared, or `day` if that is later.
        reason: Why, and who says so.
    """

    day: Day
    said: Day
    reason: str


def objection(declared: Declared, kpis: Iterable[Kpi]) -> str | None:
    """Why something cannot be declared, and what to write; None if it can.

    Args:
        declared: What somebody says.
        kpis: Those that are watched beside the stages of leads.
    """
    scope, _, name = declared.entity.partition(":")
    if scope not in set(Scope) or not name:
        return f"{declared.entity} is no entity: write its level and its id, such as `team:Pune A`"
    watched = [*Stage, *(kpi.id for kpi in kpis)]
    if declared.indicator is not None and declared.indicator not in watched:
        return f"{declared.indicator} is not watched: write one of {', '.join(watched)}"
    return None


def heard(declared: Iterable[Declared], at: Micros) -> list[Declared]:
    """What had been declared by a moment, of each change as it was worded last by then."""
    said = sorted((each for each in declared if micros(each.at) <= at), key=lambda each: each.at)
    return list({each.key: each for each in said}.values())


def concerning(declared: Iterable[Declared], entities: Collection[Entity]) -> list[Declared]:
    """What is declared of some entities: of one and those above it, whose fate it shares."""
    return [each for each in declared if each.entity in entities]


def changes(declared: Iterable[Declared], indicator: str, calendar: Calendar) -> tuple[Change, ...]:
    """The changes of an indicator, the earliest first."""
    return tuple(
        sorted(
            Change(day, max(day, calendar.day(micros(each.at))), f"{each.reason} ({each.by})")
            for each in declared
            if each.indicator in (None, indicator)
            for day in (each.since.toordinal(),)
        )
    )


def before(known: Sequence[Change], day: Day) -> Change | None:
    """The last change until a day, the day included."""
    return next((change for change in reversed(known) if change.day <= day), None)


def explaining(alert: Alert, known: Sequence[Change]) -> Change | None:
    """The change that an alert was raised for, before anybody had declared it."""
    raised = date.fromisoformat(alert.raised).toordinal()
    return next((c for c in reversed(known) if c.day <= raised <= c.said), None)


def closed(alert: Alert, change: Change) -> Alert:
    """An alert that a change explains: resolved when that was said; one that had ended stays."""
    if alert.resolved is not None:
        return alert
    return msgspec.structs.replace(
        alert,
        status=Status.RESOLVED,
        resolved=date.fromordinal(change.said).isoformat(),
        resolution=change.reason,
    )


def because(alert: Alert, known: Sequence[Change]) -> Alert:
    """An alert with the reason of the change on whose day it was resolved."""
    reasons = {date.fromordinal(each.day).isoformat(): each.reason for each in known}
    if alert.resolved not in reasons:
        return alert
    return msgspec.structs.replace(alert, resolution=reasons[alert.resolved])
