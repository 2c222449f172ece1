"""`salesbell watch`."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Annotated

import typer

from scoring.windows import Window
from streams.cli.console import load_settings, plainly
from streams.watch import watch as follow


def watch(
    window: Annotated[Window, typer.Option(help="Which window.")] = Window.MONTH,
    limit: Annotated[int, typer.Option(min=1, max=200, help="How many executives.")] = 15,
) -> None:
    """Show a live leaderboard in the terminal."""
    settings = load_settings()
    with plainly(settings), suppress(KeyboardInterrupt):
        asyncio.run(follow(settings, window=window, limit=limit))
