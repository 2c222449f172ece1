"""Demographics: how well a lead's profile fits those at whom the company aims.

A profile is a lead's four attributes as one key, so that a changed aim judges the leads of
the past again, from their counts by profile.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from scoring.events.fields import SEPARATOR

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scoring.events.leads import LeadCreated
    from scoring.notes import Demographics

ATTRIBUTES = ("age_band", "income_band", "employment", "city_tier")


def profile(lead: LeadCreated) -> str | None:
    """The lead's attributes as one key; None if it has none.

    Attributes hold no control characters and are not empty, so nothing but an unknown one is
    empty between the separators.
    """
    values = [getattr(lead, name) or "" for name in ATTRIBUTES]
    return SEPARATOR.join(values) if any(values) else None


class Aim:
    """Judges profiles by one set of target demographics."""

    def __init__(self, said: Demographics) -> None:
        self._bands = tuple(map(frozenset, said.bands))
        self._weights = said.weights
        self._known: dict[str, tuple[int, int]] = {}

    def fit(self, leads: Mapping[str, int]) -> tuple[Fraction, int]:
        """The sum of the fits, each 0 to 1, of leads by profile, and how many could be judged.

        A fit is the weight of the attributes that match over the weight of those that both
        the lead and the aim state; without such weight there is nothing to judge.
        """
        by_weight: dict[int, int] = {}
        judged = 0
        for key, n in leads.items():
            matched, stated = self._known.get(key) or self._judge(key)
            if stated:
                by_weight[stated] = by_weight.get(stated, 0) + n * matched
                judged += n
        total = sum((Fraction(m, stated) for stated, m in by_weight.items()), Fraction(0))
        return total, judged

    def _judge(self, key: str) -> tuple[int, int]:
        matched = stated = 0
        values = key.split(SEPARATOR)
        for value, bands, weight in zip(values, self._bands, self._weights, strict=True):
            if value and bands:
                stated += weight
                matched += weight * (value in bands)
        self._known[key] = matched, stated
        return matched, stated
