"""The traps of reports, tasks and time that was logged, worked out by hand."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from .stories import MONTH, due, of_executives, ratio

if TYPE_CHECKING:
    from .generator import Event
    from .stories import Ask, Stories

TIMELINESS = "reporting.timeliness"
ADHERENCE = "time_management.schedule_adherence"
PRIORITY = "time_management.priority_completion"
REVENUE_TIME = "time_management.revenue_time"


def test_reports_are_on_time_to_the_moment_by_their_first_submission(
    ask: Ask, make: Stories
) -> None:
    def report(number: int, due_at: str, *submitted: str) -> list[Event]:
        data: Event = {"report_id": f"R-{number}", "executive_id": "E-2"}
        content = {"period": "2026-02", "figures": {}}
        return [
            make("report.due", "20T10:00:00", **data | {"executive_id": "E-1"}, due_at=due_at),
            *(make("report.submitted", time, **data, **content) for time in submitted),
        ]

    found = ask(
        *report(1, due("10T18:00:00"), "10T18:00:00"),
        *report(2, due("10T18:00:00"), "10T18:00:00.001"),
        *report(3, "2026-03-10T18:00:00Z", "11T00:00:00", "10T23:30:00"),  # due at 23:30 here
        *report(4, due("10T18:00:00")),
        *report(5, due("10T18:00:00"), "2026-02-01T10:00:00+05:30", "12T10:00:00"),
        *report(6, due("25T00:00:00"), "10T18:00:00"),
        make("report.submitted", "10T10:00:00", report_id="R-7", executive_id="E-1",
             period="2026-02", figures={}),
    )  # fmt: skip
    assert found[TIMELINESS, *MONTH].value == 3 / 5
    assert found[TIMELINESS, "executive", "E-1", "month"].n == 5
    assert found[TIMELINESS, "executive", "E-2", "month"].value is None


def task(make: Stories, number: int, due_at: str, *done: str, **more: object) -> list[Event]:
    identity = {"task_id": f"T-{number}"}
    data: Event = identity | {"executive_id": "E-1", "due_at": due_at} | more
    return [
        make.event("task.scheduled", "20T10:00:00", data),
        *(make("task.completed", time, **identity) for time in done),
    ]


def test_tasks_are_done_in_time_or_late_or_withdrawn(ask: Ask, make: Stories) -> None:
    urgent: Event = {"priority": True}
    found = ask(
        *task(make, 1, due("10T18:00:00"), "10T18:00:00", cadence="daily", **urgent),
        *task(make, 2, due("10T18:00:00"), "10T18:00:00.001", cadence="daily", **urgent),
        *task(make, 3, due("10T18:00:00"), "12T10:00:00", "02T10:00:00", cadence="weekly"),
        *task(make, 4, due("10T18:00:00"), priority=True),
        *task(make, 5, due("10T18:00:00"), "10T10:00:00", cadence="weekly", **urgent),
        make("task.withdrawn", "30T10:00:00", task_id="T-5"),
        *task(make, 6, due("25T00:00:00"), "10T10:00:00"),
        make("task.completed", "10T10:00:00", task_id="T-7"),
    )
    adherence = found[ADHERENCE, *MONTH]
    assert ratio(adherence) == (2, 4)
    assert adherence.breakdown == {
        "daily": {"tasks": 2, "in_time": 1, "rate": Fraction(1, 2)},
        "none": {"tasks": 1, "in_time": 0, "rate": 0},
        "weekly": {"tasks": 1, "in_time": 1, "rate": 1},
    }
    assert found[PRIORITY, *MONTH].value == 2 / 3


def test_a_task_is_what_it_was_first_scheduled_as(
    ask: Ask, make: Stories, everyone: list[Event]
) -> None:
    identity = {"task_id": "T-1"}
    found = ask(
        *everyone,
        make("task.scheduled", "11T10:00:00", **identity, executive_id="E-1", priority=True,
             due_at=due("24T12:00:00")),
        make("task.scheduled", "10T10:00:00", **identity, executive_id="E-2",
             due_at=due("17T12:00:00")),
        make("task.completed", "18T12:00:00", **identity),
    )  # fmt: skip
    assert of_executives(found, ADHERENCE) == [None, 0, None]
    assert found[PRIORITY, *MONTH].value is None
    assert found[ADHERENCE, "team", "T-2", "month"].value == 0  # where he was on the 17th
    assert found[ADHERENCE, "team", "T-1", "month"].value is None


def test_due_dates_far_from_all_events_have_their_day(
    ask: Ask, make: Stories, everyone: list[Event]
) -> None:
    found = ask(*everyone, *task(make, 1, "2026-02-10T18:00:00+05:30"))
    assert found[ADHERENCE, "team", "T-1", "month"].previous == 0
    assert found[ADHERENCE, *MONTH].value is None


def test_breaks_are_minutes_too(ask: Ask, make: Stories) -> None:
    logged = {"selling": 60, "prospecting": 30, "follow_up": 15, "break": 45, "other": 0}
    found = ask(
        *(
            make("time.logged", "10T10:00:00", entry_id=category, executive_id="E-1",
                 category=category, minutes=minutes)
            for category, minutes in logged.items()
        ),
        make("time.logged", "11T10:00:00", entry_id="break", executive_id="E-1",
             category="selling", minutes=1000),
    )  # fmt: skip
    share = found[REVENUE_TIME, *MONTH]
    assert ratio(share) == (105, 150)
    assert share.value == 0.7
    assert share.n == len(logged)
    nothing = make("time.logged", "10T10:00:00", entry_id="1", executive_id="E-1",
                   category="selling", minutes=0)  # fmt: skip
    assert ask(nothing)[REVENUE_TIME, *MONTH].value is None
