"""The whole chain: an event, and a drop, are seen wherever somebody may look, once."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from contextlib import AsyncExitStack
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from playwright.async_api import async_playwright

from scoring.alerting.alert import Status
from streams.names import Names
from streams.replay import results
from streams.workers import workers
from tests.api.serving import Listener, Served, serving
from tests.browser.chromium import Chromium
from tests.browser.screen import Screen
from tests.e2e import floor
from tests.e2e.stories import FALLEN, RISEN, last, told, told_anew
from tests.feed.test_redis import Shown, filling
from tests.services.prometheus import Prometheus

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from pathlib import Path

    from streams.settings import Settings
    from streams.workers import Workers
    from tests.services.kafka import Kafka
    from tests.services.redis import Redis

DEADLINE = 90.0
POLL = 0.1
CONFIGURATION = """\
global: {{scrape_interval: 1s}}
scrape_configs: [{{job_name: salesbell, static_configs: [{{targets: ["{target}"]}}]}}]
"""
SELLER, AMOUNT = "E-3", 450_000
KEY = f"executive:{SELLER}|day"
VOLUME = "sales_targets.sales_volume"


class Chain:
    """Everything behind the topics, and what is seen at each place."""

    def __init__(self, settings: Settings, stack: AsyncExitStack, directory: Path) -> None:
        self.settings = settings
        self.names = Names(settings.prefix)
        self._stack = stack
        self._directory = directory

    async def start(self) -> None:
        """Start the API, a client of its stream, the sink, Prometheus and a page."""
        enter = self._stack.enter_async_context
        self.served: Served = await enter(serving(self.settings))
        self.client = await enter(Listener(self.served.url))
        self.redis: Shown = await enter(filling(self.settings))
        text = CONFIGURATION.format(target=self.served.url.removeprefix("http://"))
        self.prometheus = Prometheus(self._directory / "prometheus", text)
        chromium = Chromium(self._directory / "chromium")
        for service in (self.prometheus, chromium):
            await asyncio.to_thread(service.start)
            self._stack.push_async_callback(asyncio.to_thread, service.stop)
        playwright = await enter(async_playwright())
        browser = await playwright.chromium.connect_over_cdp(chromium.url)
        self._stack.push_async_callback(browser.close)
        self.screen = await Screen.before(browser, f"{self.served.url}/")

    async def volumes(self) -> dict[str, Any]:
        """What the seller has sold today, by where somebody looks."""
        path = f"/v1/scores/executive/{SELLER}?window=day"
        found = [json.loads(self.redis.score(KEY).get("json", "{}")), self.client.scores.get(KEY)]
        response = await self.served.get(path)
        found += response.json()["scores"] if response.is_success else [None]
        scores = await results.newest(self.settings, self.names)
        volume = f'salesbell_company_{VOLUME.replace(".", "_")}_rupees{{window="day"}}'
        series = await asyncio.to_thread(self.prometheus.query, volume)
        published = [s.kpis[VOLUME]["value"] for s in scores if f"{s.key}|{s.window}" == KEY]
        return {
            **dict(zip(("redis", "stream", "api"), map(_volume, found), strict=True)),
            "topic": next(iter(published), None),
            "prometheus": float(series[0]["value"][1]) if series else None,
        }

    async def recovered(self) -> set[str]:
        return set(last(await told(self.settings), Status.RESOLVED))

    async def firing(self) -> dict[str, set[str]]:
        """Whose alerts fire, by where somebody looks."""
        body = (await self.served.get("/v1/alerts?status=firing")).raise_for_status().json()
        story = await told(self.settings)
        active = await asyncio.to_thread(self.prometheus.query, "salesbell_alert_active == 1")
        labels = [each["metric"] for each in active]
        return {
            "topic": {said[-1].entity for said in story.values() if said[-1].resolved is None},
            "redis": {a.entity for a in self.redis.alerts().values() if a.resolved is None},
            "api": {each["entity"] for each in body["alerts"]},
            "stream": {a["entity"] for a in self.client.alerts.values() if a["status"] == "firing"},
            "prometheus": {f"{each['level']}:{each['entity']}" for each in labels},
        }


def _volume(score: dict[str, Any] | None) -> float | None:
    volume: float | None = (score or {}).get("kpis", {}).get(VOLUME, {}).get("value")
    return volume


@pytest.fixture
async def chain(
    apache_kafka: Kafka, redis_server: Redis, prefix: str, tmp_path: Path
) -> AsyncIterator[Chain]:
    settings = await floor.deployed(
        apache_kafka,
        prefix,
        redis_url=redis_server.url,
        alarm_interval=0.5,
        alarm_patience=3,
    )
    async with AsyncExitStack() as stack:
        made = Chain(settings, stack, tmp_path)
        await made.start()
        yield made


async def until(
    look: Callable[[], Awaitable[Any]], expected: Any, running: Workers | None = None
) -> None:
    """Wait until what is seen is what is expected; the failure shows what was seen last."""
    seen = None
    try:
        async with asyncio.timeout(DEADLINE):
            while (seen := await look()) != expected:
                if running is not None:
                    running.check()
                await asyncio.sleep(POLL)
    except TimeoutError:
        assert seen == expected


async def test_an_event_and_a_drop_are_seen_everywhere_and_once(
    chain: Chain, tmp_path: Path
) -> None:
    await floor.deliver(chain.settings, floor.history())
    places = "redis", "stream", "api", "topic", "prometheus"
    async with workers(chain.settings, 1, tmp_path, restarts=1) as running:
        await chain.screen.open()
        expected = {place: {FALLEN} for place in places}
        await until(chain.firing, expected, running)
        await until(chain.recovered, {RISEN}, running)
        before = await told(chain.settings)

        (worker,) = running.pids
        await floor.deliver(chain.settings, [floor.sale(SELLER, AMOUNT)])
        os.kill(worker, signal.SIGKILL)
        await until(chain.volumes, dict.fromkeys(places, AMOUNT), running)
        await chain.screen.shows(".closers", f"{SELLER}\n1 loan\n₹4.5\u00a0L")

        assert worker not in running.pids
        await until(chain.firing, expected, running)
    after = await told(chain.settings)
    assert not told_anew(before, after)
    assert RISEN in await chain.recovered()
    assert all(before != then for said in after.values() for before, then in pairwise(said))
    assert chain.screen.errors == []
