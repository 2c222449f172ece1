"""What somebody sees who stands before the floor, and what the browser says meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from playwright.async_api import expect

if TYPE_CHECKING:
    import re

    from playwright.async_api import Browser, ConsoleMessage, Locator, Page

DEADLINE_MS = 30_000
TELEVISION = (1920, 1080)
PHONE = (390, 844)


class Screen:
    """One page of a browser.

    Attributes:
        page: The page.
        requested: Every address that it asked for.
        errors: What the console complained of, but for a server that is not there.
    """

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.requested: list[str] = []
        self.errors: list[str] = []
        page.set_default_timeout(DEADLINE_MS)
        page.on("request", lambda request: self.requested.append(request.url))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self._hear)

    @classmethod
    async def before(
        cls, browser: Browser, url: str, size: tuple[int, int] = TELEVISION, **context: Any
    ) -> Screen:
        """A screen of a size, before an address that is not opened yet."""
        width, height = size
        opened = await browser.new_context(viewport={"width": width, "height": height}, **context)
        return cls(await opened.new_page(), url)

    async def open(self) -> None:
        """Open the address."""
        await self.page.goto(self.url)

    def find(self, selector: str) -> Locator:
        """An element."""
        return self.page.locator(selector)

    async def shows(self, selector: str, text: str | re.Pattern[str]) -> None:
        """Wait until an element contains a text."""
        element = expect(self.find(selector))
        await element.to_contain_text(text, use_inner_text=True, timeout=DEADLINE_MS)

    async def texts(self, selector: str) -> list[str]:
        """The texts of all that a selector finds, in order."""
        return await self.find(selector).all_inner_texts()

    async def standing(self, kind: str) -> str:
        """Wait until the page says how far it can be believed; its words."""
        await self.find(f".standing.{kind}").wait_for()
        return await self.find(".standing").inner_text()

    async def note_rings(self) -> None:
        """Note every banner from now on; `rings` gives them."""
        await self.page.evaluate(
            """() => {
              window.rings = [];
              const banner = document.querySelector(".banner");
              const note = () => {
                const text = banner.innerText.trim();
                if (text && text !== window.rings.at(-1)) window.rings.push(text);
              };
              new MutationObserver(note).observe(banner, {subtree: true, childList: true,
                characterData: true, attributes: true});
            }"""
        )

    async def rings(self) -> list[str]:
        """The banners since `note_rings`, one text each."""
        noted: list[str] = await self.page.evaluate("window.rings")
        return noted

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" and "net::ERR_" not in message.text:
            self.errors.append(message.text)
