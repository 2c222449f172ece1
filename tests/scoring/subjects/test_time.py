"""What tasks, reports, entries and inquiries mean, by example."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

from scoring.events.activity import (
    InquiryAnswered,
    InquiryOpened,
    ReportDue,
    ReportSubmitted,
    TaskCompleted,
    TaskScheduled,
    TaskWithdrawn,
    TimeLogged,
)
from scoring.meaning import History
from scoring.sketch import bin_of
from scoring.subjects import meaning_of
from tests.scoring.making import RULES, day, event, flat

if TYPE_CHECKING:
    from scoring.events import Event

#: The day before the 1st of March.
FEBRUARY_28 = day("2026-02-28")
DUE = datetime.fromisoformat("2026-03-10T18:00:00+05:30")


def counted(subject: str, *events: Event) -> dict[tuple[str, str, str], int]:
    """Integers by entity, day of March and slot."""
    history = History(tuple(sorted(events, key=lambda each: each.order)), {})
    found = meaning_of(subject, RULES)(history)
    return {
        (place.entity, str(place.day - FEBRUARY_28), slot): n
        for (place, _, slot), n in flat(found.contributions.places).items()
    }


def scheduled(time: str = "2026-03-09T09:00", identity: str = "s", **more: Any) -> Event:
    data = TaskScheduled(task_id="T", executive_id=more.pop("executive", "E"), due_at=DUE, **more)
    return event(data, time, identity)


def completed(time: str, identity: str = "c") -> Event:
    return event(TaskCompleted(task_id="T"), time, identity)


def test_a_task_counts_where_it_is_due() -> None:
    assert counted("task:T", scheduled()) == {("executive:E", "10", "tasks.cadence|none"): 1}
    assert counted("task:T", scheduled(cadence="daily", priority=True)) == {
        ("executive:E", "10", "tasks.cadence|daily"): 1,
        ("executive:E", "10", "priority_tasks"): 1,
    }


@pytest.mark.parametrize(
    ("time", "in_time"),
    [("2026-03-10T18:00", 1), ("2026-03-10T18:01", 0), ("2026-03-01T10:00", 1)],
)
def test_a_task_is_done_in_time_up_to_the_moment_at_which_it_is_due(
    time: str, in_time: int
) -> None:
    found = counted("task:T", scheduled(cadence="weekly", priority=True), completed(time))
    assert found["executive:E", "10", "priority_tasks_done"] == 1
    assert found.get(("executive:E", "10", "tasks_in_time.cadence|weekly"), 0) == in_time


def test_the_first_creation_and_the_first_completion_count() -> None:
    found = counted(
        "task:T",
        scheduled("2026-03-09T10:00", "2", executive="other", priority=True),
        scheduled("2026-03-09T09:00", "3"),
        completed("2026-03-11T10:00", "4"),
        completed("2026-03-10T10:00", "5"),
    )
    assert found == {
        ("executive:E", "10", "tasks.cadence|none"): 1,
        ("executive:E", "10", "tasks_in_time.cadence|none"): 1,
    }


def test_a_task_that_was_withdrawn_or_never_scheduled_means_nothing() -> None:
    done = completed("2026-03-10T10:00")
    withdrawn = event(TaskWithdrawn(task_id="T"), "2026-03-20T10:00", "w")
    assert counted("task:T", done) == {}
    assert counted("task:T", scheduled(), done, withdrawn) == {}


def due(executive: str = "E") -> Event:
    return event(
        ReportDue(report_id="R", executive_id=executive, due_at=DUE), "2026-03-01T09:00", "d"
    )


def submitted(time: str, identity: str = "s", **figures: float) -> Event:
    data = ReportSubmitted(report_id="R", executive_id="E-2", period="2026-02", figures=figures)
    return event(data, time, identity)


@pytest.mark.parametrize(
    ("time", "in_time"), [("2026-03-10T18:00", 1), ("2026-03-10T18:01", 0), (None, 0)]
)
def test_a_report_is_in_time_for_whom_it_was_due(time: str | None, in_time: int) -> None:
    events = [due()] if time is None else [due(), submitted(time)]
    found = counted("report:R", *events)
    assert found.pop(("executive:E", "10", "reports_due")) == 1
    assert found == ({("executive:E", "10", "reports_in_time"): 1} if in_time else {})


def test_a_report_is_submitted_when_it_first_is() -> None:
    late, early = submitted("2026-03-11T10:00", "1"), submitted("2026-03-09T10:00", "2")
    assert ("executive:E", "10", "reports_in_time") in counted("report:R", due(), late, early)


def test_the_figures_of_the_first_submission_are_kept_with_its_author() -> None:
    first = submitted("2026-03-09T10:00", "1", volume=1250.5, rate=0.081)
    later = submitted("2026-03-09T11:00", "2", volume=9)
    assert counted("report:R", later, first) == {
        ("executive:E-2", "9", "figures|2026-02\x1fvolume\x1f1250.5"): 1,
        ("executive:E-2", "9", "figures|2026-02\x1frate\x1f0.081"): 1,
    }


def logged(category: Any, minutes: float, time: str = "2026-03-10T10:00") -> Event:
    data = TimeLogged(entry_id="N", executive_id="E", category=category, minutes=minutes)
    return event(data, time, time)


def test_an_entry_adds_its_minutes_once() -> None:
    assert counted("entry:N", logged("selling", 12.25), logged("admin", 5, "2026-03-11T10:00")) == {
        ("executive:E", "10", "time_entries"): 1,
        ("executive:E", "10", "time_logged"): 1225,
        ("executive:E", "10", "time_on_revenue"): 1225,
    }
    assert counted("entry:N", logged("break", 30)) == {
        ("executive:E", "10", "time_entries"): 1,
        ("executive:E", "10", "time_logged"): 3000,
    }
    assert counted("entry:N", logged("selling", 0)) == {("executive:E", "10", "time_entries"): 1}


def opened(time: str) -> Event:
    return event(InquiryOpened(inquiry_id="I", executive_id="E"), time, "o" + time)


def answered(executive: str, time: str) -> Event:
    return event(InquiryAnswered(inquiry_id="I", executive_id=executive), time, "a" + time)


def test_an_inquiry_counts_where_it_was_first_answered() -> None:
    found = counted(
        "inquiry:I",
        opened("2026-03-06T17:30"),
        opened("2026-03-08T10:00"),
        answered("E-2", "2026-03-09T10:00:00.001999"),
        answered("E-1", "2026-03-09T11:00"),
    )
    took = 90 * 60_000 + 1
    assert found == {
        ("executive:E-2", "9", "answered"): 1,
        ("executive:E-2", "9", "turnaround"): took,
        ("executive:E-2", "9", f"turnaround.bin|{bin_of(took)}"): 1,
    }


def test_an_answer_before_the_opening_took_no_time() -> None:
    assert counted("inquiry:I", answered("E", "2026-03-09T10:00"), opened("2026-03-10T10:00")) == {
        ("executive:E", "9", "answered"): 1,
        ("executive:E", "9", "turnaround.bin|-1"): 1,
    }


def test_an_inquiry_needs_an_opening_and_an_answer() -> None:
    assert counted("inquiry:I", opened("2026-03-09T10:00")) == {}
    assert counted("inquiry:I", answered("E", "2026-03-09T10:00")) == {}
