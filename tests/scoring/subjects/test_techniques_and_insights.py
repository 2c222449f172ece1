"""What techniques and insights mean, by example."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from scoring.events.activity import (
    InsightApplied,
    InsightRecorded,
    TechniqueApplied,
    TechniqueLearned,
)
from scoring.notes import Insight
from tests.scoring.making import day, event
from tests.scoring.subjects.meanings import counted, mean

if TYPE_CHECKING:
    from scoring.events import Event


def test_a_technique_is_due_from_learning_to_first_use() -> None:
    def pair(learned: str | None, *applied: str) -> dict[str, int]:
        ids = {"technique_id": "X", "executive_id": "E"}
        events = [
            event(TechniqueApplied(**ids), f"2026-03-{time}", str(n))
            for n, time in enumerate(applied)
        ]
        if learned is not None:
            events.append(event(TechniqueLearned(**ids), f"2026-03-{learned}", "l"))
        found = mean("technique:E\x1fX", *events)
        assert {place.entity for place in found.contributions.places} <= {"executive:E", "book:E"}
        return {slot: n for (entity, slot), n in counted(found).items() if entity == "book:E"}

    assert pair(None, "02T10:00") == {}
    assert pair("02T10:00") == {"learned": 1}
    assert pair("02T10:00", "05T10:00", "04T10:00") == {
        "learned": 1,
        "applied": 1,
        "implemented": 1,
    }
    assert pair("02T10:00", "02T10:00") == {"learned": 1, "applied": 1, "implemented": 1}
    assert pair("02T10:01", "02T10:00") == {"learned": 1, "applied": 1}
    first = day("2026-03-02")
    assert pair("03T10:00", "04T10:00", "02T10:00") == {f"learned_late#{first}": 1}


def recorded(time: str, identity: str, expires: str | None = None) -> Event:
    moment = datetime.fromisoformat(expires) if expires is not None else None
    return event(
        InsightRecorded(insight_id="I", executive_id="E", expires_at=moment), time, identity
    )


def test_an_insight_is_open_from_its_first_recording_until_it_expires() -> None:
    first = recorded("2026-03-02T10:00", "b", "2026-03-10T00:00:00+05:30")
    second = recorded("2026-03-03T10:00", "a")
    found = mean("insight:I", second, first)
    # It expires with the beginning of the 10th: the 9th is the last day that has some of it.
    last = day("2026-03-09")
    assert found.reference == {"insight:I": Insight("I", day("2026-03-02"), last)}
    assert mean("insight:I", second).reference["insight:I"] == Insight("I", day("2026-03-03"), None)
    moment_later = recorded("2026-03-02T10:00", "b", "2026-03-10T00:00:00.000001+05:30")
    assert mean("insight:I", moment_later).reference["insight:I"] == Insight(
        "I", day("2026-03-02"), last + 1
    )


@pytest.mark.parametrize(
    ("expires", "open_today"),
    [("9999-12-31T23:59:59-12:00", True), ("0001-01-01T00:00:00+14:00", False)],
)
def test_an_expiry_beyond_the_calendar_is_late_or_early_enough(
    expires: str, *, open_today: bool
) -> None:
    found = mean("insight:I", recorded("2026-03-02T10:00", "1", expires))
    (insight,) = found.reference.values()
    assert isinstance(insight, Insight)
    assert insight.until is not None
    assert (insight.until > day("2100-01-01")) is open_today


def test_an_insight_is_used_where_and_when_it_is_applied() -> None:
    uses = [
        event(InsightApplied(insight_id="I", executive_id=executive), f"{on}T10:00", f"{on}")
        for executive, on in (("E-1", "2026-03-02"), ("E-1", "2026-03-03"), ("E-2", "2026-03-03"))
    ]
    found = mean("insight:I", *uses)
    assert counted(found) == {
        ("executive:E-1", "insights#I"): 2,
        ("executive:E-2", "insights#I"): 1,
    }
    assert found.reference == {}
