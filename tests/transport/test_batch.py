from __future__ import annotations

import pytest

from streams.transport.batch import Batch, BatchMessage
from streams.transport.tracking import PartitionTracker


@pytest.mark.parametrize(("begun", "committable"), [(True, 10), (False, None)])
def test_only_a_batch_a_stream_has_begun_is_acknowledged(
    *, begun: bool, committable: int | None
) -> None:
    tracker = PartitionTracker()
    message = BatchMessage(
        Batch("topic", 0, (), 0, 9, 50),
        0.0,
        0,
        generation_id=1,
        tracker=tracker,
        span=tracker.begin(0, 9, 50),
    )
    message.tracked = begun  # Faust's streams set it when they hand out the event
    message.acked = True
    assert tracker.committable == committable
