"""The Redis sink: what it writes, and that Redis ends as the topic is whatever befalls it."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
import redis as sync_redis

from scoring.alerting.alert import Alert
from scoring.score import Score
from streams.feed import Feed
from streams.names import Names
from streams.settings import Settings
from streams.sinks.redis import RedisSink
from streams.topics import create, required
from tests.feed.alerts import alert, forgotten, tell, told
from tests.feed.scores import gone, publish, record, running, score, topics_of, until
from tests.services.embedded import Embedded
from tests.services.redis import Redis

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

E1 = score("executive:E-1", 71.5)


class Shown:
    """What somebody who reads Redis sees."""

    def __init__(self, settings: Settings) -> None:
        self.client = sync_redis.Redis.from_url(settings.redis_url, decode_responses=True)
        self.prefix = settings.prefix

    def score(self, key: str) -> dict[str, str]:
        found: Any = self.client.hgetall(f"{self.prefix}:score:{key}")
        return dict(found)

    def version(self, key: str) -> str | None:
        return self.score(key).get("version")

    def board(self, name: str) -> list[tuple[str, float]]:
        found: Any = self.client.zrevrange(
            f"{self.prefix}:leaderboard:{name}", 0, -1, withscores=True
        )
        return list(found)

    def changes(self) -> list[tuple[str, str | None]]:
        found: Any = self.client.xrange(f"{self.prefix}:changes")
        return [(fields["key"], fields.get("version")) for _, fields in found]

    def feed(self) -> dict[str, str]:
        found: Any = self.client.hgetall(f"{self.prefix}:feed")
        return dict(found)

    def alerts(self) -> dict[str, Alert]:
        found: Any = self.client.hgetall(f"{self.prefix}:alerts")
        return {key: msgspec.json.decode(text, type=Alert) for key, text in found.items()}

    def keys(self) -> list[str]:
        found: Any = self.client.keys(f"{self.prefix}:score:*")
        return sorted(found)

    def everything(self) -> dict[str, Any]:
        boards: Any = self.client.keys(f"{self.prefix}:leaderboard:*")
        return {
            **{key: self.client.hgetall(key) for key in self.keys()},
            **{key: self.client.zrange(key, 0, -1, withscores=True) for key in boards},
        }


@asynccontextmanager
async def filling(settings: Settings) -> AsyncIterator[Shown]:
    """A sink with a feed of its own, for the length of a block."""
    async with running(Feed(settings)) as feed:
        task = asyncio.create_task(RedisSink(settings, feed).run())
        try:
            yield Shown(settings)
        finally:
            task.cancel()
            await asyncio.wait([task])
            assert task.cancelled(), task.exception()


def on(url: str, broker: Embedded, prefix: str) -> Settings:
    return Settings(broker=broker.bootstrap, prefix=prefix, partitions=3, redis_url=url)


@pytest.fixture(params=["redis", "embedded"])
def settings(
    request: pytest.FixtureRequest, embedded_broker: Embedded, redis_server: Redis, prefix: str
) -> Settings:
    embedded = f"redis://127.0.0.1:{embedded_broker.redis_port}/0"
    url = redis_server.url if request.param == "redis" else embedded
    return on(url, embedded_broker, prefix)


async def test_a_score_is_a_hash_and_a_place_on_two_leaderboards(settings: Settings) -> None:
    await topics_of(settings)
    others = score("executive:E-2", 80.0), score("executive:E-3", 60.0, parent="team:Pune B")
    unlisted = score("executive:E-4", None), score("executive:E-5", 99.0, active=False)
    await publish(settings, *map(record, (E1, *others, *unlisted)))
    async with filling(settings) as shown:
        await until(lambda: len(shown.keys()) == 5, "all scores")
        fields = shown.score("executive:E-1|month")
        assert msgspec.json.decode(fields.pop("json"), type=Score) == E1
        assert fields == {
            "version": "1",
            "as_of": E1.as_of,
            "as_of_us": "1774332000000000",
            "score": "71.5",
            "coverage": "0.5",
            "parent": "team:Pune A",
        }
        whole = [("executive:E-2", 80.0), ("executive:E-1", 71.5), ("executive:E-3", 60.0)]
        assert shown.board("executive:month") == whole
        assert shown.board("executive:month:team:Pune A") == whole[:2]
        assert shown.score("executive:E-4|month")["score"] == ""
        assert len(shown.changes()) == 5
        assert shown.feed()["live"] == "True"


async def test_changes_move_and_removals_remove(settings: Settings) -> None:
    await topics_of(settings)
    await publish(settings, record(E1), record(score("executive:E-2", 80.0)))
    async with filling(settings) as shown:
        await until(lambda: len(shown.keys()) == 2, "both scores")
        moved = score("executive:E-1", 40.0, 2, parent="team:Pune B")
        await publish(settings, record(moved), gone(score("executive:E-2")))
        await until(lambda: shown.version("executive:E-1|month") == "2", "the change")
        await until(lambda: len(shown.keys()) == 1, "the removal")
        assert shown.board("executive:month") == [("executive:E-1", 40.0)]
        assert shown.board("executive:month:team:Pune A") == []
        assert shown.board("executive:month:team:Pune B") == [("executive:E-1", 40.0)]
        await publish(settings, record(score("executive:E-1", 41.0, 3, active=False)))
        await until(lambda: shown.version("executive:E-1|month") == "3", "the departure")
        assert shown.board("executive:month") == []
        assert shown.changes()[-1] == ("executive:E-1|month", "3")


async def test_an_older_score_never_overwrites(settings: Settings, tmp_path: Path) -> None:
    await topics_of(settings)
    as_of = "2026-03-24T11:30:00.500000+05:30"
    newer = [score(f"executive:E-{n}", 90.0, 7, as_of=as_of) for n in range(3)]
    await publish(settings, *map(record, newer))
    async with filling(settings) as shown:
        await until(lambda: len(shown.keys()) == 3, "the newer scores")
    before, seen = shown.everything(), shown.changes()
    behind = [
        score("executive:E-0", 10.0, 6, as_of="2026-03-25T00:00:00+05:30"),
        score("executive:E-1", 20.0, 7, as_of="2026-03-24T11:30:00+05:30"),
        newer[2],
        score("team:Pune A", 30.0),
    ]
    with Embedded(tmp_path) as broker:
        # What a sink writes that has read less of the topic.
        lagging = settings.model_copy(update={"broker": broker.bootstrap})
        await topics_of(lagging)
        await publish(lagging, *map(record, behind))
        async with filling(lagging):
            await until(lambda: len(shown.changes()) > 3, "a change")
            await until(lambda: shown.version("team:Pune A|month") == "1", "what is new")
    assert shown.everything().items() >= before.items()
    assert shown.changes() == [*seen, ("team:Pune A|month", "1")]


async def test_two_sinks_end_as_one_would(settings: Settings) -> None:
    await topics_of(settings)
    async with filling(settings) as shown, filling(settings):
        for version in range(1, 40):
            scores = [score(f"executive:E-{n}", float(version), version) for n in range(10)]
            await publish(settings, *map(record, scores))
        await publish(settings, gone(score("executive:E-0")))
        await until(lambda: len(shown.keys()) == 9, "the removal")
        await until(lambda: set(shown.board("executive:month")) == expected(), "the last scores")


def expected() -> set[tuple[str, float]]:
    return {(f"executive:E-{n}", 39.0) for n in range(1, 10)}


async def test_a_flushed_redis_is_filled_again(
    tmp_path: Path, embedded_broker: Embedded, prefix: str
) -> None:
    with Redis(tmp_path) as server:
        settings = on(server.url, embedded_broker, prefix)
        await topics_of(settings)
        await publish(settings, *(record(score(f"executive:E-{n}", float(n))) for n in range(700)))
        async with filling(settings) as shown:
            await until(lambda: len(shown.keys()) == 700, "all scores")
            before = shown.everything()
            shown.client.flushall()
            await until(lambda: shown.everything() == before, "all scores again")
            shown.client.script_flush()
            await publish(settings, record(score("executive:E-1", 99.0, 2)))
            await until(lambda: shown.version("executive:E-1|month") == "2", "scripts again")


async def test_a_killed_redis_is_filled_again_with_what_it_missed(
    tmp_path: Path, embedded_broker: Embedded, prefix: str
) -> None:
    server = Redis(tmp_path)
    settings = on(server.url, embedded_broker, prefix)
    await topics_of(settings)
    await publish(settings, record(E1), record(score("executive:E-2")))
    async with filling(settings) as shown:
        # It may be down before the sink starts, too.
        await asyncio.to_thread(server.start)
        try:
            await until(lambda: len(shown.keys()) == 2, "the first scores")
            await asyncio.to_thread(server.kill)
            await publish(settings, record(score("executive:E-1", 80.0, 2)))
            await publish(settings, gone(score("executive:E-2")))
            await asyncio.to_thread(server.start)
            await until(lambda: shown.version("executive:E-1|month") == "2", "the missed change")
            await until(lambda: len(shown.keys()) == 1, "the missed removal")
            assert shown.board("executive:month") == [("executive:E-1", 80.0)]
        finally:
            await asyncio.to_thread(server.stop)


async def test_what_was_removed_while_no_sink_ran_goes(settings: Settings) -> None:
    await topics_of(settings)
    await publish(settings, record(E1), record(score("executive:E-2")))
    async with filling(settings) as shown:
        await until(lambda: len(shown.keys()) == 2, "both scores")
    await publish(settings, gone(E1))
    async with filling(settings) as shown:
        await until(lambda: len(shown.keys()) == 1, "the removal")
        assert shown.board("executive:month") == [("executive:E-2", 50.0)]


async def test_a_rebuild_forgets_versions_of_another_topic(settings: Settings) -> None:
    other = settings.model_copy(update={"prefix": f"{settings.prefix}x"})
    for each in (settings, other):
        await topics_of(each)
        await publish(each, record(score("executive:E-1", 90.0, 9)))
        async with filling(each) as shown:
            await until(lambda: len(shown.keys()) == 1, "the score")
    kept = shown.everything()
    removed = await RedisSink(settings, Feed(settings)).clear()
    assert removed == 5
    assert not Shown(settings).everything()
    assert Shown(other).everything() == kept


async def test_it_says_when_the_feed_is_old(
    tmp_path: Path, redis_server: Redis, prefix: str
) -> None:
    with Embedded(tmp_path) as broker:
        settings = on(redis_server.url, broker, prefix)
        await topics_of(settings)
        await publish(settings, record(E1))
        async with filling(settings) as shown:
            await until(lambda: shown.feed().get("live") == "True", "live")
            await asyncio.to_thread(broker.stop)
            await until(lambda: shown.feed()["live"] == "False", "no longer live")
            assert shown.feed()["stale_since"] != ""
            assert shown.version("executive:E-1|month") == "1"
            await asyncio.to_thread(broker.start)
            await until(lambda: shown.feed()["live"] == "True", "live again")


TEAM, COMPANY = alert("team:Pune A"), alert("company:company", "2026-02-02", "2026-02-20")


async def test_alerts_are_a_hash_that_follows_their_topic(settings: Settings) -> None:
    await topics_of(settings)
    await tell(settings, told(TEAM), told(COMPANY))
    both = {TEAM.id: TEAM, COMPANY.id: COMPANY}
    async with filling(settings) as shown, filling(settings):
        await until(lambda: shown.alerts() == both, "both alerts")
        later = msgspec.structs.replace(TEAM, observed=40)
        await tell(settings, told(later), forgotten(COMPANY))
        await until(lambda: shown.alerts() == {TEAM.id: later}, "a change and a removal")
        await tell(settings, forgotten(TEAM))
        await until(lambda: shown.alerts() == {}, "the last one's removal")
        await tell(settings, told(COMPANY))
        await until(lambda: shown.alerts() == {COMPANY.id: COMPANY}, "it came back")


async def test_alerts_of_a_redis_that_was_flushed_or_killed_are_written_again(
    tmp_path: Path, embedded_broker: Embedded, prefix: str
) -> None:
    with Redis(tmp_path) as server:
        settings = on(server.url, embedded_broker, prefix)
        await topics_of(settings)
        await tell(settings, told(TEAM), told(COMPANY))
        async with filling(settings) as shown:
            await until(lambda: len(shown.alerts()) == 2, "both alerts")
            shown.client.flushall()
            await until(lambda: len(shown.alerts()) == 2, "both alerts again")
            await asyncio.to_thread(server.kill)
            later = msgspec.structs.replace(TEAM, observed=40)
            await tell(settings, told(later), forgotten(COMPANY))
            await asyncio.to_thread(server.start)
            await until(lambda: shown.alerts() == {TEAM.id: later}, "what it missed")


async def test_alerts_stay_until_they_are_read_anew(settings: Settings) -> None:
    await topics_of(settings)
    await tell(settings, told(TEAM))
    async with filling(settings) as shown:
        await until(lambda: bool(shown.alerts()), "the alert")
    other = settings.model_copy(update={"prefix": f"{settings.prefix}x"})
    wanted = required(other, Names(other.prefix))
    await create(other, [topic for topic in wanted if not topic.name.endswith(".alerts")])
    Shown(settings).client.rename(f"{settings.prefix}:alerts", f"{other.prefix}:alerts")
    async with filling(other) as shown:
        await until(lambda: shown.feed().get("live") == "True", "the sink has begun")
        await publish(other, record(E1))
        await until(lambda: len(shown.keys()) == 1, "scores follow")
        assert shown.alerts() == {TEAM.id: TEAM}
        await create(other, wanted)
        await until(lambda: shown.alerts() == {}, "the topic is there, and empty")
