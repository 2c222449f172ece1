"""The topics as brokers keep them: which are compacted, and in what pieces."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from streams import topics
from streams.broker import client_options
from streams.names import Names
from streams.reading import records
from streams.settings import Settings

if TYPE_CHECKING:
    from tests.services.kafka import Kafka

_DEADLINE = 60.0
_VALUE_BYTES = 256 * 1024


@pytest.fixture
async def deployment(apache_kafka: Kafka, prefix: str) -> Settings:
    settings = Settings(broker=apache_kafka.bootstrap, prefix=prefix, partitions=2)
    await topics.create(settings, topics.required(settings, Names(prefix)))
    return settings


async def configurations(settings: Settings) -> dict[str, dict[str, str]]:
    """How the broker keeps each topic of a deployment."""
    names = [topic.name for topic in topics.required(settings, Names(settings.prefix))]
    resources = [ConfigResource(ConfigResourceType.TOPIC, name) for name in names]
    async with topics.admin(settings) as client:
        return {
            name: {entry[0]: entry[1] for entry in entries}
            for response in await client.describe_configs(resources)
            for _code, _message, _kind, name, entries in response.resources
        }


async def test_all_that_is_compacted_is_compacted_in_small_pieces(deployment: Settings) -> None:
    names, kept = Names(deployment.prefix), await configurations(deployment)
    compacted = {name for name, config in kept.items() if config["cleanup.policy"] == "compact"}
    assert compacted == {
        *(names.changelog(table) for table in ("journeys", "panes", "rollups")),
        names.reference_latest,
        names.scores,
        names.alerts,
        names.remarks,
        names.baselines,
        names.bids,
    }
    assert {kept[name]["segment.bytes"] for name in compacted} == {str(topics.SEGMENT_BYTES)}
    assert {kept[name]["min.cleanable.dirty.ratio"] for name in compacted} == {"0.1"}


async def test_a_reader_meets_no_more_than_a_segment_of_what_was_replaced(
    deployment: Settings,
) -> None:
    """Four segments of the same ten values: at most the last is left, and the ten."""
    name = Names(deployment.prefix).changelog("panes")
    value = b"x" * _VALUE_BYTES
    written = 4 * topics.SEGMENT_BYTES // _VALUE_BYTES
    async with AIOKafkaProducer(**client_options(deployment)) as producer:
        for number in range(written):
            await producer.send_and_wait(name, value, b"%d" % (number % 10), partition=0)
    most = topics.SEGMENT_BYTES // _VALUE_BYTES + 10
    async with asyncio.timeout(_DEADLINE):
        while True:
            keys = [record.key async for record in records(deployment, name)]
            if len(keys) <= most:
                break
    assert set(keys) == {b"%d" % number for number in range(10)}
