"""The sketch keeps every quantile within one per cent, whatever is merged or taken back."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from scoring.sketch import ACCURACY, ZERO, bin_of, quantile

values = st.integers(0, 10**13) | st.integers(0, 200)
shares = st.fractions(0, 1)
#: Room for the last digit of a float.
ROUNDING = Fraction(1, 10**12)


def sketch(numbers: list[int]) -> Counter[int]:
    return Counter(map(bin_of, numbers))


def of_rank(numbers: list[int], share: Fraction) -> int:
    """The quantile of the source: of n values that of rank floor(share (n - 1))."""
    return sorted(numbers)[int(share * (len(numbers) - 1))]


@given(st.lists(values, min_size=1, max_size=40), shares)
def test_a_quantile_is_within_one_per_cent(numbers: list[int], share: Fraction) -> None:
    found = quantile(sketch(numbers), share)
    assert found is not None
    exact = of_rank(numbers, share)
    assert abs(Fraction(found) - exact) <= exact * (ACCURACY + ROUNDING)


@given(st.lists(values, max_size=20), st.lists(values, max_size=20), shares)
def test_what_is_taken_back_leaves_no_trace(
    kept: list[int], taken: list[int], share: Fraction
) -> None:
    merged = sketch(kept) + sketch(taken)
    merged.subtract(sketch(taken))
    assert quantile(+merged, share) == quantile(sketch(kept), share)


@given(values, values)
def test_bins_are_in_the_order_of_their_values(one: int, other: int) -> None:
    small, large = sorted((one, other))
    assert bin_of(small) <= bin_of(large)


def test_the_border_belongs_to_the_lower_bin() -> None:
    growth = Fraction(101, 99)
    for value in (*range(1, 300), 10**6, 10**12 + 7):
        number = bin_of(value)
        assert growth ** (number - 1) < value <= growth**number
    assert all(small <= large for small, large in pairwise(map(bin_of, range(1000))))


def test_zero_is_exact_and_nothing_has_no_quantile() -> None:
    assert quantile({ZERO: 3, bin_of(1000): 1}, Fraction(2, 3)) == 0
    assert quantile({}, Fraction(1, 2)) is None
