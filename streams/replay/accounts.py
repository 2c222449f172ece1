"""The accounts of a replay: what became of every record that went in."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from streams import dead_letters
from streams.journeys import decode_journey
from streams.reading import records

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from scoring.journeys import Journey
    from streams.names import Names
    from streams.settings import Settings


@dataclass(frozen=True)
class Refusal:
    """A dead letter: why it is one, in a word and in words, and what was sent."""

    reason: str
    detail: str
    value: bytes | None


@dataclass
class Accounts:
    """In = applied + duplicates + dead letters, to the event.

    Attributes:
        sent: Records that went in.
        applied: Events that subjects hold.
        duplicates: Events that repeated one.
        rejected: Dead letters by reason.
        refusals: One of them for each reason, by reason.
        replays: Records that workers recognised as applied before a restart.
    """

    sent: int
    applied: int = 0
    duplicates: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    refusals: dict[str, Refusal] = field(default_factory=dict)
    replays: int = 0

    @property
    def balanced(self) -> bool:
        """Whether every record is accounted for."""
        return self.sent == self.applied + self.duplicates + self.rejected.total()


async def settle(settings: Settings, names: Names, sent: int, logs: Iterable[Path]) -> Accounts:
    """Count what is in the journeys' changelog and among the dead letters."""
    accounts = Accounts(sent)
    journeys: dict[bytes, Journey] = {}
    async for record in records(settings, names.changelog("journeys")):
        journey = decode_journey(record.value)
        known = journeys.get(record.key)
        if known is None or journey.version > known.version:
            journeys[record.key] = journey
    for journey in journeys.values():
        accounts.applied += len(journey.events)
        accounts.duplicates += journey.duplicates
    refusals = await _refusals(settings, names)
    accounts.rejected = Counter(refusal.reason for refusal in refusals)
    accounts.refusals = {each.reason: each for each in reversed(refusals)}
    accounts.replays = sum(map(_replays, logs))
    return accounts


async def _refusals(settings: Settings, names: Names) -> list[Refusal]:
    # A batch that is read again after a crash is rejected again: each origin counts once.
    found: dict[tuple[bytes, ...], Refusal] = {}
    async for record in records(settings, names.dead_letters):
        headers = dict(record.headers)
        origin = tuple(
            headers[name]
            for name in (dead_letters.TOPIC, dead_letters.PARTITION, dead_letters.OFFSET)
        )
        reason, detail = (
            headers[name].decode() for name in (dead_letters.REASON, dead_letters.DETAIL)
        )
        found[origin] = Refusal(reason, detail, record.value)
    return list(found.values())


def _replays(log: Path) -> int:
    """Replays that a worker reported when it stopped."""
    total = 0
    for line in log.read_text(errors="replace").splitlines():
        if line.startswith("{") and '"worker stopped"' in line:
            total += int(json.loads(line).get("replays", 0))
    return total
