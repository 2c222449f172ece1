"""Workers killed while executives are judged: what their teams hear in the end is the same."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING

from streams.replay.recording import read
from streams.replay.run import Plan, replay
from tests.e2e.test_reports import AS_OF, in_memory, story
from tests.faults.test_kill import KILLS, Killer

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from tests.services.kafka import Kafka


async def test_five_kills_change_no_verdict(
    tmp_path: Path, apache_kafka: Kafka, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SALESBELL_SESSION_TIMEOUT", "3")
    monkeypatch.setenv("SALESBELL_BATCH_RECORDS", "20")
    recording = tmp_path / "reports.jsonl"
    recording.write_text("".join(json.dumps(event) + "\n" for event in story(11)))
    killer = Killer()
    as_of = datetime.fromisoformat(AS_OF)
    plan = Plan(read([recording]), as_of, "Asia/Kolkata", "INR", apache_kafka.bootstrap, workers=2)

    outcome = await replay(plan, killer.look, killer.meet)

    assert len(killer.killed) == KILLS
    assert outcome.accounts.balanced, outcome.accounts
    expected = in_memory(recording)
    kpis = {(score.level, score.entity, score.window): score.kpis for score in outcome.scores}
    assert kpis.keys() == expected.keys()
    assert [key for key in kpis if json.dumps(kpis[key]) != json.dumps(expected[key])] == []
