"""Alerts on the stream: all at first, then changes, and what a client missed."""

from __future__ import annotations

import asyncio
import random
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from scoring.alerting.stages import Stage
from streams.api import Streams
from streams.feed import AlertBook, Feed
from streams.names import Names
from streams.settings import Settings
from streams.topics import create, required
from tests.api.serving import Listener, serving
from tests.feed.alerts import alert, forgotten, tell, told
from tests.feed.scores import publish, record, score, topics_of, until
from tests.services.embedded import Embedded

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from scoring.alerting.alert import Alert
    from tests.services.kafka import Kafka

TEAM = alert("team:Pune A", "2026-03-20")
EARLIER = alert("team:Pune A", "2026-02-02", "2026-02-20")
COMPANY = alert("company:company", "2026-03-10", "2026-03-22", Stage.DISBURSED)
EXECUTIVE = alert("executive:E-1", "2026-03-18", indicator=Stage.QUALIFIED)
RESOLVED = alert("team:Pune A", TEAM.raised, "2026-03-25")
E1 = score("executive:E-1", 10.0)


def knows(client: Listener, *expected: Alert) -> Callable[[], bool]:
    return lambda: client.alerts == {each.id: msgspec.to_builtins(each) for each in expected}


def kinds(client: Listener) -> list[str]:
    return [event.kind for event in client.events if event.kind in {"alerts", "alert-change"}]


def said(client: Listener) -> list[tuple[list[str], list[str]]]:
    """The ids of alerts, and of removed ones, event by event."""
    return [
        ([each["id"] for each in event.data["alerts"]], event.data.get("removed", []))
        for event in client.events
        if event.kind in {"alerts", "alert-change"}
    ]


async def test_all_are_told_at_first_and_then_what_changes(settings: Settings) -> None:
    await tell(settings, told(EARLIER), told(COMPANY))
    async with serving(settings) as served, Listener(served.url) as client:
        await until(knows(client, EARLIER, COMPANY), "the first alerts")
        await tell(settings, told(TEAM))
        await until(knows(client, EARLIER, COMPANY, TEAM), "a new one")
        await tell(settings, told(RESOLVED))
        await until(knows(client, EARLIER, COMPANY, RESOLVED), "its end")
        await tell(settings, forgotten(EARLIER))
        await until(knows(client, COMPANY, RESOLVED), "a removal")
        assert kinds(client) == ["alerts", "alert-change", "alert-change", "alert-change"]
        assert said(client) == [
            ([COMPANY.id, EARLIER.id], []),
            ([TEAM.id], []),
            ([TEAM.id], []),
            ([], [EARLIER.id]),
        ]
        async with Listener(served.url, {"level": "branch"}) as late:
            await until(knows(late, COMPANY, RESOLVED), "whoever comes later hears of them too")
            assert kinds(late) == ["alerts"]


async def test_an_empty_book_is_told_too(settings: Settings) -> None:
    async with serving(settings) as served, Listener(served.url) as client:
        await until(lambda: said(client) == [([], [])], "that there are none")
        await tell(settings, told(TEAM))
        await until(knows(client, TEAM), "the first one")
        assert kinds(client) == ["alerts", "alert-change"]


async def test_nothing_is_said_that_is_known(settings: Settings) -> None:
    await tell(settings, told(TEAM))
    async with serving(settings) as served, Listener(served.url) as client:
        await until(knows(client, TEAM), "the alert")
        await tell(settings, told(TEAM), forgotten(EARLIER), told(EXECUTIVE))
        await until(knows(client, TEAM, EXECUTIVE), "what is new")
        assert said(client) == [([TEAM.id], []), ([EXECUTIVE.id], [])]


async def test_a_client_goes_on_where_it_was(settings: Settings) -> None:
    await tell(settings, told(EARLIER), told(TEAM), told(COMPANY))
    await publish(settings, record(E1))
    async with serving(settings) as served:
        async with Listener(served.url) as client:
            await until(knows(client, EARLIER, TEAM, COMPANY), "all alerts")
            await client.until({"executive:E-1|month": 10.0}, "the snapshot")
        async with client.again(client.last_id) as again:
            await publish(settings, record(score("executive:E-1", 11.0, 2)))
            await again.until({"executive:E-1|month": 11.0}, "a score")
            assert kinds(again) == [], "what it knows is not told again"
        await tell(settings, told(RESOLVED), forgotten(EARLIER), told(EXECUTIVE))
        async with client.again(again.last_id) as third:
            await until(knows(third, RESOLVED, COMPANY, EXECUTIVE), "what it missed")
            assert set(kinds(third)) == {"alert-change"}
            assert COMPANY.id not in str(said(third))
            assert "reset" not in third.kinds


@pytest.mark.parametrize("token", ["another-1-1", "another-1", "nonsense", ""])
async def test_another_process_s_client_is_told_all(settings: Settings, token: str) -> None:
    await tell(settings, told(TEAM))
    ghosts = {EARLIER.id: msgspec.to_builtins(EARLIER)}
    async with (
        serving(settings) as served,
        Listener(served.url, token=token, alerts=ghosts) as client,
    ):
        await until(knows(client, TEAM), "all alerts, and no others")
        assert kinds(client) == ["alerts"]


async def test_a_client_behind_what_is_remembered_is_told_all(settings: Settings) -> None:
    feed = Feed(settings)
    feed.alerts = AlertBook(settings, feed.bell, remembered=3)
    passing = [alert(f"team:{n}") for n in range(4)]
    await tell(settings, told(EARLIER), *map(told, passing))
    await publish(settings, record(E1))
    async with serving(settings, Streams(feed)) as served:
        async with Listener(served.url) as client:
            await until(knows(client, EARLIER, *passing), "all alerts")
            await client.until({"executive:E-1|month": 10.0}, "the snapshot")
        await tell(settings, *map(forgotten, passing), told(TEAM))
        await until(
            lambda: {a.id for a in feed.alerts.all()} == {EARLIER.id, TEAM.id}, "all have passed"
        )
        async with client.again(client.last_id) as again:
            await until(knows(again, EARLIER, TEAM), "those that are left")
            assert kinds(again) == ["alerts"]


@pytest.mark.parametrize("token", ["another-1-1"])
async def test_before_scores_have_begun_a_client_keeps_its_place(
    embedded_broker: Embedded, prefix: str, token: str
) -> None:
    settings = Settings(broker=embedded_broker.bootstrap, prefix=prefix, partitions=3)
    wanted = required(settings, Names(prefix))
    await create(settings, [topic for topic in wanted if topic.name.endswith(".alerts")])
    await tell(settings, told(TEAM))
    async with serving(settings) as served, Listener(served.url, token=token) as client:
        await until(knows(client, TEAM), "the alert")
        # With an id the client would come again without its ghosts being forgotten.
        assert [event.id for event in client.events if event.kind == "alerts"] == [None]
        await create(settings, wanted)
        await until(lambda: client.kinds == ["reset", "snapshot"], "the scores")
        await tell(settings, told(EARLIER))
        await until(knows(client, TEAM, EARLIER), "a change")
        assert client.events[-1].id is not None


async def test_a_random_history_converges_for_clients_that_come_and_go(settings: Settings) -> None:
    draw = random.Random(5)  # noqa: S311
    now: dict[str, Alert] = {}
    token, known = None, dict[str, Any]()
    await publish(settings, record(E1))
    async with serving(settings) as served, Listener(served.url) as steady:
        for step in range(30):
            async with Listener(served.url, token=token, alerts=dict(known)) as passing:
                some = [alert(f"team:{draw.randrange(9)}", observed=step) for _ in range(3)]
                leaver = alert(f"team:{draw.randrange(9)}")
                await tell(settings, *map(told, some), forgotten(leaver))
                now.update({each.id: each for each in some})
                now.pop(leaver.id, None)
                # Some are cut off in the middle of things.
                if draw.random() < 0.5:
                    await until(knows(passing, *now.values()), "all so far")
            token = passing.last_id if any(event.id for event in passing.events) else token
            known = passing.alerts
        await until(knows(steady, *now.values()), "the last alerts")
        async with Listener(served.url, token=token, alerts=known) as passing:
            await until(knows(passing, *now.values()), "the last alerts")
            assert "alerts" not in kinds(passing)


async def test_they_outlive_the_broker(tmp_path: Path, prefix: str) -> None:
    with Embedded(tmp_path) as broker:
        settings = Settings(broker=broker.bootstrap, prefix=prefix, partitions=2)
        await topics_of(settings)
        await tell(settings, told(TEAM), told(EARLIER))
        async with serving(settings) as served, Listener(served.url) as client:
            await until(knows(client, TEAM, EARLIER), "the alerts")
            await until(lambda: client.state["live"], "the scores are read too")
            await asyncio.to_thread(broker.stop)
            await until(lambda: not client.state["live"], "the broker is gone")
            response = await served.get("/v1/alerts")
            assert response.headers["salesbell-stale-since"] == client.state["stale_since"]
            assert len(response.json()["alerts"]) == 2
            await asyncio.to_thread(broker.start)
            await until(lambda: client.state["live"], "the broker is back")
            await tell(settings, forgotten(EARLIER), told(EXECUTIVE))
            await until(knows(client, TEAM, EXECUTIVE), "what came after the restart")
            assert kinds(client)[0] == "alerts"
            assert set(kinds(client)[1:]) == {"alert-change"}
            assert TEAM.id not in str(said(client)[1:]), "what is as before is no news"


async def test_apache_kafka_tells_the_same(apache_kafka: Kafka, prefix: str) -> None:
    settings = Settings(broker=apache_kafka.bootstrap, prefix=prefix, partitions=2)
    await topics_of(settings)
    await tell(settings, told(TEAM), told(EARLIER), forgotten(TEAM))
    async with serving(settings) as served, Listener(served.url) as client:
        await until(knows(client, EARLIER), "the alert that is left")
        answered = (await served.get("/v1/alerts")).json()["alerts"]
        assert [each["id"] for each in answered] == [EARLIER.id]
        await tell(settings, told(COMPANY), forgotten(EARLIER))
        await until(knows(client, COMPANY), "the change")
