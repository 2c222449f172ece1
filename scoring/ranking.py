"""Ranking: places among siblings, for display; never an input of a score."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scoring.evaluation import Score


class Rank(NamedTuple):
    """A place, 1 for the best, and how many were ranked."""

    rank: int | None
    ranked: int


def ranks(scores: Iterable[Score]) -> dict[tuple[str, str], Rank]:
    """Dense ranks on the overall rounded to 0.1, among active siblings, by (key, window).

    Siblings have the same level, window and parent on as-of's day; an undefined overall is
    not ranked.
    """
    groups: dict[tuple[str, str, str | None], list[Score]] = defaultdict(list)
    for score in scores:
        groups[score.level, score.window, score.parent].append(score)
    placed: dict[tuple[str, str], Rank] = {}
    for siblings in groups.values():
        shown = {s.key: round(s.score, 1) for s in siblings if s.active and s.score is not None}
        order = sorted(set(shown.values()), reverse=True)
        rank_of = {value: rank for rank, value in enumerate(order, start=1)}
        for sibling in siblings:
            mine = shown.get(sibling.key)
            rank = rank_of[mine] if mine is not None else None
            placed[sibling.key, sibling.window] = Rank(rank, len(shown))
    return placed
