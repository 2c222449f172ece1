"""Intervals against the points that are in them."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from scoring.intervals import Interval, intersection, union

ENDS = st.integers(0, 12)
intervals = st.lists(st.tuples(ENDS, ENDS), max_size=6)


def points(some: list[Interval]) -> set[int]:
    return {at for start, end in some for at in range(start, end)}


@given(intervals)
def test_a_union_holds_the_points_of_all_in_as_few_intervals_as_can_be(
    some: list[Interval],
) -> None:
    found = union(some)
    assert points(found) == points(some)
    assert all(start < end for start, end in found)
    assert all(one[1] < other[0] for one, other in pairwise(found))


@given(intervals, intervals)
def test_an_intersection_of_unions_is_a_union_of_the_points_of_both(
    one: list[Interval], other: list[Interval]
) -> None:
    found = intersection(union(one), union(other))
    assert points(found) == points(one) & points(other)
    assert found == union(found)
