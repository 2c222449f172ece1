"""What the floor says while something is away, and that it comes back by itself."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from msgspec.structs import replace

from scoring.alerting.alert import Status
from streams import watermark
from streams.broker import client_options
from streams.names import Names
from streams.settings import Settings
from tests.api.serving import serving
from tests.browser.alerts import a_drop, tell
from tests.browser.api import Api
from tests.browser.people import ZONE, a_floor, company
from tests.browser.screen import Screen
from tests.feed.scores import publish, record, score, topics_of, until
from tests.feed.test_redis import filling
from tests.services.embedded import Embedded
from tests.services.redis import Redis

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from playwright.async_api import Browser


@pytest.fixture
def own_broker(tmp_path: Path) -> Iterator[Embedded]:
    """A broker that the test may stop."""
    with Embedded(tmp_path / "broker") as broker:
        yield broker


@pytest.fixture
async def settings(own_broker: Embedded, prefix: str) -> Settings:
    made = Settings(broker=own_broker.bootstrap, prefix=prefix, partitions=1, timezone=ZONE)
    await topics_of(made)
    return made


@pytest.fixture
async def api(settings: Settings, tmp_path: Path) -> AsyncIterator[Api]:
    """A process that the test may end or freeze."""
    served = Api(tmp_path / "api", settings)
    await asyncio.to_thread(served.start)
    yield served
    await asyncio.to_thread(served.stop)


@pytest.fixture
def address(api: Api) -> str:
    return api.url


async def is_grey(screen: Screen, tile: str = ".hero") -> bool:
    filters: str = await screen.find(tile).evaluate("(tile) => getComputedStyle(tile).filter")
    return "grayscale" in filters


async def open_floor(screen: Screen, settings: Settings) -> None:
    await publish(settings, *a_floor())
    await screen.open()
    await screen.shows(".key", "₹4.82")
    await screen.standing("live")
    assert not await is_grey(screen)


async def test_a_change_arrives_live(screen: Screen, settings: Settings) -> None:
    await open_floor(screen, settings)
    await publish(settings, record(company(515, version=2)))
    await screen.shows(".key", "₹5.15\u00a0Cr")
    await screen.shows(".pace", "78\u00a0% reached, 77\u00a0% due")
    assert screen.errors == []


async def test_without_the_broker_it_greys_and_says_since_when(
    screen: Screen, settings: Settings, own_broker: Embedded
) -> None:
    await tell(settings, a_drop("team:Thane"))
    await open_floor(screen, settings)
    await screen.find(".alarm li").wait_for()
    assert "last known" not in await screen.find(".alarm h2").inner_text()
    await asyncio.to_thread(own_broker.stop)
    words = await screen.standing("stale")
    assert words.startswith("No new scores since ")
    assert await is_grey(screen)
    assert await is_grey(screen, ".alerts")
    await screen.shows(".key", "₹4.82\u00a0Cr")
    await screen.shows(".alarm h2", "last known")
    await asyncio.to_thread(own_broker.start)
    await screen.standing("live")
    assert not await is_grey(screen)
    assert not await is_grey(screen, ".alerts")
    assert "last known" not in await screen.find(".alarm h2").inner_text()
    assert await screen.find(".alarm .new").count() == 0, "what was known is no news"
    await publish(settings, record(company(520, version=2)))
    await screen.shows(".key", "₹5.20\u00a0Cr")
    assert screen.errors == []


async def test_without_a_worker_it_asks_for_one_until_scores_come(
    screen: Screen, settings: Settings
) -> None:
    await publish(settings, *a_floor(), ago=7 * 60)
    await screen.open()
    assert await screen.standing("quiet") == "Newest score 7\u00a0min old: is the worker running?"
    await screen.shows(".key", "₹4.82\u00a0Cr")
    await publish(settings, record(company(515, version=2)))
    await screen.standing("live")
    await screen.shows(".key", "₹5.15\u00a0Cr")
    assert screen.errors == []


async def test_while_events_wait_it_says_that_it_is_not_up_to_date(
    chromium: Browser, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watermark, "BEHIND_SECONDS", 2.0)
    names = Names(settings.prefix)
    leads = TopicPartition(names.sources["leads"], 0)
    async with serving(settings.model_copy(update={"commit_interval": 0.05})) as served:
        await served.scored_until()
        screen = await Screen.before(chromium, f"{served.url}/")
        await open_floor(screen, settings)
        async with AIOKafkaProducer(**client_options(settings)) as producer:
            await producer.send_and_wait(leads.topic, b"{}", partition=leads.partition)
        words = await screen.standing("behind")
        assert words.startswith("Catching up: not all of what came since ")
        assert not await is_grey(screen), "what is there is right, if not complete"
        state = (await served.ready())["feed"]
        assert (state["behind"], state["live"]) == (True, True)
        async with AIOKafkaConsumer(group_id=names.group, **client_options(settings)) as done:
            done.assign([leads])
            await done.commit({leads: 1})
        await screen.standing("live")
        assert screen.errors == []


async def test_it_recovers_from_another_process_of_the_api(
    screen: Screen, settings: Settings, api: Api
) -> None:
    await open_floor(screen, settings)
    await screen.note_rings()
    drop = a_drop("team:Thane")
    await tell(settings, drop)
    await screen.find(".alarm").wait_for()
    await asyncio.to_thread(api.kill)
    words = await screen.standing("cut")
    assert words.startswith("Cut off since ")
    assert await is_grey(screen)
    await screen.shows(".key", "₹4.82\u00a0Cr")
    await screen.shows(".alarm h2", "last known")
    leaver = score("team:Dadar")
    gone = f"{leaver.key}|{leaver.window}".encode(), None
    await publish(settings, record(company(525, version=2)), gone)
    await tell(settings, replace(drop, status=Status.RESOLVED, resolved="2026-11-25"))
    await asyncio.to_thread(api.start)
    await screen.standing("live")
    await screen.shows(".key", "₹5.25\u00a0Cr")
    assert not await is_grey(screen)
    assert "Dadar" not in await screen.find(".teams").inner_text(), "what is no more went"
    await screen.find(".alarm").wait_for(state="detached")
    await publish(settings, record(company(530, version=3)))
    await screen.shows(".key", "₹5.30\u00a0Cr")
    assert await screen.rings() == [], "what was known is no news"
    assert screen.errors == []


async def test_a_server_that_hangs_is_noticed(screen: Screen, settings: Settings, api: Api) -> None:
    await open_floor(screen, settings)
    api.pause()
    await screen.standing("cut")
    api.resume()
    await screen.standing("live")
    await publish(settings, record(company(535, version=2)))
    await screen.shows(".key", "₹5.35\u00a0Cr")


async def test_redis_is_no_matter_to_the_page(
    screen: Screen, settings: Settings, tmp_path: Path
) -> None:
    with Redis(tmp_path / "redis") as redis:
        sunk = settings.model_copy(update={"redis_url": redis.url})
        await open_floor(screen, settings)
        async with filling(sunk) as shown:
            await until(lambda: shown.version("company:company|month") == "1", "in Redis too")
            await asyncio.to_thread(redis.kill)
            await publish(settings, record(company(515, version=2)))
            await screen.shows(".key", "₹5.15\u00a0Cr")
            await asyncio.to_thread(redis.start)
            await until(lambda: shown.version("company:company|month") == "2", "in Redis again")
        await screen.standing("live")
        assert not await is_grey(screen)
        assert screen.errors == []
