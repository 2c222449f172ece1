"""`salesbell replay --alerts`: the alerts that a history would have brought."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

from tests.e2e.conftest import salesbell, summary
from tests.oracle.generator import IST, Event, event, write

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FIRST = datetime(2026, 1, 5, 9, tzinfo=IST)
#: From this day on one of two executives reaches hardly any of his leads.
CUT = 60
DAYS = 72
LEADS = 15


def history() -> Iterator[Event]:
    rng = Random(3)  # noqa: S311 - a seed that can be named matters, secrecy does not
    for executive in ("E-1", "E-2"):
        placed = {"executive_id": executive, "team_id": f"T-{executive}", "branch_id": "B-1"}
        yield event("executive.placed", FIRST, placed | {"valid_from": "2026-01-01"})
        for day in range(DAYS):
            for number in range(LEADS):
                lead, at = f"{executive}-{day}-{number}", FIRST + timedelta(day, 1200 * number)
                data = {"lead_id": lead, "executive_id": executive}
                yield event("lead.created", at, data | {"channel": "web"}, identity=lead)
                cut = executive == "E-1" and day >= CUT
                if rng.random() < (0.05 if cut else 0.7):
                    after = at + timedelta(hours=rng.random() * 2)
                    yield event("lead.contacted", after, data, identity=f"{lead}-contacted")


def test_a_replay_tells_the_alerts_that_would_have_been_raised(tmp_path: Path) -> None:
    recording = write(tmp_path / "history.jsonl", history())
    told = tmp_path / "alerts.jsonl"

    done = salesbell("replay", str(recording), "--alerts", str(told))

    assert done.returncode == 0, done.stderr
    alerts = [json.loads(line) for line in told.read_text().splitlines()]
    assert summary(done.stderr)["alerts told"] == f"{len(alerts)}, written to {told}"
    # The executive is alone in his team, so either may stand for the cause, but only one does.
    assert [(a["entity"].partition(":")[2], a["indicator"], a["status"]) for a in alerts] in (
        [("E-1", "contacted", "firing")],
        [("T-E-1", "contacted", "firing")],
    )
    days = [(datetime.fromisoformat(a["day"]).date() - FIRST.date()).days for a in alerts]
    assert all(CUT <= day < CUT + 5 for day in days)
    assert alerts[0]["raised"] == alerts[0]["day"]
