from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from faust.exceptions import ProducerSendError
from faust.tables.manager import TableManager
from faust.types import TP

from streams.store import PartitionNotOwnedError, RecoveryError, Store
from streams.table import Table
from streams.transport import Batch, BatchSchema
from tests.transport.conftest import running, until

if TYPE_CHECKING:
    from faust.tables.recovery import Recovery
    from faust.types import StreamT

    from tests.transport.conftest import Log, MakeApp


class Total(msgspec.Struct, frozen=True):
    version: int
    text: str = ""


encode = msgspec.msgpack.Encoder().encode
decode = msgspec.msgpack.Decoder(Total).decode


class Worker:
    """An app with a table, and an agent on the source its changelog is assigned with."""

    def __init__(self, make_app: MakeApp, name: str) -> None:
        self.app = make_app(name, topic_partitions=2)
        table = self.app.Table("totals", encode=encode, decode=decode)
        assert isinstance(table, Table)
        self.table: Table[Total] = table
        self.seen: list[Batch] = []

        @self.app.agent(self.app.topic(name, schema=BatchSchema()))
        async def read(stream: StreamT[Batch]) -> None:
            async for batch in stream:
                self.seen.append(batch)

    @property
    def changelog(self) -> str:
        return str(self.table.changelog_topic_name)

    @property
    def store(self) -> Store[Total]:
        assert isinstance(self.table.data, Store)
        return self.table.data

    @property
    def recovery(self) -> Recovery:
        assert isinstance(self.app.tables, TableManager)
        return self.app.tables.recovery

    async def ready(self) -> None:
        completed = self.recovery.completed
        await until(lambda: completed.is_set() and not self.app.rebalancing, "recovery")


@pytest.fixture
async def source(log: Log, name: str) -> str:
    await log.create(name, 2)
    return name


async def changelog(log: Log, name: str, **config: str) -> str:
    topic = f"{name}-totals-changelog"
    await log.create(topic, 2, cleanup_policy="compact", **config)
    return topic


def pairs(entries: dict[str, Total | None]) -> list[tuple[bytes, bytes | None]]:
    return [(k.encode(), None if v is None else encode(v)) for k, v in entries.items()]


async def test_recovery_gives_back_what_was_written(
    log: Log, make_app: MakeApp, source: str
) -> None:
    written = {f"key-{n}": Total(n % 7, "v" * 50) for n in range(10_000)}
    first = Worker(make_app, source)
    async with running(first.app):
        await first.ready()
        await first.table.write(0, written)
        await first.table.write(0, {"key-1": Total(9), "key-2": None})
        await first.table.write(1, {"other": Total(1)})
        held = dict(first.table.partition(0))
        assert held == {k: v for k, v in written.items() if k != "key-2"} | {"key-1": Total(9)}
    assert len(await log.read(first.changelog)) == 10_002
    second = Worker(make_app, source)
    async with running(second.app):
        await second.ready()
        assert dict(second.table.partition(0)) == held
        assert dict(second.table.partition(1)) == {"other": Total(1)}
        assert second.store.recovered(0) == 10_002
        assert second.store.persisted_offset(TP(first.changelog, 0)) == 10_001


async def test_recovery_keeps_the_larger_version_and_the_present_of_equals(
    log: Log, make_app: MakeApp, source: str
) -> None:
    topic = await changelog(log, source)
    for entries in (
        {"a": Total(5, "new"), "b": Total(3, "first"), "c": Total(1), "d": Total(1), "e": None},
        {"a": Total(4, "late"), "b": Total(3, "second"), "c": Total(2, "new"), "d": None},
    ):
        await log.produce_pairs(topic, 0, pairs(entries))
    worker = Worker(make_app, source)
    async with running(worker.app):
        await worker.ready()
        assert dict(worker.table.partition(0)) == {
            "a": Total(5, "new"),
            "b": Total(3, "first"),
            "c": Total(2, "new"),
        }


async def test_an_empty_changelog_recovers_to_nothing_and_is_compacted(
    make_app: MakeApp, source: str, broker: str
) -> None:
    worker = Worker(make_app, source)
    async with running(worker.app):
        await worker.ready()
        assert dict(worker.table.partition(0)) == dict(worker.table.partition(1)) == {}
    admin = AIOKafkaAdminClient(bootstrap_servers=broker)
    await admin.start()
    try:
        resource = ConfigResource(ConfigResourceType.TOPIC, worker.changelog)
        [answer] = await admin.describe_configs([resource])
    finally:
        await admin.close()
    settings = {entry[0]: entry[1] for entry in answer.resources[0][4]}
    assert settings["cleanup.policy"] == "compact"


@pytest.mark.parametrize("abort", [False, True], ids=["committed", "aborted"])
async def test_recovery_ends_where_the_changelog_ends_without_a_record(
    log: Log, make_app: MakeApp, source: str, *, abort: bool
) -> None:
    topic = await changelog(log, source)
    await log.produce_pairs(topic, 0, pairs({"a": Total(1)}))
    await log.produce_pairs(topic, 0, pairs({"b": Total(1)}), transaction=source, abort=abort)
    worker = Worker(make_app, source)
    async with running(worker.app):
        await worker.ready()
        assert worker.table.partition(0)["a"] == Total(1)
        assert worker.store.persisted_offset(TP(topic, 0)) == 2


async def test_a_rebalance_reads_only_what_others_have_written(
    make_app: MakeApp, source: str
) -> None:
    first = Worker(make_app, source)
    async with running(first.app):
        await first.ready()
        for partition in range(2):
            await first.table.write(partition, {f"{partition}": Total(1)})
        second = Worker(make_app, source)
        async with running(second.app):
            await second.ready()
            await first.ready()
            [gone] = [tp.partition for tp in second.recovery.active_tps]
            kept = 1 - gone
            assert dict(second.table.partition(gone)) == {f"{gone}": Total(1)}
            assert dict(first.table.partition(kept)) == {f"{kept}": Total(1)}
            assert first.store.recovered(kept) == 0
            assert dict(first.table.data) == {f"{kept}": Total(1)}
            with pytest.raises(PartitionNotOwnedError, match=rf"owns \[{kept}\]"):
                first.table.partition(gone)
            with pytest.raises(PartitionNotOwnedError):
                await first.table.write(gone, {"x": Total(1)})
            await second.table.write(gone, {f"{gone}": Total(2)})
        await until(lambda: len(first.recovery.active_tps) == 2, "all partitions back")
        await first.ready()
        assert dict(first.table.partition(gone)) == {f"{gone}": Total(2)}
        assert first.store.recovered(kept) == 0


@pytest.mark.parametrize(
    ("pair", "reason"), [((b"bad", b"\xc1"), "cannot apply"), ((None, b"x"), "no key")]
)
async def test_a_failed_recovery_stops_the_worker_before_it_processes(
    log: Log, make_app: MakeApp, source: str, pair: tuple[bytes | None, bytes], reason: str
) -> None:
    topic = f"{source}-totals-changelog"
    await log.create(topic, 2)  # a compacted topic would refuse a record without a key
    await log.produce_pairs(topic, 1, [*pairs({"a": Total(1)}), pair, *pairs({"b": Total(1)})])
    await log.produce(source, 1, [b"event"])
    worker = Worker(make_app, source)
    async with running(worker.app):
        await until(lambda: worker.app.crashed, "the crash")
        assert isinstance(worker.app.crash_reason, RecoveryError)
        assert f"{topic}-1, offset 1" in str(worker.app.crash_reason)
        assert reason in str(worker.app.crash_reason)
    assert worker.seen == []


async def test_an_incomplete_recovery_stops_the_worker(
    log: Log, make_app: MakeApp, source: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    topic = await changelog(log, source)
    await log.produce_pairs(topic, 0, pairs({"a": Total(1), "b": Total(2)}))
    await log.produce(source, 0, [b"event"])
    worker = Worker(make_app, source)
    # Records get lost on the way.
    monkeypatch.setattr(worker.store, "apply_changelog_batch", lambda *_, **__: None)
    async with running(worker.app):
        await until(lambda: worker.app.crashed, "the crash")
        assert "up to offset None instead of 1" in str(worker.app.crash_reason)
    assert worker.seen == []


async def test_a_refused_write_raises_and_changes_nothing(
    log: Log, make_app: MakeApp, source: str
) -> None:
    topic = await changelog(log, source, max_message_bytes="2000")
    worker = Worker(make_app, source)
    async with running(worker.app):
        await worker.ready()
        await worker.table.write(0, {"a": Total(1)})
        with pytest.raises(ProducerSendError, match=f"{topic}-0 were not acknowledged"):
            await worker.table.write(0, {"a": Total(2, "x" * 5000)})
        assert dict(worker.table.partition(0)) == {"a": Total(1)}
        assert worker.store.persisted_offset(TP(topic, 0)) == 0
        await log.produce(source, 0, [b"event"])
        await until(lambda: worker.seen, "the event is processed")
        await until(lambda: worker.app.crashed, "the commit crashes the worker")
    assert await log.committed(source, source, 2) == [0, 0]


async def test_stock_access_names_what_to_use(make_app: MakeApp, name: str) -> None:
    table = Worker(make_app, name).table
    with pytest.raises(TypeError, match="await write"):
        table["k"] = Total(1)
    with pytest.raises(TypeError, match="await write"):
        table.update({"k": Total(1)})
    with pytest.raises(TypeError, match="await write"):
        del table["k"]
    with pytest.raises(TypeError, match="await write"):
        table.clear()
    with pytest.raises(TypeError, match="partition"):
        table["k"]
