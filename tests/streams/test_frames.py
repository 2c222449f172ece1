"""Frames: what goes in comes out, in order, in frames of a bounded size, where it belongs."""

from __future__ import annotations

from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.cells import WHOLE_DAY
from scoring.journeys import Told
from scoring.rollups import Contribution
from streams.frames import (
    FRAME_BYTES,
    Arrival,
    Belonging,
    EntityItem,
    Fact,
    FrameReader,
    FrameWriter,
    Hearsay,
    SubjectItem,
    Upsert,
    partition_of,
)

ARRIVAL = Arrival("lead:L-1", "t.leads", 2, 17, b"L-1", b"{}", (("trace", b"\x00\xff"),))


def written(writer: FrameWriter) -> dict[int, list[bytes]]:
    frames = {}
    for partition, records in writer.records():
        assert all(record.key is None and record.value is not None for record in records)
        frames[partition] = [record.value for record in records if record.value is not None]
    return frames


def through(item_type: object, *items: SubjectItem | EntityItem | Upsert) -> list[object]:
    writer = FrameWriter(1)
    for item in items:
        writer.add("any", item)
    reader: FrameReader[object] = FrameReader(item_type)  # type: ignore[arg-type]
    return [item for frame in written(writer)[0] for item in reader.items(frame)]


def test_subject_items_come_out_as_they_went_in() -> None:
    items = (
        ARRIVAL,
        Arrival("loan:LN-1", "t.sales", 0, 0, None, b'{"a": "\xc3\xa9"}', (("trace", None),)),
        Hearsay("lead:L-1", "loan:LN-1", Told(3, None)),
    )
    assert through(SubjectItem, *items) == list(items)


def test_entity_items_come_out_as_they_went_in() -> None:
    items = (
        Fact("executive:E-1", 739_000, 3, 2**40, {WHOLE_DAY: {"leads": -1, "volume": 2**62}}),
        Belonging("executive:E-1", 4, None),
    )
    assert through(EntityItem, *items) == list(items)


def test_contributions_come_out_as_they_went_in() -> None:
    contribution = Contribution(version=5, cells={12: {"leads": 1}})
    item = Upsert("team:T-1", 739_000, "executive:E-1", contribution)
    assert through(Upsert, item) == [item]


@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), st.binary(max_size=40))), st.integers(1, 6))
def test_order_within_a_partition_is_that_of_adding(
    added: list[tuple[str, bytes]], partitions: int
) -> None:
    writer = FrameWriter(partitions)
    expected: dict[int, list[Arrival]] = defaultdict(list)
    for offset, (key, value) in enumerate(added):
        item = Arrival(key, "t", 0, offset, None, value, ())
        writer.add(key, item)
        expected[partition_of(key, partitions)].append(item)
    reader: FrameReader[SubjectItem] = FrameReader(SubjectItem)  # type: ignore[arg-type]
    found = {
        partition: [item for frame in frames for item in reader.items(frame)]
        for partition, frames in written(writer).items()
    }
    assert found == expected


def test_frames_are_closed_before_they_pass_their_size() -> None:
    writer = FrameWriter(1)
    sizes = [60_000, 60_000, 200_000, 10, FRAME_BYTES, 1, 300_000, 5]
    for offset, size in enumerate(sizes):
        writer.add("any", Arrival("lead:L", "t", 0, offset, None, bytes(size), ()))
    reader: FrameReader[SubjectItem] = FrameReader(SubjectItem)  # type: ignore[arg-type]
    frames = written(writer)[0]
    grouped = [[len(i.value) for i in reader.items(f) if isinstance(i, Arrival)] for f in frames]
    assert grouped == [[60_000, 60_000], [200_000, 10], [FRAME_BYTES], [1], [300_000], [5]]
    assert all(
        len(f) <= FRAME_BYTES + 5
        for f, group in zip(frames, grouped, strict=True)
        if len(group) > 1
    )


def test_writer_without_items_has_no_records() -> None:
    assert written(FrameWriter(4)) == {}


@pytest.mark.parametrize(
    ("key", "partitions", "partition"),
    [
        # Changing one of these would move every key of every deployment.
        ("lead:L-2041", 12, 0),
        ("executive:E-017", 12, 4),
        ("company:company", 12, 11),
        ("loan:\N{DEVANAGARI LETTER KA}", 12, 9),
        ("", 12, 0),
        ("anything", 1, 0),
    ],
)
def test_partition_of_a_key_is_for_ever(key: str, partitions: int, partition: int) -> None:
    assert partition_of(key, partitions) == partition
