"""The feed: read whole before it is ready, and honest about its age while the broker is away."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from streams.feed import Feed
from streams.names import Names
from streams.settings import Settings
from streams.topics import admin
from tests.feed.scores import gone, overall, publish, record, running, score, topics_of, until
from tests.services.embedded import Embedded

if TYPE_CHECKING:
    from pathlib import Path

    from aiokafka.admin import AIOKafkaAdminClient

    from tests.services.kafka import Kafka

COMPANY = "company:company|month"


@pytest.fixture(params=["embedded_broker", "apache_kafka"])
def settings(request: pytest.FixtureRequest, prefix: str) -> Settings:
    broker: Embedded | Kafka = request.getfixturevalue(request.param)
    return Settings(broker=broker.bootstrap, prefix=prefix, partitions=3)


async def test_it_is_ready_when_all_that_was_there_is_read(settings: Settings) -> None:
    await topics_of(settings)
    leaver = score("executive:E-9")
    scores = [score(f"executive:E-{n}", float(n)) for n in range(40)]
    await publish(settings, *map(record, (*scores, leaver)), gone(leaver))
    feed = Feed(settings)
    assert (feed.state.ready, feed.state.live) == (False, False)
    async with running(feed):
        await asyncio.wait_for(feed.ready(), 60)
        assert len(feed.board) == 39
        assert (feed.state.ready, feed.state.live, feed.state.problem) == (True, True, None)
        assert feed.state.stale_since is None
        assert feed.state.last_record is not None
        before = feed.state.last_record
        await publish(settings, record(score("executive:E-1", 99.0, 2)), gone(scores[2]))
        await until(lambda: overall(feed, "executive:E-1|month") == 99.0, "a later score")
        await until(lambda: len(feed.board) == 38, "a later removal")
        assert datetime.fromisoformat(feed.state.last_record) >= datetime.fromisoformat(before)


async def test_an_empty_topic_is_ready_and_a_missing_one_says_what_to_do(
    settings: Settings,
) -> None:
    async with running(Feed(settings)) as feed:
        command = "salesbell topics create"
        await until(lambda: command in (feed.state.problem or ""), "the command is named")
        assert not feed.state.ready
        await topics_of(settings)
        await until(lambda: feed.state.live, "the empty topic is read")
        assert (len(feed.board), feed.state.last_record) == (0, None)


async def test_any_number_of_feeds_agree(settings: Settings) -> None:
    await topics_of(settings)
    async with running(Feed(settings)) as one, running(Feed(settings)) as other:
        scores = [score(f"executive:E-{n % 7}", float(n), n) for n in range(200)]
        await publish(settings, *map(record, scores))
        await until(lambda: overall(one, "executive:E-3|month") == 199.0, "the last score")
        await until(lambda: shown(one) == shown(other), "agreement")


def shown(feed: Feed) -> dict[str, float | None]:
    return {each.score.key: each.score.score for each in feed.board.shelf("executive", "month")}


async def test_it_outlives_the_broker_and_says_since_when_it_is_old(
    tmp_path: Path, prefix: str
) -> None:
    broker = Embedded(tmp_path)
    settings = Settings(broker=broker.bootstrap, prefix=prefix, partitions=2)
    async with running(Feed(settings)) as feed:
        await until(lambda: broker.bootstrap in (feed.state.problem or ""), "no broker yet")
        assert feed.state.stale_since is None
        with broker:
            await topics_of(settings)
            await publish(settings, record(score("company:company", 40.0)))
            await until(lambda: overall(feed, COMPANY) == 40.0, "the first score")
            sequence = feed.board.sequence

            await asyncio.to_thread(broker.stop)
            await until(lambda: not feed.state.live, "the broker is gone")
            assert feed.state.stale_since is not None
            assert feed.state.ready
            assert overall(feed, COMPANY) == 40.0
            await asyncio.to_thread(broker.start)
            await until(lambda: feed.state.live, "the broker is back")
            assert feed.state.stale_since is None
            assert feed.board.sequence == sequence, "what is as before is no change"
            await publish(settings, record(score("company:company", 45.0, 2)))
            await until(lambda: overall(feed, COMPANY) == 45.0, "a score after the restart")


async def test_a_frozen_broker_makes_it_old(tmp_path: Path, prefix: str) -> None:
    with Embedded(tmp_path) as broker:
        settings = Settings(broker=broker.bootstrap, prefix=prefix, partitions=2)
        await topics_of(settings)
        async with running(Feed(settings)) as feed:
            await until(lambda: feed.state.live, "the topic is read")
            broker.pause()
            await until(lambda: not feed.state.live, "the silence is noticed")
            broker.resume()
            await until(lambda: feed.state.live, "it goes on")


async def test_another_topic_under_the_same_name_is_followed(tmp_path: Path, prefix: str) -> None:
    first, second = Embedded(tmp_path / "first"), Embedded(tmp_path / "second")
    second.port, second.bootstrap = first.port, first.bootstrap
    settings = Settings(broker=first.bootstrap, prefix=prefix, partitions=2)
    async with running(Feed(settings)) as feed:
        with first:
            await topics_of(settings)
            old = [score("company:company", 40.0, 9), score("team:Pune A", 40.0, 9)]
            await publish(settings, *map(record, old))
            await until(lambda: len(feed.board) == 2, "the old scores")
        await until(lambda: not feed.state.live, "the broker is gone for good")
        with second:
            await topics_of(settings)
            await publish(settings, record(score("company:company", 30.0, 1)))
            await until(lambda: overall(feed, COMPANY) == 30.0, "the lower version")
            assert len(feed.board) == 1


async def test_a_topic_created_anew_on_the_same_broker_is_read_again(settings: Settings) -> None:
    await topics_of(settings)
    async with running(Feed(settings)) as feed:
        old = [score(f"executive:E-{n}", float(n), 9) for n in range(20)]
        await publish(settings, *map(record, old))
        await until(lambda: len(feed.board) == 20, "the old scores")
        async with admin(settings) as client:
            await client.delete_topics([Names(settings.prefix).scores])
            await until_absent(client, Names(settings.prefix).scores)
        await topics_of(settings)
        await publish(settings, record(score("company:company", 30.0)))
        await until(lambda: feed.state.live and len(feed.board) == 1, "only the new score")
        assert overall(feed, COMPANY) == 30.0


async def until_absent(client: AIOKafkaAdminClient, topic: str) -> None:
    async with asyncio.timeout(60):
        while topic in await client.list_topics():
            await asyncio.sleep(0.05)
