"""Ranking: places among siblings, for display; never an input of a score."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from math import hypot
from statistics import NormalDist
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scoring.score import Score

_CONFIDENCE = 0.8


class Rank(NamedTuple):
    """A place, 1 for the best, and how many were ranked."""

    rank: int | None
    ranked: int


class RankInterval(NamedTuple):
    """The best and the worst place that chance leaves open."""

    best: int
    worst: int


def ranks(scores: Iterable[Score]) -> dict[tuple[str, str], Rank]:
    """Dense ranks on the overall rounded to 0.1, among active siblings, by (key, window).

    Siblings have the same level, window and parent on as-of's day; an undefined overall is
    not ranked.
    """
    placed: dict[tuple[str, str], Rank] = {}
    for siblings in _groups(scores).values():
        shown = {s.key: round(s.score, 1) for s in siblings if s.active and s.score is not None}
        order = sorted(set(shown.values()), reverse=True)
        rank_of = {value: rank for rank, value in enumerate(order, start=1)}
        for sibling in siblings:
            mine = shown.get(sibling.key)
            rank = rank_of[mine] if mine is not None else None
            placed[sibling.key, sibling.window] = Rank(rank, len(shown))
    return placed


class Siblings:
    """Those who are ranked together, for the intervals of their ranks.

    A sibling is surely above another if the difference of their overalls is more than z standard
    errors of it. An entity's place then lies, with a probability of at least 80 %, between one
    behind those surely above it and one before those surely below it; ties, which share a rank,
    may stretch it to the rank that is shown. z is the normal quantile of 20 % shared out to both
    sides of all its comparisons (Bonferroni).
    Source: M. Mogstad, J. P. Romano, A. M. Shaikh, D. Wilhelm, "Inference for Ranks with
    Applications to Mobility across Neighbourhoods and Academic Achievement across Countries",
    Review of Economic Studies 91 (2024), for one entity's rank.

    Args:
        scores: Siblings over one window; the inactive and undefined are let be.
    """

    def __init__(self, scores: Iterable[Score]) -> None:
        ranked = ((s.score, s.error or 0.0) for s in scores if s.active and s.score is not None)
        self._ranked = sorted(ranked)
        self._overalls = [overall for overall, _ in self._ranked]
        self._shown = sorted({round(overall, 1) for overall in self._overalls})
        self._largest = max((error for _, error in self._ranked), default=0.0)
        others = max(len(self._ranked) - 1, 1)
        self._z = NormalDist().inv_cdf(1 - (1 - _CONFIDENCE) / (2 * others))

    def interval(self, score: Score) -> RankInterval | None:
        """The interval of a sibling's rank; None if it is not ranked, or its error unknown."""
        mine, error = score.score, score.error
        if mine is None or error is None or not score.active:
            return None
        # Whoever is farther than the largest error lets be is surely apart; look at the others.
        far = self._z * hypot(error, self._largest)
        below = bisect_left(self._overalls, mine - far)
        upto = bisect_right(self._overalls, mine + far)
        above = len(self._ranked) - upto
        for theirs, other in self._ranked[below:upto]:
            if abs(theirs - mine) > self._z * hypot(error, other):
                above += theirs > mine
                below += theirs < mine
        rank = 1 + len(self._shown) - bisect_right(self._shown, round(mine, 1))
        return RankInterval(min(1 + above, rank), len(self._ranked) - below)


def intervals(scores: Iterable[Score]) -> dict[tuple[str, str], RankInterval | None]:
    """The intervals of the ranks of all siblings, by (key, window)."""
    found: dict[tuple[str, str], RankInterval | None] = {}
    for group in _groups(scores).values():
        siblings = Siblings(group)
        found |= {(score.key, score.window): siblings.interval(score) for score in group}
    return found


def _groups(scores: Iterable[Score]) -> dict[tuple[str, str, str | None], list[Score]]:
    groups: dict[tuple[str, str, str | None], list[Score]] = defaultdict(list)
    for score in scores:
        groups[score.level, score.window, score.parent].append(score)
    return groups
