"""A deployment of one test: topics, events in, worker processes, and what came out."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from scoring.calendar import micros
from streams import topics
from streams.cloudevents import decode
from streams.names import Names
from streams.progress import gauge
from streams.reading import records
from streams.replay import results
from streams.replay.accounts import Accounts, settle
from streams.replay.recording import Line, Recording, read
from streams.replay.run import send
from streams.settings import Settings
from streams.workers import environment
from tests.oracle import generator
from tests.pipeline import Pipeline
from tests.scoring.test_histories import targets

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: Figures by KPI, by (level, entity, window).
Kpis = dict[tuple[str, str, str], dict[str, Any]]

PATIENCE = 90.0
POLL = 0.1


@dataclass(frozen=True)
class Outcome:
    """What a deployment ended with, and whether every event is accounted for."""

    kpis: Kpis
    accounts: Accounts


class Deployment:
    """Topics under a prefix of their own, with a hard history in them."""

    def __init__(self, bootstrap: str, prefix: str, directory: Path, seed: int = 5) -> None:
        self.as_of = generator.AS_OFS[0]
        file = directory / "history.jsonl"
        history = [*generator.history(seed, 150), *targets(seed)]
        generator.write(file, history, generator.malformed(seed))
        self.recording: Recording = read([file])
        self.settings = Settings(
            broker=bootstrap,
            prefix=prefix,
            partitions=2,
            as_of=self.as_of,
            clock=self.as_of,
            session_timeout=3,
            commit_interval=0.2,
            norm_interval=0,
        )
        self.names = Names(prefix)
        self._log = directory / "worker.log"

    def append(self, last: generator.Event) -> None:
        """One more event at the end of the history."""
        value = msgspec.json.encode(last)
        family = decode(value, ()).data.family
        self.recording.lines.append(Line(family, last["subject"].encode(), value))

    def truth(self) -> Kpis:
        """The figures that the pure core finds."""
        pipeline = Pipeline(self.settings)
        moment = micros(self.as_of)
        pipeline.lines((line.value for line in self.recording.lines), moment)
        return {key: dict(score.kpis) for key, score in pipeline.scores(moment).items()}

    async def fill(self, part: slice = slice(None)) -> None:
        """Create the topics, if they are not there, and send the history or a part of it."""
        await topics.create(self.settings, topics.required(self.settings, self.names))
        lines = Recording(self.recording.lines[part], self.recording.latest)
        await send(lines, self.settings, self.names)

    @contextmanager
    def worker(self, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
        """A worker process, ended in order when the block ends."""
        with self._log.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.worker", *arguments],
                env={**os.environ, **environment(self.settings)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        try:
            yield process
        finally:
            process.terminate()
            process.wait(30)

    async def drained(self, process: subprocess.Popen[bytes]) -> bool:
        """Wait until nothing is under way and scores are final, True, or the worker has ended."""
        async with gauge(self.settings, self.names) as measure, asyncio.timeout(PATIENCE):
            while process.poll() is None:
                if (await measure.progress()).drained and await self._final():
                    return True
                await asyncio.sleep(POLL)
        return False

    async def _final(self) -> bool:
        """Whether every score was evaluated against all that the reference says."""
        scores = await results.newest(self.settings, self.names)
        return not results.stale(scores, await results.reference_of(self.settings, self.names))

    async def rescored(self, process: subprocess.Popen[bytes]) -> None:
        """Wait until a worker that just started has published every score once more."""
        before = await self._scores_published()
        known = len(await results.newest(self.settings, self.names))
        async with asyncio.timeout(PATIENCE):
            while await self._scores_published() < before + known:
                assert process.poll() is None, "the worker ended"
                await asyncio.sleep(POLL)

    async def published_last(self) -> Kpis:
        """The figures published last, whatever their versions."""
        last = {
            record.key: record.value async for record in records(self.settings, self.names.scores)
        }
        scores = [json.loads(value) for value in last.values() if value is not None]
        return {(s["level"], s["entity"], s["window"]): s["kpis"] for s in scores}

    async def _scores_published(self) -> int:
        return len([True async for _ in records(self.settings, self.names.scores)])

    async def outcome(self) -> Outcome:
        """What came out so far."""
        scores = await results.newest(self.settings, self.names)
        accounts = await settle(self.settings, self.names, len(self.recording.lines), [])
        return Outcome({(s.level, s.entity, s.window): s.kpis for s in scores}, accounts)
