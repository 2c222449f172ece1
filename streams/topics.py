"""The topics a deployment needs: created, and checked before a worker starts."""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import TopicAlreadyExistsError, for_code

from streams.broker import client_options

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable

    from streams.names import Names
    from streams.settings import Settings

#: The segment that is written to is never compacted, so whoever reads a partition whole, as workers
#: do in recovery and feeds at their start, reads up to a segment of values that were replaced.
SEGMENT_BYTES = 16 * 1024 * 1024
COMPACT = {
    "cleanup.policy": "compact",
    "min.cleanable.dirty.ratio": "0.1",
    "segment.bytes": str(SEGMENT_BYTES),
}
#: Kept until every reader has long passed: a worker that was down for days still finds its work.
DELETE = {"cleanup.policy": "delete", "retention.ms": str(7 * 86_400_000)}
KEEP = {"cleanup.policy": "delete", "retention.ms": "-1"}
#: A record as large as brokers take by default, and the headers that say why it was rejected.
LARGEST_DEAD_LETTER = 2 * 1024 * 1024
LETTERS = {**KEEP, "max.message.bytes": str(LARGEST_DEAD_LETTER)}

_LEADER_SECONDS = 30.0
_POLL = 0.05


class TopicError(RuntimeError):
    """A topic is missing or not as it must be; the message says what to do."""


@dataclass(frozen=True)
class Topic:
    """A topic as it must be.

    Attributes:
        name: Its name.
        partitions: How many partitions it must have; 0 for any number.
        config: Its configuration.
        ours: Whether Salesbell alone writes it, so that its partitions are fixed.
    """

    name: str
    partitions: int
    config: dict[str, str]
    ours: bool = True


def required(settings: Settings, names: Names) -> tuple[Topic, ...]:
    """Every topic that the deployment reads or writes."""
    n = settings.partitions
    sources = tuple(Topic(name, n, KEEP, ours=False) for name in names.sources.values())
    internal = tuple(
        Topic(name, n, DELETE) for name in (names.subjects, names.facts, names.rollups)
    )
    changelogs = tuple(
        Topic(names.changelog(table), n, COMPACT) for table in ("journeys", "panes", "rollups")
    )
    return (
        *sources,
        *internal,
        *changelogs,
        Topic(names.reference_latest, 1, COMPACT),
        Topic(names.scores, n, COMPACT),
        Topic(names.alerts, 1, COMPACT),
        Topic(names.remarks, 1, COMPACT),
        Topic(names.baselines, 1, COMPACT),
        Topic(names.bids, 1, COMPACT),
        Topic(names.dead_letters, n, LETTERS),
    )


async def create(settings: Settings, topics: Iterable[Topic]) -> list[str]:
    """Create the topics that are missing, and wait until they can be written to.

    Returns:
        The names of those created.

    Raises:
        TopicError: If the broker refuses one.
    """
    async with admin(settings) as client:
        existing = set(await client.list_topics())
        missing = [topic for topic in topics if topic.name not in existing]
        if not missing:
            return []
        response = await client.create_topics(
            [
                NewTopic(t.name, t.partitions, settings.replication, topic_configs=t.config)
                for t in missing
            ]
        )
        for name, code, *rest in response.topic_errors:
            error = for_code(code)
            if code and error is not TopicAlreadyExistsError:
                raise TopicError(f"the broker did not create {name}: {error.__name__} {rest}")
        created = [topic.name for topic in missing]
        await _await_leaders(client, created)
        return created


async def _await_leaders(client: AIOKafkaAdminClient, names: list[str]) -> None:
    deadline = time.monotonic() + _LEADER_SECONDS
    while time.monotonic() < deadline:
        described = await client.describe_topics(names)
        if all(_is_led(topic) for topic in described):
            return
        await asyncio.sleep(_POLL)
    raise TopicError(
        f"some of {', '.join(names)} have no leader after {_LEADER_SECONDS:.0f} s: look at the "
        "brokers' logs"
    )


def _is_led(topic: dict[str, Any]) -> bool:
    partitions = topic["partitions"]
    return bool(partitions) and all(partition["leader"] >= 0 for partition in partitions)


async def verify(settings: Settings, topics: Iterable[Topic]) -> list[str]:
    """What is wrong with the topics, one sentence each; nothing if all is well."""
    wanted = list(topics)
    async with admin(settings) as client:
        # To describe a topic that is not there would make some brokers create it.
        existing = set(await client.list_topics())
        known = [topic.name for topic in wanted if topic.name in existing]
        described = {t["topic"]: t for t in await client.describe_topics(known)} if known else {}
        problems = [p for topic in wanted if (p := _problem(topic, described.get(topic.name)))]
        present = [topic for topic in wanted if topic.name in described]
        return problems + await _cleanup_problems(client, present)


def _problem(topic: Topic, found: dict[str, Any] | None) -> str | None:
    if found is None:
        return f"topic {topic.name} does not exist: run `salesbell topics create`"
    partitions = len(found["partitions"])
    if topic.ours and partitions != topic.partitions:
        return (
            f"topic {topic.name} has {partitions} partitions, the settings say {topic.partitions}: "
            "the number is fixed at birth; set SALESBELL_PARTITIONS to what the topics have, or "
            "start afresh under another SALESBELL_PREFIX"
        )
    return None


async def _cleanup_problems(client: AIOKafkaAdminClient, topics: list[Topic]) -> list[str]:
    compacted = [topic.name for topic in topics if topic.config == COMPACT]
    resources = [ConfigResource(ConfigResourceType.TOPIC, name) for name in compacted]
    problems = []
    for response in await client.describe_configs(resources):
        for _code, _message, _kind, name, entries in response.resources:
            policy = next((entry[1] for entry in entries if entry[0] == "cleanup.policy"), None)
            if policy is not None and policy != "compact":
                problems.append(
                    f"topic {name} has cleanup.policy={policy}: it would lose state; set it to "
                    "`compact` alone"
                )
    return problems


@asynccontextmanager
async def admin(settings: Settings) -> AsyncIterator[AIOKafkaAdminClient]:
    """An admin client for the length of a block."""
    client = AIOKafkaAdminClient(**client_options(settings))
    try:
        await client.start()
        yield client
    finally:
        await client.close()
