"""Relatives: whose alerts explain what an entity falls short of.

Those above and below it in its own tree, and those of the other tree with whom it shares leads.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from scoring.alerting.alarms import NO_BASELINES, NO_USUALS
from scoring.alerting.relief import (
    for_those_above,
    for_those_across,
    for_those_below,
    has_cases,
    shared,
    shared_count,
    strength,
)
from scoring.alerting.scopes import Scope, scope_of, shares_leads

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from scoring.alerting.alarms import Baselines, Usuals
    from scoring.alerting.alert import Alert
    from scoring.alerting.relief import Relief, Reliefs
    from scoring.cells import Entity
    from scoring.totals import Totals


class KnownAlert(NamedTuple):
    """An alert that was told, how strong it is, and who is above its entity."""

    alert: Alert
    strength: float
    above: Sequence[Entity]

    @classmethod
    def gather(
        cls, alerts: Iterable[Alert], ancestors: Callable[[Entity], Sequence[Entity]]
    ) -> list[KnownAlert]:
        """The alerts that were told, for all entities of a look."""
        return [cls(alert, strength(alert), ancestors(alert.entity)) for alert in alerts]


def reliefs_of(
    entity: Entity,
    above: Sequence[Entity],
    known: Sequence[KnownAlert],
    totals: Totals,
    company: Baselines = NO_BASELINES,
    usuals: Usuals = NO_USUALS,
) -> Reliefs:
    """What alerts of those above and below an entity explain, and of those across the trees.

    Of two alerts the stronger explains the weaker, and never both each other.

    Args:
        entity: Who may be relieved.
        above: Who is above it, nearest first.
        known: All alerts that were told.
        totals: The entity's.
        company: What is normal for the company.
        usuals: What is normal of KPIs for it.
    """
    own: dict[str | None, float] = defaultdict(float)
    for each in known:
        if each.alert.entity == entity:
            own[each.alert.indicator] = max(own[each.alert.indicator], each.strength)
    reliefs: dict[str, list[Relief]] = defaultdict(list)
    for each in known:
        indicator = each.alert.indicator
        if indicator is None or each.strength <= own[indicator]:
            continue
        if each.alert.entity in above:
            reliefs[indicator].append(for_those_below(each.alert))
        elif (relief := _across(entity, each.alert, totals, company, usuals)) is not None:
            reliefs[indicator].append(relief)
        elif entity in each.above:
            reliefs[indicator].append(for_those_above(each.alert))
    return reliefs


def _across(
    entity: Entity, alert: Alert, totals: Totals, company: Baselines, usuals: Usuals
) -> Relief | None:
    """What an alert explains of an entity of another tree that shares leads with its own."""
    indicator = alert.indicator or ""
    if not shares_leads(entity, alert.entity):
        return None
    if alert.value is not None:
        return _of_amounts(entity, alert, totals)
    if alert.deviation is not None:
        usual = next(reversed(usuals.get(indicator, ())), None)
        return for_those_across(alert, shared_count(alert, totals, usual))
    normal = next(reversed(company.get(indicator, ())), None)
    return for_those_across(alert, shared(alert, totals, normal)) if normal is not None else None


def _of_amounts(entity: Entity, alert: Alert, totals: Totals) -> Relief | None:
    """The same of a mean or share: what the cases of one amount to is a part of the other's.

    Where an origin's cases lie within the entity's, as all do within the company's, all that it
    amounts to beyond what is normal is found there again. A campaign lies within the others.
    """
    scope = scope_of(entity)
    if scope is Scope.COMPANY or not has_cases(alert, totals):
        return None
    if scope is Scope.CAMPAIGN or not alert.level.is_origin:
        return for_those_below(alert)
    return for_those_above(alert)
