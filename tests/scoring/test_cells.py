"""Cells: sums and differences without zeros."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from scoring.calendar import PaneAt
from scoring.cells import (
    WHOLE_DAY,
    Cells,
    Contributions,
    Horizon,
    Place,
    coarsen,
    difference,
    hour_cell,
    hour_of,
    merge,
)
from tests.scoring.making import KOLKATA, at, cells_of_days, day, summed


def copy(cells: Cells) -> Cells:
    return {index: dict(vector) for index, vector in cells.items()}


def has_no_zeros(cells: Cells) -> bool:
    return all(vector and all(vector.values()) for vector in cells.values())


@given(cells_of_days, cells_of_days)
def test_a_difference_leads_from_before_to_after(after: Cells, before: Cells) -> None:
    delta, total = difference(after, before), copy(before)
    merge(total, delta)
    assert total == after
    assert has_no_zeros(delta)


@given(cells_of_days, cells_of_days)
def test_a_difference_leaves_its_arguments_alone(after: Cells, before: Cells) -> None:
    kept = copy(after), copy(before)
    merge(difference(after, before), after)
    assert (after, before) == kept


@given(cells_of_days)
def test_equal_cells_do_not_differ(cells: Cells) -> None:
    assert difference(cells, copy(cells)) == {}


@given(cells_of_days, cells_of_days, cells_of_days)
def test_merging_adds_in_any_order(one: Cells, two: Cells, three: Cells) -> None:
    there: Cells = {}
    back: Cells = {}
    for cells in (one, two, three):
        merge(there, cells)
    for cells in (three, two, one):
        merge(back, cells)
    assert there == back
    assert summed([there]) == summed([one, two, three])
    assert has_no_zeros(there)


@given(cells_of_days)
def test_what_is_taken_away_again_disappears(cells: Cells) -> None:
    total = copy(cells)
    merge(total, cells, sign=-1)
    assert total == {}


def by_slot(cells: Cells) -> dict[str, int]:
    naive: dict[str, int] = {}
    for (_, slot), n in summed([cells]).items():
        naive[slot] = naive.get(slot, 0) + n
    return {slot: n for slot, n in naive.items() if n}


horizons = st.builds(
    Horizon, st.integers(9, 11), st.builds(PaneAt, st.integers(9, 11), st.integers(0, 287))
)


@given(cells_of_days, horizons)
def test_coarser_cells_keep_their_sums(cells: Cells, horizon: Horizon) -> None:
    coarse = coarsen(10, cells, horizon)
    assert by_slot(coarse) == by_slot(cells)
    assert has_no_zeros(coarse)
    if horizon.day > 10:
        assert set(coarse) <= {WHOLE_DAY}
        return
    for hour in range(24):
        fine = {index: vector for index, vector in cells.items() if index // 12 == hour}
        kept = {index: vector for index, vector in coarse.items() if hour_of(index) == hour}
        assert by_slot(kept) == by_slot(fine)
    assert all(index < 0 for index in coarse if (10, index) < horizon.pane)
    recent = {index: v for index, v in cells.items() if (10, index) >= horizon.pane}
    assert {index: v for index, v in coarse.items() if index >= 0} == recent


@given(cells_of_days, horizons, horizons)
def test_coarsening_again_is_coarsening_once(cells: Cells, one: Horizon, two: Horizon) -> None:
    later = Horizon(max(one.day, two.day), max(one.pane, two.pane))
    assert coarsen(10, coarsen(10, cells, one), later) == coarsen(10, cells, later)


def test_the_pane_of_the_horizon_itself_is_kept() -> None:
    cells: Cells = {23: {"leads": 1}, 24: {"leads": 2}}
    horizon = Horizon(10, PaneAt(10, 24))
    assert coarsen(10, cells, horizon) == {hour_cell(1): {"leads": 1}, 24: {"leads": 2}}
    assert coarsen(11, cells, horizon) == cells
    assert coarsen(9, cells, horizon) == {WHOLE_DAY: {"leads": 3}}


def test_cells_know_their_hour() -> None:
    assert [hour_of(index) for index in (0, 11, 12, 299)] == [0, 0, 1, 24]
    assert [hour_of(hour_cell(hour)) for hour in range(25)] == list(range(25))
    assert hour_of(WHOLE_DAY) is None
    assert WHOLE_DAY not in map(hour_cell, range(25))


def test_contributions_add_up_by_place_pane_and_slot() -> None:
    total = Contributions(KOLKATA)
    total.add("executive:E", at("2026-03-02T00:04:59"), "leads")
    total.add("executive:E", at("2026-03-02T00:00"), "leads", 2)
    total.add("executive:E", at("2026-03-02T00:05"), "leads")
    total.add("executive:E", at("2026-03-01T23:59:59"), "leads")
    total.add_day("executive:E", day("2026-03-02"), "placements")
    assert total.places == {
        Place("executive:E", day("2026-03-02")): {
            0: {"leads": 3},
            1: {"leads": 1},
            WHOLE_DAY: {"placements": 1},
        },
        Place("executive:E", day("2026-03-01")): {287: {"leads": 1}},
    }
