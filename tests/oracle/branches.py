"""Branches of the hard histories that work at other times than the company."""

from __future__ import annotations

from datetime import date
from typing import Any

from .oracle import Hours

#: One works from Sunday to Thursday and later, one has days off, as the company has none.
BRANCHES = {
    "B-2": Hours(frozenset({7, 1, 2, 3, 4}), 10, 21, frozenset({date(2026, 3, 24)})),
    "B-3": Hours(off=frozenset({date(2026, 3, 30), date(2026, 2, 27)})),
}
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def settings() -> dict[str, Any]:
    """The same for the product."""
    return {
        branch: {
            "business_days": [_WEEKDAYS[number - 1] for number in sorted(hours.weekdays)],
            "business_opens": f"{hours.opens:02}:00",
            "business_closes": f"{hours.closes:02}:00",
            "holiday_dates": sorted(hours.off),
        }
        for branch, hours in BRANCHES.items()
    }
