"""The meter: plain counters of what the stages did since the worker started.

Exact totals of events are state (journeys and dead letters), not these; these tell how a
worker is doing.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Meter:
    """Counters of one worker.

    Attributes:
        taken_in: Source records read, by topic.
        rejected: Records sent to the dead letters, by topic.
        verdicts: Records by what became of them at their subject.
        facts: Facts folded into panes.
        replays: Facts and contributions that were known.
        scores: Scores published.
    """

    taken_in: Counter[str] = field(default_factory=Counter)
    rejected: Counter[str] = field(default_factory=Counter)
    verdicts: Counter[str] = field(default_factory=Counter)
    facts: int = 0
    replays: int = 0
    scores: int = 0

    def took_in(self, topic: str, records: int, rejected: int) -> None:
        """Note a batch of source records."""
        self.taken_in[topic] += records
        if rejected:
            self.rejected[topic] += rejected

    def summary(self) -> dict[str, int]:
        """What the worker did, in few words."""
        return {
            "taken_in": self.taken_in.total(),
            "rejected": self.rejected.total(),
            "applied": self.verdicts["applied"],
            "duplicates": self.verdicts["duplicate"],
            "facts": self.facts,
            "replays": self.replays + self.verdicts["replay"],
            "scores": self.scores,
        }
