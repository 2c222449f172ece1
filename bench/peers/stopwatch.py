"""What a rate is: the events after the clock's start, over the time to the last of them."""

from __future__ import annotations

import time


class Stopwatch:
    """Counts events from the first one processed to the last one expected.

    Args:
        expected: How many events there are.

    """

    def __init__(self, expected: int) -> None:
        self.expected = expected
        self.seen = 0
        self._begin = 0.0
        self._end = 0.0

    def start(self) -> None:
        """Start the clock, once: called as the first event arrives, before it is processed."""
        self._begin = self._begin or time.perf_counter()

    def processed(self, count: int = 1) -> bool:
        """Add events whose processing is complete; tell whether they were the last."""
        self.seen += count
        if self.seen < self.expected:
            return False
        self._end = self._end or time.perf_counter()
        return True

    def rate(self, counted: int) -> float:
        """Give the steady rate in events/s.

        Args:
            counted: The sum of the contender's counters, which must be the number of events.

        Raises:
            ValueError: The contender did not count each event once.

        """
        if self.seen != self.expected or counted != self.expected:
            raise ValueError(
                f"processed {self.seen} and counted {counted} of {self.expected} events: void"
            )
        return self.expected / (self._end - self._begin)
