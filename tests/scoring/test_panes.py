"""Panes: positions, folding, and whom a pane speaks to."""

from __future__ import annotations

from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.calendar import PaneAt
from scoring.cells import Cells, Horizon, coarsen, difference, merge
from scoring.notes import Membership, Parent
from scoring.panes import (
    COMPANY,
    EMPTY,
    UNKNOWN,
    Member,
    OpenPane,
    Pane,
    parent_of,
    parents_of,
    position,
)
from streams.frames import Belonging, Fact
from streams.panes import StoredMember, StoredPane, _Work
from tests.scoring.making import EVERYTHING, cells_of_days, summed

facts = st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 5), cells_of_days), max_size=12)
EXECUTIVE = "executive:E"
DAYS = (10, 20)


@given(
    st.tuples(st.integers(0, 99), st.integers(0, 999)),
    st.tuples(st.integers(0, 99), st.integers(0, 999)),
)
def test_positions_grow_with_offset_then_index(one: tuple[int, int], two: tuple[int, int]) -> None:
    assert (position("p", *one) < position("p", *two)) is (one < two)
    assert position("p", 3, 4)[0] == "p"


@given(facts)
def test_a_pane_adds_each_position_of_a_partition_once(
    said: list[tuple[str, int, Cells]],
) -> None:
    pane, seen, kept = OpenPane(EMPTY), dict[str, int](), list[Cells]()
    for partition, offset, cells in said:
        new = offset > seen.get(partition, -1)
        assert pane.fold((partition, offset), cells) is new
        if new:
            seen[partition] = offset
            kept.append(cells)
    closed = pane.close(10, EVERYTHING)
    assert summed([closed.cells]) == summed(kept)
    assert closed.version == len(kept)
    assert closed.applied == seen
    assert pane.changed is bool(kept)


@given(facts)
def test_reopened_between_facts_a_pane_is_the_same(said: list[tuple[str, int, Cells]]) -> None:
    whole, pane = OpenPane(EMPTY), EMPTY
    for partition, offset, cells in said:
        whole.fold((partition, offset), cells)
        part = OpenPane(pane)
        part.fold((partition, offset), cells)
        pane = part.close(10, EVERYTHING)
    assert pane == whole.close(10, EVERYTHING)


@given(cells_of_days, cells_of_days)
def test_folding_leaves_the_pane_that_was_opened_alone(known: Cells, delta: Cells) -> None:
    pane = Pane(version=1, applied={"a": 0}, cells=known)
    kept = Pane(version=1, applied={"a": 0}, cells={i: dict(v) for i, v in known.items()})
    OpenPane(pane).fold(("a", 1), delta)
    assert pane == kept


@given(cells_of_days, cells_of_days)
def test_a_pane_that_became_coarse_keeps_its_sums(first: Cells, second: Cells) -> None:
    fine, coarse = OpenPane(EMPTY), EMPTY
    for offset, cells in enumerate((first, second)):
        fine.fold(("a", offset), cells)
        part = OpenPane(coarse)
        part.fold(("a", offset), cells)
        coarse = part.close(10, Horizon(10 + offset, PaneAt(10, 100)))
    whole = coarsen(10, fine.close(10, EVERYTHING).cells, Horizon(11, PaneAt(11, 0)))
    assert coarse.cells == whole


def test_a_pane_remembers_its_parents_in_the_order_of_their_appearance() -> None:
    pane = OpenPane(Pane(version=1, parents=("team:A",)))
    pane.meet("team:A")
    assert not pane.changed
    pane.move("team:B")
    pane.move("team:A")
    closed = pane.close(10, EVERYTHING)
    assert closed.parents == ("team:A", "team:B")
    assert closed.version == 3
    assert pane.changed


def test_without_a_placement_executives_are_unplaced_and_others_the_companys() -> None:
    late = Member(version=1, membership=Membership((Parent(15, "team:A", "B"),)))
    for member in (UNKNOWN, late):
        assert parent_of(EXECUTIVE, member, 10) == Parent(0, "team:unplaced", "unplaced")
        assert parent_of("campaign:C", member, 10) == Parent(0, COMPANY)
        assert parent_of("unowned:unowned", member, 10) == Parent(0, COMPANY)


def test_a_placement_holds_from_its_day_to_the_next_one() -> None:
    parents = (Parent(10, "team:A", "B-1"), Parent(20, "team:B", "B-2"))
    member = Member(version=1, membership=Membership(parents))
    named = {d: parent_of(EXECUTIVE, member, d).entity for d in (9, 10, 19, 20, 99)}
    assert named == {
        9: "team:unplaced",
        10: "team:A",
        19: "team:A",
        20: "team:B",
        99: "team:B",
    }


def test_a_book_is_told_to_every_place_from_its_day_on() -> None:
    parents = (
        Parent(10, "team:A", "B-1"),
        Parent(20, "team:B", "B-2"),
        Parent(30, "team:A", "B-1"),
    )
    member = Member(version=1, membership=Membership(parents))
    told = {day: [up.entity for up in parents_of("book:E", member, day)] for day in (9, 10, 25, 30)}
    assert told == {
        9: ["team:unplaced", "branch:unplaced", "team:A", "branch:B-1", "team:B", "branch:B-2"],
        10: ["team:A", "branch:B-1", "team:B", "branch:B-2"],
        25: ["team:B", "branch:B-2", "team:A", "branch:B-1"],
        30: ["team:A", "branch:B-1"],
    }
    assert {up.branch for up in parents_of("book:E", member, 9)} == {None}
    assert [up.entity for up in parents_of("book:E", UNKNOWN, 9)] == [
        "team:unplaced",
        "branch:unplaced",
    ]
    for entity in (EXECUTIVE, "campaign:C"):
        assert parents_of(entity, member, 25) == (parent_of(entity, member, 25),)
    for source in ("origin:channel:web", "origin:campaign:C"):
        assert parents_of(source, member, 25) == (), "the company heard of its leads already"


memberships = st.none() | st.lists(
    st.builds(
        Parent, st.sampled_from((0, 5, 15)), st.sampled_from(("team:A", "team:B")), st.just("B")
    ),
    min_size=1,
    max_size=3,
    unique_by=lambda parent: parent.since,
).map(lambda parents: Membership(tuple(sorted(parents, key=lambda parent: parent.since))))


def said_of(entity: str) -> st.SearchStrategy[list[list[Fact | Belonging]]]:
    """Batches of what is said of an entity: its parents, and facts."""
    one = st.just(entity)
    days = st.builds(Fact, one, st.sampled_from(DAYS), st.just(0), st.integers(0, 9), cells_of_days)
    belonging = st.builds(Belonging, one, st.integers(1, 6), memberships)
    return st.lists(st.lists(days | belonging, max_size=4), max_size=6)


class Stage:
    """The stage's work, batch by batch, and what parents know from the last word of each."""

    def __init__(self) -> None:
        self.stored: dict[str, StoredPane | StoredMember] = {}
        self.days: defaultdict[str, set[int]] = defaultdict(set)
        self.heard: dict[tuple[str, int], tuple[int, Cells]] = {}

    def apply(self, items: list[Fact | Belonging]) -> None:
        work = _Work(self.stored, self.days)
        for item in items:
            work.apply(item)
        for key, stored in work.entries(EVERYTHING).items():
            assert stored is not None
            self.stored[key] = stored
        for upsert in work.upserts():
            version, _ = self.heard.get((upsert.parent, upsert.day), (0, {}))
            if upsert.contribution.version > version:
                said = upsert.contribution.version, upsert.contribution.cells
                self.heard[upsert.parent, upsert.day] = said


@pytest.mark.parametrize("entity", [EXECUTIVE, "book:E"])
@given(data=st.data())
def test_every_parent_ever_told_knows_the_day_or_that_it_left(
    entity: str, data: st.DataObject
) -> None:
    batches = data.draw(said_of(entity))
    stage, member = Stage(), UNKNOWN
    applied: dict[int, int] = {}
    days: defaultdict[int, Cells] = defaultdict(dict)
    for batch in batches:
        stage.apply(batch)
        for item in batch:
            if isinstance(item, Belonging):
                if item.version > member.version:
                    member = Member(version=item.version, membership=item.membership)
            elif item.cause > applied.get(item.day, -1):
                applied[item.day] = item.cause
                merge(days[item.day], item.cells)
    for (parent, day), (_, cells) in stage.heard.items():
        here = parent in (each.entity for each in parents_of(entity, member, day))
        assert difference(cells, days[day] if here else {}) == {}
    for day in applied:
        assert {(each.entity, day) for each in parents_of(entity, member, day)} <= set(stage.heard)
