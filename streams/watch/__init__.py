"""The terminal leaderboard: `salesbell watch`. It only reads the scores topic."""

from __future__ import annotations

from streams.watch.board import Board
from streams.watch.terminal import watch
from streams.watch.view import View

__all__ = ["Board", "View", "watch"]
