"""The pure core against the oracle, on hard histories."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scoring.calendar import micros
from streams.replay.recording import read
from streams.settings import Settings
from tests.comparison import differences
from tests.oracle import branches, generator
from tests.oracle.oracle import expected
from tests.pipeline import Pipeline

if TYPE_CHECKING:
    from pathlib import Path

ZONES = ("Asia/Kolkata", "Europe/Berlin", "America/New_York")


@pytest.mark.parametrize("seed", range(200))
def test_scores_of_hard_histories_are_those_of_the_oracle(seed: int, tmp_path: Path) -> None:
    file = generator.write(
        tmp_path / "history.jsonl",
        generator.history(seed, 60 + 10 * (seed % 40)),
        generator.malformed(seed),
    )
    as_of = generator.AS_OFS[seed % len(generator.AS_OFS)]
    zone = ZONES[seed % len(ZONES)]

    recording = read([file])
    assert recording.latest is not None
    own = seed % 2 == 1
    pipeline = Pipeline(Settings(timezone=zone, branches=branches.settings() if own else {}))
    pipeline.lines((line.value for line in recording.lines), max(recording.latest, micros(as_of)))
    scores = pipeline.scores(micros(as_of))

    kpis = {key: score.kpis for key, score in scores.items()}
    wanted = expected(file, as_of=as_of, timezone=zone, branches=branches.BRANCHES if own else None)
    assert differences(wanted, kpis) == []
