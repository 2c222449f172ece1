"""A KPI that falls in real traffic: one alert of the team where it fell, kept over a kill."""

from __future__ import annotations

import os
import random
import signal
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from scoring.alerting.alert import Kind, Status
from streams.workers import workers
from tests.e2e import floor
from tests.e2e.stories import iso, last, told, until
from tests.feed import alerts
from tests.oracle.generator import event

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scoring.alerting.alert import Alert
    from streams.settings import Settings
    from streams.workers import Workers
    from tests.e2e.floor import Event
    from tests.e2e.stories import Story
    from tests.services.kafka import Kafka

KPI = "crm.nps"
FALLEN = f"team:{floor.FALLEN}"
#: Days with responses, responses a day of each executive, and since how many days few are fond.
DAYS, RESPONSES, FALLING = 70, 8, 6
SCORES = (10, 10, 10, 10, 9, 8, 7, 3)


@pytest.fixture
async def settings(apache_kafka: Kafka, prefix: str) -> Settings:
    return await floor.deployed(apache_kafka, prefix, alarm_interval=0.05, alarm_patience=3)


def response(executive: str, ago: int, number: int, score: int) -> Event:
    at = floor.NOW.replace(hour=10, minute=number) - timedelta(days=ago)
    name = f"R-{executive}-{ago}-{number}"
    data = {
        "response_id": name,
        "executive_id": executive,
        "customer_id": f"C-{name}",
        "score": score,
    }
    return event("feedback.nps", at, data, identity=name)


def history() -> Iterator[Event]:
    rng = random.Random(5)  # noqa: S311
    yield from floor.placements()
    for ago in range(DAYS, -1, -1):
        for team, executives in floor.TEAMS.items():
            fond = not (team == floor.FALLEN and ago <= FALLING)
            for executive in executives:
                for number in range(RESPONSES):
                    score = rng.choice(SCORES if fond else (10, 8, 3, 2, 0))
                    yield response(executive, ago, number, score)


async def until_fires(settings: Settings, running: Workers, least: int = 1) -> list[Alert]:
    """Wait until the team's alert fires, of enough responses; all that was told of it."""

    def holds(story: Story) -> bool:
        found = last(story, Status.FIRING)
        if FALLEN not in found or found[FALLEN].n < least:
            return False
        assert found.keys() == {FALLEN}, "one cause is one alert"
        return True

    story = await until(settings, running, holds)
    return story[last(story, Status.FIRING)[FALLEN].id]


async def test_a_fall_of_nps_is_told_of_the_team_where_it_fell(
    settings: Settings, tmp_path: Path
) -> None:
    unwatched = alerts.alert(f"team:{floor.RISEN}", iso(3), indicator="crm.mood")
    await alerts.tell(settings, alerts.told(unwatched))
    await floor.deliver(settings, history())
    async with workers(settings, 1, tmp_path, restarts=1) as running:
        (*_, alert) = await until_fires(settings, running)
        assert (alert.indicator, alert.title, alert.kind) == (KPI, "NPS", Kind.LOWER)
        assert (alert.level, alert.days) == ("team", alert.n // (2 * RESPONSES))
        assert iso(FALLING + 2) <= alert.since <= iso(FALLING - 2)
        assert iso(FALLING) <= alert.raised <= iso(1)
        assert alert.value is not None
        assert alert.usual is not None
        assert alert.value < 0 < alert.usual
        assert unwatched.id not in await told(settings), "nobody watches it any more"
        assert alert.value == pytest.approx(100 * alert.observed / alert.n, rel=1e-3)

        os.kill(running.pids[0], signal.SIGKILL)
        executive = floor.TEAMS[floor.FALLEN][0]
        await floor.deliver(settings, [response(executive, 1, RESPONSES, 2)])
        said = await until_fires(settings, running, alert.n + 1)
        assert {(each.id, each.raised, each.since) for each in said} == {
            (alert.id, alert.raised, alert.since)
        }
        assert said[-1].observed == alert.observed - 1
