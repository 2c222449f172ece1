"""Branches that work by calendars of their own, through the whole pipeline."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.comparison import differences
from tests.e2e.conftest import figures, salesbell
from tests.oracle import branches, generator
from tests.oracle.oracle import expected

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_replay_equals_the_oracle_where_branches_have_their_own_calendars(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording = generator.write(tmp_path / "history.jsonl", generator.history(7, 600))
    output, as_of = tmp_path / "scores.jsonl", generator.AS_OFS[0]
    own = json.dumps(branches.settings(), default=str)
    monkeypatch.setenv("SALESBELL_BRANCHES", own)

    done = salesbell(
        "replay", str(recording), "--as-of", as_of.isoformat(), "--output", str(output)
    )

    assert done.returncode == 0, done.stderr
    wanted = expected(recording, as_of=as_of, branches=branches.BRANCHES)
    assert wanted != expected(recording, as_of=as_of)
    assert differences(wanted, figures(output)) == []
