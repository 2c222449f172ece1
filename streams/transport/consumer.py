"""The consumer: whole batches in, contiguous offsets out.

Faust's own consumer hands out record by record, keeps acknowledged offsets in lists and interval
trees, and forgets them at a rebalance before they are committed. This one hands out one message
per fetched batch and keeps a :class:`PartitionTracker` per partition.

Two rules make it exact:

* Every fetch and every seek holds one lock, and a seek replaces the partition's tracker. So a batch
  fetched before a seek is never delivered after it, and no fetched batch is lost without a seek.
* Offsets are committed from the trackers, and a tracker is dropped only after Faust has waited for
  the work in flight and committed it.
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

from faust.exceptions import ProducerSendError
from faust.transport.consumer import ensure_TP
from faust.transport.drivers import aiokafka as driver
from faust.types.tuples import ack_lock
from mode.utils.futures import notify

from streams.transport.batch import Batch, BatchMessage, batch_of
from streams.transport.pause import FETCH_MAX_WAIT_MS, pause_after_empty_fetches
from streams.transport.tracking import PartitionTracker

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence

    from aiokafka import AIOKafkaConsumer, ConsumerRecord
    from faust.types import TP, Message
    from faust.types.transports import TPorTopicSet

MAX_POLL_RECORDS = 10_000
"""Records one fetch hands over, unless ``broker_max_poll_records`` says otherwise.

Some brokers answer a fetch with a whole partition, whatever size was asked for.
"""

_FETCH_TIMEOUT = 0.25
_FETCH_TIMEOUT_HELD = 0.05
_IDLE = 0.02


class _Discard:
    """Stands where Faust keeps acknowledged offsets and gaps, and keeps nothing.

    The compiled stream iterator writes there on every acknowledgement, whatever the consumer does.
    """

    def __getitem__(self, tp: TP) -> _Discard:
        return self

    def __contains__(self, offset: int) -> bool:
        return False

    def add(self, offset: int) -> None:
        """Forget an acknowledged offset."""

    def append(self, offset: int) -> None:
        """Forget an acknowledged offset."""

    def pop(self, tp: TP, default: None = None) -> None:
        """There is nothing to remove."""


class ConsumerThread(driver.AIOKafkaConsumerThread):
    """Faust's consumer thread, with a shorter fetch wait and bounded fetches."""

    def _create_worker_consumer(self, transport: driver.Transport) -> AIOKafkaConsumer:
        consumer = super()._create_worker_consumer(transport)
        # Read when the client starts; Faust offers no setting for it.
        consumer._fetch_max_wait_ms = FETCH_MAX_WAIT_MS  # noqa: SLF001
        if consumer._max_poll_records is None:  # noqa: SLF001
            consumer._max_poll_records = MAX_POLL_RECORDS  # noqa: SLF001
        return consumer

    async def on_start(self) -> None:
        """Start the client."""
        await super().on_start()
        pause_after_empty_fetches(self._ensure_consumer())

    async def _commit(self, offsets: Mapping[TP, int]) -> bool:
        # Some brokers refuse commits as soon as a rebalance begins. The client then forgets its
        # member id and joins as a second member, and the group waits for the first one.
        coordinator = self._ensure_consumer()._coordinator  # noqa: SLF001
        member = coordinator.member_id
        committed = await super()._commit(offsets)
        if not committed and self.app.rebalancing:
            coordinator.member_id = member
        return committed

    def verify_event_path(self, now: float, tp: TP) -> None:
        """Look for a stuck partition, but not while the client is finding its position.

        Faust asks for the position all the same, and the client's assertion stops the worker.
        """
        subscription = self._ensure_consumer()._subscription.subscription  # noqa: SLF001
        if subscription.assignment.state_value(tp).has_valid_position:
            super().verify_event_path(now, tp)


class Consumer(driver.Consumer):
    """Delivers one message per fetched batch and commits the contiguous acknowledged end.

    Order: batches of a partition arrive in offset order. Failure: a batch that is never
    acknowledged holds back the commit of its partition, and after ``max_partition_bytes`` of
    outstanding data its fetch too; after a restart or a rebalance it is delivered again.

    Do not call :meth:`seek` from an agent: during a rebalance the seek would wait for a fetch that
    waits for the agent.
    """

    _thread: ConsumerThread

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._trackers: dict[TP, PartitionTracker] = {}
        self._held: set[TP] = set()
        self._fetching = asyncio.Lock()
        super().__init__(*args, **kwargs)
        discard: Any = _Discard()
        self._acked = self._acked_index = self._gap = discard

    def _new_consumer_thread(self) -> ConsumerThread:
        return ConsumerThread(self, loop=self.loop, beacon=self.beacon)

    @property
    def max_partition_bytes(self) -> int:
        """Outstanding bytes above which a partition is no longer fetched."""
        return int(self.transport.max_partition_bytes)  # type: ignore[attr-defined]

    def outstanding_bytes(self, tp: TP) -> int:
        """Bytes of a partition that are fetched and not acknowledged."""
        tracker = self._trackers.get(tp)
        return tracker.outstanding_bytes if tracker else 0

    async def lag(self) -> dict[TP, int]:
        """Records of each assigned source partition that are not acknowledged yet.

        Asks the broker for the ends: what the client last heard stands still with a stuck fetch.
        """
        sources = [tp for tp in self.assignment() if self.app.topics.acks_enabled_for(tp.topic)]
        ends = await self.highwaters(*sources) if sources else {}
        return {tp: max(ends[tp] - self._next_offset(tp), 0) for tp in sources}

    def _next_offset(self, tp: TP) -> int:
        """Where a partition would be continued after a restart."""
        return self._new_offset(tp) or self._committed_offset.get(tp) or 0

    # Fetching

    async def getmany(self, timeout: float) -> AsyncIterator[tuple[TP, BatchMessage]]:  # noqa: ASYNC109
        """Fetch once and yield one message per partition that had records."""
        if not self.flow_active:
            await self.wait(self.can_resume_flow.wait())
        async with self._fetching:
            messages = await self._fetch(timeout)
        for message in messages:
            if not self.flow_active:
                return  # partitions are being revoked, and are sought anew after that
            if self._trackers.get(message.tp) is not message.tracker:
                continue  # a seek has overtaken this batch
            # Faust drops what lies before its own read offset, record by record; here seeks are
            # settled by the tracker.
            self._read_offset[message.tp] = None
            yield message.tp, message

    async def _fetch(self, timeout: float) -> list[BatchMessage]:  # noqa: ASYNC109
        wanted = self._wanted()
        if not wanted:
            await self.sleep(_IDLE)
            return []
        patience = min(timeout, _FETCH_TIMEOUT_HELD if self._held else _FETCH_TIMEOUT)
        generation = self.app.consumer_generation_id
        fetched = await self._getmany(wanted, patience)
        if self.should_stop or generation != self.app.consumer_generation_id:
            return []  # recovery seeks every partition before it reads again
        messages = [
            self._begin(ensure_TP(tp), records)
            for tp, records in fetched.items()
            if records and not self._is_stale_changelog(ensure_TP(tp))
        ]
        if not messages and self.app.in_recovery:
            messages = [message async for message in self._bare_ends()]
        return messages

    def _wanted(self) -> set[TP]:
        """Return the partitions to fetch from; while recovering, only changelogs."""
        active = self._get_active_partitions()
        if self.app.rebalancing:
            changelogs = self.app.tables.changelog_topics
            active = {tp for tp in active if tp.topic in changelogs}
        return {tp for tp in active if self._has_room(tp)}

    def _has_room(self, tp: TP) -> bool:
        size, limit = self.outstanding_bytes(tp), self.max_partition_bytes
        if size > limit:
            self._held.add(tp)
        elif size * 2 < limit:
            self._held.discard(tp)
        return tp not in self._held

    def _is_stale_changelog(self, tp: TP) -> bool:
        """Whether recovery finished during the fetch: what came late must not be applied."""
        return self._is_changelog_tp(tp) and tp not in self._get_active_partitions()

    def _begin(self, tp: TP, records: Sequence[ConsumerRecord]) -> BatchMessage:
        batch = batch_of(records)
        self.app.monitor.track_tp_end_offset(tp, self.highwater(tp))
        last = records[-1]
        return self._message(tp, batch, last.timestamp / 1000.0, last.timestamp_type)

    def _message(self, tp: TP, batch: Batch, timestamp: float, timestamp_type: int) -> BatchMessage:
        tracker = self._trackers.setdefault(tp, PartitionTracker())
        span = None
        if self.app.topics.acks_enabled_for(tp.topic):
            span = tracker.begin(batch.first, batch.last, batch.size)
        return BatchMessage(
            batch,
            timestamp,
            timestamp_type,
            generation_id=self.app.consumer_generation_id,
            tracker=tracker,
            span=span,
        )

    async def _bare_ends(self) -> AsyncIterator[BatchMessage]:
        """Messages without records for changelogs whose last offsets hold none.

        Faust waits for a record at the highwater; after a transaction marker or a removed
        tombstone there is none, and the position is all that tells.
        """
        recovery = self.app.tables.recovery  # type: ignore[attr-defined]
        for tp, remaining in recovery.active_remaining().items():
            if remaining <= 0 or tp not in self._get_active_partitions():
                continue
            position = await self.position(tp)
            if position is not None and position > recovery.active_highwaters[tp]:
                end = position - 1
                batch = Batch(tp.topic, tp.partition, (), end, end, 0)
                yield self._message(tp, batch, time.time(), 0)

    async def _add_gap(self, tp: TP, offset_from: int, offset_to: int) -> None:
        """Offsets without a record need no bookkeeping here."""

    # Seeking

    async def perform_seek(self) -> None:
        """Seek every source partition to its committed offset, or to the start without one.

        Faust leaves a partition without a committed offset where it is, and what was fetched and
        dropped from it is then lost.
        """
        async with self._fetching:
            committed = await self.seek_to_committed()
            sources = [tp for tp in map(ensure_TP, committed) if not self._is_changelog_tp(tp)]
            fresh = [tp for tp in sources if not committed[tp]]
            if fresh:
                latest = self.app.conf.consumer_auto_offset_reset == "latest"
                bounds = self.highwaters if latest else self.earliest_offsets
                await super().seek_wait(await bounds(*fresh))
            for tp in sources:
                self._committed_offset[tp] = committed[tp] or None
            self._forget(sources)

    async def seek(self, partition: TP, offset: int) -> None:
        """Continue a partition at an offset; what was fetched from it before is dropped."""
        await self.seek_wait({ensure_TP(partition): offset})

    async def seek_wait(self, partitions: Mapping[TP, int]) -> None:
        """Continue partitions at offsets, not below the first offset each still has."""
        if not partitions:
            return
        async with self._fetching:
            earliest = await self.earliest_offsets(*partitions)
            await super().seek_wait(
                {tp: max(offset, earliest.get(tp) or 0) for tp, offset in partitions.items()}
            )
            self._forget(partitions)

    def _forget(self, partitions: Iterable[TP]) -> None:
        for tp in partitions:
            self._trackers.pop(tp, None)
            self._held.discard(tp)

    async def on_partitions_revoked(self, revoked: set[TP]) -> None:
        """Let Faust wait for the work in flight and commit it, and only then forget it."""
        await super().on_partitions_revoked(revoked)
        self._forget(revoked)

    # Committing

    def ack(self, message: Message) -> bool:
        """Take the acknowledgement of a batch; True the first time."""
        with ack_lock:
            if message.acked:
                return False
            message.acked = True
            self._unacked_messages.discard(message)
            notify(self._waiting_for_ack)
            return True

    def _filter_tps_with_pending_acks(self, topics: TPorTopicSet | None = None) -> Iterator[TP]:
        return (
            tp
            for tp in list(self._trackers)
            if topics is None or tp in topics or tp.topic in topics
        )

    def _new_offset(self, tp: TP) -> int | None:
        tracker = self._trackers.get(tp)
        return tracker.committable if tracker else None

    async def _commit_offsets(
        self,
        offsets: Mapping[TP, int],
        start_new_transaction: bool = True,  # noqa: FBT001, FBT002  # Faust's signature
    ) -> bool:
        try:
            await self.app.producer.settle()  # type: ignore[attr-defined]
        except ProducerSendError as error:
            await self.crash(error)
            return False
        return await super()._commit_offsets(offsets, start_new_transaction)
