"""The client's limit: fetch, decode what is needed, count in a dict. No group, nothing durable."""

from __future__ import annotations

import asyncio
from collections import defaultdict

import msgspec
from aiokafka import AIOKafkaConsumer

from bench.peers.stopwatch import Stopwatch


class Data(msgspec.Struct):
    """The event's owner."""

    executive_id: str


class Event(msgspec.Struct):
    """What the counter needs of a CloudEvent."""

    time: str
    data: Data


def run(bootstrap: str, topic: str, events: int) -> float:
    """Count by (executive, hour); see `Contender`."""
    return asyncio.run(_run(bootstrap, topic, events))


async def _run(bootstrap: str, topic: str, events: int) -> float:
    decode = msgspec.json.Decoder(Event).decode
    counters: dict[tuple[str, str], int] = defaultdict(int)
    watch = Stopwatch(events)
    async with AIOKafkaConsumer(
        topic, bootstrap_servers=bootstrap, group_id=None, auto_offset_reset="earliest"
    ) as consumer:
        done = False
        while not done:
            for records in (await consumer.getmany(timeout_ms=1000, max_records=5000)).values():
                watch.start()
                for record in records:
                    event = decode(record.value)
                    counters[event.data.executive_id, event.time[:13]] += 1
                done = watch.processed(len(records))
    return watch.rate(sum(counters.values()))
