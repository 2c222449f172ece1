"""Ranks: dense, on what is shown, among siblings, and between which places chance leaves them."""

from __future__ import annotations

from math import hypot
from random import Random
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.ranking import Rank, RankInterval, intervals, ranks
from tests.feed.scores import score as any_score

if TYPE_CHECKING:
    from scoring.score import Score


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


def placed_between(*scores: Score) -> dict[str, RankInterval | None]:
    return {key.partition(":")[2]: between for (key, _), between in intervals(scores).items()}


def test_neighbours_within_their_errors_may_change_places() -> None:
    found = placed_between(
        score("A", 90, error=1.0), score("B", 70, error=8.0), score("C", 66, error=8.0)
    )
    assert found == {"A": (1, 1), "B": (2, 3), "C": (2, 3)}


def test_without_errors_a_place_is_sure() -> None:
    found = placed_between(score("A", 90, error=0.0), score("B", 70, error=0.0))
    assert found == {"A": (1, 1), "B": (2, 2)}


def test_an_interval_holds_the_rank_that_is_shown() -> None:
    tied = [score(name, 80, error=0.0) for name in "ABC"]
    scores = [*tied, score("D", 10, error=0.0), score("E", 9, error=0.0, active=False)]
    shown, found = placed(*scores), placed_between(*scores)
    assert shown["D"].rank == 2
    assert found == {"A": (1, 3), "B": (1, 3), "C": (1, 3), "D": (2, 4), "E": None}


def test_who_has_no_score_or_no_error_has_no_interval() -> None:
    found = placed_between(score("A", None), score("B", 50, error=None), score("C", 40, error=1.0))
    assert found == {"A": None, "B": None, "C": (2, 2)}


@pytest.mark.parametrize("spread", [1.0, 5.0, 20.0])
def test_an_interval_covers_the_true_place_in_four_of_five_worlds(spread: float) -> None:
    random = Random(7)  # noqa: S311
    held = looked = 0
    for _ in range(60):
        truth = {str(number): random.gauss(50, spread) for number in range(12)}
        errors = {name: random.choice([2.0, 5.0, 9.0]) for name in truth}
        seen = [
            score(name, value + random.gauss(0, errors[name]), error=errors[name])
            for name, value in truth.items()
        ]
        best_first = sorted(truth, key=lambda name: -truth[name])
        for name, between in placed_between(*seen).items():
            assert between is not None
            held += between.best <= best_first.index(name) + 1 <= between.worst
            looked += 1
    assert held / looked >= 0.8


@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0, 30)), min_size=1, max_size=12))
def test_the_short_way_counts_whom_each_comparison_would(pairs: list[tuple[float, float]]) -> None:
    scores = [score(str(n), value, error=error) for n, (value, error) in enumerate(pairs)]
    z = NormalDist().inv_cdf(1 - 0.1 / max(len(scores) - 1, 1))
    found, shown = placed_between(*scores), placed(*scores)
    for n, (mine, error) in enumerate(pairs):
        sure = [
            theirs - mine for theirs, other in pairs if abs(theirs - mine) > z * hypot(error, other)
        ]
        above, below = sum(each > 0 for each in sure), sum(each < 0 for each in sure)
        rank = shown[str(n)].rank
        assert rank is not None
        assert found[str(n)] == (min(1 + above, rank), len(pairs) - below)
        assert found[str(n)] is not None
