"""The worker: one process, one core, some partitions of everything.

It waits for a broker and topics that are as they must be, runs the topology, and ends with
exit code 0 when asked to, 1 when something failed; a supervisor starts it again.
"""

from __future__ import annotations

import asyncio
import signal
from typing import TYPE_CHECKING

import structlog
from aiokafka.errors import KafkaError

from streams import positions, topics, topology
from streams.metrics.server import served
from streams.metrics.stages import WorkerCollector
from streams.names import Names
from streams.serving import ListenError

if TYPE_CHECKING:
    import faust

    from streams.settings import Settings

log = structlog.get_logger()

_FIRST_DELAY = 1.0
_LONGEST_DELAY = 30.0
_LEAST_PATIENCE = 30.0
_PATIENCE_SESSIONS = 6


class JoinError(RuntimeError):
    """The consumer group did not give this worker a place."""


async def run(settings: Settings) -> int:
    """Run a worker until it is told to stop or fails.

    Returns:
        The process's exit code.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for signum in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(signum, stop.set)
    if not await _await_topics(settings, stop):
        return 0
    built = topology.build(settings)
    sources = Names(settings.prefix).sources.values()
    failure: BaseException | None
    try:
        async with served(settings, WorkerCollector(built.app, built.meter, sources)):
            failure = await _serve(built.app, settings, stop)
    except ListenError as error:
        failure = error
    if failure is not None:
        log.error("worker failed", error=str(failure), kind=type(failure).__name__)
    log.info("worker stopped", **built.meter.summary())
    return 1 if failure is not None else 0


async def _serve(app: faust.App, settings: Settings, stop: asyncio.Event) -> BaseException | None:
    """Run the application until told to stop; why it failed, if it did."""
    joined = asyncio.Event()
    app.on_partitions_assigned.connect(lambda *_, **__: joined.set(), weak=False)
    running = asyncio.create_task(_run(app, settings, joined))
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
    failure = running.exception() if running.done() else None
    for task in (running, stopping):
        task.cancel()
    try:
        await asyncio.wait_for(app.stop(), settings.session_timeout)
    except TimeoutError:
        log.warning("the application did not stop in time; what it held is read again")
    return failure or app.crash_reason


async def _run(app: faust.App, settings: Settings, joined: asyncio.Event) -> None:
    await app.start()
    log.info("worker started", broker=settings.broker, group=settings.prefix)
    patience = max(_LEAST_PATIENCE, settings.session_timeout * _PATIENCE_SESSIONS)
    try:
        await asyncio.wait_for(joined.wait(), patience)
    except TimeoutError as error:
        raise JoinError(
            f"the group {settings.prefix} did not let this worker in within {patience:.0f} s: read "
            "the lines above, and compare SALESBELL_SESSION_TIMEOUT with the broker's "
            "group.min.session.timeout.ms and group.max.session.timeout.ms"
        ) from error
    await app.wait_until_stopped()


async def _await_topics(settings: Settings, stop: asyncio.Event) -> bool:
    """Wait, with growing patience, until the topics are right; False if told to stop."""
    wanted = topics.required(settings, Names(settings.prefix))
    delay = _FIRST_DELAY
    while not stop.is_set():
        problems = await _problems(settings, wanted)
        if not problems:
            return True
        for problem in problems:
            log.warning("not ready", problem=problem, retry_in_seconds=delay)
        try:
            await asyncio.wait_for(stop.wait(), delay)
        except TimeoutError:
            delay = min(delay * 2, _LONGEST_DELAY)
    return False


async def _problems(settings: Settings, wanted: tuple[topics.Topic, ...]) -> list[str]:
    try:
        problems = await topics.verify(settings, wanted)
        again = [] if problems else await positions.recreated(settings, Names(settings.prefix))
        return problems + [positions.problem(partition) for partition in again]
    except (KafkaError, OSError) as error:
        return [
            f"no broker answers at {settings.broker} ({error}): start it, or set SALESBELL_BROKER"
        ]
