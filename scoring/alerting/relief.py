"""Relief: what others' alerts explain, so that one cause is told once.

An alert that was told lowers what its relatives expect, from the day on which its drop began:
of those below it, by its ratio, for they share its fate; of those above it, by the cases that
it misses; of those across the trees, by the share of their cases that it has to do with. Who
still falls short beyond that has a cause of its own. As relief only ever lowers what is
expected, the promise of the detector stays.

An alert that recovers explains what it did when it was worst, on the days until then: what was
missing may come at once, and would else leave those days to its relatives as news.

Reliefs move in steps, downwards: an alert changes with every case, and whoever is relieved by it
would have all of its days looked at again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from math import ceil, floor, log
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from scoring import slots
from scoring.alerting.alert import Kind
from scoring.alerting.scopes import Scope
from scoring.windows import Days

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scoring.alerting.alert import Alert, Worst
    from scoring.alerting.baseline import Baseline
    from scoring.alerting.usual import Usual
    from scoring.calendar import Day
    from scoring.measures import Measures
    from scoring.totals import Totals

_NO_END = date.max.toordinal()
#: Steps of the factor in the whole.
_STEPS = 20
_BY_ORIGIN = {
    Scope.CHANNEL: slots.LEADS_BY_CHANNEL,
    Scope.CAMPAIGN: slots.LEADS_BY_CAMPAIGN,
}
_CASES_OF = {
    Scope.CHANNEL: slots.LEADS_BY_CHANNEL,
    Scope.CAMPAIGN: slots.CAMPAIGN_LEADS,
}
#: Days from which an origin's share of leads is known: whole weeks.
_SHARED_DAYS = 28


class Relief(NamedTuple):
    """What is not expected on some days.

    Attributes:
        first: First day.
        last: Last day.
        factor: Share of the cases that is still expected.
        missing: Cases a day that are not.
        lost: Share of the cases that is not, beside what others explain.
        shift: By how much a KPI's cases are expected to differ, each.
    """

    first: Day
    last: Day
    factor: float = 1.0
    missing: float = 0.0
    lost: float = 0.0
    shift: float = 0.0


#: What others' alerts explain, by indicator.
Reliefs: TypeAlias = Mapping[str, Sequence[Relief]]

NO_RELIEFS: Reliefs = {}


def for_those_below(alert: Alert) -> Relief:
    """What an alert explains of the entities that belong to its own."""
    first, last = _explained(alert)
    if alert.value is not None:
        worst = _worst(alert)
        return Relief(first, last, shift=(worst.observed - worst.expected) / max(worst.n, 1))
    if alert.kind is Kind.HIGHER:
        return Relief(first, last, factor=ceil(max(_ratio(alert), 1.0) * _STEPS) / _STEPS)
    return Relief(first, last, factor=floor(min(_ratio(alert), 1.0) * _STEPS) / _STEPS)


def for_those_above(alert: Alert) -> Relief:
    """What an alert explains of the entities to which its own belongs."""
    first, last = _explained(alert)
    worst = _worst(alert)
    missing = (worst.expected - worst.observed) / worst.days
    if alert.deviation is not None:
        return Relief(first, last, missing=missing)
    return Relief(first, last, missing=float(ceil(max(missing, 0.0))))


def for_those_across(alert: Alert, share: float) -> Relief:
    """What an alert explains of an entity of the other tree that has a share of its cases in it."""
    first, last = _explained(alert)
    lost = share * (1.0 - _ratio(alert))
    if alert.kind is Kind.HIGHER:
        return Relief(first, last, lost=floor(min(lost, 0.0) * _STEPS) / _STEPS)
    return Relief(first, last, lost=ceil(max(lost, 0.0) * _STEPS) / _STEPS)


def shared(alert: Alert, totals: Totals, company: Baseline) -> float:
    """The share of an entity's cases that come by the entity of an alert in the other tree.

    Of a channel or a campaign it is that of its leads in the four weeks before the drop, times
    how much better than others they convert. Of those who work leads it is their share in the
    company: leads of all origins are taken to be spread alike over them.

    Args:
        alert: The alert.
        totals: Of the entity that it may explain.
        company: What is normal for the company at the alert's stage.
    """
    if not alert.level.is_origin:
        return min(alert.baseline_cases / company.cases, 1.0) if company.cases else 0.0
    return min(brought(alert, totals) * alert.baseline / company.rate, 1.0)


def shared_count(alert: Alert, totals: Totals, company: Usual | None) -> float:
    """The same of a count of leads: of one who works leads what he usually gets of the company's.

    Args:
        alert: The alert.
        totals: Of the entity that it may explain.
        company: What is normal for the company; None where that is not known.
    """
    if alert.level.is_origin:
        return brought(alert, totals)
    return min(alert.baseline / company.level, 1.0) if company and company.level else 0.0


def brought(alert: Alert, totals: Totals) -> float:
    """The share of an entity's leads that an alert's channel or campaign brought before it fell."""
    before = _before(alert, totals)
    leads = before.total(slots.LEADS)
    by_origin = before.by_key(_BY_ORIGIN[alert.level])
    return by_origin.get(alert.entity.partition(":")[2], 0) / leads if leads else 0.0


def has_cases(alert: Alert, totals: Totals) -> bool:
    """Whether an entity has cases of an alert's channel or campaign; others are spread over all.

    A campaign is known by whoever counts its leads as its own: a branch, if it names that one.

    Args:
        alert: The alert.
        totals: The entity's.
    """
    measure = _CASES_OF.get(alert.level)
    if measure is None:
        return True
    return alert.entity.partition(":")[2] in _before(alert, totals).by_key(measure)


def strength(alert: Alert) -> float:
    """How far what came is from what was to be expected: the deviance of a Poisson count.

    Of the alerts of one cause the strongest is that of the entity where the cause is: a team
    that stands still is further from what is normal than its branch, and a branch of which
    every team falls short is further than each of them. Of a KPI days differ by more than
    chance, and so it is its deviation that counts.
    """
    worst = _worst(alert)
    if worst.deviation is not None:
        return worst.deviation**2
    observed, expected = worst.observed, worst.expected
    if observed >= expected:
        return 0.0
    return 2 * ((observed * log(observed / expected) if observed else 0.0) + expected - observed)


def is_over_with(alert: Alert, reliefs: Reliefs) -> bool:
    """Whether an alert is over, and of days on which others' alerts explain something.

    As an entity recovers its alert explains less of the days before, and what it had explained
    shows in its relatives. Of a drop that is over that is no news, but the same cause.

    Args:
        alert: An alert that was not told.
        reliefs: What others' alerts explain, by indicator.
    """
    if alert.resolved is None or alert.indicator is None:
        return False
    first, last = _days(alert)
    others = reliefs.get(alert.indicator, ())
    return any(relief.first <= last and first <= relief.last for relief in others)


def relieved(reliefs: Iterable[Relief], day: Day, expected: float) -> float:
    """The share of what is expected on a day that the strongest factor and all else leave."""
    factor, lost, missing = 1.0, 0.0, 0.0
    for relief in reliefs:
        if relief.first <= day <= relief.last:
            factor = min(factor, relief.factor)
            lost += relief.lost
            missing += relief.missing
    return max(factor - lost - (missing / expected if expected else 0.0), 0.0)


def eased(reliefs: Iterable[Relief], day: Day, bad: int) -> tuple[float, float, float]:
    """How others' alerts make less of a KPI normal on a day, or more.

    Args:
        reliefs: What they explain.
        day: The day.
        bad: 1 if more is worse, -1 if less is.

    Returns:
        The factor on what is expected, of the worst alert above and of all across, the shift of
        each case, of the worst alert, and what is added to the day's sum, by all below.
    """
    factor, lost, shift, more = 1.0, 0.0, 0.0, 0.0
    for relief in reliefs:
        if relief.first <= day <= relief.last:
            factor = bad * max(bad * factor, bad * relief.factor)
            lost -= bad * max(-bad * relief.lost, 0.0)
            shift = bad * max(bad * shift, bad * relief.shift)
            more += bad * max(-bad * relief.missing, 0.0)
    return max(factor - lost, 0.0), shift, more


def _before(alert: Alert, totals: Totals) -> Measures:
    since = date.fromisoformat(alert.since).toordinal()
    return totals.over(Days(since - _SHARED_DAYS, since - 1))


def _worst(alert: Alert) -> Alert | Worst:
    """What an alert says, or said before it began to recover."""
    return alert.worst or alert


def _ratio(alert: Alert) -> float:
    ratio = _worst(alert).ratio
    return ratio if ratio is not None else 1.0


def _explained(alert: Alert) -> tuple[Day, Day]:
    """The days on which an alert explains what others miss: not those of its recovery."""
    first, last = _days(alert)
    if alert.worst is not None:
        last = date.fromisoformat(alert.worst.until).toordinal()
    return first, last


def _days(alert: Alert) -> tuple[Day, Day]:
    first = date.fromisoformat(alert.since).toordinal()
    last = date.fromisoformat(alert.resolved).toordinal() if alert.resolved else _NO_END
    return first, last
