"""Hard histories, one by one: python -m tests.scoring.histories [--first N] [--count N].

The tests hold the core to the oracle on the first ones; this goes on for as long as one likes.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import track

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
    from collections.abc import Mapping, Sequence

    from tests.comparison import Figures, Key
    from tests.oracle.oracle import Expected

ZONES = ("Asia/Kolkata", "Europe/Berlin", "America/New_York")


def differences_of(seed: int, directory: Path) -> Sequence[str]:
    """Where the core differs from the oracle on the history of a seed."""
    file = generator.write(
        directory / "history.jsonl",
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
    return differences(truth, kpis) + wrong_priors(truth, kpis)


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


def main() -> None:
    """Compare; end with 1 if any history differs."""
    parser = argparse.ArgumentParser(prog="python -m tests.scoring.histories", description=__doc__)
    parser.add_argument("--first", type=int, default=0, help="first seed (default: 0)")
    parser.add_argument("--count", type=int, default=5_000, help="how many (default: 5000)")
    options = parser.parse_args()
    console, differing = Console(), 0
    seeds = range(options.first, options.first + options.count)
    with TemporaryDirectory() as directory:
        for seed in track(seeds, "histories", console=Console(stderr=True)):
            found = differences_of(seed, Path(directory))
            for difference in found:
                console.print(f"seed {seed}: {difference}", highlight=False, markup=False)
            differing += bool(found)
    console.print(f"{len(seeds)} histories, {differing} differ")
    raise SystemExit(differing > 0)


if __name__ == "__main__":
    main()
