"""`salesbell api`."""

from __future__ import annotations

import asyncio
import signal
from typing import Annotated

import typer

from streams.cli.console import configure_logging, fail, load_settings, plainly
from streams.plugins import load_catalogue
from streams.settings import Settings


def api(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="TCP port to listen on.")] = None,
) -> None:
    """Serve scores over HTTP, with a stream of changes, until told to stop."""
    settings = load_settings(api_host=host, api_port=port)
    configure_logging(client=False)
    with plainly(settings):
        asyncio.run(_serve(settings))


async def _serve(settings: Settings) -> None:
    from streams.api.server import ListenError, serve  # noqa: PLC0415  # Only this command needs it

    stop = asyncio.Event()
    for signum in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(signum, stop.set)
    try:
        await serve(settings, load_catalogue(settings), stop)
    except ListenError as error:
        fail(f"{error}, or give --host and --port")
