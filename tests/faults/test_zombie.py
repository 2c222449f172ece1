"""A worker that was replaced wakes up and writes old state behind its successor's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from aiokafka import AIOKafkaProducer

from streams.reading import records
from tests.faults.conftest import Deployment, Kpis

if TYPE_CHECKING:
    from pathlib import Path

    from aiokafka import ConsumerRecord

    from tests.services.kafka import Kafka


@pytest.fixture
def deployment(apache_kafka: Kafka, prefix: str, tmp_path: Path) -> Deployment:
    return Deployment(apache_kafka.bootstrap, prefix, tmp_path)


async def test_older_state_behind_newer_is_not_recovered(deployment: Deployment) -> None:
    assert await recovered_over_old_writes(deployment) == deployment.truth()


async def test_without_versions_older_state_would_win(deployment: Deployment) -> None:
    kpis = await recovered_over_old_writes(deployment, "--without", "the larger version wins")

    assert kpis != deployment.truth()


async def recovered_over_old_writes(deployment: Deployment, *guards: str) -> Kpis:
    """Process a history, write the first state of every pane again, and recover from that.

    Returns:
        The figures published last; a reader who compares versions would not be misled by them.
    """
    middle = len(deployment.recording.lines) // 2
    with deployment.worker() as worker:
        for part in (slice(middle), slice(middle, None)):
            await deployment.fill(part)
            assert await deployment.drained(worker)
    assert await write_first_panes_again(deployment)
    with deployment.worker(*guards) as worker:
        await deployment.rescored(worker)
    return await deployment.published_last()


async def write_first_panes_again(deployment: Deployment) -> int:
    """Append the first record of every pane that has more than one; how many there were."""
    topic = deployment.names.changelog("panes")
    first: dict[bytes, ConsumerRecord] = {}
    changed: dict[bytes, ConsumerRecord] = {}
    async for record in records(deployment.settings, topic):
        if first.setdefault(record.key, record) is not record:
            changed[record.key] = first[record.key]
    producer = AIOKafkaProducer(bootstrap_servers=deployment.settings.broker)
    await producer.start()
    try:
        for record in changed.values():
            await producer.send_and_wait(
                topic, record.value, key=record.key, partition=record.partition
            )
    finally:
        await producer.stop()
    return len(changed)
