"""The alarm in a worker process: who is told of, since when, and that a kill repeats nothing."""

from __future__ import annotations

import os
import signal
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from scoring.alerting.alert import Kind, Status
from scoring.alerting.stages import Stage
from streams.workers import workers
from tests.e2e import floor
from tests.e2e.stories import FALLEN, RISEN, fires, iso, last, told_anew, until, until_told
from tests.feed import alerts

if TYPE_CHECKING:
    from pathlib import Path

    from streams.settings import Settings
    from tests.services.kafka import Kafka

LOST = f"channel:{floor.LOST}"
#: Of two workers one has the teams, the other branch, company and channels.
BY_ONE_OR_TWO = pytest.mark.parametrize("count", [1, 2])


@pytest.fixture
async def settings(apache_kafka: Kafka, prefix: str) -> Settings:
    return await floor.deployed(apache_kafka, prefix, alarm_interval=0.05, alarm_patience=6)


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
        story = await until(settings, running, partial(fires, entity=LOST, leads=120))
        alert = last(story, Status.FIRING)[LOST]
        assert (alert.entity, alert.level, alert.since) == (LOST, "channel", iso(5))
        for number in range(3):
            for team in floor.TEAMS:
                more = floor.of_day(team, 0, 6, f"M{number}", floor.CHANNELS, floor.LOST)
                await floor.deliver(settings, more)
            story = await until(
                settings, running, partial(fires, entity=LOST, leads=140 + 20 * number)
            )
        assert {identity: said[-1].observed for identity, said in story.items()} == {alert.id: 0}
