"""Targets of windows from targets of periods."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from scoring.notes import Placements, Target
from scoring.targets import Targets
from scoring.windows import Days, Window
from tests.scoring.making import day, reference

if TYPE_CHECKING:
    from scoring.reference import Reference

VOLUME, RATE = "sales_targets.sales_volume", "lead_generation.conversion_rate"
ME, TEAM, BRANCH, COMPANY = "executive:E-1", "team:T-1", "branch:B-1", "company:company"
#: March 2026 has 22 business days; it begins and the 7th and 8th are on a weekend.
MARCH = Days(day("2026-03-01"), day("2026-03-31"))
PLACED = {"E-1": [("2026-01-01", "T-1", "B-1")], "E-2": [("2026-01-01", "T-1", "B-1")]}


def days(first: str, last: str) -> Days:
    return Days(day(f"2026-{first}"), day(f"2026-{last}"))


def additive(known: Reference, entity: str, span: Days) -> Fraction | None:
    return Targets(known).additive(entity, VOLUME, Window.MONTH, span)


def level(known: Reference, entity: str, today: str = "2026-03-10") -> Fraction | None:
    return Targets(known).level(entity, RATE, day(today))


def test_a_target_is_spread_over_its_business_days() -> None:
    known = reference(targets=[(ME, VOLUME, "2026-03", 2200)])
    assert additive(known, ME, MARCH) == 2200
    assert additive(known, ME, days("03-02", "03-02")) == 100
    assert additive(known, ME, days("03-06", "03-09")) == 200
    assert additive(known, ME, days("02-20", "03-03")) == 200


def test_shares_are_exact() -> None:
    known = reference(targets=[(ME, VOLUME, "2026-03", 0.1)])
    assert additive(known, ME, days("03-02", "03-04")) == Fraction(3, 220)


def test_a_weekend_has_no_target() -> None:
    known = reference(targets=[(ME, VOLUME, "2026-03", 2200)])
    assert additive(known, ME, days("03-07", "03-08")) is None
    assert additive(reference(targets=[(ME, VOLUME, "2026-03", 0)]), ME, MARCH) is None


def test_a_month_beats_a_quarter_and_a_quarter_a_year() -> None:
    year, quarter, month = (
        (ME, VOLUME, "2026", 261),
        (ME, VOLUME, "2026-Q1", 640),
        (ME, VOLUME, "2026-03", 2200),
    )
    monday = days("03-02", "03-02")
    assert additive(reference(targets=[year]), ME, monday) == 1
    assert additive(reference(targets=[year, quarter]), ME, monday) == 10
    assert additive(reference(targets=[month, year, quarter]), ME, monday) == 100
    both = reference(targets=[year, quarter, month])
    assert additive(both, ME, days("02-27", "03-02")) == 110
    assert additive(both, ME, days("03-31", "04-01")) == 101


def test_days_without_a_target_add_nothing() -> None:
    known = reference(targets=[(ME, VOLUME, "2026-03", 2200)])
    assert additive(known, ME, days("04-01", "04-30")) is None
    assert additive(known, "executive:E-2", MARCH) is None
    assert Targets(known).additive(ME, RATE, Window.MONTH, MARCH) is None


def test_windows_within_a_day_have_none_and_a_day_its_own() -> None:
    targets, today = (
        Targets(reference(targets=[(ME, VOLUME, "2026-03", 2200)])),
        days("03-02", "03-02"),
    )
    assert targets.additive(ME, VOLUME, Window.HOUR, today) is None
    assert targets.additive(ME, VOLUME, Window.DAY_ROLLING, today) is None
    assert targets.additive(ME, VOLUME, Window.DAY, today) == 100


@pytest.mark.parametrize("entity", [TEAM, BRANCH, COMPANY])
def test_without_an_own_target_members_add_up(entity: str) -> None:
    known = reference(
        placements=PLACED,
        targets=[
            (ME, VOLUME, "2026-03", 2200),
            ("executive:E-2", VOLUME, "2026-Q1", 640),
            (TEAM if entity != TEAM else "team:T-2", VOLUME, "2026-03", 999),
        ],
    )
    assert additive(known, entity, MARCH) == 2200 + 22 * 10


@pytest.mark.parametrize("entity", [TEAM, BRANCH, COMPANY])
def test_an_own_target_beats_those_of_members(entity: str) -> None:
    targets = [(ME, VOLUME, "2026-03", 2200), (entity, VOLUME, "2026-03", 22)]
    known = reference(placements=PLACED, targets=targets)
    assert additive(known, entity, MARCH) == 22
    assert additive(known, entity, days("02-27", "03-02")) == 1


def test_an_own_target_beats_those_of_members_day_by_day() -> None:
    targets = [(ME, VOLUME, "2026", 261), (TEAM, VOLUME, "2026-03", 22 * 50)]
    known = reference(placements=PLACED, targets=targets)
    assert additive(known, TEAM, days("02-27", "03-02")) == 51


def test_the_sum_of_the_members_passes_over_an_own_target() -> None:
    moved = {**PLACED, "E-2": [("2026-01-01", "T-1", "B-1"), ("2026-03-17", "T-2", "B-1")]}
    targets = [(ME, VOLUME, "2026-03", 2200), ("executive:E-2", VOLUME, "2026-03", 220)]
    known = reference(placements=moved, targets=[*targets, (TEAM, VOLUME, "2026-03", 999)])
    found = Targets(known)
    assert found.over(TEAM, VOLUME, MARCH) == 999
    assert found.of_members(TEAM, VOLUME, MARCH) == 2200 + 110
    assert found.of_members("team:T-2", VOLUME, MARCH) == 110
    assert found.of_members(COMPANY, VOLUME, MARCH) == 2420
    assert found.of_members("team:T-9", VOLUME, MARCH) is None
    assert found.of_members(TEAM, RATE, MARCH) is None
    known.learn("target:late", 1, Target(ME, VOLUME, "2026-03", 0))
    assert found.of_members(TEAM, VOLUME, MARCH) == 110


def test_a_member_counts_where_he_sits_that_day() -> None:
    moved = {"E-1": [("2026-01-01", "T-1", "B-1"), ("2026-03-17", "T-2", "B-2")]}
    known = reference(placements=moved, targets=[(ME, VOLUME, "2026-03", 2200)])
    assert additive(known, TEAM, MARCH) == additive(known, BRANCH, MARCH) == 1100
    assert additive(known, "team:T-2", MARCH) == additive(known, "branch:B-2", MARCH) == 1100
    assert additive(known, COMPANY, MARCH) == 2200
    assert additive(known, TEAM, days("03-17", "03-31")) is None
    assert additive(known, "team:T-2", days("03-16", "03-17")) == 100


def test_members_are_unplaced_before_their_first_placement() -> None:
    late = {"E-1": [("2026-03-17", "T-1", "B-1")]}
    known = reference(placements=late, targets=[(ME, VOLUME, "2026-03", 2200)])
    assert additive(known, "team:unplaced", MARCH) == 1100
    assert additive(known, "branch:unplaced", MARCH) == 1100


def test_a_new_target_is_noticed() -> None:
    known = reference(
        placements=PLACED, targets=[(ME, VOLUME, "2026-03", 2200), (ME, RATE, "2026", 0.1)]
    )
    targets = Targets(known)
    assert targets.additive(TEAM, VOLUME, Window.MONTH, MARCH) == 2200
    assert targets.level(ME, RATE, day("2026-03-10")) == Fraction(1, 10)
    assert not known.learn(f"target:{ME}|{VOLUME}|2026-03", 1, Target(ME, VOLUME, "2026-03", 1))
    known.learn(f"target:{ME}|{VOLUME}|2026-03", 2, Target(ME, VOLUME, "2026-03", 22))
    known.learn(f"target:{ME}|{RATE}|2026", 2, Target(ME, RATE, "2026", 0.2))
    assert targets.additive(TEAM, VOLUME, Window.MONTH, MARCH) == 22
    assert targets.level(ME, RATE, day("2026-03-10")) == Fraction(1, 5)


def test_a_level_target_is_that_of_the_period_of_today() -> None:
    known = reference(
        targets=[(ME, RATE, "2026", 0.1), (ME, RATE, "2026-Q1", 0.2), (ME, RATE, "2026-03", 0.3)]
    )
    found = [level(known, ME, f"2026-{text}") for text in ("03-01", "03-31", "02-28", "04-01")]
    assert found == [Fraction(3, 10), Fraction(3, 10), Fraction(1, 5), Fraction(1, 10)]
    assert level(known, ME, "2027-01-01") is None


def test_a_level_target_comes_from_the_nearest_ancestor() -> None:
    chain = [(COMPANY, RATE, "2026-03", 0.1), (BRANCH, RATE, "2026-03", 0.2)]
    chain += [(TEAM, RATE, "2026", 0.3), (ME, RATE, "2026", 0.4)]
    for length, expected in enumerate((1, 2, 3, 4), start=1):
        known = reference(placements=PLACED, targets=chain[:length])
        assert level(known, ME) == Fraction(expected, 10)
    everything = reference(placements=PLACED, targets=chain)
    assert level(everything, "executive:E-2") == Fraction(3, 10)
    assert level(everything, TEAM) == Fraction(3, 10)
    assert level(everything, BRANCH) == Fraction(1, 5)
    assert level(everything, COMPANY) == Fraction(1, 10)
    assert level(everything, "executive:nobody") == Fraction(1, 10)


def test_levels_are_not_those_of_members() -> None:
    known = reference(placements=PLACED, targets=[(ME, RATE, "2026-03", 0.3)])
    assert level(known, TEAM) is None
    assert level(known, COMPANY) is None


READINGS = "development.readings"


def by_default(known: Reference, entity: str, span: Days) -> Fraction | None:
    return Targets(known, monthly={READINGS: 2.2}).additive(entity, READINGS, Window.MONTH, span)


def test_a_default_for_a_month_is_that_of_every_active_executive() -> None:
    late = {**PLACED, "E-3": [("2026-03-17", "T-1", "B-1")]}
    known = reference(placements=late)
    assert by_default(known, ME, MARCH) == Fraction(22, 10)
    assert by_default(known, ME, days("03-06", "03-09")) == Fraction(2, 10)
    assert by_default(known, "executive:E-3", MARCH) == Fraction(11, 10)
    for entity in (TEAM, BRANCH, COMPANY):
        assert by_default(known, entity, MARCH) == Fraction(55, 10)
    for entity in ("executive:nobody", "team:unplaced"):
        assert by_default(known, entity, MARCH) is None
    assert by_default(known, ME, days("03-07", "03-08")) is None


def test_a_default_is_spread_over_the_business_days_of_each_month() -> None:
    # February 2026 has 20 business days.
    span = days("02-27", "03-02")
    expected = Fraction(22, 200) + Fraction(22, 220)
    assert by_default(reference(placements=PLACED), ME, span) == expected


def test_a_set_target_beats_the_default() -> None:
    own = reference(placements=PLACED, targets=[(ME, READINGS, "2026-03", 22)])
    assert by_default(own, ME, MARCH) == 22
    assert by_default(own, TEAM, MARCH) == 22 + Fraction(22, 10)
    team = reference(placements=PLACED, targets=[(TEAM, READINGS, "2026-03", 5)])
    assert by_default(team, TEAM, MARCH) == 5
    assert by_default(team, BRANCH, MARCH) == Fraction(44, 10)
    none = reference(placements=PLACED, targets=[(ME, READINGS, "2026-03", 0)])
    assert by_default(none, ME, MARCH) is None
    assert by_default(none, TEAM, MARCH) == Fraction(22, 10)


def test_a_target_of_somebody_unplaced_takes_no_default_away() -> None:
    known = reference(
        placements={"E-1": [("2026-03-01", "T-1", "B-1")]},
        targets=[("executive:nobody", READINGS, "2026-03", 1)],
    )
    assert by_default(known, COMPANY, MARCH) == 1 + Fraction(22, 10)


def test_windows_within_a_day_have_no_default_and_a_new_placement_is_noticed() -> None:
    known = reference(placements=PLACED)
    targets, today = Targets(known, monthly={READINGS: 22}), days("03-02", "03-02")
    for window, expected in ((Window.HOUR, None), (Window.DAY_ROLLING, None), (Window.DAY, 2)):
        assert targets.additive(TEAM, READINGS, window, today) == expected
    moved = reference(placements={"E-2": [("2026-01-01", "T-2", "B-1")]})
    known.learn("executive:E-2", 2, Placements("E-2", moved.placements("E-2")))
    assert targets.additive(TEAM, READINGS, Window.DAY, today) == 1
