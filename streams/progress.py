"""How far the group is on the topics that it works through.

Every stage commits a batch after its effects are with the broker, panes and roll-ups after the
scores are. So committed offsets tell what is done, whoever did it, and what is left behind by
a worker that stands still or is gone.
"""

from __future__ import annotations

import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, NamedTuple

from aiokafka import AIOKafkaConsumer
from aiokafka.errors import UnknownTopicOrPartitionError

from streams.broker import client_options, partitions_of
from streams.positions import committed_offsets
from streams.reading import is_empty
from streams.topics import admin

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from aiokafka import TopicPartition
    from aiokafka.admin import AIOKafkaAdminClient

    from streams.names import Names
    from streams.settings import Settings

    Offsets = Mapping[TopicPartition, int]

#: How long nothing moves before somebody looks whether there is anything.
_REST_SECONDS = 5.0


class Progress(NamedTuple):
    """How far the group is.

    Attributes:
        done: By partition, below which offset everything is done.
        ends: By partition, the offset that the next record gets.
        taken_in: Records of the source topics that are done.
    """

    done: Offsets
    ends: Offsets
    taken_in: int

    @property
    def records(self) -> int:
        """Records of all topics that are done."""
        return sum(self.done.values())

    @property
    def drained(self) -> bool:
        """Whether nothing is under way anywhere."""
        return self.has_done(self.ends)

    def has_done(self, ends: Offsets) -> bool:
        """Whether all that lay before some ends is done."""
        return all(self.done.get(tp, 0) >= end for tp, end in ends.items())


class _Rest(NamedTuple):
    """A partition of which not all is done, and where nothing moves.

    Attributes:
        done: Below which offset everything is done.
        end: The offset that the next record gets.
        since: When that was found, or looked at last, by the monotonic clock.
        bare: Whether there are no records between the two.
    """

    done: int
    end: int
    since: float
    bare: bool


class Gauge:
    """Reads a group's progress.

    Args:
        settings: How to reach the broker.
        names: The deployment's names.
        consumer: A client that asks for end offsets.
        client: A client that asks for committed offsets.
    """

    def __init__(
        self,
        settings: Settings,
        names: Names,
        consumer: AIOKafkaConsumer,
        client: AIOKafkaAdminClient,
    ) -> None:
        self._settings = settings
        self._names = names
        self._consumer = consumer
        self._client = client
        self._resting: dict[TopicPartition, _Rest] = {}

    async def progress(self) -> Progress:
        """The progress now.

        Raises:
            KafkaError: If the broker does not answer.
        """
        partitions = [
            tp for topic in self._names.worked for tp in await partitions_of(self._consumer, topic)
        ]
        # Committed first: what a stage wrote before it committed is then below the ends.
        committed = await committed_offsets(self._client, self._names.group)
        ends = await self._consumer.end_offsets(partitions)
        done = {
            tp: await self._past_bare(tp, max(committed.get(tp, 0), 0), end)
            for tp, end in ends.items()
        }
        sources = set(self._names.sources.values())
        taken_in = sum(offset for tp, offset in done.items() if tp.topic in sources)
        return Progress(done, ends, taken_in)

    async def _past_bare(self, tp: TopicPartition, done: int, end: int) -> int:
        """The end, if between it and what is done there are no records; else what is done.

        Markers of transactions lie there, or what was deleted: nobody ever commits those.
        """
        if done >= end:
            self._resting.pop(tp, None)
            return done
        rest, now = self._resting.get(tp), time.monotonic()
        if rest is None or (rest.done, rest.end) != (done, end):
            rest = self._resting[tp] = _Rest(done, end, now, bare=False)
        elif not rest.bare and now - rest.since > _REST_SECONDS:
            bare = await is_empty(self._settings, tp, done, end)
            rest = self._resting[tp] = _Rest(done, end, now, bare)
        return end if rest.bare else done


@asynccontextmanager
async def gauge(settings: Settings, names: Names) -> AsyncIterator[Gauge]:
    """A gauge for the length of a block.

    Raises:
        UnknownTopicOrPartitionError: If a topic is missing.
    """
    consumer = AIOKafkaConsumer(**client_options(settings))
    try:
        # One that does not reach the broker has to be stopped as well.
        await consumer.start()
        async with admin(settings) as client:
            # To ask for the partitions of a topic that is not there would make some brokers
            # create it.
            missing = set(names.worked) - set(await client.list_topics())
            if missing:
                raise UnknownTopicOrPartitionError(f"there is no {', '.join(sorted(missing))}")
            yield Gauge(settings, names, consumer, client)
    finally:
        await consumer.stop()
