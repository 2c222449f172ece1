"""The producer: whole batches out, and no silence about a lost record.

Faust's own flush returns after a tenth of a second without progress, and a refused record is only a
warning in the log; both let source offsets be committed past records that never arrived. Here every
failure is kept, and everything that waits for the producer raises it.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from aiokafka import TopicPartition
from aiokafka.errors import KafkaError
from aiokafka.protocol.metadata import MetadataRequest
from faust.exceptions import ImproperlyConfigured, ProducerSendError
from faust.transport.drivers import aiokafka as driver
from faust.transport.producer import ProducerBuffer

if TYPE_CHECKING:
    from collections.abc import Awaitable, Mapping, Sequence

    from aiokafka.producer.message_accumulator import BatchBuilder
    from faust.types import FutureMessage, RecordMetadata

log = logging.getLogger(__name__)

_POLL = 0.1
_METADATA_TIMEOUT = 10.0
_PROPAGATION = 2.0
"""Seconds until a topic just created is known to every broker."""


class Record(NamedTuple):
    """A record to write.

    Attributes:
        key: Key bytes, or None.
        value: Value bytes, or None for a tombstone.
        headers: Name and value of each header.
        timestamp_ms: Event time in milliseconds since the epoch; None for the time of the write.
    """

    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes | None]] = ()
    timestamp_ms: int | None = None


class WriteError(ProducerSendError):
    """Records of a write were refused, or not acknowledged in time."""


class RecordTooLargeError(WriteError):
    """A single record exceeds the largest batch; nothing of its write was sent."""


class TopicMissingError(WriteError):
    """A topic, or a partition of it, does not exist; nothing of the write was sent."""


class Buffer(ProducerBuffer):
    """Faust's queue of records to send; it also counts the one that is being sent."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self._unsent = 0

    def put(self, fut: FutureMessage) -> None:
        """Queue a record."""
        self._unsent += 1
        super().put(fut)

    async def _send_pending(self, fut: FutureMessage) -> None:
        await super()._send_pending(fut)
        self._unsent -= 1

    async def flush(self) -> None:
        """Wait until every queued record is handed to the client.

        Raises:
            ProducerSendError: If the queue is not being emptied any more.
        """
        while self._unsent:
            if self.should_stop:
                raise ProducerSendError(
                    f"{self._unsent} queued records will not be sent: the producer has stopped"
                )
            self.message_sent.clear()
            await self.wait(self.message_sent.wait(), timeout=_POLL)

    async def on_stop(self) -> None:
        """Say what is given up; the app has flushed before it stops its producer."""
        if self._unsent:
            log.error("%d queued records were not sent before the producer stopped", self._unsent)


class Producer(driver.Producer):
    """An idempotent producer that acknowledges writes as a whole.

    Once a record is lost the producer stays failed: an unacknowledged batch may still arrive, so
    nothing may be written behind it and no offset may be committed. The worker has to start again.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.app.conf.producer_threaded:
            raise ImproperlyConfigured(
                "producer_threaded=True is not supported by salesbell://: its failures are lost; "
                "remove the setting"
            )
        self.buffer = Buffer(loop=self.loop, beacon=self.beacon)
        self.buffer.app = self.app
        self._failure: ProducerSendError | None = None
        self._turns: defaultdict[TopicPartition, asyncio.Lock] = defaultdict(asyncio.Lock)

    @property
    def max_batch_bytes(self) -> int:
        """Largest record batch in bytes; the broker's ``max.message.bytes`` must not be smaller."""
        return int(self.transport.max_batch_bytes)  # type: ignore[attr-defined]

    @property
    def max_record_bytes(self) -> int:
        """Largest record in bytes; its topic's ``max.message.bytes`` must not be smaller."""
        return max(int(self.transport.max_record_bytes), self.max_batch_bytes)  # type: ignore[attr-defined]

    def _settings_default(self) -> Mapping[str, Any]:
        return {
            **super()._settings_default(),
            "linger_ms": 0,
            "max_batch_size": self.max_batch_bytes,
            "max_request_size": self.max_record_bytes,
        }

    def _settings_extra(self) -> Mapping[str, Any]:
        return {"acks": "all", "enable_idempotence": True}

    async def write(self, topic: str, partition: int, records: Sequence[Record]) -> int:
        """Write records to one partition, in order, and wait until the broker has all of them.

        Writes to the same partition are sent one after the other, in the order of the calls.

        Args:
            topic: Name of an existing topic.
            partition: Partition of the topic.
            records: At least one record.

        Returns:
            The offset of the last record; -1 if the broker only confirmed that it had it already.

        Raises:
            RecordTooLargeError: A record exceeds ``max_record_bytes``.
            TopicMissingError: The topic or the partition does not exist.
            WriteError: The broker refused a batch or did not acknowledge it within
                ``producer_request_timeout``. Some of the records may have arrived.
            ProducerSendError: The producer had failed before.
        """
        self._raise_failure()
        if not records:
            raise ValueError(f"write to {topic}-{partition} has no records: skip the call instead")
        batches = self._fill(topic, partition, records)
        count = await self.partitions(topic)
        if not 0 <= partition < count:
            raise TopicMissingError(
                f"cannot write to {topic}-{partition}: the topic has partitions 0 to {count - 1}"
            )
        base = await self._send(topic, partition, batches)
        return base + batches[-1].record_count() - 1 if base >= 0 else -1

    def _fill(self, topic: str, partition: int, records: Sequence[Record]) -> list[BatchBuilder]:
        producer, largest = self._ensure_producer(), self.max_record_bytes
        batches = [producer.create_batch()]
        for record in records:
            if not _append(batches[-1], record):
                batches.append(producer.create_batch())
                _append(batches[-1], record)
            # A batch takes its first record whatever its size.
            size = batches[-1].size()
            if size > largest:
                raise RecordTooLargeError(
                    f"a record for {topic}-{partition} takes {size} bytes, the largest batch is "
                    f"{largest}: make it smaller or raise max_record_bytes"
                )
        for batch in batches:
            batch.close()
        return batches

    async def _send(self, topic: str, partition: int, batches: Sequence[BatchBuilder]) -> int:
        """Send batches in order; return the base offset of the last one."""
        producer = self._ensure_producer()
        sent: list[asyncio.Future[RecordMetadata]] = []
        try:
            async with asyncio.timeout(self.request_timeout):
                async with self._turns[TopicPartition(topic, partition)]:
                    self._raise_failure()
                    for batch in batches:
                        future = await producer.send_batch(batch, topic, partition=partition)
                        sent.append(future)
                results = await asyncio.gather(*sent)
        except (KafkaError, TimeoutError) as error:
            for future in sent:
                future.cancel()
            records = sum(batch.record_count() for batch in batches)
            failure = WriteError(
                f"{records} records for {topic}-{partition} were not acknowledged: "
                f"{_cause(error, self.request_timeout)}"
            )
            self._fail(failure)
            raise failure from error
        return int(results[-1].offset)

    async def send(self, *args: Any, **kwargs: Any) -> Awaitable[RecordMetadata]:
        """Send one record the way Faust does; a failure surfaces in :meth:`flush`."""
        self._raise_failure()
        future: Any = await super().send(*args, **kwargs)
        future.add_done_callback(self._on_sent)
        return future  # type: ignore[no-any-return]

    def _on_sent(self, future: asyncio.Future[Any]) -> None:
        error = None if future.cancelled() else future.exception()
        if error is not None:
            self._fail(ProducerSendError(f"a record sent through Faust was lost: {error!r}"))

    async def settle(self) -> None:
        """Wait until everything handed to this producer is acknowledged.

        Raises:
            ProducerSendError: Something was lost, now or before, or is still pending after
                ``producer_request_timeout``.
        """
        self._raise_failure()
        await self.buffer.flush()
        if self._producer is not None:
            try:
                async with asyncio.timeout(self.request_timeout):
                    await self._producer.flush()
            except TimeoutError as error:
                failure = ProducerSendError(
                    f"records were not acknowledged: {_cause(error, self.request_timeout)}"
                )
                self._fail(failure)
                raise failure from error
        self._raise_failure()

    async def flush(self) -> None:
        """Do what :meth:`settle` does; while the app stops, log instead of raising.

        Faust flushes in the middle of its shutdown, after the last commit; an error there would
        leave its threads running.
        """
        try:
            await self.settle()
        except ProducerSendError:
            if not self.app.should_stop:
                raise
            log.exception("records were lost before the producer stopped")

    def _fail(self, failure: ProducerSendError) -> None:
        if self._failure is None:
            self._failure = failure

    def _raise_failure(self) -> None:
        if self._failure is not None:
            raise ProducerSendError(
                f"the producer has lost records and must not go on: {self._failure}"
            ) from self._failure

    async def on_stop(self) -> None:
        """Close the client; after a failure, without waiting for what cannot be delivered."""
        producer = self._producer
        if self._failure is not None and producer is not None:
            # An idempotent client repeats a batch for ever, and its stop would wait for that.
            await producer._sender.close()  # noqa: SLF001
            producer._message_accumulator.fail_all(KafkaError(str(self._failure)))  # noqa: SLF001
        await super().on_stop()

    def partition_count(self, topic: str) -> int:
        """Return the number of partitions of a topic the client already knows.

        Raises:
            TopicMissingError: The client does not know the topic; :meth:`partitions` asks for it.
        """
        known = self._ensure_producer().client.cluster.partitions_for_topic(topic)
        if not known:
            raise TopicMissingError(f"topic {topic!r} is not known: create it, or await partitions")
        return len(known)

    async def partitions(self, topic: str) -> int:
        """Return the number of partitions of a topic, asking the broker if need be.

        Raises:
            TopicMissingError: The topic does not exist, or no broker answers for it.
        """
        client = self._ensure_producer().client
        if not client.cluster.partitions_for_topic(topic):
            await self._require(topic)
            try:
                async with asyncio.timeout(_METADATA_TIMEOUT):
                    await client._wait_on_metadata(topic)  # noqa: SLF001
            except (KafkaError, TimeoutError) as error:
                raise TopicMissingError(f"no metadata of topic {topic!r}: {error!r}") from error
        return self.partition_count(topic)

    async def _require(self, topic: str) -> None:
        """Ask for a topic without creating it, which the client's own request would do."""
        client = self._ensure_producer().client
        request = MetadataRequest([topic], allow_auto_topic_creation=False)
        deadline = time.monotonic() + _PROPAGATION
        while True:
            try:
                async with asyncio.timeout(_METADATA_TIMEOUT):
                    response = await client.send(client.get_random_node(), request)
            except (KafkaError, TimeoutError) as error:
                raise TopicMissingError(
                    f"no broker answers for topic {topic!r}: {error!r}"
                ) from error
            if any(code == 0 and found == topic for code, found, *_ in response.topics):
                return
            if time.monotonic() > deadline:
                raise TopicMissingError(f"topic {topic!r} does not exist: create it first")
            await asyncio.sleep(_POLL)


def _append(batch: BatchBuilder, record: Record) -> bool:
    appended = batch.append(
        timestamp=record.timestamp_ms,
        key=record.key,
        value=record.value,
        headers=list(record.headers),
    )
    return appended is not None


def _cause(error: BaseException, timeout: float) -> str:
    if isinstance(error, TimeoutError):
        return f"no answer within {timeout:g} s (producer_request_timeout)"
    return repr(error)
