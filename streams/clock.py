"""The clock, injected: the wall clock in production, a fixed moment in a replay."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from scoring.calendar import micros, moment

if TYPE_CHECKING:
    from datetime import datetime

    from scoring.events import Micros


class Clock:
    """Tells the time in microseconds since the epoch.

    Args:
        fixed: The only moment that it tells; None for the wall clock.
    """

    def __init__(self, fixed: datetime | None = None) -> None:
        self._fixed = micros(fixed) if fixed is not None else None

    def now(self) -> Micros:
        """The present moment."""
        return self._fixed if self._fixed is not None else time.time_ns() // 1000

    def iso(self) -> str:
        """The present moment as ISO 8601 text in UTC."""
        return moment(self.now()).isoformat()
