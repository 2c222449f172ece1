"""What end-to-end tests share: the command line, and how to read what it writes."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tests.comparison import Figures, Key


def doubled(recording: Path, seed: int) -> Path:
    """The recording with every line twice, the copies far from the originals."""
    lines = recording.read_bytes().splitlines(keepends=True)
    copies = lines.copy()
    random.Random(seed).shuffle(copies)  # noqa: S311
    twice = recording.with_name(f"doubled-{seed}.jsonl")
    twice.write_bytes(b"".join(lines + copies))
    return twice


def salesbell(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command line to its end."""
    return subprocess.run(
        [sys.executable, "-m", "streams.cli", *arguments],
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


def summary(output: str) -> dict[str, str]:
    """The lines of a replay's summary, by their names."""
    lines = [line.split("  ", 1) for line in output.splitlines() if "  " in line.strip()]
    return {line[0].strip(): line[1].strip() for line in lines if len(line) > 1}


def figures(file: Path) -> dict[Key, dict[str, Figures]]:
    """A replay's output: figures by KPI, by (level, entity, window)."""
    scores = [json.loads(line) for line in file.read_text().splitlines()]
    return {(s["level"], s["entity"], s["window"]): s["kpis"] for s in scores}
