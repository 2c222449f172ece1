"""The whole of Salesbell: every KPI, level and window, exact, from sources to scores.

One worker process reads the same events from its source topics, which are filled before it
starts. The clock runs from the first record taken in until nothing is under way anywhere.
"""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from bench.events import load_events
from streams import topics
from streams.names import Names
from streams.progress import gauge
from streams.replay import results
from streams.replay.recording import Line, Recording
from streams.replay.run import send
from streams.settings import Settings
from streams.workers import workers

if TYPE_CHECKING:
    from streams.progress import Gauge

_AS_OF = datetime(2026, 3, 2, 18, tzinfo=UTC)
_POLL = 0.02


def run(bootstrap: str, topic: str, events: int) -> float:
    """Score the events; see `Contender`. They are sent anew: each family has its own topic."""
    del topic
    return asyncio.run(_run(bootstrap, events))


async def _run(bootstrap: str, events: int) -> float:
    settings = Settings(
        broker=bootstrap,
        prefix=f"bench-pipeline-{time.time_ns()}",
        partitions=4,
        as_of=_AS_OF,
        clock=_AS_OF,
        commit_interval=0.1,
        batch_records=10_000,
    )
    names = Names(settings.prefix)
    await topics.create(settings, topics.required(settings, names))
    await send(_recording(events), settings, names)
    with TemporaryDirectory() as directory:
        async with workers(settings, 1, Path(directory)), gauge(settings, names) as measure:
            seconds = await _seconds(measure)
    await _check(settings, names, events)
    return events / seconds


def _recording(events: int) -> Recording:
    lines = [
        Line("sales" if b"sale.disbursed" in event.value else "leads", event.key, event.value)
        for event in load_events(events)
    ]
    return Recording(lines, None)


async def _seconds(measure: Gauge) -> float:
    while not (await measure.progress()).records:
        await asyncio.sleep(_POLL)
    began = time.perf_counter()
    while not (await measure.progress()).drained:
        await asyncio.sleep(_POLL)
    return time.perf_counter() - began


async def _check(settings: Settings, names: Names, events: int) -> None:
    scores = await results.newest(settings, names)
    company = next(s for s in scores if s.level == "company" and s.window == "day")
    leads = company.kpis["sales_targets.conversion_rate"]["denominator"]
    sales = company.kpis["sales_targets.sales_volume"]["n"]
    if leads + sales != events:  # type: ignore[operator]
        raise ValueError(f"scored {leads} leads and {sales} sales of {events} events: void")
