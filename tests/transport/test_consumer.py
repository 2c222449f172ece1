from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest
from faust.types import TP

from streams.transport import Batch, BatchSchema
from tests.transport.conftest import consumer_of, running, transport_of, until

if TYPE_CHECKING:
    import faust
    from faust.types import EventT, StreamT

    from tests.transport.conftest import Log, MakeApp


def numbers(first: int, last: int) -> list[bytes]:
    return [b"%d" % n for n in range(first, last)]


class Reader:
    """An agent that remembers what it read and, if told so, waits before it goes on."""

    def __init__(self, app: faust.App, topic: str) -> None:
        self.batches: list[Batch] = []
        self.gate = asyncio.Event()
        self.gate.set()

        @app.agent(app.topic(topic, schema=BatchSchema()))
        async def read(stream: StreamT[Batch]) -> None:
            async for batch in stream:
                self.batches.append(batch)
                await self.gate.wait()

    async def until(self, count: int) -> None:
        await until(lambda: len(self.offsets) >= count, f"{count} records read")

    @property
    def offsets(self) -> list[int]:
        return [record.offset for batch in self.batches for record in batch.records]

    @property
    def values(self) -> list[bytes]:
        return [record.value for batch in self.batches for record in batch.records]


def held(app: faust.App, topic: str) -> list[EventT[Batch]]:
    """What an agent reads that leaves it to others to acknowledge."""
    events: list[EventT[Batch]] = []

    @app.agent(app.topic(topic, schema=BatchSchema()))
    async def hold(stream: StreamT[Batch]) -> None:
        async for event in cast("faust.Stream[Batch]", stream).noack().events():
            events.append(event)  # noqa: PERF401  # the stream has no end

    return events


async def test_one_event_per_fetched_partition(log: Log, make_app: MakeApp, name: str) -> None:
    await log.create(name, 2)
    await log.produce_pairs(name, 0, [(b"k", b"abc"), (None, None), (b"", b"")])
    await log.produce(name, 1, numbers(0, 100))
    app = make_app(name)
    reader = Reader(app, name)
    async with running(app):
        await until(lambda: len(reader.offsets) == 103, "all records read")
    by_partition = {batch.partition: batch for batch in reader.batches}
    assert len(reader.batches) == len(by_partition) == 2
    batch = by_partition[0]
    assert (batch.topic, batch.first, batch.last, batch.size) == (name, 0, 2, 4)
    assert [(r.key, r.value) for r in batch.records] == [(b"k", b"abc"), (None, None), (b"", b"")]
    assert [r.value for r in by_partition[1].records] == numbers(0, 100)


async def test_a_fetch_hands_over_at_most_max_poll_records(
    log: Log, make_app: MakeApp, name: str
) -> None:
    await log.create(name)
    await log.produce(name, 0, numbers(0, 1000))
    app = make_app(name, broker_max_poll_records=64)
    reader = Reader(app, name)
    async with running(app):
        await until(lambda: len(reader.offsets) == 1000, "all records read")
    assert max(len(batch.records) for batch in reader.batches) <= 64
    assert reader.values == numbers(0, 1000)


async def test_nothing_is_read_again_after_a_clean_stop(
    log: Log, make_app: MakeApp, name: str
) -> None:
    await log.create(name, 2)
    read: list[bytes] = []
    for start in (0, 500, 1000):
        for partition in range(2):
            await log.produce(name, partition, numbers(start, start + 500))
        app = make_app(name, broker_max_poll_records=100)
        reader = Reader(app, name)
        async with running(app):
            await reader.until(1000)
        assert sorted(reader.values) == sorted(numbers(start, start + 500) * 2)
        assert await log.committed(name, name, 2) == [start + 500] * 2
        read += reader.values
    assert sorted(read) == sorted(numbers(0, 1500) * 2)


async def test_commits_while_running(log: Log, make_app: MakeApp, name: str) -> None:
    await log.create(name)
    await log.produce(name, 0, numbers(0, 300))
    app = make_app(name, broker_max_poll_records=100)
    reader = Reader(app, name)
    async with running(app):
        await until(lambda: len(reader.offsets) == 300, "all records read")
        await until(lambda: app.monitor.tp_committed_offsets.get(TP(name, 0)) == 300, "a commit")
        assert await log.committed(name, name) == [300]
        reader.gate.clear()
        await log.produce(name, 0, numbers(300, 400))
        await until(lambda: len(reader.offsets) == 400, "the next batch is begun")
        await app.consumer.commit()
        assert await log.committed(name, name) == [300]
        reader.gate.set()
    assert await log.committed(name, name) == [400]


async def test_late_acknowledgements_hold_back_the_commit(
    log: Log, make_app: MakeApp, name: str
) -> None:
    await log.create(name)
    await log.produce(name, 0, numbers(0, 50))
    app = make_app(name, broker_max_poll_records=10)
    events = held(app, name)
    async with running(app):
        await until(lambda: len(events) == 5, "five batches")
        for acknowledge, committed in [((1, 2), 0), ((0,), 30), ((4,), 30), ((3,), 50)]:
            for index in acknowledge:
                events[index].ack()
            await app.consumer.commit()
            assert await log.committed(name, name) == [committed]
        assert consumer_of(app).outstanding_bytes(TP(name, 0)) == 0


async def test_transactions_leave_gaps_that_neither_hold_nor_skip(
    log: Log, make_app: MakeApp, name: str
) -> None:
    await log.create(name)
    pairs = [(None, value) for value in numbers(0, 20)]
    for start in range(0, 20, 5):
        part = pairs[start : start + 5]
        await log.produce_pairs(name, 0, part, transaction=name, abort=start == 5)
    app = make_app(name, broker_max_poll_records=3)
    reader = Reader(app, name)
    async with running(app):
        await until(lambda: reader.values[-1:] == [b"19"], "the last record")
    assert reader.offsets == sorted(set(reader.offsets))
    assert set(numbers(0, 5) + numbers(10, 20)) <= set(reader.values)
    assert await log.committed(name, name) == [reader.offsets[-1] + 1]


async def test_seek_continues_at_the_offset_and_drops_what_was_fetched(
    log: Log, make_app: MakeApp, name: str
) -> None:
    await log.create(name)
    await log.produce(name, 0, numbers(0, 100))
    app = make_app(name, broker_max_poll_records=10)
    reader = Reader(app, name)
    async with running(app):
        await until(lambda: len(reader.offsets) == 100, "all records read")
        reader.batches.clear()
        await app.consumer.seek(TP(name, 0), 37)
        await until(lambda: len(reader.offsets) == 63, "records read again")
    assert reader.offsets == list(range(37, 100))


async def test_a_slow_agent_bounds_what_is_fetched(log: Log, make_app: MakeApp, name: str) -> None:
    await log.create(name, 2)
    await log.produce(name, 0, [b"x" * 1000] * 1000)
    await log.produce(name, 1, numbers(0, 10))
    app = make_app(name, broker_max_poll_records=10)
    transport_of(app).max_partition_bytes = 50_000
    reader = Reader(app, name)
    reader.gate.clear()
    slow, peak = TP(name, 0), 0
    async with running(app):
        await until(lambda: consumer_of(app).outstanding_bytes(slow) > 50_000, "the limit")
        await log.produce(name, 1, numbers(10, 20))  # its fetch gives the other one an opportunity
        await until(lambda: consumer_of(app).outstanding_bytes(TP(name, 1)) == 30, "the other one")
        assert consumer_of(app).outstanding_bytes(slow) <= 60_000
        reader.gate.set()
        while len(reader.offsets) < 1020:
            peak = max(peak, consumer_of(app).outstanding_bytes(slow))
            await asyncio.sleep(0)
    assert peak <= 60_000
    assert len(reader.offsets) == len(
        {(b.partition, r.offset) for b in reader.batches for r in b.records}
    )


async def test_a_second_worker_joins_and_nothing_is_lost(
    log: Log, make_app: MakeApp, name: str
) -> None:
    await log.create(name, 4)
    apps = [make_app(name, broker_max_poll_records=20) for _ in range(2)]
    readers = [Reader(app, name) for app in apps]
    for partition in range(4):
        await log.produce(name, partition, numbers(0, 400))
    readers[0].gate.clear()

    def seen() -> set[tuple[int, int]]:
        return {(b.partition, r.offset) for x in readers for b in x.batches for r in b.records}

    async with running(apps[0]):
        await until(lambda: readers[0].batches, "a batch in flight")
        apps[1].finalize()
        joining = asyncio.create_task(apps[1].start())
        try:
            await until(lambda: apps[0].rebalancing, "the rebalance")
            readers[0].gate.set()
            await joining
            for partition in range(4):
                await log.produce(name, partition, numbers(400, 800))
            await until(lambda: len(seen()) == 3200, "all records read")
            await until(lambda: readers[1].batches, "the second worker has work")
        finally:
            await apps[1].stop()


# The embedded broker refuses commits as soon as a rebalance begins; there, batches come again.
@pytest.mark.parametrize("broker", ["apache_kafka"], indirect=True)
async def test_acknowledgements_before_a_rebalance_are_committed_in_it(
    log: Log, make_app: MakeApp, name: str
) -> None:
    await log.create(name, 2)
    for partition in range(2):
        await log.produce(name, partition, numbers(0, 10))
    # No periodic commit: only the rebalance can commit before the second worker reads.
    apps = [make_app(name, broker_commit_interval=3600.0) for _ in range(2)]
    readers = [Reader(app, name) for app in apps]
    async with running(apps[0]):
        await until(lambda: len(readers[0].offsets) == 20, "all records read")
        async with running(apps[1]):
            await until(lambda: len(apps[1].consumer.assignment()) == 1, "the second worker")
            assert await log.committed(name, name, 2) == [10, 10]
    assert readers[1].batches == []


async def test_an_acknowledgement_of_an_older_generation_is_ignored(
    log: Log, make_app: MakeApp, name: str
) -> None:
    await log.create(name)
    await log.produce(name, 0, numbers(0, 10))
    app = make_app(name)
    events = held(app, name)
    async with running(app):
        await until(lambda: events, "a batch")
        await app.consumer.perform_seek()  # as after a rebalance
        await until(lambda: len(events) == 2, "the batch again")
        events[0].ack()
        await app.consumer.commit()
        assert await log.committed(name, name) == [0]
        events[1].ack()
        await app.consumer.commit()
        assert await log.committed(name, name) == [10]


# The embedded broker keeps a killed member as the leader of its group for ever.
@pytest.mark.parametrize("broker", ["apache_kafka"], indirect=True)
async def test_after_a_kill_the_group_never_skips(
    log: Log, make_app: MakeApp, name: str, broker: str, tmp_path: Path
) -> None:
    await log.create(name, 2)
    for partition in range(2):
        await log.produce(name, partition, numbers(0, 3000))
    journal = tmp_path / "journal"
    worker = await asyncio.create_subprocess_exec(
        *(sys.executable, str(Path(__file__).with_name("worker.py"))),
        *(broker, name, str(journal), str(tmp_path / "data")),
    )
    try:
        await until(
            lambda: journal.exists() and len(journal.read_text().split()) >= 1000,
            "a third is processed",
        )
    finally:
        worker.send_signal(signal.SIGKILL)
        await worker.wait()
    lines = [line.split(":") for line in journal.read_text().split()[:-1]]
    before = {(int(partition), int(offset)) for partition, offset in lines}
    committed = await log.committed(name, name, 2)
    for partition in range(2):
        assert all((partition, offset) in before for offset in range(committed[partition]))
    app = make_app(name)
    reader = Reader(app, name)
    everything = {(p, o) for p in range(2) for o in range(3000)}

    def seen() -> set[tuple[int, int]]:
        return before | {(b.partition, r.offset) for b in reader.batches for r in b.records}

    async with running(app):
        await until(lambda: seen() == everything, "the rest is processed")
    for partition in range(2):
        again = [b.first for b in reader.batches if b.partition == partition]
        assert min(again, default=committed[partition]) == committed[partition]
