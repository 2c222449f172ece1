"""Where the group stands on the source topics, and whether that can be true.

A topic that was deleted and created again starts at offset 0. Its records would be taken for
replays, since higher offsets were applied; so a committed offset beyond a topic's end is
reported, and the worker waits until somebody has decided.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import (
    GroupCoordinatorNotAvailableError,
    GroupLoadInProgressError,
    NotCoordinatorForGroupError,
)

from streams.broker import client_options
from streams.topics import admin

if TYPE_CHECKING:
    from aiokafka.admin import AIOKafkaAdminClient

    from streams.names import Names
    from streams.settings import Settings


async def committed_offsets(client: AIOKafkaAdminClient, group: str) -> dict[TopicPartition, int]:
    """What a group has committed; nothing while the broker has no coordinator for it yet."""
    try:
        committed = await client.list_consumer_group_offsets(group)
    except (
        GroupCoordinatorNotAvailableError,
        NotCoordinatorForGroupError,
        GroupLoadInProgressError,
    ):
        return {}
    return {partition: offset.offset for partition, offset in committed.items()}


async def recreated(settings: Settings, names: Names) -> list[TopicPartition]:
    """Source partitions that end before what the group has committed."""
    async with admin(settings) as client:
        committed = await committed_offsets(client, names.group)
    sources = set(names.sources.values())
    known = [tp for tp in committed if tp.topic in sources and committed[tp] > 0]
    if not known:
        return []
    consumer = AIOKafkaConsumer(**client_options(settings))
    try:
        await consumer.start()
        ends = await consumer.end_offsets(known)
    finally:
        await consumer.stop()
    return [tp for tp in known if committed[tp] > ends[tp]]


def problem(partition: TopicPartition) -> str:
    """What to do about a source partition that ends before what was committed."""
    return (
        f"{partition.topic}-{partition.partition} ends before what was read of it: the topic was "
        "created again. Set SALESBELL_EPOCH to a number that was not used before, so that its "
        "records are not taken for replays, and run `salesbell topics rewind`"
    )


async def rewind(settings: Settings, names: Names) -> list[TopicPartition]:
    """Put the group at the start of source partitions that were created again.

    The group must have no members.
    """
    partitions = await recreated(settings, names)
    if partitions:
        consumer = AIOKafkaConsumer(
            group_id=names.group, enable_auto_commit=False, **client_options(settings)
        )
        consumer.assign(partitions)
        await consumer.start()
        try:
            await consumer.commit(dict.fromkeys(partitions, 0))
        finally:
            await consumer.stop()
    return partitions
