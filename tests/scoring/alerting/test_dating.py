"""When a drop began: walks of a few days, made by hand, and drops that are simulated."""

from __future__ import annotations

from itertools import accumulate
from math import log
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.alerting.dating import SEVERE, TYPICAL, Mark, Walk, candidates, since


def mark(day: int, typical: float, severe: float = 0.0) -> Mark:
    return Mark(day, Walk(typical, severe), 0.0, 0.0, 0)


def marks(*walks: float) -> tuple[Mark, ...]:
    """Marks that say the same of either drop."""
    return tuple(mark(day, walk, walk) for day, walk in enumerate(walks))


def days(kept: tuple[Mark, ...]) -> list[int]:
    return [each.day for each in kept]


def test_a_drop_began_where_the_walk_was_lowest() -> None:
    found = since(marks(9.0, 2.0, -3.0, 1.0, 6.0, 9.0))
    assert (found.mark.day, found.low, found.high) == (2, 2, 2)


def test_of_days_that_are_as_likely_the_latest_counts() -> None:
    assert since(marks(0.0, 0.0, 0.0, 0.0, 9.0)).mark.day == 2
    assert since(marks(0.0, 40.0, 40.0, 0.0, 40.0)).mark.day == 3


def test_one_low_day_counts_less_than_two_beside_each_other() -> None:
    walks = (0.0, 9.0, 9.0, 0.2, 0.1, 0.2, 9.0)
    assert since(marks(*walks)).mark.day == 4


@pytest.mark.parametrize(("walk", "low"), [(1.99, 0), (2.01, 2)])
def test_days_within_two_of_the_best_are_about_as_likely(walk: float, low: int) -> None:
    found = since(marks(walk, 40.0, 0.0, 40.0))
    assert (found.low, found.high) == (low, 2)


def test_a_severe_drop_is_dated_by_the_walk_that_it_proves_most() -> None:
    """A typical drop would have begun on the first day, a severe one three days later."""
    days = (mark(0, 0.0, 9.0), mark(1, 9.0, 9.0), mark(2, 9.0, 9.0), mark(3, 9.0, 0.0))
    assert since((*days, mark(4, 9.0, 12.0))).mark.day == 3
    assert since((*days, mark(4, 9.0, 6.0))).mark.day == 0


def test_evidence_of_any_size_is_dated() -> None:
    assert since((mark(0, 0.0), mark(1, -4000.0, -9000.0), mark(2, 5000.0, 1e5))).mark.day == 1


def test_marks_are_kept_while_either_drop_may_have_begun_there() -> None:
    kept = candidates((mark(0, 4.0, 9.0), mark(1, 4.1, 4.0), mark(2, 4.1, 4.1), mark(3, 0.0, 0.0)))
    assert days(kept) == [0, 1, 3]


def test_the_last_mark_is_kept_however_unlikely() -> None:
    assert days(candidates(marks(0.0, 50.0, 50.0))) == [0, 2]


@given(st.lists(st.tuples(st.integers(-6, 9), st.integers(-9, 9)), min_size=1, max_size=30))
def test_forgetting_marks_moves_no_beginning_by_much(steps: list[tuple[int, int]]) -> None:
    """What is forgotten day by day was never within the range of the best day."""
    walks = list(accumulate((Walk(*map(float, step)) for step in steps), Walk.on, initial=Walk()))
    whole = tuple(Mark(day, walk, 0.0, 0.0, 0) for day, walk in enumerate(walks))
    kept: tuple[Mark, ...] = whole[:1]
    for each in whole[1:]:
        kept = candidates((*kept, each))
    starts = whole[:-1]
    for which in ("typical", "severe"):
        least = min(getattr(each.walk, which) for each in starts)
        near = {each.day for each in starts if getattr(each.walk, which) <= least + 2}
        end = getattr(whole[-1].walk, which)
        if end >= least:
            assert near <= set(days(kept))


@pytest.mark.parametrize(("ratio", "share"), [(0.5, 0.8), (0.6, 0.7), (0.7, 0.5)])
def test_most_drops_of_a_team_are_dated_within_a_day(ratio: float, share: float) -> None:
    rng, expected, runs, began = Random(7), 12, 300, 40  # noqa: S311
    right = 0
    for _ in range(runs):
        kept: tuple[Mark, ...] = (mark(0, 0.0),)
        for day in range(began + 6):
            # A binomial count of 120 trials is nearly Poisson's.
            chance = 0.1 * (ratio if day >= began else 1.0)
            came = sum(rng.random() < chance for _ in range(10 * expected))
            growth = Walk(*(log(r) * came + (1 - r) * expected for r in (TYPICAL, SEVERE)))
            end = Mark(day + 1, kept[-1].walk.on(growth), 0.0, 0.0, 0)
            kept = candidates((*kept, end))
        right += abs(since(kept).mark.day - began) <= 1
    assert right / runs > share
