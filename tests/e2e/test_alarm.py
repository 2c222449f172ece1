"""The alarm in a worker process: who is told of, since when, and that a kill repeats nothing."""

from __future__ import annotations

import asyncio
import os
import signal
from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING

import msgspec
import pytest

from scoring.alerting.alert import Alert, Kind, Status
from scoring.alerting.stages import Stage
from streams import topics
from streams.names import Names
from streams.reading import records
from streams.settings import Settings
from streams.workers import workers
from tests.e2e import floor
from tests.feed import alerts

if TYPE_CHECKING:
    from pathlib import Path

    from streams.workers import Workers
    from tests.services.kafka import Kafka

#: All that was told of each alert, in order, by its id.
Story = dict[str, list[Alert]]

PATIENCE = 90.0
POLL = 0.2
#: Whose alerts tell of the drop that lasts, and of the one that is over. What the company's
#: explains of its branch and a team's of its executives is not told again.
FALLEN = {"company:company", "team:T-1"}
RISEN = {"company:company", "team:T-2"}


@pytest.fixture
async def settings(apache_kafka: Kafka, prefix: str) -> Settings:
    made = Settings(
        broker=apache_kafka.bootstrap,
        prefix=prefix,
        partitions=2,
        timezone=floor.ZONE,
        session_timeout=6,
        commit_interval=0.2,
        alarm_interval=0.05,
        alarm_patience=3,
    )
    await topics.create(made, topics.required(made, Names(prefix)))
    return made


async def told(settings: Settings) -> Story:
    """Everything that was told of the alerts that were not forgotten since."""
    found: Story = defaultdict(list)
    async for record in records(settings, Names(settings.prefix).alerts):
        if record.value is None:
            del found[record.key.decode()]
            continue
        alert = msgspec.json.decode(record.value, type=Alert)
        assert record.key == alert.id.encode()
        found[alert.id].append(alert)
    return found


def last(story: Story, status: Status) -> dict[str, Alert]:
    """The alerts of a status by their entities, of which each has at most one."""
    found = [said[-1] for said in story.values() if said[-1].status is status]
    assert len({alert.entity for alert in found}) == len(found)
    return {alert.entity: alert for alert in found}


async def until_told(settings: Settings, running: Workers, firing: dict[str, int]) -> Story:
    """Wait until alerts of entities fire, each of so many leads."""
    async with asyncio.timeout(PATIENCE):
        while True:
            running.check()
            story = await told(settings)
            if {e: a.n for e, a in last(story, Status.FIRING).items()} == firing:
                return story
            await asyncio.sleep(POLL)


async def test_everybody_gets_what_the_data_says_and_a_kill_repeats_nothing(
    settings: Settings, tmp_path: Path
) -> None:
    long_ago = alerts.alert("team:T-1", iso(floor.DAYS + 50), iso(floor.DAYS + 40))
    await alerts.tell(settings, alerts.told(long_ago))
    await floor.deliver(settings, floor.history())
    async with workers(settings, 1, tmp_path, restarts=1) as running:
        since_then = {"company:company": 240, "team:T-1": 120}
        story = await until_told(settings, running, since_then)

        assert long_ago.id not in story
        assert {alert.stage for said in story.values() for alert in said} == {Stage.CONTACTED}
        for entity, alert in last(story, Status.FIRING).items():
            assert (alert.level, alert.since) == (entity.partition(":")[0], iso(5)), entity
            assert iso(5) <= alert.raised <= iso(0)
            assert alert.kind in {Kind.CLOSING, Kind.EITHER}
            assert alert.observed == (72 if entity == "company:company" else 0)
        resolved = last(story, Status.RESOLVED)
        assert resolved.keys() == RISEN
        for entity, alert in resolved.items():
            assert alert.since == iso(35), entity
            assert iso(35) <= alert.raised <= iso(30) < str(alert.resolved) < iso(10)

        worker = running.pids[0]
        os.kill(worker, signal.SIGKILL)
        await floor.deliver(settings, floor.of_day(floor.FALLEN, 0, 0, "M"))
        await floor.deliver(settings, floor.of_day(floor.RISEN, 0, 6, "M"))
        grown = {e: n + n // 6 for e, n in since_then.items()}
        after = await until_told(settings, running, grown)

        assert worker not in running.pids
        assert after.keys() == story.keys(), "nothing is told under another name"
        for identity, said in after.items():
            assert said[: len(story[identity])] == story[identity]
            assert all(before != then for before, then in pairwise(said)), identity
            assert len({each.raised for each in said}) == 1


def iso(ago: int) -> str:
    return floor.day(ago).isoformat()
