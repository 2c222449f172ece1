"""What was said of alerts and baselines, as every worker knows it."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import msgspec
import pytest
from aiokafka import AIOKafkaProducer

from scoring.alerting.baseline import Baseline
from scoring.alerting.idle import Lull
from scoring.alerting.stages import Stage
from scoring.alerting.usual import Usual
from streams import normals
from streams.broker import client_options
from streams.names import Names
from streams.normals import NOTHING_KNOWN, Normal
from streams.settings import Settings
from streams.told import Told
from tests.feed.alerts import alert, forgotten, tell, told
from tests.feed.scores import topics_of, until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from scoring.alerting.alarms import Baselines
    from tests.services.embedded import Embedded

TEAM, EARLIER, BRANCH = alert("team:A|B"), alert("team:A|B", "2026-02-02"), alert("branch:P")
NORMAL = Baseline(
    since=739_000,
    rate=1 / 3,
    low=0.1 + 0.2,
    cases=30,
    delay=(0.7, 0.3),
    hazards=(0.2, 0.1),
    weekdays=(1.0,) * 7,
    hours=(0.04,) * 25,
    spread=1e-3 / 7,
)
SAID: Baselines = {Stage.CONTACTED: (NORMAL,), Stage.QUALIFIED: (), Stage.DISBURSED: ()}


@pytest.fixture
async def settings(embedded_broker: Embedded, prefix: str) -> Settings:
    made = Settings(broker=embedded_broker.bootstrap, prefix=prefix, partitions=2)
    await topics_of(made)
    return made


@asynccontextmanager
async def learning(settings: Settings) -> AsyncIterator[Told]:
    """What is known, followed for the length of a block."""
    known = Told(settings, Names(settings.prefix))
    tasks = [asyncio.create_task(task()) for task in known.tasks]
    try:
        await until(lambda: known.is_ready or any(task.done() for task in tasks), "all is read")
        yield known
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        assert all(task.cancelled() for task in tasks)


async def say(settings: Settings, entity: str, value: bytes) -> None:
    topic = Names(settings.prefix).baselines
    async with AIOKafkaProducer(**client_options(settings)) as producer:
        await producer.send_and_wait(topic, value, entity.encode(), partition=0)


async def test_the_last_word_counts_by_entity(settings: Settings) -> None:
    restated = msgspec.structs.replace(TEAM, observed=40)
    await tell(settings, *map(told, (TEAM, EARLIER, BRANCH, restated)), forgotten(EARLIER))
    async with learning(settings) as known:
        assert known.alerts("team:A|B") == {TEAM.id: restated}
        assert known.alerts("branch:P") == {BRANCH.id: BRANCH}
        assert known.alerts("team:A") == {}


async def test_what_is_normal_survives_the_wire_to_the_last_bit(settings: Settings) -> None:
    await say(settings, "team:A", msgspec.msgpack.encode(SAID))
    async with learning(settings) as known:
        assert known.normal("team:A").baselines == SAID
        assert (known.has_spoken("team:A"), known.has_spoken("team:B")) == (True, False)
        assert known.normal("team:B").baselines == {}


async def test_what_is_normal_of_kpis_survives_the_wire_too(settings: Settings) -> None:
    usual = Usual(since=7, level=0.1 + 0.2, limit=1 / 3, cases=30, size=2.5, variance=1e-3 / 7)
    lulls = {"campaigns.lead_growth": Lull(739_900, (739_893,))}
    said = Normal(SAID, {"crm.nps": (usual, usual), "campaigns.lead_growth": ()}, lulls)
    await say(settings, "team:A", normals.encode(said))
    await say(settings, "team:B", normals.encode(NOTHING_KNOWN))
    async with learning(settings) as known:
        assert known.normal("team:A") == said
        assert known.normal("team:B") == known.normal("team:C") == NOTHING_KNOWN
        assert (known.has_spoken("team:B"), known.has_spoken("team:C")) == (True, False)


async def test_what_another_release_said_is_passed_over(settings: Settings) -> None:
    await tell(settings, (BRANCH.id.encode(), b"{}"), (b"\xff", b"?"), told(TEAM))
    await say(settings, "branch:P", msgspec.msgpack.encode({"contacted": [[1, 0.5]]}))
    await say(settings, "team:A", msgspec.msgpack.encode(SAID))
    async with learning(settings) as known:
        assert known.alerts("branch:P") == {}
        assert known.alerts("team:A|B") == {TEAM.id: TEAM}
        assert not known.has_spoken("branch:P")
        assert known.has_spoken("team:A")


async def test_after_catching_up_all_that_was_said_before_is_known(settings: Settings) -> None:
    async with learning(settings) as known:
        for observed in range(5):
            said = msgspec.structs.replace(TEAM, observed=observed)
            await tell(settings, told(said))
            known.catch_up()
            assert not known.is_ready
            await until(lambda: known.is_ready, "it is ready again")
            assert known.alerts("team:A|B") == {TEAM.id: said}
