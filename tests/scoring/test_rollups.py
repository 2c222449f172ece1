"""Roll-ups: the last word of each child counts, and adds up."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from scoring.cells import Cells
from scoring.notes import TeamSales
from scoring.rollups import Contribution, ParentDay, replace, touches_sales
from tests.scoring.making import cells_of_days, summed

branches = st.sampled_from(("B-1", "B-2", "B-3", None))
said = st.builds(lambda branch, cells: (branch, cells), branches, cells_of_days)


def words(told: list[tuple[str | None, Cells]]) -> list[Contribution]:
    """What one child says, version by version."""
    return [
        Contribution(version=version, branch=branch, cells=cells if branch else {})
        for version, (branch, cells) in enumerate(told, start=1)
    ]


def last(heard: list[Contribution]) -> Contribution:
    known = None
    for word in heard:
        known = replace(known, word) or known
    assert known is not None
    return known


@given(st.lists(said, min_size=1, max_size=5).map(words), st.data())
def test_the_larger_version_wins_in_any_order(
    told: list[Contribution], data: st.DataObject
) -> None:
    heard = data.draw(st.permutations([*told, *told]))
    known = last(heard)
    assert (known.version, known.branch, known.cells) == (
        told[-1].version,
        told[-1].branch,
        told[-1].cells,
    )


def test_the_same_version_again_changes_nothing() -> None:
    known = Contribution(version=2, branch="B-1", cells={0: {"leads": 1}})
    assert replace(known, Contribution(version=2, branch="B-2")) is None
    assert replace(known, Contribution(version=1, branch="B-2")) is None
    assert replace(None, known) == known


def test_a_contribution_remembers_the_branches_that_it_left() -> None:
    told = words([("B-1", {}), ("B-2", {}), (None, {}), ("B-1", {}), ("B-3", {})])
    assert last(told).former == ("B-1", "B-2")
    assert last([*told, Contribution(version=9, branch="B-3")]).former == ("B-1", "B-2")


def kept(children: list[list[Contribution]]) -> ParentDay:
    """A day of a parent that heard everything, one child after the other."""
    day = ParentDay()
    for number, told in enumerate(children):
        for word in told:
            hear(day, f"executive:{number}", word)
    return day


def hear(day: ParentDay, child: str, word: Contribution) -> Cells | None:
    """By how much a word changes the day; None if it is old."""
    said = replace(day.known(child), word)
    return day.keep(child, said) if said is not None else None


@given(st.lists(st.lists(said, min_size=1, max_size=4).map(words), max_size=4))
def test_a_team_tells_each_branch_its_share(children: list[list[Contribution]]) -> None:
    known = [last(told) for told in children]
    spoken = {up.parent: up.contribution for up in kept(children).upward("team:T")}
    ever = {f"branch:{word.branch}" for told in children for word in told if word.branch}
    assert set(spoken) == ever
    for parent, contribution in spoken.items():
        here = [child.cells for child in known if f"branch:{child.branch}" == parent]
        assert summed([contribution.cells]) == summed(here)
        assert contribution.version == sum(child.version for child in known)


@given(st.lists(st.lists(said, min_size=1, max_size=4).map(words), max_size=4))
def test_rebuilt_from_what_is_kept_a_day_says_the_same(children: list[list[Contribution]]) -> None:
    rebuilt = ParentDay()
    for number, told in enumerate(children):
        rebuilt.keep(f"executive:{number}", last(told))
    there, back = (
        {up.parent: up.contribution for up in day.upward("team:T")}
        for day in (kept(children), rebuilt)
    )
    assert there == back


@given(st.lists(st.lists(said, min_size=1, max_size=4).map(words), max_size=4))
def test_a_team_tells_what_all_of_its_children_sold(children: list[list[Contribution]]) -> None:
    _, told = kept(children).sales("T", 7)
    sums = summed(last(words).cells for words in children)
    volume = sum(n for (_, slot), n in sums.items() if slot == "volume")
    assert told == TeamSales("T", 7, volume, 0)


def test_sales_are_volume_and_loans() -> None:
    assert touches_sales({3: {"leads": 1}, 4: {"volume": 1}})
    assert touches_sales({3: {"loans": -1}})
    assert not touches_sales({3: {"leads": 1}})
    day = kept([[Contribution(version=1, branch="B", cells={0: {"loans": 2}, 5: {"volume": 9}})]])
    assert day.sales("T", 7) == (1, TeamSales("T", 7, 9, 2))


def test_a_branch_that_a_child_left_hears_zero() -> None:
    day = kept([words([("B-1", {3: {"leads": 1}}), ("B-2", {3: {"leads": 1}})])])
    assert {up.parent: up.contribution.cells for up in day.upward("team:T")} == {
        "branch:B-1": {},
        "branch:B-2": {3: {"leads": 1}},
    }


@given(st.lists(st.builds(Contribution, version=st.integers(1, 9), cells=cells_of_days)))
def test_a_branch_tells_the_company_everything(children: list[Contribution]) -> None:
    (spoken,) = kept([[child] for child in children]).upward("branch:B")
    assert spoken.parent == "company:company"
    assert spoken.contribution.version == sum(child.version for child in children)
    assert summed([spoken.contribution.cells]) == summed(child.cells for child in children)


def test_a_book_goes_no_further_and_moves_no_version_but_its_parents_own() -> None:
    book = Contribution(version=5, cells={-1: {"active": 1}})
    for entity in ("team:T", "branch:B"):
        day = kept([[Contribution(version=2, branch="B", cells={3: {"leads": 1}})]])
        before = day.upward(entity)
        assert hear(day, "book:E", book) == {-1: {"active": 1}}
        assert day.version == 7
        assert day.upward(entity) == before


def test_what_a_team_sold_has_a_version_that_judgements_do_not_move() -> None:
    """They depend on what teams sold: each would make the other's version larger for ever."""
    day = kept([[Contribution(version=2, branch="B", cells={3: {"volume": 1}})]])
    judged = Contribution(version=10**9, branch="B", cells={-1: {"accuracy": 1}})
    assert hear(day, "accuracy:E", judged) == {-1: {"accuracy": 1}}
    assert (day.sales("T", 7)[0], day.version) == (2, 10**9 + 2)


def test_the_company_tells_nobody() -> None:
    day = kept([[Contribution(version=1, cells={0: {"leads": 1}})]])
    assert day.upward("company:company") == []


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 5), said), max_size=12))
def test_changes_add_up_and_the_version_grows_with_each(
    heard: list[tuple[str, int, tuple[str | None, Cells]]],
) -> None:
    day, changes, known = ParentDay(), list[Cells](), dict[str, Contribution]()
    for child, version, (branch, cells) in heard:
        before = day.version
        word = Contribution(version=version, branch=branch, cells=cells)
        delta = hear(day, child, word)
        assert (day.version > before) is (delta is not None)
        if delta is not None:
            known[child] = word
            changes.append(delta)
    assert summed(changes) == summed(child.cells for child in known.values())
    assert day.version == sum(child.version for child in known.values())
