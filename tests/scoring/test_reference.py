"""The reference: the newest note of each key, and what follows from it."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from scoring.notes import (
    Campaign,
    Insight,
    Market,
    Norm,
    Placement,
    Placements,
    Share,
    Target,
    TeamSales,
)
from scoring.panes import COMPANY
from scoring.reference import Reference
from scoring.windows import Days, Window, period
from tests.scoring.making import day, reference

MARCH = day("2026-03-10")
KPI = "compliance.audit_result"


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


def test_what_teams_sold_is_a_version_of_its_own() -> None:
    known = reference(placements={"E": [("2026-03-10", "T-1", "B-1")]})
    sold = [TeamSales("T-1", MARCH, 500, 2), TeamSales("unplaced", MARCH, 100, 1)]
    for note in sold:
        assert known.learn(note.key, 7, note)
        assert not known.learn(note.key, 7, TeamSales(note.team, MARCH, 0, 0))
    assert known.learn(sold[0].key, 9, TeamSales("T-1", MARCH, 300, 1))
    assert (known.common, known.version) == (1, 1 + 9 + 7)
    assert known.version_for("executive:E", "team:T-1") == 1 + 9
    assert known.version_for("executive:E", "team:unplaced") == 1 + 7
    assert known.version_for("team:T-1", "branch:B-1") == known.version_for(COMPANY, None) == 1
    assert known.sales.over("T-1", Days(MARCH, MARCH)) == (300, 1)
    assert known.sales.over("T-1", Days(MARCH - 9, MARCH - 1)) == (0, 0)
    assert known.sales.over("T-9", Days(MARCH, MARCH)) == (0, 0)


def test_what_a_parent_says_of_its_shares_is_a_version_of_its_children() -> None:
    known = reference(placements={"E": [("2026-03-10", "T-1", "B-1")]})
    for version, cases in ((7, 3), (9, 4)):
        norm = Norm("team:T-1", {KPI: {"month": Share(cases, 10)}}, {})
        assert known.learn(norm.key, version, norm)
    assert not known.learn(norm.key, 8, Norm("team:T-1", {}, {}))
    assert known.version_for("executive:E", "team:T-1") == 1 + 9
    assert known.version_for("executive:E", "team:T-2") == known.version_for(COMPANY, None) == 1
    assert (known.version, known.version_of_values) == (1 + 9, 1)
    told = known.norms.told("team:T-1", "executive:E", KPI, Window.MONTH)
    assert told == (Share(4, 10), Share(0, 0))


def test_an_insight_may_be_taken_back() -> None:
    known, today = Reference(), Days(MARCH, MARCH)
    assert known.learn("insight:I", 1, Insight("I", MARCH, None))
    assert known.insights.open_in(today) == {"I"}
    assert known.learn("insight:I", 2, None)
    assert known.insights.open_in(today) == set()
    assert known.learn("insight:J", 1, None)


def test_an_insight_is_open_in_days_that_have_some_of_it() -> None:
    known = reference(notes=[Insight("I", MARCH, MARCH + 2), Insight("J", MARCH + 1, None)])
    found = [known.insights.open_in(Days(MARCH + n, MARCH + n)) for n in (-1, 0, 1, 2, 3, 99)]
    assert found == [set(), {"I"}, {"I", "J"}, {"I", "J"}, {"J"}, {"J"}]
    assert known.insights.open_in(Days(MARCH - 9, MARCH - 1)) == set()


def test_a_market_is_spread_evenly_over_all_days_of_its_period() -> None:
    notes = [Market(None, "2026-Q1", 900), Market(None, "2026-02", 56), Market("B", "2026-02", 28)]
    markets = reference(notes=notes).markets
    # The first quarter of 2026 has 90 days.
    january, february = Days(day("2026-01-31"), day("2026-01-31")), Days(*period("2026-02"))
    assert markets.size(None, january) == 10
    assert markets.size(None, february) == 56
    assert markets.size(None, Days(january.first, february.first)) == 12
    assert markets.size("B", february) == 28
    assert markets.size("B", Days(january.first, february.last)) is None
    assert markets.size("B-9", february) is None
    assert markets.size(None, Days(february.first, day("2026-04-01"))) is None
    thirds = reference(notes=[Market(None, "2026-02", 1)]).markets
    assert thirds.size(None, Days(february.first, february.first)) == Fraction(1, 28)


def test_a_new_size_of_a_market_is_noticed() -> None:
    known, february = Reference(), period("2026-02")
    for version, amount in enumerate((5, 7), start=1):
        known.learn("m", version, Market(None, "2026-02", amount))
        assert known.markets.size(None, february) == amount


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
