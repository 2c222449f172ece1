"""The meter: plain counters of what the stages did since the worker started.

Exact totals of events are state (journeys and dead letters), not these; these tell how a
worker is doing. They are counted per batch, and read when somebody asks.
"""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from streams.distribution import Distribution
from streams.stamps import stamp_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scoring.events import Micros
    from streams.dead_letters import Reason
    from streams.stamps import Stamp
    from streams.transport import Batch

_SECOND = 1_000_000
#: Goals are a quarter of a second for a batch and one second from an event to its score.
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
_RECORDS = (1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1_000.0, 3_000.0, 10_000.0, 30_000.0)
#: A minute, ten, an hour, six, a day, a week: how late forms and nightly uploads come.
_LATENESS = (1.0, 10.0, 60.0, 600.0, 3_600.0, 21_600.0, 86_400.0, 604_800.0)


@dataclass
class StageMeter:
    """Counters of one stage.

    Attributes:
        publishes: Whether a batch is settled by the publication of scores.
        records: Records of each piece of work: source records at intake, frames after it.
        seconds: How long each took.
        since_ingestion: For each batch, seconds from the ingestion of the oldest event behind it
            to the publication of the scores that it touched.
        since_event: The same from the moment at which that event happened.
    """

    publishes: bool = False
    records: Distribution = field(default_factory=partial(Distribution, _RECORDS))
    seconds: Distribution = field(default_factory=partial(Distribution, _SECONDS))
    since_ingestion: Distribution = field(default_factory=partial(Distribution, _SECONDS))
    since_event: Distribution = field(default_factory=partial(Distribution, _SECONDS))

    def processed(self, batches: Sequence[Batch], seconds: float) -> None:
        """Note a piece of work."""
        self.records.note(sum(len(batch.records) for batch in batches))
        self.seconds.note(seconds)

    def settled(self, batch: Batch) -> None:
        """Note that all that a batch causes here is with the broker."""
        stamp = stamp_of((batch,)) if self.publishes else None
        if stamp is not None:
            now = time.time_ns() // 1_000
            age = max(now - stamp.ingested, 0) / _SECOND
            self.since_ingestion.note(age)
            self.since_event.note(max(now - stamp.occurred, 0) / _SECOND)


@dataclass
class Meter:
    """Counters of one worker.

    Attributes:
        taken_in: Source records read, by topic.
        rejected: Records sent to the dead letters, by topic and reason.
        lateness: By topic, seconds from an event to its ingestion; one event of each batch.
        newest: Time of the newest event, by topic.
        verdicts: Records by what became of them at their subject.
        facts: Facts folded into panes.
        replays: Facts and contributions that were known.
        scores: Scores published.
        retired: Subjects forgotten.
        stages: Counters by stage.
    """

    taken_in: Counter[str] = field(default_factory=Counter)
    rejected: Counter[tuple[str, Reason]] = field(default_factory=Counter)
    lateness: dict[str, Distribution] = field(default_factory=dict)
    newest: dict[str, Micros] = field(default_factory=dict)
    verdicts: Counter[str] = field(default_factory=Counter)
    facts: int = 0
    replays: int = 0
    scores: int = 0
    retired: int = 0
    stages: dict[str, StageMeter] = field(default_factory=dict)

    def of(self, stage: str, *, publishes: bool) -> StageMeter:
        """The counters of a stage, which publishes scores or does not."""
        return self.stages.setdefault(stage, StageMeter(publishes))

    def late(self, topic: str) -> Distribution:
        """How late events of a source are."""
        return self.lateness.setdefault(topic, Distribution(_LATENESS))

    def took_in(self, topic: str, records: int, first: Stamp | None, newest: Micros | None) -> None:
        """Note a batch of source records.

        Args:
            topic: Where it was read.
            records: How many records it had.
            first: Stamp of its first accepted event.
            newest: Time of its newest accepted event.
        """
        self.taken_in[topic] += records
        if newest is not None:
            self.newest[topic] = max(newest, self.newest.get(topic, newest))
        if first is not None:
            self.late(topic).note(max(first.ingested - first.occurred, 0) / _SECOND)

    def summary(self) -> dict[str, int]:
        """What the worker did, in few words."""
        return {
            "taken_in": self.taken_in.total(),
            "rejected": self.rejected.total(),
            "applied": self.verdicts["applied"],
            "duplicates": self.verdicts["duplicate"],
            "facts": self.facts,
            "replays": self.replayed,
            "scores": self.scores,
        }

    @property
    def replayed(self) -> int:
        """Records, facts and contributions that were known and skipped."""
        return self.replays + self.verdicts["replay"]
