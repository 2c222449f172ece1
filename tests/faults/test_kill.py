"""Workers killed again and again in one replay: the same scores, every event accounted for."""

from __future__ import annotations

import os
import signal
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from scoring.calendar import micros
from streams.replay.recording import read
from streams.replay.run import Plan, replay
from tests.comparison import differences
from tests.e2e.test_members import aims
from tests.oracle import generator
from tests.oracle.oracle import expected
from tests.pipeline import Pipeline

if TYPE_CHECKING:
    from pathlib import Path

    from streams.progress import Progress
    from streams.workers import Workers
    from tests.services.kafka import Kafka

AS_OF = datetime.fromisoformat("2017-12-31T18:00:00+05:30")
KILLS = 5
LINES = 6_000


class Killer:
    """Kills a worker each time that one has got something done since the last kill."""

    def __init__(self) -> None:
        self.killed: list[int] = []
        self._workers: Workers | None = None
        self._acknowledged = 0

    def meet(self, workers: Workers) -> None:
        self._workers = workers

    def look(self, progress: Progress) -> None:
        assert self._workers is not None
        alive = [pid for pid in self._workers.pids if pid not in self.killed]
        done = progress.records > self._acknowledged
        if alive and done and not progress.drained and len(self.killed) < KILLS:
            os.kill(alive[0], signal.SIGKILL)
            self.killed.append(alive[0])
            self._acknowledged = progress.records


@pytest.fixture
def recording(crm: Path, tmp_path: Path) -> Path:
    file = tmp_path / "crm.jsonl"
    file.write_bytes(b"".join(crm.read_bytes().splitlines(keepends=True)[:LINES]))
    return file


async def test_five_kills_change_nothing(
    recording: Path, apache_kafka: Kafka, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SALESBELL_SESSION_TIMEOUT", "3")
    # Small pieces of work and little in flight, so that there is something to kill five times.
    monkeypatch.setenv("SALESBELL_BATCH_RECORDS", "50")
    monkeypatch.setenv("SALESBELL_PARTITION_BYTES", "65536")
    killer = Killer()
    plan = Plan(read([recording]), AS_OF, "Asia/Kolkata", "INR", apache_kafka.bootstrap, workers=1)

    outcome = await replay(plan, killer.look, killer.meet)

    assert len(killer.killed) == KILLS
    assert outcome.accounts.balanced, outcome.accounts
    assert outcome.accounts.applied == LINES
    kpis = {(s.level, s.entity, s.window): s.kpis for s in outcome.scores}
    assert differences(expected(recording, as_of=AS_OF), kpis) == []


async def test_kills_leave_what_members_show_of_their_teams_exact(
    apache_kafka: Kafka, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SALESBELL_SESSION_TIMEOUT", "3")
    monkeypatch.setenv("SALESBELL_BATCH_RECORDS", "60")
    history = [*generator.history(12, 1200), *aims()]
    known = read([generator.write(tmp_path / "history.jsonl", history)])
    as_of = generator.AS_OFS[3]
    killer = Killer()
    plan = Plan(known.shuffled(12), as_of, "Asia/Kolkata", "INR", apache_kafka.bootstrap, workers=2)

    outcome = await replay(plan, killer.look, killer.meet)

    assert killer.killed
    assert known.latest is not None
    pipeline = Pipeline()
    pipeline.lines((line.value for line in known.lines), max(known.latest, micros(as_of)))
    truth = {key: score.kpis for key, score in pipeline.scores(micros(as_of)).items()}
    assert {(s.level, s.entity, s.window): s.kpis for s in outcome.scores} == truth
