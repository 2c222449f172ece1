"""Faust as its documentation teaches it: a record type, a table, one event at a time."""

from __future__ import annotations

import asyncio
import tempfile
from uuid import uuid4

import faust

from bench.peers.stopwatch import Stopwatch


class Data(faust.Record):
    """The event's owner."""

    executive_id: str


class Event(faust.Record, serializer="json"):
    """What the counter needs of a CloudEvent."""

    time: str
    data: Data


def run(bootstrap: str, topic: str, events: int) -> float:
    """Count by (executive, hour) in a table with a changelog, at least once; see `Contender`."""
    with tempfile.TemporaryDirectory(prefix="salesbell-bench-faust-") as directory:
        return asyncio.run(_run(bootstrap, topic, events, directory))


async def _run(bootstrap: str, topic: str, events: int, directory: str) -> float:
    app = faust.App(
        f"bench-faust-{uuid4().hex[:8]}",
        broker=f"kafka://{bootstrap}",
        store="memory://",
        datadir=directory,
        topic_partitions=4,
        topic_replication_factor=1,
        web_enabled=False,
    )
    table = app.Table("counters", default=int)
    watch = Stopwatch(events)
    last = asyncio.Event()

    @app.agent(app.topic(topic, key_type=str, value_type=Event))
    async def count(stream: faust.types.StreamT[Event]) -> None:
        async for event in stream:
            watch.start()
            table[f"{event.data.executive_id}|{event.time[:13]}"] += 1
            if watch.processed():
                last.set()

    app.finalize()
    await app.start()
    await last.wait()
    rate = watch.rate(sum(table.values()))
    await app.stop()
    return rate
