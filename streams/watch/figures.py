"""Figures as text; what is undefined is a dash, never a zero."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scoring.calendar import SECOND

if TYPE_CHECKING:
    from scoring.events import Micros
    from scoring.score import Score

UNDEFINED = "\N{EN DASH}"
_THOUSAND = 3
_INDIAN_GROUP = 2
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400


def figure(score: Score | None, kpi: str, field: str = "value") -> float | None:
    """One figure of a score; None if there is none or it is undefined."""
    found = score.kpis.get(kpi, {}).get(field) if score is not None else None
    return found if isinstance(found, int | float) else None


def whole(number: float | None, currency: str = "") -> str:
    """A number in whole units, grouped as the currency's country does.

    >>> whole(1234567.5, "INR")
    '12,34,568'
    >>> whole(1234567)
    '1,234,567'
    """
    if number is None:
        return UNDEFINED
    if currency != "INR":
        return f"{number:,.0f}"
    sign, digits = ("-" if round(number) < 0 else ""), f"{abs(number):.0f}"
    head, tail = digits[:-_THOUSAND], digits[-_THOUSAND:]
    groups = []
    while head:
        head, group = head[:-_INDIAN_GROUP], head[-_INDIAN_GROUP:]
        groups.append(group)
    return sign + ",".join([*reversed(groups), tail])


def points(score: float | None) -> str:
    """A score, to a tenth."""
    return UNDEFINED if score is None else f"{score:.1f}"


def percent(share: float | None, places: int = 1) -> str:
    """A share as a percentage."""
    return UNDEFINED if share is None else f"{share * 100:.{places}f} %"


def span(micros: Micros) -> str:
    """A length of time, to its two largest units.

    >>> span(3_700_000_000)
    '1 h 1 min'
    """
    seconds = max(0, micros // SECOND)
    if seconds < _MINUTE:
        return f"{seconds} s"
    if seconds < _HOUR:
        return f"{seconds // _MINUTE} min {seconds % _MINUTE} s"
    if seconds < _DAY:
        return f"{seconds // _HOUR} h {seconds % _HOUR // _MINUTE} min"
    return f"{seconds // _DAY} d {seconds % _DAY // _HOUR} h"
