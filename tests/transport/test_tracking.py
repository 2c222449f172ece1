from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.transport.tracking import PartitionTracker


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[tuple[int, int, int]], list[int]]:
    """Batches with gaps between and inside them, and an order of acknowledgement."""
    batches, offset = [], 0
    for gap, length, size in draw(
        st.lists(st.tuples(st.integers(0, 5), st.integers(1, 9), st.integers(0, 99)), max_size=12)
    ):
        first = offset + gap
        batches.append((first, first + length - 1, size))
        offset = first + length
    return batches, draw(st.permutations(range(len(batches))))


@given(histories())
def test_commits_the_acknowledged_prefix_and_nothing_more(
    history: tuple[list[tuple[int, int, int]], list[int]],
) -> None:
    batches, order = history
    tracker = PartitionTracker()
    spans = [tracker.begin(*batch) for batch in batches]
    finished: set[int] = set()
    before = -1
    for index in order:
        tracker.acknowledge(spans[index])
        finished.add(index)
        prefix = next((i for i in range(len(batches)) if i not in finished), len(batches))
        expected = batches[prefix - 1][1] + 1 if prefix else None
        assert tracker.committable == expected
        assert (expected or 0) >= before
        before = expected or before
        left = sum(size for i, (_, _, size) in enumerate(batches) if i not in finished)
        assert tracker.outstanding_bytes == left
    assert tracker.committable == (batches[-1][1] + 1 if batches else None)


@given(histories())
def test_fetching_on_while_acknowledging_changes_nothing(
    history: tuple[list[tuple[int, int, int]], list[int]],
) -> None:
    batches, _ = history
    tracker = PartitionTracker()
    for first, last, size in batches:
        tracker.acknowledge(tracker.begin(first, last, size))
        assert tracker.committable == last + 1
        assert tracker.outstanding_bytes == 0


def test_a_second_acknowledgement_changes_nothing() -> None:
    tracker = PartitionTracker()
    first, _second = tracker.begin(0, 4, 10), tracker.begin(5, 9, 10)
    tracker.acknowledge(first)
    tracker.acknowledge(first)
    assert (tracker.committable, tracker.outstanding_bytes) == (5, 10)


@pytest.mark.parametrize(("first", "last"), [(3, 7), (0, 2), (4, 4), (9, 8)])
def test_refuses_a_batch_that_does_not_lie_behind_the_last(first: int, last: int) -> None:
    tracker = PartitionTracker()
    tracker.begin(2, 4, 1)
    with pytest.raises(ValueError, match=f"batch {first}..{last} was fetched after offset 4"):
        tracker.begin(first, last, 1)
