"""Branches that work at other times than the company: turnaround, targets and the pace."""

from __future__ import annotations

import json
from datetime import time
from fractions import Fraction
from typing import Any

import pytest

from scoring.business import BusinessWeek, BusinessWeeks
from scoring.calendar import micros, moment
from scoring.targets import Targets
from scoring.windows import Days, Window
from scoring.workplace import Workplaces
from streams.cloudevents import decode
from streams.settings import Settings
from streams.workweek import BranchCalendar, Weekday
from tests.oracle.generator import event
from tests.oracle.stories import AS_OF
from tests.pipeline import Pipeline
from tests.scoring.making import at, day, reference

TURNAROUND = "time_management.turnaround_reduction"
VOLUME, READINGS = "sales_targets.sales_volume", "development.readings"
#: March 2026 has 22 days from Monday to Friday, and 23 from Sunday to Thursday.
MARCH = Days(day("2026-03-01"), day("2026-03-31"))
SUNDAYS = BusinessWeek(frozenset({6, 0, 1, 2, 3}), time(10))
WEEKS = BusinessWeeks(branches={"B-2": SUNDAYS})
PLACED = {
    "E-1": [("2026-01-01", "T-1", "B-1")],
    "E-2": [("2026-01-01", "T-1", "B-2")],
    "E-3": [("2026-01-01", "T-3", "B-2"), ("2026-03-16", "T-3", "B-1")],
}


def additive(entity: str, span: Days, **target: float) -> Fraction | None:
    owners = [(f"{owner.replace('_', ':')}", VOLUME, "2026-03", n) for owner, n in target.items()]
    known = reference(placements=PLACED, targets=owners)
    return Targets(known, WEEKS).additive(entity, VOLUME, Window.MONTH, span)


@pytest.mark.parametrize(
    ("entity", "calendar"),
    [
        ("executive:E-1", None),
        ("executive:E-2", "B-2"),
        ("executive:E-9", None),
        ("team:T-1", None),  # its member with the lowest id is in B-1
        ("team:T-3", "B-2"),
        ("team:T-9", None),
        ("branch:B-2", "B-2"),
        ("branch:B-1", None),
        ("company:company", None),
    ],
)
def test_an_entity_works_by_the_calendar_of_its_branch(entity: str, calendar: str | None) -> None:
    places = Workplaces(reference(placements=PLACED), WEEKS)
    assert places.calendar(entity, day("2026-03-15")) == calendar
    moved = places.calendar("executive:E-3", day("2026-03-16"))
    assert (places.calendar("executive:E-3", day("2026-03-15")), moved) == ("B-2", None)


def test_a_target_is_spread_over_the_business_days_of_the_branch_of_the_day() -> None:
    friday, sunday = (Days(day(text), day(text)) for text in ("2026-03-06", "2026-03-08"))
    both = {"executive:E-1": 2200, "executive:E-2": 2300}
    owners = {owner.replace(":", "_"): n for owner, n in both.items()}
    for entity, on_friday, on_sunday in (
        ("executive:E-1", 100, None),
        ("executive:E-2", None, 100),
        ("team:T-1", 100, 100),
        ("branch:B-2", None, 100),
        ("company:company", 100, 100),
    ):
        assert additive(entity, friday, **owners) == on_friday
        assert additive(entity, sunday, **owners) == on_sunday
    assert additive("team:T-1", MARCH, **owners) == 4500
    assert additive("branch:B-2", sunday, **{"branch_B-2": 2300}) == 100
    assert additive("team:T-1", sunday, **{"team_T-1": 2200}) is None


def test_who_moves_has_each_days_share_of_the_branch_of_that_day() -> None:
    # Eleven days from Sunday to Thursday until the 15th, 12 from Monday to Friday after it.
    shares = Fraction(11 * 506, 23) + Fraction(12 * 506, 22)
    assert additive("executive:E-3", MARCH, **{"executive_E-3": 506}) == shares


def test_a_default_is_spread_by_everybodys_own_calendar() -> None:
    known = reference(placements={name: PLACED[name] for name in ("E-1", "E-2")})
    targets = Targets(known, WEEKS, {READINGS: 506})
    sunday = Days(day("2026-03-08"), day("2026-03-08"))
    for entity, expected in (("team:T-1", 22), ("company:company", 22), ("executive:E-1", None)):
        assert targets.additive(entity, READINGS, Window.MONTH, sunday) == expected
    assert targets.additive("team:T-1", READINGS, Window.MONTH, MARCH) == 2 * 506


def test_the_pace_goes_by_the_branch_of_today() -> None:
    targets = Targets(reference(placements=PLACED), WEEKS)
    assert targets.business_week("executive:E-3", day("2026-03-15")) is SUNDAYS
    assert targets.business_week("executive:E-3", day("2026-03-16")) is WEEKS.company


def turnarounds(*placements: tuple[str, str]) -> dict[tuple[str, str], Any]:
    """Means of the month, by level and entity, of E-2 who answers on a Sunday and on a Monday."""
    pipeline = Pipeline(
        Settings(
            branches={
                "B-2": BranchCalendar(
                    business_days=(Weekday.SUNDAY, *tuple(Weekday)[:4]), business_opens=time(10)
                )
            }
        )
    )
    events = [
        *(
            event(
                "executive.placed",
                moment(at("2026-01-01T00:00")),
                {"executive_id": "E-2", "team_id": "T-1", "branch_id": branch, "valid_from": since},
                identity=f"p{number}",
            )
            for number, (since, branch) in enumerate(placements)
        ),
        *(
            event(kind, moment(at(when)), {"inquiry_id": name} | more, identity=name + kind)
            for name, opened, answered in (
                ("Q-1", "2026-03-07T12:00", "2026-03-08T11:00"),
                ("Q-2", "2026-03-09T09:00", "2026-03-09T12:00"),
            )
            for kind, when, more in (
                ("inquiry.opened", opened, {}),
                ("inquiry.answered", answered, {"executive_id": "E-2"}),
            )
        ),
    ]
    for each in events:
        pipeline.event(decode(json.dumps(each).encode(), ()))
    return {
        (level, entity): score.kpis[TURNAROUND]
        for (level, entity, window), score in pipeline.scores(micros(AS_OF)).items()
        if window == "month"
    }


@pytest.mark.parametrize(
    ("placements", "mean"),
    [
        ([("2026-01-01", "B-1")], 90),  # nothing of a Sunday, three hours of a Monday
        ([("2026-01-01", "B-2")], 90),  # an hour and two
        ([("2026-01-01", "B-2"), ("2026-03-09", "B-1")], 120),
        ([("2026-01-01", "B-1"), ("2026-03-09", "B-2")], 60),
        ([], 90),
    ],
)
def test_turnaround_goes_by_the_branch_of_the_answers_day(
    placements: list[tuple[str, str]], mean: int
) -> None:
    found = turnarounds(*placements)
    assert {at: kpi["mean"] for at, kpi in found.items() if kpi["n"] == 2}.keys() >= {
        ("executive", "E-2"),
        ("company", "company"),
    }
    for kpi in found.values():
        if kpi["n"] == 2:
            assert kpi["mean"] == mean


def test_quantiles_go_by_the_branch_too() -> None:
    kpi = turnarounds(("2026-01-01", "B-2"))["executive", "E-2"]
    assert kpi["p50"] == pytest.approx(60, rel=0.01)
    assert turnarounds(("2026-01-01", "B-2"))["branch", "B-2"]["p50"] == kpi["p50"]
    assert turnarounds(("2026-01-01", "B-1"))["executive", "E-2"]["p50"] == 0
