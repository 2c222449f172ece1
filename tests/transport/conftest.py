"""A broker, topics and Faust apps on the salesbell transport."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import time
import uuid
from typing import TYPE_CHECKING, Any, TypeAlias

import faust
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from streams.table import Table
from streams.transport import Transport
from streams.transport.consumer import Consumer
from streams.transport.producer import Producer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence
    from pathlib import Path

DEADLINE = 30.0

MakeApp: TypeAlias = "Callable[..., faust.App]"


@pytest.fixture(scope="session", params=["apache_kafka", "embedded_broker"])
def broker(request: pytest.FixtureRequest) -> str:
    """Address of a broker all tests share; each test has topics of its own."""
    return str(request.getfixturevalue(request.param).bootstrap)


@pytest.fixture
def name() -> str:
    return f"t{uuid.uuid4().hex[:12]}"


async def until(condition: Callable[[], Any], what: str, deadline: float = DEADLINE) -> None:
    """Poll a condition until it holds."""
    end = time.monotonic() + deadline
    while not condition():
        assert time.monotonic() < end, f"not within {deadline:g} s: {what}"
        await asyncio.sleep(0.02)


def transport_of(app: faust.App) -> Transport:
    """An app's transport: ours, which Faust's types do not know."""
    assert isinstance(app.transport, Transport)
    return app.transport


def consumer_of(app: faust.App) -> Consumer:
    """Its consumer, likewise."""
    assert isinstance(app.consumer, Consumer)
    return app.consumer


def producer_of(app: faust.App) -> Producer:
    """Its producer, likewise."""
    assert isinstance(app.producer, Producer)
    return app.producer


class Log:
    """The broker as an outsider sees it."""

    def __init__(self, address: str) -> None:
        self.address = address

    async def create(self, topic: str, partitions: int = 1, **config: str) -> None:
        async with self._admin() as admin:
            settings = {key.replace("_", "."): value for key, value in config.items()}
            await admin.create_topics([NewTopic(topic, partitions, 1, topic_configs=settings)])

    async def produce(self, topic: str, partition: int, values: Sequence[bytes | None]) -> None:
        await self.produce_pairs(topic, partition, [(None, value) for value in values])

    async def produce_pairs(
        self,
        topic: str,
        partition: int,
        pairs: Sequence[tuple[bytes | None, bytes | None]],
        *,
        transaction: str | None = None,
        abort: bool = False,
    ) -> None:
        producer = AIOKafkaProducer(
            bootstrap_servers=self.address, transactional_id=transaction, max_batch_size=500_000
        )
        await producer.start()
        try:
            if transaction:
                await producer.begin_transaction()
            pending = list(pairs)
            while pending:
                batch = producer.create_batch()
                while pending and batch.append(
                    key=pending[0][0], value=pending[0][1], timestamp=None
                ):
                    pending.pop(0)
                await (await producer.send_batch(batch, topic, partition=partition))
            if transaction:
                await (producer.abort_transaction() if abort else producer.commit_transaction())
        finally:
            await producer.stop()

    async def committed(self, group: str, topic: str, partitions: int = 1) -> list[int]:
        """Committed offset of each partition, 0 for none."""
        async with self._consumer(group_id=group) as consumer:
            tps = [TopicPartition(topic, p) for p in range(partitions)]
            return [await consumer.committed(tp) or 0 for tp in tps]

    async def read(self, topic: str, partition: int = 0) -> list[Any]:
        """All committed records of a partition."""
        async with self._consumer(isolation_level="read_committed") as consumer:
            tp = TopicPartition(topic, partition)
            consumer.assign([tp])
            await consumer.seek_to_beginning(tp)
            end = (await consumer.end_offsets([tp]))[tp]
            records: list[Any] = []
            while await consumer.position(tp) < end:
                fetched = await consumer.getmany(tp, timeout_ms=200)
                records.extend(itertools.chain.from_iterable(fetched.values()))
            return records

    @contextlib.asynccontextmanager
    async def _consumer(self, **settings: Any) -> AsyncIterator[AIOKafkaConsumer]:
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self.address, enable_auto_commit=False, **settings
        )
        await consumer.start()
        try:
            yield consumer
        finally:
            await consumer.stop()

    @contextlib.asynccontextmanager
    async def _admin(self) -> AsyncIterator[AIOKafkaAdminClient]:
        admin = AIOKafkaAdminClient(bootstrap_servers=self.address)
        await admin.start()
        try:
            yield admin
        finally:
            await admin.close()


@pytest.fixture
def log(broker: str) -> Log:
    return Log(broker)


@pytest.fixture
def make_app(broker: str, tmp_path: Path) -> MakeApp:
    """Make an app; the same id again is the same group after a restart, or beside the first."""
    directories = itertools.count()

    def make(app_id: str, **settings: Any) -> faust.App:
        defaults: dict[str, Any] = {
            "broker": f"salesbell://{broker}",
            "store": "salesbell://",
            "Table": Table,
            "datadir": tmp_path / str(next(directories)),
            "web_enabled": False,
            "topic_partitions": 1,
            "topic_disable_leader": True,
            "table_standby_replicas": 0,
            "broker_session_timeout": 10.0,
            "broker_rebalance_timeout": 10.0,
            "broker_heartbeat_interval": 1.0,
            "broker_commit_interval": 0.2,
            "producer_request_timeout": 8.0,
        }
        return faust.App(app_id, **(defaults | settings))

    return make


@contextlib.asynccontextmanager
async def running(app: faust.App) -> AsyncIterator[faust.App]:
    """Run an app until the end of the block, then stop it cleanly."""
    app.finalize()
    try:
        async with asyncio.timeout(DEADLINE):
            await app.start()
        yield app
    finally:
        async with asyncio.timeout(DEADLINE):
            await app.stop()
