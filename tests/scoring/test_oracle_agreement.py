"""The pure core against the oracle, on hard histories."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scoring.calendar import micros
from scoring.catalogue import BUILT_IN
from scoring.kpi import Level
from scoring.windows import Window
from streams.replay.recording import read
from streams.settings import Settings
from tests.comparison import differences
from tests.oracle import generator
from tests.oracle.oracle import expected
from tests.pipeline import Pipeline

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.comparison import Figures, Key
    from tests.oracle.oracle import Expected

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
    pipeline = Pipeline(Settings(timezone=zone))
    pipeline.lines((line.value for line in recording.lines), max(recording.latest, micros(as_of)))
    scores = pipeline.scores(micros(as_of))

    kpis = {key: score.kpis for key, score in scores.items()}
    truth = expected(file, as_of=as_of, timezone=zone)
    assert differences(truth, kpis) == []
    assert wrong_priors(truth, kpis) == []


def wrong_priors(truth: list[Expected], kpis: Mapping[Key, Mapping[str, Figures]]) -> list[str]:
    """Where a branch leans on anything but the rest of the company, by the oracle's figures."""
    known = {(each.level, each.entity, each.window, each.kpi): each for each in truth}
    wrong = []
    for (level, entity, window), figures in kpis.items():
        for kpi in BUILT_IN.shrunk[Level.BRANCH, Window(window)] if level == "branch" else ():
            own = known[level, entity, window, kpi.id]
            whole = known["company", "company", window, kpi.id]
            n = (whole.denominator or 0) - (own.denominator or 0)
            rest = float((whole.numerator - own.numerator) / n) if n else None
            if figures[kpi.id]["prior"] != rest:
                wrong.append(f"{entity} {window} {kpi.id}: {figures[kpi.id]['prior']}, not {rest}")
    return wrong
