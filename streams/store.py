"""The Faust store ``salesbell://``: decoded values in memory, one dictionary per partition.

A partition is kept as long as this process owns it, together with the changelog offset it holds, so
a rebalance reads only what others have written meanwhile; it is dropped whole when it goes.
"""

from __future__ import annotations

import asyncio
from collections import ChainMap
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar, cast

from faust.exceptions import ImproperlyConfigured
from faust.stores import base

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from aiokafka import ConsumerRecord
    from faust.types import TP, EventT

    from streams.transport.batch import Batch


class Versioned(Protocol):
    """A table value: of two values of one key, the one with the larger version is newer."""

    @property
    def version(self) -> int:
        """The version; it grows with every write of the key."""


V = TypeVar("V", bound=Versioned)


class RecoveryError(Exception):
    """A table partition could not be rebuilt from its changelog."""


class PartitionNotOwnedError(LookupError):
    """A partition of a table that this worker does not own, or no longer, was used."""


class Partition(Generic[V]):
    """The state of one owned partition.

    Attributes:
        values: The present value of each key.
        applied: Offset of the last changelog record contained in ``values``; None if none is.
        recovered: Records applied from the changelog so far.
        failure: Why recovery stopped before its end, if it did.
        turn: Held by the write in progress, so that writes are applied in changelog order.
    """

    __slots__ = ("applied", "failure", "recovered", "turn", "values")

    def __init__(self) -> None:
        self.values: dict[str, V] = {}
        self.applied: int | None = None
        self.recovered = 0
        self.failure: RecoveryError | None = None
        self.turn = asyncio.Lock()

    def replay(self, batch: Batch, decode: Callable[[bytes], V]) -> None:
        """Apply changelog records that are not contained yet; after a failure, none any more."""
        if self.failure is not None:
            return
        for record in batch.records:
            if self.applied is not None and record.offset <= self.applied:
                continue
            try:
                self._replay_record(record, decode)
            except Exception as error:  # noqa: BLE001  # Faust would log it and go on
                self.failure = RecoveryError(
                    f"changelog {batch.topic}-{batch.partition}, offset {record.offset}: cannot "
                    f"apply the record with key {record.key!r}: {error!r}"
                )
                return
            self.recovered += 1
            self.applied = record.offset
        self.advance(batch.last)

    def _replay_record(self, record: ConsumerRecord, decode: Callable[[bytes], V]) -> None:
        if record.key is None:
            raise ValueError("it has no key")
        key = record.key.decode()
        if record.value is None:
            self.values.pop(key, None)
            return
        value = decode(record.value)
        present = self.values.get(key)
        # A worker that was expelled may have written behind its successor: its value is older.
        if present is None or value.version > present.version:
            self.values[key] = value

    def update(self, entries: Mapping[str, V | None], offset: int) -> None:
        """Apply entries the changelog has acknowledged up to an offset."""
        for key, value in entries.items():
            if value is None:
                self.values.pop(key, None)
            else:
                self.values[key] = value
        self.advance(offset)

    def advance(self, offset: int) -> None:
        """Note that the changelog is contained up to an offset."""
        self.applied = offset if self.applied is None else max(self.applied, offset)


class Store(base.Store[str, V], Generic[V]):
    """Values of one table, by owned partition; it belongs to a :class:`streams.table.Table`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        decode = getattr(self.table, "decode", None)
        if decode is None:
            raise ImproperlyConfigured(
                f"table {self.table.name!r} cannot use the store {self.url}: it needs a "
                "streams.table.Table, which has a decoder"
            )
        self._decode = cast("Callable[[bytes], V]", decode)
        self._owned: dict[int, Partition[V]] = {}

    @property
    def data(self) -> Mapping[str, V]:  # type: ignore[override]
        """All values of the owned partitions, read-only."""
        return MappingProxyType(ChainMap(*(state.values for state in self._owned.values())))

    def owned(self, partition: int) -> Partition[V]:
        """Return the state of an owned partition.

        Raises:
            PartitionNotOwnedError: This worker does not own the partition.
        """
        try:
            return self._owned[partition]
        except KeyError:
            raise PartitionNotOwnedError(
                f"partition {partition} of table {self.table.name!r} is not owned by this worker, "
                f"which owns {sorted(self._owned)}: use only partitions of assigned batches"
            ) from None

    def owned_partitions(self) -> list[int]:
        """Return the partitions this worker owns."""
        return sorted(self._owned)

    def partition(self, partition: int) -> Mapping[str, V]:
        """Return the values of an owned partition, read-only."""
        return MappingProxyType(self.owned(partition).values)

    def recovered(self, partition: int) -> int:
        """Return how many changelog records were applied to an owned partition."""
        return self.owned(partition).recovered

    def persisted_offset(self, tp: TP) -> int | None:
        """Return the last changelog offset contained in a partition, None if it must be read."""
        state = self._owned.get(tp.partition)
        if state is None or state.failure is not None or not self._is_ours(tp):
            return None
        return state.applied

    def apply_changelog_batch(
        self,
        batch: Iterable[EventT[Any]],
        to_key: Callable[[Any], Any],
        to_value: Callable[[Any], Any],
    ) -> None:
        """Apply fetched changelog batches; failures are kept for the check after recovery."""
        del to_key, to_value
        for event in batch:
            # Faust hands a batch of a partition it does not track to whichever table came before.
            if self._is_ours(event.message.tp):
                state = self._owned.setdefault(event.message.tp.partition, Partition())
                state.replay(cast("Batch", event.message.value), self._decode)

    async def on_rebalance(
        self,
        assigned: set[TP],
        revoked: set[TP],
        newly_assigned: set[TP],
        generation_id: int = 0,
    ) -> None:
        """Drop the partitions that went to another worker."""
        del assigned, newly_assigned, generation_id
        for tp in revoked:
            if self._is_ours(tp):
                self._owned.pop(tp.partition, None)

    async def on_recovery_completed(self, active_tps: set[TP], standby_tps: set[TP]) -> None:
        """Own exactly the active partitions."""
        del standby_tps
        active = {tp.partition for tp in active_tps}
        self._owned = {partition: self._owned.get(partition) or Partition() for partition in active}

    def _is_ours(self, tp: TP) -> bool:
        return bool(tp.topic == self.table.changelog_topic.get_topic_name())

    def reset_state(self) -> None:
        """Nothing is kept outside this process."""

    async def backup_partition(self, *args: Any, **kwargs: Any) -> None:
        """Refuse: the changelog is the copy."""
        raise NotImplementedError("a salesbell:// store has no backup: its changelog is the copy")

    def restore_backup(self, *args: Any, **kwargs: Any) -> None:
        """Refuse: the changelog is the copy."""
        raise NotImplementedError("a salesbell:// store has no backup: its changelog is the copy")
