"""The traps of trainings, readings and what a team does together, worked out by hand."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from .stories import MONTH, due, of_executives

if TYPE_CHECKING:
    from .generator import Event
    from .stories import Ask, Stories

HOURS = "compliance.training_hours"
CROSS_HOURS = "cross_selling.training_hours"
PARTICIPATION = "development.training_participation"
READINGS = "development.readings"
INITIATIVES = "collaboration.joint_initiatives"
TEAM_BUILDING = "collaboration.team_building"


def test_trainings_need_no_enrolment_for_their_hours(ask: Ask, make: Stories) -> None:
    def completed(training: str, time: str, area: str, hours: float, **more: str) -> Event:
        data: Event = {"training_id": training, "executive_id": "E-1", "area": area}
        return make.event("training.completed", time, data | {"hours": hours} | more)

    found = ask(
        completed("T-1", "10T10:00:00", "product", 0.1, certification="KYC"),
        completed("T-1", "09T10:00:00", "compliance", 0.2, certification=""),
        completed("T-2", "10T10:00:00", "product", 0.1, certification="KYC"),
        completed("T-3", "10T10:00:00", "cross_selling", 4, certification="KYC"),
        completed("T-4", "10T10:00:00", "sales", 8),
        completed("T-5", "10T10:00:00", "other", 16),
    )
    hours = found[HOURS, *MONTH]
    assert (hours.numerator, hours.value, hours.n) == (Fraction("0.3"), 0.3, 2)
    assert found[CROSS_HOURS, *MONTH].value == 4
    assert found[PARTICIPATION, *MONTH].value is None
    assert found[PARTICIPATION, *MONTH].companions == {"certifications": 2}


def test_enrolments_count_when_they_end_and_certifications_when_earned(
    ask: Ask, make: Stories, everyone: list[Event]
) -> None:
    def enrolled(training: str, executive: str, ends: str) -> Event:
        data = {"training_id": training, "executive_id": executive, "area": "sales"}
        return make("training.enrolled", "02T10:00:00", **data, ends_at=ends)

    completion: Event = {"area": "sales", "hours": 1, "certification": "KYC"}
    found = ask(
        *everyone,
        enrolled("T-1", "E-2", due("15T23:59:59")),
        enrolled("T-2", "E-2", due("16T00:00:00")),
        enrolled("T-2", "E-3", due("17T00:00:00")),
        enrolled("T-3", "E-2", "2026-04-01T00:00:00+05:30"),
        make("training.completed", "30T10:00:00", training_id="T-1", executive_id="E-1",
             **completion),
        make("training.completed", "20T10:00:00", training_id="T-3", executive_id="E-2",
             **completion),
    )  # fmt: skip
    assert of_executives(found, PARTICIPATION) == [None, 0.5, None]
    assert found[PARTICIPATION, "team", "T-1", "month"].value == 1
    assert found[PARTICIPATION, "team", "T-2", "month"].value == 0
    earned = [
        found[PARTICIPATION, *key].companions["certifications"]
        for key in (MONTH, ("executive", "E-2", "month"), ("executive", "E-1", "month"))
    ]
    assert earned == [1, 1, 0]  # the 30th is after as-of: known, but in no window


def test_readings_are_distinct_pairs_wherever_they_were_read(
    ask: Ask, make: Stories, everyone: list[Event]
) -> None:
    def read(article: str, time: str, executive: str) -> Event:
        return make("article.read", time, article_id=article, executive_id=executive)

    found = ask(
        *everyone,
        read("A-1", "10T10:00:00", "E-2"),
        read("A-1", "17T10:00:00", "E-2"),
        read("A-1", "20T10:00:00", "E-2"),
        read("A-1", "20T10:00:00", "E-1"),
        read("A-2", "20T10:00:00", "E-1"),
    )
    assert of_executives(found, READINGS) == [2, 1, 0]
    assert found[READINGS, *MONTH].value == 3
    teams = [found[READINGS, "team", team, "month"].value for team in ("T-1", "T-2")]
    assert teams == [3, 1]  # E-2 read it in both


def test_an_initiative_counts_once_for_all_of_its_participants(
    ask: Ask, make: Stories, everyone: list[Event]
) -> None:
    def initiative(number: int, time: str, *people: str, successful: bool = True) -> Event:
        data = {"participants": list(people), "successful": successful}
        return make("initiative.completed", time, initiative_id=f"I-{number}", **data)

    found = ask(
        *everyone,
        initiative(1, "10T10:00:00", "E-1", "E-2", "E-1"),
        initiative(2, "17T10:00:00", "E-1", "E-2", "E-3"),
        initiative(3, "17T10:00:00", "E-1", successful=False),
        initiative(3, "18T10:00:00", "E-1"),
        initiative(4, "18T10:00:00"),
    )
    assert of_executives(found, INITIATIVES) == [2, 2, 1]
    assert found[INITIATIVES, *MONTH].value == 2
    teams = [found[INITIATIVES, "team", team, "month"].value for team in ("T-1", "T-2", "unplaced")]
    assert teams == [2, 1, 1]


def test_who_comes_uninvited_counts_and_nobody_comes_twice(
    ask: Ask, make: Stories, everyone: list[Event]
) -> None:
    found = ask(
        *everyone,
        make("team_event.held", "17T10:00:00", team_event_id="TE-1",
             invited=["E-1", "E-2"], attended=["E-2", "E-3", "E-3"]),
        make("team_event.held", "18T10:00:00", team_event_id="TE-1",
             invited=["E-3"], attended=[]),
        make("team_event.held", "18T10:00:00", team_event_id="TE-2",
             invited=["E-1", "E-1"], attended=["E-1"]),
    )  # fmt: skip
    assert of_executives(found, TEAM_BUILDING) == [0.5, 1, None]
    assert found[TEAM_BUILDING, "executive", "E-3", "month"].numerator == 1
    assert found[TEAM_BUILDING, *MONTH].value == 1
    assert found[TEAM_BUILDING, "team", "T-1", "month"].value == 0.5
