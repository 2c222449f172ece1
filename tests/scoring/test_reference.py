"""The reference: the newest note of each key, and what follows from it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from scoring.notes import Campaign, Placement, Placements, Target
from scoring.reference import Reference
from tests.scoring.making import day, reference

MARCH = day("2026-03-10")


def named(*names: str | None) -> Placements:
    places = (
        Placement(day(f"2026-0{month}-01"), "T", "B", active=month != 2, name=name)
        for month, name in enumerate(names, start=1)
    )
    return Placements("E", tuple(places))


@given(st.permutations([1, 1, 2, 3, 3]))
def test_the_newest_note_of_a_key_holds_in_any_order(versions: list[int]) -> None:
    known, newest = Reference(), 0
    for version in versions:
        campaign = Campaign("CMP", "web", version != 2, None, None)
        target = Target("team:T", "k", "2026", version)
        new = [known.learn("campaign:CMP", version, campaign), known.learn("t", version, target)]
        assert new == [version > newest] * 2
        newest = max(newest, version)
        found = known.target("team:T", "k", "2026")
        assert found is not None
        assert found.value == newest
        assert known.digital_campaigns() == (set() if newest == 2 else {"CMP"})
        assert known.version == 2 * newest


def test_an_executive_sits_where_the_last_placement_up_to_a_day_says() -> None:
    known = reference(
        placements={"E": [("2026-01-01", "T-1", "B-1"), ("2026-03-10", "T-2", "B-2")]}
    )
    found = [known.placement("E", MARCH + days) for days in (-100, -1, 0, 1)]
    assert [seat.team for seat in found] == ["unplaced", "T-1", "T-2", "T-2"]
    assert [seat.branch for seat in found] == ["unplaced", "B-1", "B-2", "B-2"]
    assert known.placement("nobody", MARCH).team == "unplaced"
    assert known.placement("nobody", MARCH).active


def test_a_name_is_the_latest_that_was_given() -> None:
    known = Reference()
    assert known.name("E") is None
    known.learn("executive:E", 1, named("Asha", "Asha Rao", None))
    assert known.name("E") == "Asha Rao"
    assert [known.placement("E", day(f"2026-0{m}-05")).active for m in (1, 2, 3)] == [
        True,
        False,
        True,
    ]


def test_ancestors_are_those_of_the_day() -> None:
    moved = [("2026-01-01", "T-1", "B-1"), ("2026-03-11", "T-2", "B-2")]
    known = reference(placements={"E": moved, "F": [("2026-01-01", "T-2", "B-3")]})
    assert known.ancestors("executive:E", MARCH) == ["team:T-1", "branch:B-1", "company:company"]
    assert known.ancestors("executive:E", MARCH + 1)[:2] == ["team:T-2", "branch:B-2"]
    assert known.ancestors("team:T-1", MARCH) == ["branch:B-1", "company:company"]
    assert known.ancestors("team:T-1", MARCH + 1) == ["company:company"]
    assert known.ancestors("branch:B-1", MARCH) == ["company:company"]
    assert known.ancestors("company:company", MARCH) == []


def test_a_team_is_in_the_branch_of_its_member_with_the_lowest_id() -> None:
    placed = {"F": [("2026-01-01", "T", "B-2")], "E": [("2026-03-11", "T", "B-1")]}
    known = reference(placements=placed)
    assert known.branch_of_team("T", MARCH) == "B-2"
    assert known.branch_of_team("T", MARCH + 1) == "B-1"
    assert known.branch_of_team("T-9", MARCH) is None
    assert known.branch_of_team("unplaced", MARCH) == "unplaced"
