"""The same counters on Salesbell's transport and table, exact over crashes.

Each counter carries the offset that it has applied, a batch is folded and each touched counter
written once, and the batch is acknowledged when the changelog is.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, cast

import msgspec

from bench.peers.raw_aiokafka import Event
from bench.peers.stopwatch import Stopwatch
from streams.application import application
from streams.fence import Fence
from streams.meter import StageMeter
from streams.names import Names
from streams.pump import Backlog, Pump
from streams.settings import Settings
from streams.transport import BatchSchema

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from streams.table import Table
    from streams.transport import Batch

_PARTITIONS = 4
_DIGITS = {"hour": 13, "minute": 16}


class Counter(msgspec.Struct, frozen=True, array_like=True):
    """Events of one executive in one pane; `version` is the offset applied last, plus one."""

    version: int
    count: int


def run(bootstrap: str, topic: str, events: int, *, pane: str) -> float:
    """Count by (executive, pane); see `Contender`."""
    return asyncio.run(_run(bootstrap, topic, events, _DIGITS[pane]))


async def _run(bootstrap: str, topic: str, events: int, digits: int) -> float:
    settings = Settings(
        broker=bootstrap,
        prefix=f"bench-counters-{digits}",
        partitions=_PARTITIONS,
        batch_records=10_000,
    )
    app = application(settings, Names(settings.prefix))
    made = app.Table(
        "counters",
        encode=msgspec.msgpack.encode,
        decode=msgspec.msgpack.Decoder(Counter).decode,
        partitions=_PARTITIONS,
    )
    table = cast("Table[Counter]", made)
    watch, done = Stopwatch(events), asyncio.Event()
    decode = msgspec.json.Decoder(Event).decode

    async def process(batches: Sequence[Batch]) -> None:
        watch.start()
        for batch in batches:
            await table.write(batch.partition, _fold(batch, table, digits, decode))
            if watch.processed(len(batch.records)):
                done.set()

    pump = Pump(
        process,
        _at_once,
        Fence(app, settings.session_timeout),
        Backlog(),
        StageMeter(),
    )

    async def agent(stream: Any) -> None:
        async for event in stream.noack().events():
            await pump.feed(event)

    app.agent(app.topic(topic, schema=BatchSchema()))(agent)
    app.task(pump.run)
    await app.start()
    await done.wait()
    rate = watch.rate(_total(table))
    await app.stop()
    return rate


def _at_once(acknowledge: Callable[[], object]) -> None:
    acknowledge()


def _fold(batch: Batch, table: Table[Counter], digits: int, decode: Any) -> dict[str, Counter]:
    known = table.partition(batch.partition)
    counts: dict[str, int] = {}
    for record in batch.records:
        event = decode(record.value)
        key = f"{event.data.executive_id}|{event.time[:digits]}"
        counter = counts.get(key)
        if counter is None:
            before = known.get(key)
            if before is not None and record.offset < before.version:
                continue
            counter = before.count if before is not None else 0
        counts[key] = counter + 1
    return {key: Counter(batch.last + 1, count) for key, count in counts.items()}


def _total(table: Table[Counter]) -> int:
    return sum(
        counter.count
        for partition in table.owned_partitions()
        for counter in table.partition(partition).values()
    )
