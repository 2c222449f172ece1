"""What the terminal leaderboard says of the broker: which it is, and what it lacks."""

from __future__ import annotations

import asyncio
import io
from typing import TYPE_CHECKING

from rich.console import Console

from scoring.windows import Window
from streams.settings import Settings
from streams.watch import Board, View, watch
from tests.services.service import free_port

if TYPE_CHECKING:
    from tests.services.embedded import Embedded

DEADLINE = 60.0


async def first_line(settings: Settings) -> str:
    """What is printed first where there is no terminal, without its time."""
    out = io.StringIO()
    task = asyncio.create_task(watch(settings, console=Console(file=out)))
    async with asyncio.timeout(DEADLINE):
        while "\n" not in out.getvalue():
            await asyncio.sleep(0.05)
    task.cancel()
    await asyncio.wait([task])
    return out.getvalue().splitlines()[0].partition(" ")[2]


async def test_a_broker_that_is_away_is_named() -> None:
    nowhere = f"127.0.0.1:{free_port()}"
    said = await first_line(Settings(broker=nowhere))
    assert said == f"broker {nowhere} unreachable: start it, or set SALESBELL_BROKER"


async def test_a_topic_that_is_not_there_is_named(embedded_broker: Embedded, prefix: str) -> None:
    said = await first_line(Settings(broker=embedded_broker.bootstrap, prefix=prefix))
    wanted = f"topic {prefix}.scores does not exist: run `salesbell topics create`"
    assert said == f"no scores: {wanted}"

    board = Board(Window.MONTH, "INR")
    board.connected(wanted)
    assert f"No scores: topic {prefix}.scores does not exist" in text(View(board, 0), 200)
    board.connected()
    assert "No scores yet" in text(View(board, 0), 200)


def test_the_frame_says_where_the_scores_come_from() -> None:
    source = "wallboard http://127.0.0.1:18000/, broker 127.0.0.1:45011, Ctrl-C ends it"
    shown = text(View(Board(Window.MONTH, "INR"), 0, source=source))
    assert source in shown
    assert max(map(len, shown.splitlines())) == 80


def text(view: View, width: int = 80) -> str:
    console = Console(record=True, width=width, file=io.StringIO(), force_terminal=True)
    console.print(view)
    return console.export_text()
