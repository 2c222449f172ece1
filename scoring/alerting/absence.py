"""Absence: the alert of a source that is silent, from its first empty quarter to its return.

It fires until events come that happened after the return: whatever was late is there by then.
The alarm's clock stands still on the days that it touches, for the stages that need the source.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import msgspec

from scoring.alerting.alert import LONG, Alert, Kind, Status, ratio
from scoring.alerting.scopes import Scope
from scoring.alerting.silence import quiet
from scoring.calendar import micros

if TYPE_CHECKING:
    from scoring.alerting.silence import Profile
    from scoring.calendar import Calendar, Day
    from scoring.events import Micros


def absent(source: str, since: Micros, now: Micros, profile: Profile, calendar: Calendar) -> Alert:
    """The alert of a source that has been silent since the end of its last quarter."""
    begins = calendar.iso(since)
    day = date.fromordinal(calendar.day(since)).isoformat()
    made = Alert(
        id=f"source:{source}|absent|{begins}",
        entity=f"source:{source}",
        level=Scope.COMPANY,
        indicator=None,
        status=Status.FIRING,
        kind=Kind.ABSENT,
        raised=date.fromordinal(calendar.day(now)).isoformat(),
        resolved=None,
        since=day,
        since_low=day,
        since_high=day,
        observed=0,
        expected=0.0,
        days=1,
        ratio=None,
        ratio_low=None,
        ratio_high=None,
        n=0,
        evidence_days=0.0,
        budget_days=profile.budget,
        baseline=0.0,
        baseline_cases=profile.events,
        explanation="",
        source=source,
        silent_since=begins,
    )
    return still_absent(made, now, profile, calendar)


def still_absent(alert: Alert, now: Micros, profile: Profile | None, calendar: Calendar) -> Alert:
    """The alert while its source goes on being silent."""
    if profile is None:
        return alert
    length = quiet(profile, began(alert), now, calendar)
    at_most = min(profile.days(length), LONG)
    found = ratio(0, length) if length else None
    return msgspec.structs.replace(
        alert,
        expected=round(length, 1),
        days=calendar.day(now) - calendar.day(began(alert)) + 1,
        ratio=round(found.value, 3) if found else None,
        ratio_low=round(found.low, 3) if found else None,
        ratio_high=round(found.high, 3) if found else None,
        evidence_days=float(f"{at_most:.3g}"),
        explanation=(
            f"No events of {alert.source} since {_clock(alert.silent_since)} where {length:,.0f} "
            "were to be expected in business hours. When all is well so long a silence comes at "
            f"most once in {at_most:,.0f} days."
        ),
    )


def returned(alert: Alert, now: Micros, newest: Micros, calendar: Calendar) -> Alert:
    """The alert of a source from which events come again.

    Args:
        alert: As it was told last.
        now: The present moment.
        newest: The latest event time among its last records.
        calendar: The business calendar.
    """
    back = alert.back or calendar.iso(now)
    alert = msgspec.structs.replace(alert, back=back)
    if newest < micros(datetime.fromisoformat(back)):
        return alert
    return msgspec.structs.replace(
        alert,
        status=Status.RESOLVED,
        resolved=date.fromordinal(calendar.day(now)).isoformat(),
        explanation=f"{alert.explanation} Events came back at {_clock(back)}.",
    )


def began(alert: Alert) -> Micros:
    """The end of the last quarter of which an absent source had sent something."""
    return micros(datetime.fromisoformat(alert.silent_since or alert.since))


def days(alert: Alert, today: Day) -> range:
    """The days that an absence touches."""
    last = date.fromisoformat(alert.resolved).toordinal() if alert.resolved else today
    return range(date.fromisoformat(alert.since).toordinal(), last + 1)


def _clock(at: str | None) -> str:
    return (at or "").replace("T", " ")[:16]
