"""The leaderboard on a terminal, or one line per change where there is none."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime
from typing import TYPE_CHECKING, NoReturn

from rich.console import Console
from rich.live import Live

from scoring.calendar import SECOND
from scoring.windows import Window
from streams.watch.board import Board
from streams.watch.feed import follow, present
from streams.watch.figures import figure, points, whole
from streams.watch.view import View

if TYPE_CHECKING:
    from collections.abc import Callable

    from streams.settings import Settings

_FRAME_SECONDS = 0.5
_LINE_SECONDS = 5


def _no_news() -> None:
    return None


async def watch(
    settings: Settings,
    *,
    window: Window = Window.MONTH,
    limit: int = 15,
    console: Console | None = None,
    news: Callable[[], str | None] = _no_news,
    source: str | None = None,
) -> NoReturn:
    """Show the leaderboard until cancelled.

    Args:
        settings: Which broker and deployment.
        window: Over which window.
        limit: How many executives are shown at most; fewer on a low terminal.
        console: Where it is shown; standard output by default.
        news: Tells in a sentence what else is to be known now, if anything is.
        source: Where the scores come from, in words; by default from which broker.
    """
    console = console or Console(emoji=False)
    # The board itself says that the broker is away; the client's log would tear the picture.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    board = Board(window, settings.currency)
    drawable = console.is_terminal and not console.is_dumb_terminal
    source = source or f"broker {settings.broker}"
    show = (
        _draw(board, console, limit, news, source)
        if drawable
        else _print(board, console, news, settings.broker)
    )
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(follow(settings, board))
        tasks.create_task(show)
    raise AssertionError("a board is shown for ever")


async def _draw(
    board: Board, console: Console, limit: int, news: Callable[[], str | None], source: str
) -> NoReturn:
    with Live(console=console, screen=True, auto_refresh=False) as live:
        while True:
            view = View(board, present(), limit, news(), console.height, source)
            live.update(view, refresh=True)
            await asyncio.sleep(_FRAME_SECONDS)


async def _print(
    board: Board, console: Console, news: Callable[[], str | None], broker: str
) -> NoReturn:
    said: tuple[str | None, ...] = ()
    while True:
        lines = (news(), _line(board, broker))
        new = [line for line in lines if line is not None and line not in said]
        for line in new:
            moment = datetime.fromtimestamp(present() // SECOND).astimezone()
            console.print(f"{moment.isoformat()} {line}", soft_wrap=True, highlight=False)
        said = lines
        await asyncio.sleep(_LINE_SECONDS if new else _FRAME_SECONDS)


def _line(board: Board, broker: str) -> str | None:
    """The company's score in one line; it changes with the score and the state of the feed."""
    if not board.asked:
        return None
    if board.unreachable_since is not None:
        return f"broker {broker} unreachable: start it, or set SALESBELL_BROKER"
    if board.problem is not None:
        return f"no scores: {board.problem}"
    company = board.company
    if company is None:
        return "no scores yet"
    volume = figure(company, "sales_targets.sales_volume")
    return (
        f"{board.window} score {points(company.score)} "
        f"volume {whole(volume, board.currency)} {board.currency} "
        f"loans {whole(figure(company, 'sales_targets.sales_volume', 'n'))}"
    )
