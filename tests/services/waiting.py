"""Waiting for a condition, beside processes that need no event loop."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

POLL = 0.1


def comes_to_hold(holds: Callable[[], object], deadline: float, poll: float = POLL) -> bool:
    """Wait for a condition, so many seconds at most; whether it holds."""
    last = time.monotonic() + deadline
    while not holds():
        if time.monotonic() >= last:
            return False
        time.sleep(poll)
    return True


def until(holds: Callable[[], object], what: str, deadline: float) -> None:
    """Wait until a condition holds, for so many seconds at most."""
    assert comes_to_hold(holds, deadline), f"did not happen in {deadline:.0f} s: {what}"
