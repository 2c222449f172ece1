"""What the fixtures promise: each server answers, keeps its data over faults, and ends."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from tests.services import kafka
from tests.services.embedded import Embedded
from tests.services.kafka import Kafka
from tests.services.prometheus import Prometheus
from tests.services.redis import Redis, redis_answers
from tests.services.service import ServiceError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.services.service import Service

VALUES = [b"lead", b"sale", b"feedback"]


@pytest.fixture(params=[Kafka, Embedded])
def broker(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Kafka | Embedded]:
    with request.param(tmp_path) as started:
        yield started


@pytest.fixture(params=[Kafka, Embedded, Redis, partial(Prometheus, configuration="")])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Service]:
    with request.param(tmp_path) as started:
        yield started


async def write(bootstrap: str, topic: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    await admin.create_topics([NewTopic(topic, num_partitions=1, replication_factor=1)])
    await admin.close()
    async with AIOKafkaProducer(bootstrap_servers=bootstrap, enable_idempotence=True) as producer:
        for value in VALUES:
            await producer.send_and_wait(topic, value)


async def read(bootstrap: str, topic: str) -> list[bytes | None]:
    async with (
        asyncio.timeout(30),
        AIOKafkaConsumer(
            topic, bootstrap_servers=bootstrap, auto_offset_reset="earliest"
        ) as consumer,
    ):
        return [(await consumer.getone()).value for _ in VALUES]


async def test_session_brokers_serve_topics(
    apache_kafka: Kafka, embedded_broker: Embedded, prefix: str
) -> None:
    for shared in (apache_kafka, embedded_broker):
        await write(shared.bootstrap, f"{prefix}.events")
        assert await read(shared.bootstrap, f"{prefix}.events") == VALUES


def test_session_redis_answers(redis_server: Redis, embedded_broker: Embedded) -> None:
    assert redis_answers(redis_server.port)
    assert embedded_broker.redis_port is not None
    assert redis_answers(embedded_broker.redis_port)


async def test_broker_keeps_records_over_a_restart(broker: Kafka | Embedded, prefix: str) -> None:
    await write(broker.bootstrap, prefix)
    await asyncio.to_thread(broker.restart)
    assert await read(broker.bootstrap, prefix) == VALUES


async def test_kafka_keeps_records_over_a_kill(tmp_path: Path, prefix: str) -> None:
    with Kafka(tmp_path) as broker:
        await write(broker.bootstrap, prefix)
        broker.kill()
        broker.start()
        assert await read(broker.bootstrap, prefix) == VALUES


def test_killed_server_answers_no_more_and_comes_back(server: Service) -> None:
    server.kill()
    assert not server.answers()
    server.start()
    assert server.answers()


async def test_paused_broker_answers_after_it_resumes(
    broker: Kafka | Embedded, prefix: str
) -> None:
    await write(broker.bootstrap, prefix)
    broker.pause()
    reading = asyncio.create_task(read(broker.bootstrap, prefix))
    done, _ = await asyncio.wait([reading], timeout=1)
    assert not done
    broker.resume()
    assert await reading == VALUES


def test_starting_twice_is_refused(redis_server: Redis) -> None:
    with pytest.raises(ServiceError, match="runs already"):
        redis_server.start()


def test_pausing_a_stopped_server_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ServiceError, match="does not run"):
        Redis(tmp_path).pause()


def test_missing_jars_name_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kafka, "JARS", tmp_path / "none")
    with pytest.raises(ServiceError, match="run make test"):
        Kafka(tmp_path / "broker").start()


def test_server_that_ends_tells_its_last_words(tmp_path: Path) -> None:
    (tmp_path / "server.properties").write_text("node.id=none\n")
    with pytest.raises(ServiceError, match=r"(?s)ended with status 1.*ConfigException"):
        Kafka(tmp_path).start()


def test_paused_server_can_be_stopped(tmp_path: Path) -> None:
    with Redis(tmp_path) as server:
        server.pause()
    assert not redis_answers(server.port)
