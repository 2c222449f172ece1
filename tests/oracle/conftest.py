"""Fixtures of the oracle's tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .generator import Event, write
from .oracle import Hours, expected
from .stories import AS_OF, Ask, Index, Stories, indexed

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path


@pytest.fixture
def make() -> Stories:
    return Stories()


@pytest.fixture
def ask(tmp_path: Path) -> Ask:
    """Ask the oracle about a few events, at AS_OF unless told otherwise."""

    def answer(
        *events: Event,
        as_of: datetime = AS_OF,
        timezone: str = "Asia/Kolkata",
        currency: str = "INR",
        maturity_days: int = 14,
        branches: Mapping[str, Hours] | None = None,
    ) -> Index:
        found = expected(
            write(tmp_path / "events.jsonl", events),
            as_of=as_of,
            timezone=timezone,
            currency=currency,
            maturity_days=maturity_days,
            branches=branches,
        )
        return indexed(found)

    return answer


@pytest.fixture
def everyone(make: Stories) -> list[Event]:
    """Placements of the three: E-1 and E-2 in T-1, of which E-2 leaves for T-2; E-3 in none."""
    return [
        make.placed("E-1", "2026-01-01", "T-1"),
        make.placed("E-2", "2026-01-01", "T-1"),
        make.placed("E-2", "2026-03-16", "T-2"),
        make("lead.contacted", "01T10:00:00", lead_id="L-1", executive_id="E-3"),
    ]
