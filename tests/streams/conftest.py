"""Fixtures of the tests of single parts of a worker."""

from __future__ import annotations

import pytest

from tests.streams.stand import Stand


@pytest.fixture
async def stand() -> Stand:
    return Stand()
