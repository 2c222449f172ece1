"""Relief: what others' alerts explain, so that one cause is told once.

An alert that was told lowers what its relatives expect, from the day on which its drop began:
of those below it, by its ratio, for they share its fate; of those above it, by the cases that
it misses. Who still falls short beyond that has a cause of its own. As relief only ever lowers
what is expected, the promise of the detector stays.

Reliefs move in steps, downwards: an alert changes with every case, and whoever is relieved by it
would have all of its days looked at again.
"""

from __future__ import annotations

from datetime import date
from math import ceil, floor, log
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scoring.alerting.alert import Alert
    from scoring.calendar import Day

_NO_END = date.max.toordinal()
#: Steps of the factor in the whole.
_STEPS = 20


class Relief(NamedTuple):
    """What is not expected on some days.

    Attributes:
        first: First day.
        last: Last day.
        factor: Share of the cases that is still expected.
        missing: Cases a day that are not.
    """

    first: Day
    last: Day
    factor: float = 1.0
    missing: float = 0.0


def for_those_below(alert: Alert) -> Relief:
    """What an alert explains of the entities that belong to its own."""
    first, last = _days(alert)
    return Relief(first, last, factor=floor(min(_ratio(alert), 1.0) * _STEPS) / _STEPS)


def for_those_above(alert: Alert) -> Relief:
    """What an alert explains of the entities to which its own belongs."""
    first, last = _days(alert)
    missing = max(alert.expected - alert.observed, 0.0) / alert.days
    return Relief(first, last, missing=float(ceil(missing)))


def strength(alert: Alert) -> float:
    """How far what came is from what was to be expected: the deviance of a Poisson count.

    Of the alerts of one cause the strongest is that of the entity where the cause is: a team
    that stands still is further from what is normal than its branch, and a branch of which
    every team falls short is further than each of them.
    """
    observed, expected = alert.observed, alert.expected
    if observed >= expected:
        return 0.0
    return 2 * ((observed * log(observed / expected) if observed else 0.0) + expected - observed)


def relieved(reliefs: Iterable[Relief], day: Day, expected: float) -> float:
    """The share of what is expected on a day that is left: the strongest factor, all missing."""
    factor, missing = 1.0, 0.0
    for relief in reliefs:
        if relief.first <= day <= relief.last:
            factor = min(factor, relief.factor)
            missing += relief.missing
    return max(factor - missing / expected, 0.0) if expected else factor


def _ratio(alert: Alert) -> float:
    return alert.ratio if alert.ratio is not None else 1.0


def _days(alert: Alert) -> tuple[Day, Day]:
    first = date.fromisoformat(alert.since).toordinal()
    last = date.fromisoformat(alert.resolved).toordinal() if alert.resolved else _NO_END
    return first, last
