"""A table whose writes are durable when they return."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, NoReturn, TypeVar, cast

import faust

from streams.store import PartitionNotOwnedError, RecoveryError, Versioned
from streams.transport.batch import BatchSchema
from streams.transport.producer import Record

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from faust.types import TP, AppT, TopicT

    from streams.store import Store
    from streams.transport.producer import Producer

V = TypeVar("V", bound=Versioned)

RECOVERY_BATCHES = 4
"""Changelog batches applied at a time; Faust treats 1 specially, it keeps such changelogs read."""


class Table(faust.Table, Generic[V]):  # type: ignore[type-arg]
    """Values by key, in partitions, kept in a compacted changelog.

    An app declares it with ``app.Table(name, encode=..., decode=...)`` when it was made with
    ``Table=streams.table.Table`` and ``store="salesbell://"``. Recovery keeps, per key, the value
    with the larger version; a worker whose recovery is incomplete crashes before it processes.

    Args:
        app: The Faust app.
        name: Name of the table; the changelog is ``<app id>-<name>-changelog``.
        encode: Makes bytes of a value.
        decode: Makes a value of bytes.
        options: Everything else a Faust table takes.
    """

    def __init__(
        self,
        app: AppT,
        *,
        name: str,
        encode: Callable[[V], bytes],
        decode: Callable[[bytes], V],
        **options: Any,
    ) -> None:
        self.encode = encode
        self.decode = decode
        options.setdefault("recovery_buffer_size", RECOVERY_BATCHES)
        super().__init__(app, name=name, **options)

    def info(self) -> Mapping[str, Any]:
        """Return the arguments that make a copy of this table."""
        return {**super().info(), "encode": self.encode, "decode": self.decode}

    def owned_partitions(self) -> list[int]:
        """Return the partitions this worker owns."""
        return self._contents.owned_partitions()

    def partition(self, partition: int) -> Mapping[str, V]:
        """Return the values of an owned partition, read-only.

        Raises:
            PartitionNotOwnedError: This worker does not own the partition.
        """
        return self._contents.partition(partition)

    async def write(self, partition: int, entries: Mapping[str, V | None]) -> None:
        """Write values to the changelog and, when all are acknowledged, to the table.

        Writes to one partition take effect one after the other, in the order of the calls.

        Args:
            partition: An owned partition.
            entries: New value of each key; None deletes the key.

        Raises:
            PartitionNotOwnedError: This worker does not own the partition, or lost it meanwhile.
            ProducerSendError: A record was refused or not acknowledged; the table is unchanged.
        """
        if not entries:
            return
        state = self._contents.owned(partition)
        records = [
            Record(key.encode(), None if value is None else self.encode(value))
            for key, value in entries.items()
        ]
        producer = cast("Producer", self.app.producer)
        async with state.turn:
            offset = await producer.write(self.changelog_topic_name, partition, records)
            if self._contents.owned(partition) is not state:
                raise PartitionNotOwnedError(
                    f"partition {partition} of table {self.name!r} went to another worker and came "
                    "back during a write: do not acknowledge the batch"
                )
            state.update(entries, offset)

    async def on_recovery_completed(self, active_tps: set[TP], standby_tps: set[TP]) -> None:
        """Check that every owned partition is complete; crash the app if one is not."""
        await self.data.on_recovery_completed(active_tps, standby_tps)
        try:
            for tp in active_tps:
                await self._confirm(tp)
        except RecoveryError as error:
            # Faust drops what this coroutine raises and would start to process.
            await self.app.crash(error)
        else:
            await self.call_recover_callbacks()

    async def _confirm(self, tp: TP) -> None:
        state = self._contents.owned(tp.partition)
        if state.failure is not None:
            raise state.failure
        highwater = self.app.tables.recovery.active_highwaters[tp]  # type: ignore[attr-defined]
        if state.applied is None or state.applied < highwater:
            earliest = (await self.app.consumer.earliest_offsets(tp))[tp]
            if earliest <= highwater:
                raise RecoveryError(
                    f"changelog {tp.topic}-{tp.partition} was read up to offset {state.applied} "
                    f"instead of {highwater}: table {self.name!r} is incomplete"
                )
        state.advance(highwater)

    def _new_changelog_topic(self, **_: Any) -> TopicT:
        return self.app.topic(
            self._changelog_topic_name(),
            schema=BatchSchema(),
            partitions=self.partitions,
            compacting=True,
            deleting=False,
            acks=False,
            internal=True,
            config=self.extra_topic_configs,
        )

    @property
    def _contents(self) -> Store[V]:
        return cast("Store[V]", self.data)

    def on_key_get(self, key: object) -> NoReturn:
        """Refuse ``table[key]``: a key is looked up in its partition."""
        raise TypeError(f"cannot read {key!r} from table {self.name!r}: use partition(p)[key]")

    def on_key_set(self, key: object, value: object) -> NoReturn:
        """Refuse ``table[key] = value``: it would not wait for the changelog."""
        del value
        raise TypeError(
            f"cannot assign {key!r} in table {self.name!r}: use await write(p, {{...}})"
        )

    def on_key_del(self, key: object) -> NoReturn:
        """Refuse ``del table[key]``: it would not wait for the changelog."""
        raise TypeError(
            f"cannot delete {key!r} from table {self.name!r}: use await write(p, {{key: None}})"
        )

    def on_clear(self) -> NoReturn:
        """Refuse ``table.clear()``: it would not wait for the changelog."""
        raise TypeError(f"cannot clear table {self.name!r}: use await write(p, {{key: None, ...}})")
