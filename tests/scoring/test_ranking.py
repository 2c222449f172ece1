"""Ranks: dense, on what is shown, among siblings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scoring.ranking import Rank, ranks
from tests.feed.scores import score as any_score

if TYPE_CHECKING:
    from scoring.evaluation import Score


def score(entity: str, value: float | None, level: str = "executive", **fields: Any) -> Score:
    return any_score(f"{level}:{entity}", value, **{"parent": "team:T", **fields})


def placed(*scores: Score) -> dict[str, Rank]:
    return {key.partition(":")[2]: rank for (key, _), rank in ranks(scores).items()}


def test_ranks_are_dense_and_the_best_is_first() -> None:
    found = placed(score("A", 50), score("B", 90), score("C", 90), score("D", 70))
    assert found == {"B": (1, 4), "C": (1, 4), "D": (2, 4), "A": (3, 4)}


def test_what_looks_equal_at_a_tenth_is_equal() -> None:
    found = placed(score("A", 80.04), score("B", 79.96), score("C", 80.06))
    assert found == {"C": (1, 3), "A": (2, 3), "B": (2, 3)}


def test_the_undefined_and_the_inactive_are_not_ranked() -> None:
    found = placed(score("A", 99, active=False), score("B", None), score("C", 10), score("D", 0.0))
    assert found == {"A": (None, 2), "B": (None, 2), "C": (1, 2), "D": (2, 2)}


def test_siblings_have_the_same_parent_level_and_window() -> None:
    scores = [
        score("A", 10),
        score("A", 20, window="week"),
        score("B", 30, parent="team:U"),
        score("A", 40, level="team"),
        score("company", 50, level="company", parent=None),
    ]
    found = ranks(scores)
    assert len(found) == len(scores)
    assert set(found.values()) == {Rank(1, 1)}


def test_nobody_is_ranked_among_nobody() -> None:
    assert ranks([]) == {}
    assert placed(score("A", None)) == {"A": (None, 0)}
