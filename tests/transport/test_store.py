from __future__ import annotations

import msgspec
from aiokafka import ConsumerRecord

from streams.store import Partition
from streams.transport.batch import Batch, batch_of


class Total(msgspec.Struct, frozen=True):
    version: int


def changelog(first: int, *pairs: tuple[bytes, bytes | None]) -> Batch:
    return batch_of(
        [
            ConsumerRecord("log", 0, first + n, 0, 0, key, value, None, len(key), 0, ())
            for n, (key, value) in enumerate(pairs)
        ]
    )


def decode(value: bytes) -> Total:
    return Total(int(value))


def test_records_already_contained_are_not_applied_again() -> None:
    state: Partition[Total] = Partition()
    state.replay(changelog(0, (b"a", b"1"), (b"b", b"1")), decode)
    state.update({"a": Total(2)}, offset=5)
    state.replay(changelog(1, (b"b", None), (b"a", None), (b"a", None)), decode)
    assert state.values == {"a": Total(2), "b": Total(1)}
    assert (state.applied, state.recovered) == (5, 2)


def test_nothing_is_applied_behind_a_record_that_cannot_be() -> None:
    state: Partition[Total] = Partition()
    state.replay(changelog(0, (b"a", b"1"), (b"a", b"x"), (b"a", b"3")), decode)
    state.replay(changelog(3, (b"a", b"4")), decode)
    assert state.values == {"a": Total(1)}
    assert state.applied == 0
    assert "log-0, offset 1: cannot apply the record with key b'a'" in str(state.failure)
