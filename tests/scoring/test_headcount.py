"""Headcount over time, from placements."""

from __future__ import annotations

from datetime import date

import pytest

from scoring.events.reference import ExecutivePlaced
from scoring.headcount import Headcount
from scoring.notes import Placement, Placements
from scoring.reference import Reference
from tests.scoring.making import day, event
from tests.scoring.subjects.meanings import mean


def known(**placements: list[tuple[str, str, str, bool]]) -> Headcount:
    """(since, team, branch, active) by executive."""
    reference = Reference()
    for executive, places in placements.items():
        at = tuple(
            Placement(day(f"2026-{since}"), team, branch, active=active, name=None)
            for since, team, branch, active in places
        )
        reference.learn(f"executive:{executive}", 1, Placements(executive, at))
    return Headcount(reference)


HEADS = known(
    one=[("03-02", "T-1", "B-1", True), ("03-10", "T-2", "B-1", True)],
    two=[("03-05", "T-1", "B-1", True), ("03-12", "T-1", "B-1", False)],
)


@pytest.mark.parametrize(
    ("entity", "counts"),
    [
        ("executive:one", (0, 1, 1, 1, 1, 1)),
        ("executive:two", (0, 0, 1, 1, 1, 0)),
        ("team:T-1", (0, 1, 2, 2, 1, 0)),
        ("team:T-2", (0, 0, 0, 0, 1, 1)),
        ("branch:B-1", (0, 1, 2, 2, 2, 1)),
        ("company:company", (0, 1, 2, 2, 2, 1)),
        *((entity, (0,) * 6) for entity in ("team:unplaced", "executive:nobody")),
    ],
)
def test_active_executives_count_where_they_sit_that_day(
    entity: str, counts: tuple[int, ...]
) -> None:
    days = (day(f"2026-03-{number:02}") for number in (1, 2, 5, 9, 10, 12))
    assert tuple(HEADS.on(entity, each).total() for each in days) == counts


@pytest.mark.parametrize(("said", "active"), [(True, True), (None, True), (False, False)])
def test_who_is_not_said_to_be_inactive_is_active(
    said: bool | None,  # noqa: FBT001
    active: bool,  # noqa: FBT001
) -> None:
    since = date(2026, 3, 1)
    placed = ExecutivePlaced(
        executive_id="E", team_id="T", branch_id="B", valid_from=since, active=said
    )
    found = mean("executive:E", event(placed, "2026-03-01T10:00"))
    place = Placement(since.toordinal(), "T", "B", active=active, name=None)
    assert found.reference == {"executive:E": Placements("E", (place,))}
