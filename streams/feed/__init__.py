"""The feed: the scores topic, whole and newest, in the memory of whoever serves it.

It belongs to no consumer group and commits nothing, so any number of processes can follow.
"""

from __future__ import annotations

from streams.feed.alerts import AlertBook, News
from streams.feed.board import Board, Change
from streams.feed.feed import Feed, FeedState
from streams.feed.newest import Published

__all__ = ["AlertBook", "Board", "Change", "Feed", "FeedState", "News", "Published"]
