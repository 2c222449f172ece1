"""What holds the watermark back on Apache Kafka, and what does not."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from streams import progress, topics, watermark
from streams.broker import client_options
from streams.names import Names
from streams.progress import gauge
from streams.settings import Settings
from streams.watermark import Watermark
from tests.faults.conftest import Deployment
from tests.feed.scores import running, until

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from tests.services.kafka import Kafka


def reached(mark: Watermark) -> float:
    """The watermark by the monotonic clock; minus infinity while it is not known."""
    age = mark.age
    return float("-inf") if age is None else time.monotonic() - age


async def test_what_waits_without_a_worker_holds_it_back(
    apache_kafka: Kafka, prefix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deployment = Deployment(apache_kafka.bootstrap, prefix, tmp_path)
    half = len(deployment.recording.lines) // 2
    await deployment.fill(slice(half))
    async with running(Watermark(deployment.settings)) as mark:
        with deployment.worker() as worker:
            await deployment.drained(worker)
            scored = time.monotonic()
            await until(lambda: reached(mark) > scored, "the watermark passes what is scored")
            worker.kill()
            worker.wait()
        monkeypatch.setattr(watermark, "BEHIND_SECONDS", 3.0)
        await deployment.fill(slice(half, None))
        waiting = time.monotonic()
        await until(lambda: mark.is_behind, "it is known that events wait")
        assert reached(mark) < waiting
        with deployment.worker():
            await until(lambda: reached(mark) > waiting, "the watermark passes the rest")
            await until(lambda: not mark.is_behind, "nothing waits any more")


async def test_who_comes_when_work_waits_already_learns_that_it_does(
    apache_kafka: Kafka, prefix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watermark, "BEHIND_SECONDS", 2.0)
    deployment = Deployment(apache_kafka.bootstrap, prefix, tmp_path)
    await deployment.fill()
    async with running(Watermark(deployment.settings)) as mark:
        await until(lambda: mark.is_behind, "it is known that events wait")
        assert mark.age is None


async def test_a_marker_of_a_transaction_holds_nothing_back_but_a_record_does(
    apache_kafka: Kafka, prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "_REST_SECONDS", 0.0)
    settings, names = Settings(broker=apache_kafka.bootstrap, prefix=prefix), Names(prefix)
    await topics.create(settings, topics.required(settings, names))
    leads = TopicPartition(names.sources["leads"], 0)
    options = client_options(settings)
    producer = AIOKafkaProducer(transactional_id=prefix, **options)
    async with producer, producer.transaction():
        await producer.send_and_wait(leads.topic, b"{}", partition=leads.partition)
    async with gauge(settings, names) as measure:
        for _ in range(3):
            assert not (await measure.progress()).drained
        async with AIOKafkaConsumer(group_id=names.group, **options) as consumer:
            consumer.assign([leads])
            await consumer.commit({leads: 1})
        found = [await measure.progress() for _ in range(3)]
    assert found[-1].drained
    assert (found[-1].done[leads], found[-1].ends[leads]) == (2, 2)
