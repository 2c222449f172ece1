"""Where a worker serves its metrics, and what it says when it cannot."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
from typing import TYPE_CHECKING

import httpx
import pytest

from streams.application import application
from streams.meter import Meter
from streams.metrics.server import served
from streams.metrics.stages import WorkerCollector
from streams.names import Names
from streams.serving import ListenError
from streams.settings import Settings
from streams.workers import COMMAND, environment
from tests.feed.scores import topics_of
from tests.services.service import free_port

if TYPE_CHECKING:
    from tests.services.embedded import Embedded


def collector(settings: Settings) -> WorkerCollector:
    """The collector of a worker that has not started."""
    names = Names(settings.prefix)
    return WorkerCollector(application(settings, names), Meter(), names.sources.values())


async def test_without_a_port_nothing_listens() -> None:
    settings = Settings()
    async with served(settings, collector(settings)):
        tasks = asyncio.all_tasks()
    assert len(tasks) == 1, "the test's own"


async def test_before_it_has_started_it_answers_without_a_lag() -> None:
    settings = Settings(metrics_port=free_port())
    async with served(settings, collector(settings)), httpx.AsyncClient(timeout=30) as client:
        url = f"http://127.0.0.1:{settings.metrics_port}"
        async with asyncio.timeout(30):
            while not await answers(client, url):
                await asyncio.sleep(0.02)
        text = (await client.get(f"{url}/metrics")).text
        assert (await client.get(url)).status_code == 404
    assert 'salesbell_events_total{topic="salesbell.leads"} 0.0' in text
    assert "salesbell_consumer_lag_records{" not in text


async def answers(client: httpx.AsyncClient, url: str) -> bool:
    try:
        return (await client.get(f"{url}/metrics")).is_success
    except httpx.TransportError:
        return False


async def test_a_port_that_is_taken_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        settings = Settings(metrics_port=other.getsockname()[1])
        with pytest.raises(ListenError, match=r"SALESBELL_METRICS_HOST.*SALESBELL_METRICS_PORT"):
            async with served(settings, collector(settings)):
                pass


async def test_a_worker_whose_port_is_taken_ends_and_says_so(
    embedded_broker: Embedded, prefix: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        settings = Settings(
            broker=embedded_broker.bootstrap,
            prefix=prefix,
            partitions=1,
            metrics_port=other.getsockname()[1],
        )
        await topics_of(settings)
        done = await asyncio.to_thread(
            subprocess.run,
            COMMAND,
            env={**os.environ, **environment(settings)},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    assert done.returncode == 1
    assert "set SALESBELL_METRICS_HOST and SALESBELL_METRICS_PORT" in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
