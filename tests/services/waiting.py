"""Waiting for a condition, beside processes that need no event loop."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

POLL = 0.1


def until(holds: Callable[[], object], what: str, deadline: float) -> None:
    """Wait until a condition holds, for so many seconds at most."""
    last = time.monotonic() + deadline
    while not holds():
        assert time.monotonic() < last, f"did not happen in {deadline:.0f} s: {what}"
        time.sleep(POLL)
