"""What is said of no work at all, and of events that are no events."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .people_stories import SPOILED
from .stories import MONTH

if TYPE_CHECKING:
    from .generator import Event
    from .stories import Ask, Stories

AVOIDED = "compliance.violations_avoided"
PARTICIPATION = "development.training_participation"


def test_nothing_is_zero_or_undefined(ask: Ask) -> None:
    found = ask()
    counts = (
        AVOIDED,
        "compliance.training_hours",
        "cross_selling.training_hours",
        "cross_selling.revenue",
        "development.readings",
        "collaboration.joint_initiatives",
    )
    assert [found[kpi, *MONTH].value for kpi in counts] == [0] * len(counts)
    ratios = (
        "crm.nps",
        "crm.service_rating",
        "compliance.knowledge_score",
        "compliance.audit_result",
        "reporting.timeliness",
        "time_management.schedule_adherence",
        "time_management.priority_completion",
        "time_management.revenue_time",
    )
    assert [found[kpi, *MONTH].value for kpi in ratios] == [None] * len(ratios)
    assert found[AVOIDED, *MONTH].companions == {"recorded": 0, "catch_rate": None}
    assert found[PARTICIPATION, *MONTH].companions == {"certifications": 0}


@pytest.mark.parametrize(("kind", "data", "spoiled"), SPOILED)
def test_dead_letters_do_not_count(
    ask: Ask, make: Stories, kind: str, data: Event, spoiled: tuple[tuple[str, object], ...]
) -> None:
    sound = data | {"executive_id": "E-1"}
    assert ("executive", "E-1") in {key[1:3] for key in ask(make.event(kind, "10T10:00:00", sound))}
    found = ask(*(make.event(kind, "10T10:00:00", sound | {name: to}) for name, to in spoiled))
    assert {key[1] for key in found} == {"company"}
