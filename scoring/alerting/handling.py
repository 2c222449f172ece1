"""Handling: what became of an alert among people, and when it speaks again.

An alert that was acknowledged or snoozed is quiet. It speaks again at most once after each
remark: when the snooze has ended, or when it has become clearly worse than when it was
acknowledged. What counts as clear is the same question as the detector's: the cases since
then, against as many as the alert's ratio of that moment lets expect.
"""

from __future__ import annotations

from enum import StrEnum
from math import log, sqrt
from typing import TYPE_CHECKING

import msgspec

from scoring.alerting.dating import TYPICAL
from scoring.alerting.detector import odds
from scoring.alerting.remarks import Moment, Snoozed

if TYPE_CHECKING:
    from datetime import datetime

    from scoring.alerting.alert import Alert
    from scoring.alerting.remarks import OfAlert

#: How much likelier a further drop must be than none; that it ever becomes so by chance has
#: at most the reverse as its probability (Ville 1939).
_CLEARLY = log(100.0)


class State(StrEnum):
    """Whether an alert wants somebody's eye."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    SNOOZED = "snoozed"


class Again(StrEnum):
    """Why an alert speaks again."""

    WORSE = "worse"
    SNOOZE_ENDED = "snooze ended"


class Handling(msgspec.Struct, frozen=True, kw_only=True):
    """The last remark of an alert, and what followed.

    Attributes:
        state: open once the alert speaks again.
        by: Who made the remark.
        at: When.
        until: When a snooze ends; None for an acknowledgement.
        reason: Why, in words.
        observed: The alert's cases when the remark was heard.
        expected: Those expected by then.
        days: Days by then.
        again: Why it speaks again; None while it is quiet.
    """

    state: State
    by: str
    at: Moment
    until: Moment | None
    reason: str
    observed: int
    expected: float
    days: int
    again: Again | None = None


def state(alert: Alert) -> State:
    """Whether an alert wants somebody's eye."""
    return alert.handling.state if alert.handling is not None else State.OPEN


def handled(alert: Alert, remark: OfAlert | None, now: datetime) -> Alert:
    """The alert after a remark, or as it speaks again.

    Args:
        alert: As it is, with the handling that was told last.
        remark: The last one that was made of it, if any.
        now: The present moment.
    """
    if alert.resolved is not None:
        return alert
    handling = alert.handling
    if remark is not None and (handling is None or remark.at != handling.at):
        handling = _heeded(alert, remark)
    if handling is not None and handling.again is None:
        again = _again(alert, handling, now)
        if again is not None:
            handling = msgspec.structs.replace(handling, again=again, state=State.OPEN)
    return msgspec.structs.replace(alert, handling=handling)


def _heeded(alert: Alert, remark: OfAlert) -> Handling:
    snoozed = isinstance(remark, Snoozed)
    return Handling(
        state=State.SNOOZED if snoozed else State.ACKNOWLEDGED,
        by=remark.by,
        at=remark.at,
        until=remark.until if isinstance(remark, Snoozed) else None,
        reason=remark.reason,
        observed=alert.observed,
        expected=alert.expected,
        days=alert.days,
    )


def _again(alert: Alert, handling: Handling, now: datetime) -> Again | None:
    if handling.until is not None:
        return Again.SNOOZE_ENDED if now >= handling.until else None
    return Again.WORSE if further(alert, handling) >= _CLEARLY else None


def further(alert: Alert, handling: Handling) -> float:
    """Log likelihood ratio of a further drop to `TYPICAL` since a remark over none.

    The ratio of the time before is not known exactly: as a rate with a Gamma posterior it
    makes the cases since then negative binomial, with a spread of one over the cases before.
    The days' own spread adds to it.
    """
    if alert.value is not None:
        return _further_from(alert, handling)
    before, since = handling.observed, max(alert.observed - handling.observed, 0)
    expected = alert.expected - handling.expected
    if not before or expected <= 0:
        return 0.0
    mean = before / handling.expected * expected
    spread = 1 / before + alert.spread / max(alert.days - handling.days, 1)
    rose = before > handling.expected
    rate = odds(1 / TYPICAL if rose else TYPICAL, mean, spread)
    return rate.case * since + rate.credit


def _further_from(alert: Alert, handling: Handling) -> float:
    """The same of a KPI per case: a normal likelihood ratio of half as much again as before.

    By how much it had moved is known from the days before a remark, and adds its variance.
    """
    moved = handling.observed - handling.expected
    days = alert.days - handling.days
    if not (moved and days > 0 and alert.deviation and handling.days):
        return 0.0
    of_day = ((alert.observed - alert.expected) / alert.deviation) ** 2 / alert.days
    deviation = sqrt(of_day * days * (1 + days / handling.days))
    as_before = moved / handling.days * days
    since = alert.observed - alert.expected - moved
    worse = (since - as_before if moved > 0 else as_before - since) / deviation
    step = abs(as_before) / 2 / deviation
    return step * worse - step * step / 2
