"""Quix Streams as its documentation teaches it: a dataframe, state by key, changelogs on."""

from __future__ import annotations

import tempfile
from typing import Any
from uuid import uuid4

from quixstreams import Application, State

from bench.peers.stopwatch import Stopwatch

_TIME_DIGITS = {"hour": len("2026-03-02T09"), "minute": len("2026-03-02T09:00")}


def run(bootstrap: str, topic: str, events: int, *, pane: str) -> float:
    """Count by (executive, pane) in RocksDB with a changelog, at least once; see `Contender`.

    The executive is the record's key, which is the key of the state; the pane is the name within.

    Args:
        bootstrap: The broker's address.
        topic: Where the events are.
        events: How many there are.
        pane: "hour" or "minute".

    Returns:
        The steady rate in events/s.

    """
    digits = _TIME_DIGITS[pane]
    watch = Stopwatch(events)
    counted = 0
    with tempfile.TemporaryDirectory(prefix="salesbell-bench-quix-") as directory:
        app = Application(
            broker_address=bootstrap,
            consumer_group=f"bench-quix-{uuid4().hex[:8]}",
            auto_offset_reset="earliest",
            state_dir=directory,
            processing_guarantee="at-least-once",
            loglevel="WARNING",
        )

        def count(event: dict[str, Any], state: State[str, int]) -> None:
            nonlocal counted
            watch.start()
            name = event["time"][:digits]
            before = state.get(name, 0)
            state.set(name, before + 1)
            # A counter's own growth, so that the sum shows a state that forgets or repeats.
            counted += state.get(name, 0) - before
            if watch.processed():
                app.stop()

        app.dataframe(app.topic(topic, key_deserializer="str")).update(count, stateful=True)
        app.run()
    return watch.rate(counted)
