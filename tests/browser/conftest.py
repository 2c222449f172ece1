"""A floor to look at: the API on a broker of the test's prefix, and a real Chromium before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.async_api import async_playwright

from streams.settings import Settings
from tests.api.serving import serving
from tests.browser.chromium import Chromium
from tests.browser.people import ZONE
from tests.browser.screen import Screen
from tests.feed.scores import topics_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from playwright.async_api import Browser

    from tests.services.embedded import Embedded


@pytest.fixture(scope="session")
def chromium_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    """A browser, shared by the session."""
    with Chromium(tmp_path_factory.mktemp("chromium")) as browser:
        yield browser


@pytest.fixture
async def chromium(chromium_process: Chromium) -> AsyncIterator[Browser]:
    """The browser; what the test opened in it is closed at its end."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.connect_over_cdp(chromium_process.url)
        yield browser
        await browser.close()


@pytest.fixture
async def settings(embedded_broker: Embedded, prefix: str) -> Settings:
    """A deployment with its topics; one partition, so that scores come in the order they went."""
    made = Settings(broker=embedded_broker.bootstrap, prefix=prefix, partitions=1, timezone=ZONE)
    await topics_of(made)
    return made


@pytest.fixture
async def address(settings: Settings) -> AsyncIterator[str]:
    """Where the API serves the floor."""
    async with serving(settings) as served:
        yield f"{served.url}/"


@pytest.fixture
async def screen(chromium: Browser, address: str) -> Screen:
    """A television before the floor, not opened yet."""
    return await Screen.before(chromium, address)
