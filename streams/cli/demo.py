"""`salesbell demo`."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import tempfile
import webbrowser
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from streams import topics
from streams.cli.console import err, fail, load_settings, plainly
from streams.clock import Clock
from streams.demo.floor import Floor
from streams.demo.incident import incident
from streams.demo.traffic import DEFAULT_SPEED, produce
from streams.embedded import embedded_broker, spared
from streams.names import Names
from streams.plugins import load_catalogue
from streams.processes import end, start
from streams.watch import watch
from streams.workers import Workers, environment, workers

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Coroutine, Iterator

    from streams.demo.incident import Incident
    from streams.settings import Settings

_PARTITIONS = 4
#: The embedded broker keeps in memory what was written, until it compacts: scores come less often.
_PUBLISH_SECONDS = 1.0
#: Minutes here are days of a real floor: the alarm looks more often.
_ALARM_SECONDS = 2.0
#: The watermark is some ten commits old: here some seconds, and ten on a busy machine.
_COMMIT_SECONDS, _ALARM_PATIENCE_SECONDS = 0.25, 20.0
_POLL = 0.2
_HOST = "127.0.0.1"


@dataclass(frozen=True)
class Show:
    """What the demo shows.

    Attributes:
        port: TCP port of the wallboard.
        browser: Whether a browser is opened on it.
        rate: Live events per second.
        speed: How much faster than in life leads convert.
        history: Days of past traffic.
        seconds: When it ends by itself; None for never.
        incident: How many seconds a channel's leads are still not reached; None if they are.
    """

    port: int
    browser: bool
    rate: float
    speed: float
    history: int
    seconds: float | None
    incident: float | None


def demo(  # noqa: PLR0913
    *,
    executives: Annotated[int, typer.Option(min=1, max=2000, help="Size of the floor.")] = 60,
    rate: Annotated[float, typer.Option(min=0.1, max=2000, help="Live events per second.")] = 20,
    speed: Annotated[
        float, typer.Option(min=1, help="How much faster than in life leads convert.")
    ] = DEFAULT_SPEED,
    history: Annotated[int, typer.Option(min=0, max=400, help="Days of past traffic.")] = 45,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port of the wallboard.")] = 8000,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Open no browser, even where there is a screen.")
    ] = False,
    seed: Annotated[int, typer.Option(help="Another seed is another floor.")] = 7,
    seconds: Annotated[float | None, typer.Option(min=1, help="End after so many seconds.")] = None,
    incident: Annotated[
        bool,
        typer.Option(
            "--incident",
            help="A channel loses its leads; an alert fires, and resolves.",
        ),
    ] = False,
    incident_seconds: Annotated[
        float, typer.Option(min=1, help="Seconds until the incident is over.")
    ] = 180,
    data_dir: Annotated[
        Path | None, typer.Option(help="Where data is kept; default a directory that is removed.")
    ] = None,
) -> None:
    """Show a floor at work: a broker, traffic, a worker, the wallboard and a leaderboard.

    Ctrl-C ends it; no process and, without --data-dir, no file is left behind.
    """
    settings = load_settings()
    floor = Floor(settings.calendar, settings.currency, executives, seed)
    lasts = incident_seconds if incident else None
    show = Show(port, not no_browser, rate, speed, history, seconds, lasts)
    with plainly(), _directory(data_dir) as directory:
        load_catalogue(settings)
        _check_free(port)
        asyncio.run(_run(settings, floor, show, directory, kept=data_dir is not None))


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


async def _run(base: Settings, floor: Floor, show: Show, directory: Path, *, kept: bool) -> None:
    stop = _stopped_by_signals(show.seconds)
    async with embedded_broker(directory, kept=kept) as address:
        own = {
            "broker": address,
            "partitions": _PARTITIONS,
            "publish_interval": _PUBLISH_SECONDS,
            "alarm_interval": _ALARM_SECONDS,
            "alarm_patience": _ALARM_PATIENCE_SECONDS,
            "commit_interval": _COMMIT_SECONDS,
            "api_port": show.port,
        }
        settings = base.model_copy(update=own)
        await topics.create(settings, spared(topics.required(settings, Names(settings.prefix))))
        _welcome(settings, directory, browser=show.browser)
        broken = None
        if show.incident is not None:
            broken = incident(floor, Clock().now(), show.incident)
        traffic = produce(
            settings,
            floor,
            rate=show.rate,
            speed=show.speed,
            history_days=show.history,
            stop=stop,
            incident=broken,
        )
        async with (
            workers(settings, 1, directory) as running,
            _wallboard(settings, directory),
            _background(traffic, _leaderboard(settings, broken, floor)) as tasks,
        ):
            await _until_stopped(stop, tasks, running)


def _check_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_HOST, port))
        except OSError:
            fail(f"port {port} of this machine is taken: name another one with --port")


def _welcome(settings: Settings, directory: Path, *, browser: bool) -> None:
    url = _url(settings)
    variables = f"SALESBELL_BROKER={settings.broker} SALESBELL_PARTITIONS={_PARTITIONS}"
    err.print(
        f"The wallboard: {url}   Logs: {directory}\n"
        f"Another terminal can join in with\n  {variables} salesbell watch",
        highlight=False,
        soft_wrap=True,
    )
    screen = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if browser and screen and sys.stdout.isatty():
        webbrowser.open(url)


def _leaderboard(
    settings: Settings, broken: Incident | None, floor: Floor
) -> Coroutine[object, object, object]:
    # The leaderboard hides the welcome, and this is what is needed of it while it runs.
    source = f"wallboard {_url(settings)}, broker {settings.broker}, Ctrl-C ends it"
    return watch(settings, news=lambda: _news(broken, floor), source=source)


def _url(settings: Settings) -> str:
    return f"http://{_HOST}:{settings.api_port}/"


def _news(broken: Incident | None, floor: Floor) -> str | None:
    return broken.news(Clock().now(), floor.calendar) if broken is not None else None


@asynccontextmanager
async def _wallboard(settings: Settings, directory: Path) -> AsyncIterator[None]:
    """The API and its wallboard, in a process of its own."""
    process = start(
        [sys.executable, "-m", "streams.cli", "api"],
        directory / "api.log",
        {**os.environ, **environment(settings)},
    )
    try:
        yield
    finally:
        await asyncio.to_thread(end, process)


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
