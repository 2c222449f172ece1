"""Settings of one's own, with topics."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from streams.settings import Settings
from tests.feed.scores import topics_of

if TYPE_CHECKING:
    from tests.services.embedded import Embedded


@pytest.fixture
async def settings(embedded_broker: Embedded, prefix: str) -> Settings:
    made = Settings(broker=embedded_broker.bootstrap, prefix=prefix, partitions=3)
    await topics_of(made)
    return made
