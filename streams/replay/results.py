"""The results of a replay: the newest score of every entity and window, ranked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scoring.kpi import Level
from scoring.ranking import Rank, RankInterval, intervals, ranks
from scoring.reference import Reference
from scoring.score import Score
from scoring.windows import Window
from streams.reading import records
from streams.reference import decode_note

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from streams.names import Names
    from streams.settings import Settings

_decode = msgspec.json.Decoder(Score).decode
_LEVELS = list(Level)
_WINDOWS = list(Window)


async def newest(settings: Settings, names: Names) -> list[Score]:
    """The newest score of every key, by level, entity and window."""
    scores: dict[bytes, Score] = {}
    async for record in records(settings, names.scores):
        if record.value is None:
            scores.pop(record.key, None)
            continue
        score = _decode(record.value)
        known = scores.get(record.key)
        if known is None or (score.version, score.as_of) > (known.version, known.as_of):
            scores[record.key] = score
    return sorted(
        scores.values(),
        key=lambda s: (_LEVELS.index(Level(s.level)), s.entity, _WINDOWS.index(Window(s.window))),
    )


async def reference_of(settings: Settings, names: Names) -> Reference:
    """The reference once everything in its topic is known."""
    reference = Reference()
    async for record in records(settings, names.reference_latest):
        version, note = decode_note(record.value)
        reference.learn(record.key.decode(), version, note)
    return reference


def stale(scores: Iterable[Score], reference: Reference) -> list[Score]:
    """The scores that were evaluated against another reference than this."""
    return [s for s in scores if s.reference != reference.version_for(s.key, s.parent)]


def write(scores: Iterable[Score], output: Path) -> int:
    """Write one JSON line per score, with its rank and its interval; returns how many."""
    ranked = list(scores)
    places, chances = ranks(ranked), intervals(ranked)
    with output.open("wb") as file:
        for score in ranked:
            at = score.key, score.window
            file.write(_line(score, places[at], chances[at]) + b"\n")
    return len(ranked)


def _line(score: Score, place: Rank, chance: RankInterval | None) -> bytes:
    fields = msgspec.structs.asdict(score)
    best, worst = chance or (None, None)
    placed = {"rank": place.rank, "ranked": place.ranked, "best_rank": best, "worst_rank": worst}
    return msgspec.json.encode({**fields, **placed})
