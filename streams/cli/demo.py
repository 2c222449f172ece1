"""`salesbell demo`."""

from __future__ import annotations

import asyncio
import signal
import tempfile
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from streams import topics
from streams.cli.console import err, fail, load_settings, plainly
from streams.demo.floor import Floor
from streams.demo.traffic import DEFAULT_SPEED, produce
from streams.embedded import embedded_broker
from streams.names import Names
from streams.watch import watch
from streams.workers import Workers, workers

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Coroutine, Iterator

    from streams.settings import Settings

_PARTITIONS = 4
_POLL = 0.2


@dataclass(frozen=True)
class Show:
    """What the demo shows.

    Attributes:
        rate: Live events per second.
        speed: How much faster than in life leads convert.
        history: Days of past traffic.
        seconds: When it ends by itself; None for never.
    """

    rate: float
    speed: float
    history: int
    seconds: float | None


def demo(
    *,
    executives: Annotated[int, typer.Option(min=1, max=2000, help="Size of the floor.")] = 60,
    rate: Annotated[float, typer.Option(min=0.1, max=2000, help="Live events per second.")] = 20,
    speed: Annotated[
        float, typer.Option(min=1, help="How much faster than in life leads convert.")
    ] = DEFAULT_SPEED,
    history: Annotated[int, typer.Option(min=0, max=400, help="Days of past traffic.")] = 45,
    seed: Annotated[int, typer.Option(help="Another seed is another floor.")] = 7,
    seconds: Annotated[float | None, typer.Option(min=1, help="End after so long.")] = None,
    data_dir: Annotated[
        Path | None, typer.Option(help="Where data is kept; default a directory that is removed.")
    ] = None,
) -> None:
    """Show a floor at work: a broker, traffic, a worker and a live leaderboard.

    Ctrl-C ends it; no process and, without --data-dir, no file is left behind.
    """
    settings = load_settings()
    floor = Floor(settings.calendar, settings.currency, executives, seed)
    with plainly(), _directory(data_dir) as directory:
        asyncio.run(_run(settings, floor, Show(rate, speed, history, seconds), directory))


@contextmanager
def _directory(chosen: Path | None) -> Iterator[Path]:
    if chosen is None:
        with tempfile.TemporaryDirectory(prefix="salesbell-demo-") as directory:
            yield Path(directory)
        return
    if chosen.exists() and any(chosen.iterdir()):
        fail(f"{chosen} is not empty: name a directory that is new or empty")
    chosen.mkdir(parents=True, exist_ok=True)
    yield chosen


async def _run(base: Settings, floor: Floor, show: Show, directory: Path) -> None:
    stop = _stopped_by_signals(show.seconds)
    async with embedded_broker(directory) as address:
        settings = base.model_copy(update={"broker": address, "partitions": _PARTITIONS})
        await topics.create(settings, topics.required(settings, Names(settings.prefix)))
        err.print(
            f"Broker at {address}, logs in {directory}. Another terminal can join in with\n"
            f"  SALESBELL_BROKER={address} SALESBELL_PARTITIONS={_PARTITIONS} salesbell watch",
            highlight=False,
        )
        async with (
            workers(settings, 1, directory) as running,
            _background(
                produce(
                    settings,
                    floor,
                    rate=show.rate,
                    speed=show.speed,
                    history_days=show.history,
                    stop=stop,
                ),
                watch(settings),
            ) as tasks,
        ):
            await _until_stopped(stop, tasks, running)


def _stopped_by_signals(seconds: float | None) -> asyncio.Event:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for signum in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(signum, stop.set)
    if seconds is not None:
        loop.call_later(seconds, stop.set)
    return stop


@asynccontextmanager
async def _background(
    *work: Coroutine[object, object, object],
) -> AsyncIterator[list[asyncio.Task[object]]]:
    tasks = [asyncio.create_task(each) for each in work]
    try:
        yield tasks
    finally:
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task


async def _until_stopped(
    stop: asyncio.Event, tasks: list[asyncio.Task[object]], running: Workers
) -> None:
    while not stop.is_set():
        running.check()
        for task in tasks:
            if task.done() and task.exception() is not None:
                await task
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), _POLL)
