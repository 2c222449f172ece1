"""The stream: a snapshot, then changes; whatever a client misses, it ends as the board is."""

from __future__ import annotations

import asyncio
import random
from typing import TYPE_CHECKING, Any

import pytest

from streams.api import Streams
from streams.feed import Feed
from streams.settings import Settings
from tests.api.serving import Listener, serving
from tests.feed.scores import gone, publish, record, score, topics_of, until
from tests.services.embedded import Embedded

if TYPE_CHECKING:
    from pathlib import Path

    from tests.services.kafka import Kafka

E1, E2, TEAM = (
    score("executive:E-1", 10.0),
    score("executive:E-2", 20.0),
    score("team:Pune A", 15.0),
)
KEY1, KEY2, KEY_TEAM = "executive:E-1|month", "executive:E-2|month", "team:Pune A|month"


async def test_a_snapshot_and_then_changes(settings: Settings) -> None:
    await publish(settings, *map(record, (E1, E2, TEAM)))
    async with serving(settings) as served, Listener(served.url) as client:
        await client.until({KEY1: 10.0, KEY2: 20.0, KEY_TEAM: 15.0}, "the snapshot")
        assert client.kinds == ["snapshot"]
        assert client.scores[KEY1]["kpis"]["sales_targets.sales_volume"]["value"] == 1_234_567.0
        assert client.state["live"]
        await publish(settings, record(score("executive:E-1", 11.0, 2)), gone(E2))
        await client.until({KEY1: 11.0, KEY_TEAM: 15.0}, "the changes")
        assert set(client.kinds[1:]) == {"change"}


async def test_on_apache_kafka_too(apache_kafka: Kafka, prefix: str) -> None:
    settings = Settings(broker=apache_kafka.bootstrap, prefix=prefix, partitions=3)
    await topics_of(settings)
    await publish(settings, record(E1))
    async with serving(settings) as served, Listener(served.url) as client:
        await client.until({KEY1: 10.0}, "the snapshot")
        await publish(settings, record(E2), gone(E1))
        await client.until({KEY2: 20.0}, "the changes")


async def test_a_filter_leaves_out_the_rest(settings: Settings) -> None:
    week = score("executive:E-1", 5.0, window="week")
    await publish(settings, *map(record, (E1, week, TEAM)))
    query = {"level": "executive", "window": "month"}
    async with serving(settings) as served, Listener(served.url, query) as client:
        await client.until({KEY1: 10.0}, "the snapshot")
        await publish(settings, record(score("team:Pune A", 16.0, 2)))
        await publish(settings, record(E2))
        await client.until({KEY1: 10.0, KEY2: 20.0}, "what it asked for")
        assert client.kinds == ["snapshot", "change"]


async def test_a_client_goes_on_where_it_was(settings: Settings) -> None:
    await publish(settings, record(E1), record(E2))
    async with serving(settings) as served:
        async with Listener(served.url) as client:
            await client.until({KEY1: 10.0, KEY2: 20.0}, "the snapshot")
        await publish(settings, record(score("executive:E-1", 11.0, 2)), record(TEAM), gone(E2))
        async with Listener(served.url, token=client.last_id, scores=client.scores) as again:
            await again.until({KEY1: 11.0, KEY_TEAM: 15.0}, "what it missed")
            assert set(again.kinds) == {"change"}


@pytest.mark.parametrize("token", ["another-1", "nonsense", "", "-", "\u00b2".encode().hex()])
async def test_another_process_s_client_begins_anew(settings: Settings, token: str) -> None:
    await publish(settings, record(E1))
    async with serving(settings) as served:
        await served.ready()
        ghosts = {"executive:E-9|month": {"score": 1.0}}
        async with Listener(served.url, token=token, scores=ghosts) as client:
            await client.until({KEY1: 10.0}, "the snapshot")
            assert client.kinds == ["reset", "snapshot"]


async def test_a_client_behind_what_is_remembered_begins_anew(settings: Settings) -> None:
    feed = Feed(settings)
    await publish(settings, record(E1))
    async with serving(settings, Streams(feed)) as served:
        async with Listener(served.url) as client:
            await client.until({KEY1: 10.0}, "the snapshot")
        passing = [score(f"executive:X-{n}", kras={}, kpis={}) for n in range(16_000)]
        for begin in range(0, len(passing), 4_000):
            some = passing[begin : begin + 4_000]
            await publish(settings, *map(record, some))
            await publish(settings, *map(gone, some))
        await publish(settings, record(E2))
        await until(lambda: len(feed.board) == 2, "all have passed")
        async with Listener(served.url, token=client.last_id, scores=client.scores) as again:
            await again.until({KEY1: 10.0, KEY2: 20.0}, "the snapshot")
            assert again.kinds[:2] == ["reset", "snapshot"]


async def test_a_large_board_comes_in_parts(settings: Settings) -> None:
    scores = [score(f"executive:E-{n}", float(n)) for n in range(2_000)]
    await publish(settings, *map(record, scores))
    async with serving(settings) as served:
        await served.ready()
        async with Listener(served.url) as client:
            await client.until({f"{s.key}|month": s.score for s in scores}, "all scores")
            assert set(client.kinds) == {"snapshot"}
            assert len(client.kinds) > 2
            assert client.told[-1]["complete"]


async def test_a_slow_client_gets_less_and_ends_as_the_board_is(settings: Settings) -> None:
    feed, gate = Feed(settings), asyncio.Event()
    draw = random.Random(3)  # noqa: S311
    filler = {"text": "x" * 50_000}
    changes = [
        score(f"executive:E-{draw.randrange(20)}", float(n), n, kras={"filler": filler})
        for n in range(1, 1_001)
    ]
    async with serving(settings, Streams(feed)) as served:
        await served.ready()
        # The slow one reads nothing between its first event and the last change.
        async with Listener(served.url, gate=gate) as slow, Listener(served.url) as quick:
            await until(lambda: bool(slow.events) and bool(quick.events), "both listen")
            for begin in range(0, len(changes), 100):
                await publish(settings, *map(record, changes[begin : begin + 100]))
                last = {f"{each.key}|month": each.score for each in changes[: begin + 100]}
                await quick.until(last, "the quick one has all so far")
            gate.set()
            await slow.until(last, "the slow one ends as the board is")
            assert sum(len(each["scores"]) for each in slow.told) < len(changes) / 2


async def test_a_random_history_converges_for_clients_that_come_and_go(
    settings: Settings,
) -> None:
    draw = random.Random(11)  # noqa: S311
    last: dict[str, float | None] = {}
    token, known = None, dict[str, Any]()
    async with serving(settings) as served, Listener(served.url) as steady:
        for version in range(1, 30):
            async with Listener(served.url, token=token, scores=dict(known)) as passing:
                some = [
                    score(f"executive:E-{draw.randrange(9)}", float(version), version)
                    for _ in range(5)
                ]
                leaver = score(f"executive:E-{draw.randrange(9)}")
                await publish(settings, *map(record, some), gone(leaver))
                last.update({f"{each.key}|month": each.score for each in some})
                last.pop(f"{leaver.key}|month", None)
                await until(lambda: bool(passing.told), "an event")
                if draw.random() < 0.3:
                    await passing.until(last, "all so far")
            token, known = passing.last_id, passing.scores
        await steady.until(last, "the last scores")
        async with Listener(served.url, token=token, scores=known) as passing:
            await publish(settings, record(score("executive:E-0", 77.0, 99)))
            last["executive:E-0|month"] = 77.0
            await passing.until(last, "the last scores")
            assert "reset" not in passing.kinds


async def test_only_so_many_clients(settings: Settings) -> None:
    feed = Feed(settings)
    async with serving(settings, Streams(feed, limit=2)) as served:
        await served.ready()
        async with Listener(served.url) as one:
            async with Listener(served.url) as two:
                await until(lambda: bool(one.events) and bool(two.events), "both listen")
                refused = await served.get("/v1/stream")
                assert (refused.status_code, refused.headers["retry-after"]) == (503, "10")
                assert "2 streams" in refused.json()["detail"]
            async with asyncio.timeout(60):
                while (await served.get("/readyz")).json()["streams"] != 1:
                    await asyncio.sleep(0.02)
            async with Listener(served.url) as three:
                await until(lambda: bool(three.events), "the place of who left")


async def test_silence_is_broken_by_comments(settings: Settings) -> None:
    streams = Streams(Feed(settings), heartbeat=0.1)
    async with serving(settings, streams) as served, Listener(served.url) as client:
        await until(lambda: client.kinds == ["snapshot"], "the snapshot")
        before = client.comments
        await until(lambda: client.comments > before + 2, "heartbeats")
        assert client.kinds == ["snapshot"]


async def test_a_client_that_is_early_waits_for_the_scores(
    embedded_broker: Embedded, prefix: str
) -> None:
    settings = Settings(broker=embedded_broker.bootstrap, prefix=prefix, partitions=3)
    async with serving(settings) as served, Listener(served.url) as client:
        await until(lambda: "topics create" in (client.state.get("problem") or ""), "the state")
        assert client.kinds == []
        await topics_of(settings)
        await until(lambda: client.kinds == ["snapshot"], "the empty snapshot")
        assert client.state["live"]


async def test_the_broker_may_go_and_come_back(tmp_path: Path, prefix: str) -> None:
    with Embedded(tmp_path) as broker:
        settings = Settings(broker=broker.bootstrap, prefix=prefix, partitions=3)
        await topics_of(settings)
        await publish(settings, record(E1))
        async with serving(settings) as served, Listener(served.url) as client:
            await client.until({KEY1: 10.0}, "the snapshot")
            await asyncio.to_thread(broker.stop)
            await until(lambda: not client.state["live"], "it is said to be old")
            assert client.state["stale_since"] is not None
            assert (await served.get("/readyz")).status_code == 200
            await asyncio.to_thread(broker.start)
            await until(lambda: client.state["live"], "it is live again")
            await publish(settings, record(score("executive:E-1", 11.0, 2)))
            await client.until({KEY1: 11.0}, "a change after the restart")
            assert client.kinds == ["snapshot", "change"]


async def test_a_server_that_ends_ends_its_streams(settings: Settings) -> None:
    async with serving(settings) as served, Listener(served.url) as client:
        await until(lambda: bool(client.kinds), "the snapshot")
        served.stop.set()
        await until(lambda: client.ended, "the end of the stream")
