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
from streams.names import Names

if TYPE_CHECKING:
    import faust

    from streams.settings import Settings

log = structlog.get_logger()

_FIRST_DELAY = 1.0
_LONGEST_DELAY = 30.0


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
    app = built.app
    await app.start()
    log.info("worker started", broker=settings.broker, group=settings.prefix)
    await _until_stopped(app, stop)
    failure = app.crash_reason
    if failure is not None:
        log.error("worker failed", error=str(failure), kind=type(failure).__name__)
    await app.stop()
    log.info("worker stopped", **built.meter.summary())
    return 1 if failure is not None else 0


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


async def _until_stopped(app: faust.App, stop: asyncio.Event) -> None:
    stopping = asyncio.ensure_future(stop.wait())
    ended = asyncio.ensure_future(app.wait_until_stopped())
    await asyncio.wait({stopping, ended}, return_when=asyncio.FIRST_COMPLETED)
    for waiting in (stopping, ended):
        waiting.cancel()
