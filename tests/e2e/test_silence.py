"""A source falls silent: told once, by several workers and over their kill, until it is back."""

from __future__ import annotations

import asyncio
import os
import signal
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import msgspec
import pytest
from aiokafka import AIOKafkaProducer

from scoring.alerting.alert import Kind, Status
from streams.broker import client_options
from streams.names import Names
from streams.workers import workers
from streams.workweek import Weekday
from tests.e2e import floor
from tests.e2e.stories import FALLEN, last, until, until_told
from tests.oracle.generator import event

if TYPE_CHECKING:
    from pathlib import Path

    from scoring.alerting.alert import Alert
    from streams.settings import Settings
    from tests.e2e.stories import Story
    from tests.services.kafka import Kafka

DAYS = 14
#: For so long nothing of the leads has come, while sales and the rest never did.
SILENT = timedelta(hours=2)


@pytest.fixture
async def settings(apache_kafka: Kafka, prefix: str) -> Settings:
    return await floor.deployed(
        apache_kafka, prefix, business_days=tuple(Weekday), alarm_interval=0.2, alarm_patience=3
    )


async def send(settings: Settings, *moments: datetime, happened: datetime | None = None) -> None:
    """Leads that arrived at some moments, and happened then if nothing else is said."""
    topic = Names(settings.prefix).sources["leads"]
    async with AIOKafkaProducer(linger_ms=5, **client_options(settings)) as producer:
        sent = [
            await producer.send(
                topic,
                lead(happened or at),
                partition=number % 2,
                timestamp_ms=int(at.timestamp() * 1_000),
            )
            for number, at in enumerate(moments)
        ]
        await asyncio.gather(*sent)


def lead(at: datetime) -> bytes:
    name = f"L-{at.isoformat()}"
    owned = {"lead_id": name, "channel": "web", "executive_id": "E-1"}
    return msgspec.json.encode(event("lead.created", at, owned, identity=name))


def history() -> list[datetime]:
    """Every five minutes of the business hours of some days, until it fell silent."""
    opening = floor.NOW.replace(hour=9, minute=0, second=0, microsecond=0)
    return [
        at
        for ago in range(DAYS, -1, -1)
        for number in range(9 * 12)
        for at in (opening - timedelta(days=ago) + timedelta(minutes=5 * number),)
        if at <= floor.NOW - SILENT
    ]


async def test_a_silent_source_is_told_of_once_and_until_it_is_back(
    settings: Settings, tmp_path: Path
) -> None:
    await send(settings, *history())
    async with workers(settings, 2, tmp_path, restarts=2) as running:
        (said,) = (await until(settings, running, len)).values()
        alert = said[-1]
        assert (alert.kind, alert.source, alert.indicator) == (Kind.ABSENT, "leads", None)
        assert (alert.entity, alert.status, alert.observed) == (
            "source:leads",
            Status.FIRING,
            0,
        )
        assert alert.silent_since is not None
        since = datetime.fromisoformat(alert.silent_since)
        ended = max(history())
        assert ended < since <= ended + timedelta(minutes=15)
        silent = datetime.now(tz=ended.tzinfo) - ended
        assert 15 <= alert.expected <= 12 * silent.total_seconds() / 3600
        assert alert.evidence_days >= alert.budget_days == 1_000

        for worker in running.pids:
            os.kill(worker, signal.SIGKILL)
        await send(settings, datetime.now(tz=ended.tzinfo), happened=ended + SILENT / 4)
        story = await until(settings, running, lambda story: story[alert.id][-1].back)
        assert story.keys() == {alert.id}
        late = story[alert.id][-1]
        assert late.status is Status.FIRING, "what comes is of long ago: it is catching up"

        await send(settings, datetime.now(tz=ended.tzinfo))
        story = await until(settings, running, lambda story: story[alert.id][-1].resolved)
        assert story.keys() == {alert.id}, "neither another silence nor a drop"
        assert "Events came back at" in story[alert.id][-1].explanation
        statuses = [each.status for each in story[alert.id]]
        assert statuses == sorted(statuses), "it never fires again"


def kinds(story: Story) -> set[tuple[str, Kind]]:
    return {(said[-1].entity, said[-1].kind) for said in story.values()}


async def test_what_an_outage_held_back_is_no_drop_while_it_comes_in(
    settings: Settings, tmp_path: Path
) -> None:
    """Leads come in before their contacts; that the look saw them, the one real alert tells."""
    until_now = [e for e in floor.history() if e["time"][:10] < floor.day(0).isoformat()]
    await floor.deliver(settings, until_now, as_they_happened=True)
    today = [*floor.of_day(floor.RISEN, 0, 6), *floor.of_day(floor.FALLEN, 0, 0)]
    created = [each for each in today if each["type"] == "lead.created"]
    contacts = [each for each in today if each["type"] == "lead.contacted"]
    async with workers(settings, 1, tmp_path, restarts=0) as running:
        await until(settings, running, lambda story: ("source:leads", Kind.ABSENT) in kinds(story))
        await until_told(settings, running, 100)

        await floor.deliver(settings, created)
        story = await until_told(settings, running, 120)
        assert absent(story).back is not None
        assert absent(story).status is Status.FIRING
        assert last(story, Status.FIRING).keys() == {FALLEN, "source:leads"}

        await floor.deliver(settings, contacts)
        await send(settings, datetime.now(tz=floor.NOW.tzinfo))
        await until(settings, running, lambda story: absent(story).resolved)
        await floor.deliver(settings, floor.of_day(floor.FALLEN, 0, 0, "M"))
        story = await until_told(settings, running, 141)
        assert last(story, Status.FIRING).keys() == {FALLEN}
        new = [said[-1] for said in story.values() if said[-1].raised == floor.day(0).isoformat()]
        assert [alert.kind for alert in new] == [Kind.ABSENT], "and nothing dropped today"


def absent(story: Story) -> Alert:
    (found,) = (said[-1] for said in story.values() if said[-1].kind is Kind.ABSENT)
    return found
