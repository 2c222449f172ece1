"""What teams sold, and what is usual in them, flows down to their members: the whole pipeline.

It is compared with the pure core, points included.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scoring.calendar import micros
from streams.replay.recording import read
from tests.e2e.conftest import figures, salesbell
from tests.oracle import generator
from tests.pipeline import Pipeline

if TYPE_CHECKING:
    from pathlib import Path

    from tests.comparison import Figures, Key

AS_OF = generator.AS_OFS[3]
TEAM = "collaboration.team_vs_individual"


def placed_late(executive: str, team: str, since: str) -> generator.Event:
    data = {"executive_id": executive, "team_id": team, "branch_id": "B-1", "valid_from": since}
    return generator.event("executive.placed", generator.LAST, data, identity=f"late-{executive}")


def aims() -> list[generator.Event]:
    """A target of every executive, set at some time."""
    return [
        generator.event(
            "target.set",
            generator.LAST,
            {
                "entity": f"executive:{executive}",
                "kpi": "sales_targets.sales_volume",
                "period": "2026-Q1",
                "value": 1_000_000 * number,
            },
            identity=f"aim-{executive}",
        )
        for number, executive in enumerate(generator.EXECUTIVES, start=1)
    ]


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    moves = [placed_late("E-1", "T-2", "2026-03-10"), placed_late("E-8", "T-1", "2026-03-20")]
    history = [*generator.history(7, 250), *aims(), *moves]
    return generator.write(tmp_path / "history.jsonl", history)


def truth(recording: Path) -> dict[Key, dict[str, Figures]]:
    known, pipeline = read([recording]), Pipeline()
    assert known.latest is not None
    pipeline.lines((line.value for line in known.lines), max(known.latest, micros(AS_OF)))
    return {key: dict(score.kpis) for key, score in pipeline.scores(micros(AS_OF)).items()}


def figures_of(scores: dict[Key, dict[str, Figures]]) -> list[tuple[str, Figures]]:
    return [item for kpis in scores.values() for item in kpis.items()]


@pytest.mark.parametrize("seed", [1, 2])
def test_members_show_the_final_figure_of_their_team(recording: Path, seed: int) -> None:
    output = recording.with_name("scores.jsonl")
    done = salesbell(
        "replay", str(recording), "--as-of", AS_OF.isoformat(), "--output", str(output),
        "--shuffle", str(seed), "--workers", "2",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    expected, found = truth(recording), figures(output)

    shown = {
        (entity, kpis[TEAM]["value"])
        for (level, entity, window), kpis in expected.items()
        if level == "executive" and window == "month"
    }
    assert len({value for _, value in shown if value}) > 1
    assert len({(kpi, f["prior"]) for kpi, f in figures_of(expected) if f.get("prior")}) > 5
    assert found.keys() == expected.keys()
    for key, kpis in expected.items():
        for kpi, figure in kpis.items():
            assert found[key][kpi] == figure, (key, kpi)
