"""An independent oracle of the KPIs, and a generator of histories that are hard to get right."""

from .oracle import Expected, expected

__all__ = ["Expected", "expected"]
