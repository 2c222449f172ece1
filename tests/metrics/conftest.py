"""A real run that a real Prometheus scrapes: the worked example through a worker to the API."""

from __future__ import annotations

import asyncio
import os
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import httpx
import pytest

from streams.names import Names
from streams.processes import end, start
from streams.progress import gauge
from streams.replay import results
from streams.replay.drain import drained
from streams.replay.recording import read
from streams.replay.run import send
from streams.settings import Settings
from streams.topics import create, required
from streams.workers import COMMAND, environment
from tests.services import waiting
from tests.services.prometheus import Prometheus
from tests.services.service import free_port

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.services.kafka import Kafka

EXAMPLE = Path(__file__).resolve().parents[1] / "oracle" / "worked_example" / "events.jsonl"
EVENTS = len(EXAMPLE.read_text().splitlines())
AS_OF = datetime.fromisoformat("2026-03-24T18:00:00+05:30")
DEADLINE = 90.0
POLL = 0.1
CONFIGURATION = """\
global: {{scrape_interval: 1s}}
scrape_configs:
  - job_name: salesbell-worker
    static_configs: [{{targets: ["127.0.0.1:{worker}"]}}]
  - job_name: salesbell-api
    static_configs: [{{targets: ["127.0.0.1:{api}"]}}]
"""


@dataclass(frozen=True)
class Run:
    """A deployment that has taken in the worked example, and its Prometheus."""

    worker: str
    api: str
    prometheus: Prometheus


@pytest.fixture(scope="session")
def run(apache_kafka: Kafka, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """The run; everything is scraped before the first event, so that counters are seen to step."""
    directory = tmp_path_factory.mktemp("metrics")
    settings = Settings(
        broker=apache_kafka.bootstrap,
        prefix=f"metrics-{uuid4().hex[:8]}",
        partitions=2,
        as_of=AS_OF,
        clock=AS_OF,
        commit_interval=0.25,
        norm_interval=0,
        api_port=free_port(),
        metrics_port=free_port(),
    )
    assert settings.metrics_port is not None
    names = Names(settings.prefix)
    asyncio.run(create(settings, required(settings, names)))
    text = CONFIGURATION.format(worker=settings.metrics_port, api=settings.api_port)
    with _processes(settings, directory), Prometheus(directory / "prometheus", text) as prometheus:
        seen(prometheus, "sum(salesbell_feed_ready) + sum(salesbell_table_keys) == 1")
        seen(prometheus, "count(salesbell_consumer_lag_records) > 0")
        asyncio.run(_replay(settings, names))
        seen(prometheus, f"sum(salesbell_events_total) == {EVENTS}")
        yield Run(
            f"http://127.0.0.1:{settings.metrics_port}",
            f"http://127.0.0.1:{settings.api_port}",
            prometheus,
        )


@contextmanager
def _processes(settings: Settings, directory: Path) -> Iterator[None]:
    variables = {**os.environ, **environment(settings)}
    api = [sys.executable, "-m", "streams.cli", "api"]
    started = [
        start(COMMAND, directory / "worker.log", variables),
        start(api, directory / "api.log", variables),
    ]
    try:
        yield
    finally:
        for process in started:
            end(process)


async def _replay(settings: Settings, names: Names) -> None:
    await send(read([EXAMPLE]), settings, names)
    async with asyncio.timeout(DEADLINE), gauge(settings, names) as measure:
        await drained(measure, lambda _progress: None, lambda: None)
        while results.stale(
            await results.newest(settings, names), await results.reference_of(settings, names)
        ):
            await asyncio.sleep(POLL)


def seen(prometheus: Prometheus, expression: str) -> None:
    """Wait until a query finds something."""
    until(lambda: bool(prometheus.query(expression)), expression)


def until(holds: Callable[[], bool], what: str) -> None:
    """Wait until a condition holds."""
    waiting.until(holds, what, DEADLINE)


def scraped(url: str) -> str:
    """What `/metrics` says."""
    return httpx.get(f"{url}/metrics").raise_for_status().text
