"""The reader of the reference: what it tells whom, and when it has caught up."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

import msgspec
import pytest
from aiokafka import AIOKafkaProducer

from scoring.notes import Insight, Norm, Share, Target, TeamSales
from scoring.windows import Days, Window
from streams import topics
from streams.names import Names
from streams.reference import ReferenceReader
from streams.settings import Settings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from scoring.notes import ReferenceNote

SOLD = TeamSales("T-1", 7, 500, 2)
GOAL = Target("team:T-1", "k", "2026", 1)


class Stand:
    """A reader on a broker, and a writer of notes."""

    def __init__(self, settings: Settings) -> None:
        self.settings, self.names = settings, Names(settings.prefix)
        self.reader = ReferenceReader(settings, self.names)
        self.changes = 0
        self.sold: list[set[str]] = []
        self.reader.on_change(self.changed)
        self.reader.on_sales(self.sold.append)
        self.norms: list[set[str]] = []
        self.reader.on_norms(self.norms.append)

    def changed(self) -> None:
        self.changes += 1

    async def say(self, key: str, version: int, note: ReferenceNote | None) -> None:
        value = msgspec.msgpack.encode((version, note))
        async with AIOKafkaProducer(bootstrap_servers=self.settings.broker) as producer:
            await producer.send_and_wait(self.names.reference_latest, value, key.encode())

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[None]:
        task = asyncio.create_task(self.reader.run())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def until(self, condition: Callable[[], object]) -> None:
        async with asyncio.timeout(30):
            while not condition():
                await asyncio.sleep(0.01)


@pytest.fixture
async def stand(request: pytest.FixtureRequest, prefix: str) -> Stand:
    broker = request.getfixturevalue("embedded_broker").bootstrap
    made = Stand(Settings(broker=broker, prefix=prefix, partitions=1))
    await topics.create(made.settings, topics.required(made.settings, made.names))
    return made


async def test_what_a_team_sold_is_told_apart(stand: Stand) -> None:
    await stand.say("target", 1, GOAL)
    async with stand.reading():
        await asyncio.wait_for(stand.reader.ready(), 30)
        assert (stand.changes, stand.sold) == (1, [])
        await stand.say(SOLD.key, 2, SOLD)
        await stand.until(lambda: stand.sold)
        await stand.say(SOLD.key, 1, TeamSales("T-1", 7, 1, 1))
        await stand.say("target", 2, GOAL)
        await stand.until(lambda: stand.changes == 2)
    assert stand.sold == [{"T-1"}]
    assert stand.reader.reference.sales.over("T-1", Days(7, 7)) == (500, 2)
    assert stand.reader.reference.version == 2 + 2


async def test_what_a_parent_says_is_told_apart(stand: Stand) -> None:
    norm = Norm("team:T-1", {"k": {"month": Share(1, 2)}}, {"executive:E": {}})
    async with stand.reading():
        await asyncio.wait_for(stand.reader.ready(), 30)
        await stand.say(norm.key, 2, norm)
        await stand.until(lambda: stand.norms)
    assert (stand.norms, stand.changes, stand.sold) == ([{"team:T-1"}], 0, [])
    told = stand.reader.reference.norms.told("team:T-1", "executive:E", "k", Window.MONTH)
    assert told == (Share(1, 2), Share(0, 0))


async def test_a_note_is_taken_back(stand: Stand) -> None:
    await stand.say("insight:I", 1, Insight("I", 7, None))
    await stand.say("insight:I", 2, None)
    async with stand.reading():
        await asyncio.wait_for(stand.reader.ready(), 30)
    assert stand.reader.reference.insights.open_in(Days(7, 7)) == set()


async def test_who_asked_to_catch_up_waits_for_all_that_is_there_by_then(stand: Stand) -> None:
    async with stand.reading():
        await asyncio.wait_for(stand.reader.ready(), 30)
        await stand.say("target", 1, GOAL)
        await stand.say(SOLD.key, 2, SOLD)
        stand.reader.catch_up()
        await asyncio.wait_for(stand.reader.ready(), 30)
        assert stand.reader.reference.version == 1 + 2
