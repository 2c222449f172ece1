"""Reports through the whole pipeline: what executives are judged by reaches all levels exactly.

The judges are the executives, wherever they are processed; what they say must arrive at their
teams although sales, cancellations and moves come after the reports, on other workers.
"""

from __future__ import annotations

import json
import random
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from scoring.calendar import micros
from streams.replay.recording import read
from streams.settings import Settings
from tests.e2e.conftest import figures, salesbell
from tests.pipeline import Pipeline

if TYPE_CHECKING:
    from pathlib import Path

    from tests.comparison import Figures, Key

AS_OF = "2026-03-24T18:00:00+05:30"
START = datetime.fromisoformat("2025-12-01T10:00:00+05:30")
EXECUTIVES = [f"E-{number}" for number in range(12)]
TEAMS = {"T-1": "B-1", "T-2": "B-1", "T-3": "B-2"}
PERIODS = ("2026-02", "2026-03", "2025-Q4", "2026-Q1", "2026-W09", "2026-W12", "2026-03-02")
KPIS = (
    "sales_targets.sales_volume",
    "lead_generation.conversion_rate",
    "campaigns.lead_growth",
    "reporting.sales_trend",
    "reporting.accuracy",
    "no.such_kpi",
)


def story(seed: int) -> list[dict[str, Any]]:
    """Months of sales, reports and moves, in no order."""
    choose = random.Random(seed)  # noqa: S311

    def moment(first_day: int = 0) -> datetime:
        return START + timedelta(
            days=choose.randint(first_day, 113), minutes=choose.randint(0, 600)
        )

    def executive() -> str:
        return choose.choice(EXECUTIVES)

    events: list[tuple[str, datetime, dict[str, Any]]] = []
    for number in range(400):
        lead, loan, customer = f"L-{number}", f"LN-{number}", f"C-{number}"
        owner, created = executive(), moment()
        data: dict[str, Any] = {"lead_id": lead, "executive_id": owner, "channel": "web"}
        events.append(("lead.created", created, data))
        if number % 2:
            sale = {"loan_id": loan, "customer_id": customer, "executive_id": owner}
            amount = choose.randint(1, 9) * 50_000 + 0.25
            more = {"lead_id": lead, "amount": amount, "currency": "INR"}
            events.append(("sale.disbursed", created + timedelta(days=9), {**sale, **more}))
        if not number % 8:
            events.append(("sale.cancelled", created + timedelta(days=12), {"loan_id": loan}))
    for number in range(120):
        stated = {kpi: choose.choice((0, 0.4, 5, 400_000, -1)) for kpi in choose.sample(KPIS, 3)}
        data = {"report_id": f"R-{number}", "executive_id": executive(), "figures": stated}
        events.append(("report.submitted", moment(), {**data, "period": choose.choice(PERIODS)}))
    for number in range(40):
        team = choose.choice(list(TEAMS))
        data = {"executive_id": EXECUTIVES[number % 12], "team_id": team, "branch_id": TEAMS[team]}
        since = moment().date().isoformat()
        events.append(("executive.placed", moment(), {**data, "valid_from": since}))
    choose.shuffle(events)
    return [
        {
            "specversion": "1.0",
            "id": str(number),
            "source": "/test",
            "type": kind,
            "time": time.isoformat(),
            "data": data,
        }
        for number, (kind, time, data) in enumerate(events)
    ]


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    file = tmp_path / "reports.jsonl"
    file.write_text("".join(json.dumps(event) + "\n" for event in story(7)))
    return file


def in_memory(recording: Path) -> dict[Key, dict[str, Figures]]:
    as_of = micros(datetime.fromisoformat(AS_OF))
    lines = read([recording])
    assert lines.latest is not None
    pipeline = Pipeline(Settings())
    pipeline.lines((line.value for line in lines.lines), max(lines.latest, as_of))
    assert pipeline.rejected == []
    return {key: score.kpis for key, score in pipeline.scores(as_of).items()}


@pytest.mark.parametrize("workers", [1, 2])
def test_verdicts_reach_every_level(recording: Path, tmp_path: Path, workers: int) -> None:
    output = tmp_path / "scores.jsonl"

    done = salesbell(
        "replay",
        str(recording),
        *("--as-of", AS_OF, "--output", str(output), "--workers", str(workers)),
    )

    assert done.returncode == 0, done.stderr
    expected = {key: json.loads(json.dumps(kpis)) for key, kpis in in_memory(recording).items()}
    judged = {
        level: sum(
            kpis["reporting.accuracy"]["n"]
            for (at, _, window), kpis in expected.items()
            if (at, window) == (level, "quarter")
        )
        for level in ("executive", "team", "branch", "company")
    }
    assert len(set(judged.values())) == 1
    assert judged["company"] > 50
    assert figures(output) == expected
