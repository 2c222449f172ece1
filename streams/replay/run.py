"""Runs a replay: a broker, fresh topics, workers, the recording in, the scores out."""

from __future__ import annotations

import asyncio
import tempfile
import time
import uuid
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from aiokafka import AIOKafkaProducer

from scoring.calendar import micros, moment
from streams import topics
from streams.broker import client_options
from streams.embedded import embedded_broker
from streams.frames import partition_of
from streams.names import Names
from streams.progress import Progress, gauge
from streams.replay import results
from streams.replay.accounts import Accounts, settle
from streams.replay.alerts import NOTHING_FOUND, Findings, backtest
from streams.replay.drain import drained
from streams.settings import Settings
from streams.workers import Workers, workers

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence

    from scoring.alerting.remarks import Declared
    from scoring.score import Score
    from streams.replay.recording import Recording

_PARTITIONS = 4
_IN_FLIGHT = 5_000
_REFERENCE_SECONDS = 60.0
_POLL = 0.1
#: Windows must lie within the years of the calendar; an event beyond is from the future.
_LAST = datetime(9998, 12, 31, tzinfo=UTC)


class ReplayError(RuntimeError):
    """A replay did not come to its end; the message says where."""


@dataclass(frozen=True)
class Plan:
    """What to replay, and how.

    Attributes:
        recording: The events.
        as_of: The moment that places the windows; None for the latest event time.
        timezone: Business time zone.
        currency: The company's currency.
        broker: A broker to use; None for the embedded one.
        workers: How many worker processes.
        catalogue_files: Files with further KPIs.
        alerts: Whether to tell the alerts that the history would have brought.
        declared: Changes that people declared, which those alerts are to know of.
    """

    recording: Recording
    as_of: datetime | None
    timezone: str
    currency: str
    broker: str | None
    workers: int
    catalogue_files: tuple[Path, ...] = ()
    alerts: bool = False
    declared: Sequence[Declared] = ()


@dataclass(frozen=True)
class Outcome:
    """What came out.

    Attributes:
        scores: The newest score of every entity and window.
        accounts: What became of every record.
        seconds: From the first record sent to the last acknowledged.
        findings: The alerts that the history would have brought, if they were asked for.
    """

    scores: list[Score]
    accounts: Accounts
    seconds: float
    findings: Findings


async def replay(
    plan: Plan,
    on_progress: Callable[[Progress], None],
    on_workers: Callable[[Workers], None] = lambda _workers: None,
) -> Outcome:
    """Replay a recording.

    Args:
        plan: What and how.
        on_progress: Told of the progress again and again.
        on_workers: Given the workers once they run.

    Raises:
        ReplayError: If there is nothing to replay, or the scores do not become final.
        WorkerError: If workers fail again and again.
    """
    async with AsyncExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="salesbell-")))
        broker = plan.broker
        if broker is None:
            broker = await stack.enter_async_context(embedded_broker(directory))
        settings = _settings(plan, broker)
        names = Names(settings.prefix)
        await stack.enter_async_context(_fresh_topics(settings, names))
        async with workers(settings, plan.workers, directory) as running:
            on_workers(running)
            began = time.monotonic()
            await send(plan.recording, settings, names)
            async with gauge(settings, names) as measure:
                await drained(measure, on_progress, running.check)
                seconds = time.monotonic() - began
                await _whole_reference(settings, names, running)
                # What executives said on the whole reference may be on its way to their parents.
                await drained(measure, on_progress, running.check)
                await _whole_reference(settings, names, running)
            scores = await results.newest(settings, names)
        accounts = await settle(settings, names, len(plan.recording.lines), running.logs)
        found = await _findings(settings, names, plan.declared) if plan.alerts else NOTHING_FOUND
        return Outcome(scores, accounts, seconds, found)


async def _findings(settings: Settings, names: Names, declared: Sequence[Declared]) -> Findings:
    reference = await results.reference_of(settings, names)
    return await backtest(settings, names, reference, declared)


def _settings(plan: Plan, broker: str) -> Settings:
    if plan.recording.latest is None:
        first = f"; {plan.recording.refused}" if plan.recording.refused is not None else ""
        raise ReplayError(f"the recording holds no valid event: there is nothing to score{first}")
    latest = moment(min(plan.recording.latest, micros(_LAST)))
    as_of = plan.as_of or latest
    return Settings(
        broker=broker,
        prefix=f"replay-{uuid.uuid4().hex[:12]}",
        partitions=max(_PARTITIONS, plan.workers),
        timezone=plan.timezone,
        currency=plan.currency,
        as_of=as_of,
        clock=max(as_of, latest),
        commit_interval=0.25,
        norm_interval=0,
        catalogue_files=plan.catalogue_files,
    )


@asynccontextmanager
async def _fresh_topics(settings: Settings, names: Names) -> AsyncIterator[None]:
    wanted = topics.required(settings, names)
    await topics.create(settings, wanted)
    try:
        yield
    finally:
        async with topics.admin(settings) as client:
            await client.delete_topics([topic.name for topic in wanted])


async def send(recording: Recording, settings: Settings, names: Names) -> None:
    """Send a recording to its topics; returns when the broker has all of it."""
    producer = AIOKafkaProducer(
        acks="all", enable_idempotence=True, linger_ms=5, **client_options(settings)
    )
    await producer.start()
    pending: list[asyncio.Future[object]] = []
    try:
        for line in recording.lines:
            home = partition_of((line.key or b"").hex(), settings.partitions)
            topic = names.sources[line.family]
            pending.append(await producer.send(topic, line.value, key=line.key, partition=home))
            if len(pending) >= _IN_FLIGHT:
                await asyncio.gather(*pending)
                pending.clear()
        await asyncio.gather(*pending)
    finally:
        await producer.stop()


async def _whole_reference(settings: Settings, names: Names, running: Workers) -> None:
    """Wait until every score was evaluated against the whole reference."""
    deadline = time.monotonic() + _REFERENCE_SECONDS
    while True:
        running.check()
        # Scores first: the norms on which those that are final depend are then in the reference.
        scores = await results.newest(settings, names)
        reference = await results.reference_of(settings, names)
        stale = results.stale(scores, reference)
        if not stale:
            return
        if time.monotonic() > deadline:
            raise ReplayError(
                f"{len(stale)} of {len(scores)} scores were not evaluated against the latest "
                f"reference within {_REFERENCE_SECONDS:.0f} s: read the workers' logs"
            )
        await asyncio.sleep(_POLL)
