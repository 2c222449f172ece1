from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from faust.types import TP

from tests.transport.conftest import DEADLINE, consumer_of, running, until
from tests.transport.test_consumer import Reader, numbers

if TYPE_CHECKING:
    import faust

    from tests.transport.conftest import Log, MakeApp


async def until_lag(app: faust.App, *partitions: int) -> None:
    topic = next(iter(app.consumer.assignment())).topic
    expected = {TP(topic, number): lag for number, lag in enumerate(partitions)}
    async with asyncio.timeout(DEADLINE):
        while await consumer_of(app).lag() != expected:
            await asyncio.sleep(0.02)


async def test_what_is_not_acknowledged_is_the_lag(log: Log, make_app: MakeApp, name: str) -> None:
    await log.create(name, 2)
    await log.produce(name, 0, numbers(0, 100))
    app = make_app(name)
    reader = Reader(app, name)
    reader.gate.clear()
    async with running(app):
        await until(lambda: reader.batches, "a batch read")
        await until_lag(app, 100, 0)
        await log.produce(name, 1, numbers(0, 7))
        await until_lag(app, 100, 7)
        reader.gate.set()
        await until_lag(app, 0, 0)


async def test_after_a_restart_the_lag_counts_from_what_was_committed(
    log: Log, make_app: MakeApp, name: str
) -> None:
    await log.create(name)
    await log.produce(name, 0, numbers(0, 100))
    app = make_app(name)
    reader = Reader(app, name)
    async with running(app):
        await until(lambda: len(reader.offsets) == 100, "all records read")
    await log.produce(name, 0, numbers(100, 130))
    again = make_app(name)
    waiting = Reader(again, name)
    waiting.gate.clear()
    async with running(again):
        await until(lambda: waiting.batches, "a batch read")
        await until_lag(again, 30)
        waiting.gate.set()
