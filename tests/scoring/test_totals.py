"""Series and Totals against a naive model: a list of everything that was ever added."""

from __future__ import annotations

from collections import Counter, defaultdict

from hypothesis import given
from hypothesis import strategies as st

from scoring.calendar import PaneAt
from scoring.cells import WHOLE_DAY, Cells, difference, hour_cell, hour_of, merge
from scoring.series import Series
from scoring.totals import Totals
from scoring.windows import Days, Panes
from tests.scoring.making import coarse_cells

days = st.integers(100, 112)
spans = st.builds(Days, days, days)
additions = st.lists(st.tuples(days, coarse_cells), max_size=8)


def filled(added: list[tuple[int, Cells]]) -> Totals:
    totals = Totals()
    for day, cells in added:
        totals.add(day, cells)
    return totals


def naive(added: list[tuple[int, Cells]], span: Days | Panes) -> Counter[str]:
    """Sums by slot over a span."""
    sums: Counter[str] = Counter()
    for day, cells in added:
        for index, vector in cells.items():
            if inside(day, index, span):
                sums.update(vector)
    return sums


def inside(day: int, index: int, span: Days | Panes) -> bool:
    if isinstance(span, Days):
        return span.first <= day <= span.last
    return (day, hour_of(index) if span.hourly else index) in span.panes


def sums(cells: Cells) -> dict[str, int]:
    found = naive([(0, cells)], Days(0, 0))
    return {slot: n for slot, n in found.items() if n}


def check(totals: Totals, added: list[tuple[int, Cells]], span: Days | Panes) -> None:
    sums, measures = naive(added, span), totals.over(span)
    assert measures.total("leads") == sums["leads"]
    assert measures.total("volume") == sums["volume"]
    assert measures.total("never") == 0
    channels = {"web": sums["leads.channel|web"], "a|b#c": sums["leads.channel|a|b#c"]}
    assert measures.by_key("leads.channel") == {key: n for key, n in channels.items() if n}
    assert measures.by_key("never") == {}
    assert measures.distinct("repeat") == (sums["repeat#C-1"] > 0) + (sums["repeat#x|y#"] > 0)
    assert measures.distinct("never") == 0
    members = {"C-1": sums["repeat#C-1"], "x|y#": sums["repeat#x|y#"]}
    assert measures.members("repeat") == {name for name, n in members.items() if n > 0}


@given(st.lists(st.tuples(days, st.integers(-5, 5))), spans)
def test_a_series_is_sums_by_day(added: list[tuple[int, int]], span: Days) -> None:
    series, model = Series(), defaultdict[int, int](int)
    for day, n in added:
        model[day] += n
        assert series.add(day, n) == model[day]
    daily = [model[day] for day in range(span.first, span.last + 1)]
    assert series.daily(span) == daily
    assert series.between(span) == sum(daily)


@given(additions, spans)
def test_days_hold_what_was_added_to_them(added: list[tuple[int, Cells]], span: Days) -> None:
    check(filled(added), added, span)


@given(additions, st.sets(st.builds(PaneAt, days, st.integers(0, 287))), days)
def test_panes_hold_what_was_added_to_them(
    added: list[tuple[int, Cells]], panes: set[PaneAt], start: int
) -> None:
    totals = filled(added)
    check(totals, added, Panes(hourly=False, panes=tuple(panes)))
    hours = tuple(PaneAt(start, hour) for hour in range(17))
    check(totals, added, Panes(hourly=True, panes=hours))


@given(additions, spans)
def test_daily_sums_are_those_of_each_day(added: list[tuple[int, Cells]], span: Days) -> None:
    totals = filled(added)
    each = [Days(day, day) for day in range(span.first, span.last + 1)]
    assert totals.daily("leads", span) == [naive(added, day)["leads"] for day in each]
    assert totals.daily("never", span) == [0] * len(each)


@given(additions)
def test_totals_are_empty_when_nothing_is_left(added: list[tuple[int, Cells]]) -> None:
    totals = Totals()
    assert totals.empty
    left: defaultdict[int, Cells] = defaultdict(dict)
    for day, cells in added:
        totals.add(day, cells)
        merge(left[day], cells)
    assert totals.empty is (not any(sums(cells) for cells in left.values()))
    for day, cells in left.items():
        totals.add(day, difference({}, cells))
    assert totals.empty


@given(additions, days, spans)
def test_forgotten_panes_leave_the_days(
    added: list[tuple[int, Cells]], before: int, span: Days
) -> None:
    totals = filled(added)
    totals.forget_panes(before)
    check(totals, added, span)
    kept = [(day, cells) for day, cells in added if day >= before]
    each = tuple(PaneAt(day, hour) for day in range(100, 113) for hour in range(24))
    check(totals, kept, Panes(hourly=True, panes=each))
    fine = tuple(PaneAt(day, pane) for day in range(100, 113) for pane in range(288))
    check(totals, kept, Panes(hourly=False, panes=fine))


def test_whole_days_are_in_no_pane() -> None:
    totals = filled([(100, {WHOLE_DAY: {"leads": 3}, 0: {"leads": 1}})])
    assert totals.over(Days(100, 100)).total("leads") == 4
    assert totals.over(Panes(hourly=True, panes=(PaneAt(100, 0),))).total("leads") == 1


def test_hours_are_in_no_five_minutes() -> None:
    totals = filled([(100, {hour_cell(1): {"leads": 3}, 12: {"leads": 1}})])
    assert totals.over(Panes(hourly=True, panes=(PaneAt(100, 1),))).total("leads") == 4
    assert totals.over(Panes(hourly=False, panes=(PaneAt(100, 12),))).total("leads") == 1


def test_an_id_may_hold_the_marks_of_slots() -> None:
    totals = filled([(100, {5: {"leads.campaign|a|b": 1, "leads.campaign|a#b": 2, "repeat#|": 1}})])
    for span in (Days(100, 100), Panes(hourly=False, panes=(PaneAt(100, 5),))):
        measures = totals.over(span)
        assert measures.by_key("leads.campaign") == {"a|b": 1, "a#b": 2}
        assert measures.distinct("repeat") == 1


def test_a_member_whose_days_cancel_out_is_not_counted() -> None:
    added: list[tuple[int, Cells]] = [(100, {0: {"repeat#C": 1}}), (101, {0: {"repeat#C": -1}})]
    totals = filled(added)
    assert totals.over(Days(100, 101)).distinct("repeat") == 0
    assert totals.over(Days(100, 100)).distinct("repeat") == 1
    assert not totals.empty


def test_a_split_measure_by_day() -> None:
    totals = Totals()
    totals.add(10, {0: {"leads.channel|web": 2, "leads": 2}, 1: {"leads.channel|a|b": 1}})
    totals.add(12, {0: {"leads.channel|web": 1}})
    totals.add(11, {0: {"leads.channel|web": 5}})
    totals.add(11, {0: {"leads.channel|web": -5}})
    assert totals.by_day("leads.channel") == {10: {"web": 2, "a|b": 1}, 12: {"web": 1}}
    assert totals.by_day("leads") == {}
