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
from streams.names import Names
from streams.reading import records
from streams.workers import workers
from tests.e2e import floor
from tests.feed import alerts

if TYPE_CHECKING:
    from pathlib import Path

    from streams.settings import Settings
    from streams.workers import Workers
    from tests.services.kafka import Kafka

#: All that was told of each alert, in order, by its id.
Story = dict[str, list[Alert]]

PATIENCE = 90.0
POLL = 0.2
FALLEN, RISEN = "team:T-1", "team:T-2"
LOST = f"channel:{floor.LOST}"
#: Of two workers one has the teams, the other branch, company and channels.
BY_ONE_OR_TWO = pytest.mark.parametrize("count", [1, 2])


@pytest.fixture
async def settings(apache_kafka: Kafka, prefix: str) -> Settings:
    return await floor.deployed(apache_kafka, prefix, alarm_interval=0.05, alarm_patience=6)


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


def told_anew(before: Story, after: Story) -> set[str]:
    """The alerts that are told under another id than before."""
    entities = {identity.rsplit("|", 1)[0] for identity in before}
    new = after.keys() - before.keys()
    lost = before.keys() - after.keys()
    return {identity for identity in new if identity.rsplit("|", 1)[0] in entities} | lost


async def until_fires(settings: Settings, running: Workers, entity: str, leads: int) -> Story:
    """Wait until the alert of an entity fires, of so many leads."""
    async with asyncio.timeout(PATIENCE):
        while True:
            running.check()
            story = await told(settings)
            alert = last(story, Status.FIRING).get(entity)
            if alert is not None and alert.n == leads:
                return story
            await asyncio.sleep(POLL)


async def until_told(settings: Settings, running: Workers, leads: int) -> Story:
    """Wait until the alert of the team that stands still fires, of so many leads."""
    async with asyncio.timeout(PATIENCE):
        while True:
            running.check()
            story = await told(settings)
            alert = last(story, Status.FIRING).get(FALLEN)
            if alert is not None and alert.n == leads and RISEN in last(story, Status.RESOLVED):
                return story
            await asyncio.sleep(POLL)


@BY_ONE_OR_TWO
async def test_one_cause_is_told_once_and_a_kill_repeats_nothing(
    settings: Settings, tmp_path: Path, count: int
) -> None:
    long_ago = alerts.alert(FALLEN, iso(floor.DAYS + 50), iso(floor.DAYS + 40))
    await alerts.tell(settings, alerts.told(long_ago))
    await floor.deliver(settings, floor.history())
    async with workers(settings, count, tmp_path, restarts=1) as running:
        story = await until_told(settings, running, 120)

        assert long_ago.id not in story
        assert {alert.indicator for said in story.values() for alert in said} == {Stage.CONTACTED}
        firing, resolved = last(story, Status.FIRING), last(story, Status.RESOLVED)
        assert firing.keys() == {FALLEN}
        assert resolved.keys() == {RISEN}
        fallen, risen = firing[FALLEN], resolved[RISEN]
        assert (fallen.level, fallen.since, fallen.observed) == ("team", iso(5), 0)
        assert iso(5) <= fallen.raised <= iso(0)
        assert fallen.kind in {Kind.CLOSING, Kind.EITHER}
        assert risen.since == iso(35)
        assert iso(35) <= risen.raised <= iso(30) < str(risen.resolved) < iso(10)

        worker = running.pids[0]
        os.kill(worker, signal.SIGKILL)
        await floor.deliver(settings, floor.of_day(floor.FALLEN, 0, 0, "M"))
        await floor.deliver(settings, floor.of_day(floor.RISEN, 0, 6, "M"))
        after = await until_told(settings, running, 140)

        assert worker not in running.pids
        assert not told_anew(story, after)
        for identity, said in after.items():
            before = story.get(identity, [])
            assert said[: len(before)] == before
            assert all(one != then for one, then in pairwise(said)), identity
            assert len({(a.raised, a.since, a.since_low, a.since_high) for a in said}) == 1
        # What is normal for the branch, and so here, follows from who was told of before.
        assert len({(a.n, a.observed, a.resolved) for a in after[risen.id]}) == 1


@BY_ONE_OR_TWO
async def test_a_channel_lost_at_all_teams_is_told_as_that_channel(
    settings: Settings, tmp_path: Path, count: int
) -> None:
    await floor.deliver(settings, floor.history_of_channels())
    async with workers(settings, count, tmp_path) as running:
        alert = last(await until_fires(settings, running, LOST, 120), Status.FIRING)[LOST]
        assert (alert.entity, alert.level, alert.since) == (LOST, "channel", iso(5))
        for number in range(3):
            for team in floor.TEAMS:
                more = floor.of_day(team, 0, 6, f"M{number}", floor.CHANNELS, floor.LOST)
                await floor.deliver(settings, more)
            story = await until_fires(settings, running, LOST, 140 + 20 * number)
        assert {identity: said[-1].observed for identity, said in story.items()} == {alert.id: 0}


def iso(ago: int) -> str:
    return floor.day(ago).isoformat()
