"""Who takes part: a name, what it does, and the function that runs it."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Final


@dataclass(frozen=True)
class Contender:
    """A program under measurement.

    Attributes:
        module: Has `run(bootstrap, topic, events, **options) -> float`, which processes that many
            events from the topic's start, checks that it counted each once, and returns its
            steady rate in events/s: from the first event that it processes to the last, so that
            imports, joining a group and creating topics are left out.
        does: What is counted and where it is kept, for the table.
        options: Further arguments of `run`.

    """

    module: str
    does: str
    options: tuple[tuple[str, str], ...] = ()

    def run(self, bootstrap: str, topic: str, events: int) -> float:
        """Import the module and measure it, in this process."""
        rate = import_module(self.module).run(bootstrap, topic, events, **dict(self.options))
        return float(rate)


CONTENDERS: Final[dict[str, Contender]] = {
    "raw_aiokafka": Contender(
        "bench.peers.raw_aiokafka", "aiokafka getmany, msgspec, a dict by hour: nothing durable"
    ),
    "naive_faust": Contender(
        "bench.peers.naive_faust", "Faust, one event at a time, table by hour, at least once"
    ),
    "quix_hour": Contender(
        "bench.peers.quix", "Quix Streams, state by hour, at least once", (("pane", "hour"),)
    ),
    "quix_minute": Contender(
        "bench.peers.quix", "Quix Streams, state by minute, at least once", (("pane", "minute"),)
    ),
    "ours_hour": Contender(
        "bench.ours.counters", "Salesbell's transport and table by hour, exact", (("pane", "hour"),)
    ),
    "ours_minute": Contender(
        "bench.ours.counters",
        "Salesbell's transport and table by minute, exact",
        (("pane", "minute"),),
    ),
    "ours_pipeline": Contender(
        "bench.ours.pipeline", "the whole of Salesbell: sources to scores of all levels, exact"
    ),
}
