"""Relatives: whose alerts explain what an entity falls short of.

Those above and below it in its own tree, and those of the other tree with whom it shares leads.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from scoring.alerting.relief import (
    for_those_above,
    for_those_across,
    for_those_below,
    shared,
    strength,
)
from scoring.alerting.scopes import shares_leads

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from scoring.alerting.alarms import Baselines
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
    company: Baselines,
) -> Reliefs:
    """What alerts of those above and below an entity explain, and of those across the trees.

    Of two alerts the stronger explains the weaker, and never both each other.

    Args:
        entity: Who may be relieved.
        above: Who is above it, nearest first.
        known: All alerts that were told.
        totals: The entity's.
        company: What is normal for the company.
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
        elif shares_leads(entity, each.alert.entity) and company.get(indicator):
            share = shared(each.alert, totals, company[indicator][-1])
            reliefs[indicator].append(for_those_across(each.alert, share))
        elif entity in each.above:
            reliefs[indicator].append(for_those_above(each.alert))
    return reliefs
