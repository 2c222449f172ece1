"""`salesbell worker`."""

from __future__ import annotations

import asyncio

import typer

from streams import collector
from streams.cli.console import configure_logging, load_settings, plainly
from streams.plugins import load_catalogue


def worker() -> None:
    """Run one worker against the broker of the settings, until it is told to stop."""
    from streams.worker import run  # noqa: PLC0415  # Faust takes a second to import.

    settings = load_settings()
    configure_logging(client=True)
    collector.spare_survivors()
    with plainly(settings):
        load_catalogue(settings)
        raise typer.Exit(asyncio.run(run(settings)))
