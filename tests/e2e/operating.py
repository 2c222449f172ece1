"""What an operator has: settings, commands, workers, and events to send."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import sys
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from aiokafka import AIOKafkaProducer

from streams import topics
from streams.broker import client_options
from streams.names import Names
from streams.progress import gauge
from streams.replay import results
from streams.replay.accounts import Accounts, settle
from streams.settings import Settings
from streams.workers import environment
from tests.e2e.conftest import salesbell

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import pytest

DEADLINE = 60.0
POLL = 0.1
VOLUME = "sales_targets.sales_volume"


class Deployment:
    """Settings in the environment of every command, and workers that write to one log."""

    def __init__(
        self, broker: str, prefix: str, directory: Path, patch: pytest.MonkeyPatch
    ) -> None:
        self._patch = patch
        self.log = directory / "worker.log"
        self.log.touch()
        self.set(Settings(broker=broker, prefix=prefix, partitions=2, commit_interval=0.2))

    def set(self, settings: Settings) -> None:
        self.settings = settings
        self.names = Names(settings.prefix)
        for name, value in environment(settings).items():
            self._patch.setenv(name, value)

    def change(self, **settings: Any) -> None:
        self.set(self.settings.model_copy(update=settings))

    def required(self) -> dict[str, topics.Topic]:
        return {topic.name: topic for topic in topics.required(self.settings, self.names)}

    async def create(self, *changed: topics.Topic, without: str | None = None) -> None:
        wanted = {**self.required(), **{topic.name: topic for topic in changed}}
        wanted.pop(without or "", None)
        await topics.create(self.settings, wanted.values())

    async def send(self, family: str, *values: bytes) -> None:
        async with AIOKafkaProducer(acks="all", **client_options(self.settings)) as producer:
            for value in values:
                await producer.send_and_wait(self.names.sources[family], value, partition=0)

    @contextmanager
    def worker(self) -> Iterator[subprocess.Popen[bytes]]:
        """`salesbell worker`, ended in order."""
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "streams.cli", "worker"],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)

    def logged(self, event: str) -> list[dict[str, Any]]:
        lines = [json.loads(x) for x in self.log.read_text().splitlines() if x.startswith("{")]
        return [line for line in lines if line["event"] == event]

    async def until(self, condition: Callable[[], object]) -> None:
        async with asyncio.timeout(DEADLINE):
            while not condition():
                await asyncio.sleep(POLL)

    async def drained(self, process: subprocess.Popen[bytes]) -> None:
        async with gauge(self.settings, self.names) as measure, asyncio.timeout(DEADLINE):
            while not (await measure.progress()).drained:
                assert process.poll() is None, self.log.read_text()
                await asyncio.sleep(POLL)

    async def accounts(self, sent: int) -> Accounts:
        return await settle(self.settings, self.names, sent, [])

    async def volume(self) -> object:
        scores = await results.newest(self.settings, self.names)
        return {(s.key, s.window): s for s in scores}["company:company", "month"].kpis[VOLUME][
            "value"
        ]


def event(number: int, kind: str, **data: Any) -> bytes:
    now = datetime.now(UTC).isoformat()
    attributes = {"specversion": "1.0", "id": f"ev-{number}", "source": "/crm", "time": now}
    return json.dumps({**attributes, "type": kind, "data": data}).encode()


def sale(number: int, currency: str = "INR") -> bytes:
    people = {"customer_id": f"C-{number}", "executive_id": "E-1"}
    loan = {"loan_id": f"LN-{number}", "amount": 100, "currency": currency}
    return event(number, "sale.disbursed", **people, **loan)


def lead(number: int) -> bytes:
    return event(number, "lead.created", lead_id="L-1", channel="web", executive_id=f"E-{number}")


def words(text: str) -> str:
    """The text without its line breaks."""
    return " ".join(text.split())


async def call(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command while the test's own clients go on."""
    done = await asyncio.to_thread(salesbell, *arguments)
    assert "Traceback" not in done.stderr + done.stdout, done.stderr
    return done
