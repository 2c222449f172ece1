from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

import pytest
from faust.exceptions import ProducerSendError

from streams.transport import Record, RecordTooLargeError, TopicMissingError, WriteError
from tests.transport.conftest import producer_of, transport_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import faust

    from streams.transport.producer import Producer
    from tests.transport.conftest import Log, MakeApp


@pytest.fixture
async def app(make_app: MakeApp, name: str) -> AsyncIterator[faust.App]:
    app = make_app(name)
    transport_of(app).max_batch_bytes = 10_000
    app.finalize()
    await app.producer.start()
    yield app
    await app.producer.stop()


@pytest.fixture
def producer(app: faust.App) -> Producer:
    return producer_of(app)


def records(count: int, prefix: bytes = b"", size: int = 100) -> list[Record]:
    return [Record(b"k%d" % n, (prefix + b"%d" % n).ljust(size)) for n in range(count)]


async def test_writes_many_batches_in_order(log: Log, producer: Producer, name: str) -> None:
    await log.create(name, 2)
    written = records(1000)
    assert await producer.write(name, 1, written) == 999
    assert await producer.write(name, 1, written[:1]) == 1000
    assert [(r.key, r.value) for r in await log.read(name, 1)] == [
        (r.key, r.value) for r in [*written, written[0]]
    ]
    assert await log.read(name, 0) == []


async def test_keeps_headers_timestamps_and_nothing(
    log: Log, producer: Producer, name: str
) -> None:
    an_hour_ago = int(time.time() * 1000) - 3_600_000  # a broker deletes what is too old
    await log.create(name)
    await producer.write(name, 0, [Record(None, b"v", [("h", b"1")], an_hour_ago)])
    await producer.write(name, 0, [Record(b"k", None)])
    first, second = await log.read(name)
    assert (first.key, first.value, first.headers) == (None, b"v", (("h", b"1"),))
    assert first.timestamp == an_hour_ago
    assert (second.key, second.value, second.headers) == (b"k", None, ())


async def test_concurrent_writes_do_not_mix(log: Log, producer: Producer, name: str) -> None:
    await log.create(name)
    writes = [records(400, prefix=b"%d/" % n) for n in range(5)]
    ends = await asyncio.gather(*(producer.write(name, 0, write) for write in writes))
    assert ends == [400 * (n + 1) - 1 for n in range(5)]
    assert [r.value for r in await log.read(name)] == [r.value for w in writes for r in w]


async def test_refuses_a_record_larger_than_a_batch(
    log: Log, producer: Producer, name: str
) -> None:
    await log.create(name)
    for ahead in (0, 3):
        with pytest.raises(RecordTooLargeError, match=rf"{name}-0 takes 20\d\d\d bytes.*10000"):
            await producer.write(name, 0, [*records(ahead), Record(b"k", b"x" * 20_000)])
    assert await log.read(name) == []
    assert await producer.write(name, 0, records(1)) == 0


async def test_refuses_what_does_not_exist(log: Log, producer: Producer, name: str) -> None:
    await log.create(name, 2)
    assert await producer.partitions(name) == producer.partition_count(name) == 2
    with pytest.raises(TopicMissingError, match=f"{name}-2: the topic has partitions 0 to 1"):
        await producer.write(name, 2, records(1))
    with pytest.raises(TopicMissingError, match="'missing' does not exist"):
        await producer.write("missing", 0, records(1))
    with pytest.raises(TopicMissingError, match="'missing' is not known"):
        producer.partition_count("missing")
    with pytest.raises(ValueError, match="has no records"):
        await producer.write(name, 0, [])
    assert await producer.write(name, 1, records(1)) == 0


async def test_a_refused_write_fails_the_producer_for_good(
    log: Log, producer: Producer, name: str
) -> None:
    await log.create(name, max_message_bytes="2000")
    with pytest.raises(
        WriteError, match=rf"50 records for {name}-0 were not acknowledged: .*Large"
    ):
        await producer.write(name, 0, records(50))
    assert await log.read(name) == []
    for wait in (producer.flush, producer.settle, lambda: producer.write(name, 0, records(1))):
        with pytest.raises(ProducerSendError, match="must not go on"):
            await wait()


async def test_flush_waits_for_what_faust_has_queued(
    log: Log, app: faust.App, producer: Producer, name: str
) -> None:
    await log.create(name)
    topic = app.topic(name, key_type=bytes, value_type=bytes)
    for number in range(500):
        topic.send_soon(key=b"k", value=b"%d" % number, partition=0)
    await producer.flush()
    assert [r.value for r in await log.read(name)] == [b"%d" % n for n in range(500)]


async def test_flush_raises_what_faust_only_logs(
    log: Log, app: faust.App, producer: Producer, name: str
) -> None:
    await log.create(name, max_message_bytes="2000")
    app.topic(name, value_type=bytes).send_soon(value=b"x" * 5000, partition=0)
    with pytest.raises(ProducerSendError, match="lost"):
        await producer.flush()
