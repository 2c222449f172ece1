"""`/v1/stream`: the board, the alerts and their changes as server-sent events.

A client is two numbers, the sequences up to which it has the scores that it asked for and the
alerts; its event ids are these and the board's epoch. What comes next is rendered when the client
can take it: a slow client gets fewer and larger steps, and never makes a queue.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import contextmanager
from functools import lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple

import msgspec
from starlette.responses import Response

from scoring.kpi import Level
from scoring.windows import Window
from streams.api.documents import AlertChanges, Alerts, Removed, Reset
from streams.api.endpoint import EVENTS
from streams.api.problems import ProblemError
from streams.feed.bell import rung

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Coroutine, Iterator

    from starlette.requests import Request
    from starlette.types import Receive, Scope, Send

    from streams.feed import Change, Feed, FeedState

#: Most bytes of scores in one event, so that what waits in a socket is bounded.
_EVENT_BYTES = 256 * 1024
#: Clients that have all look again at the same moments, so that one rendering serves them all.
_TICK_SECONDS = 0.2
_HEARTBEAT_SECONDS = 15.0
_RETRY_MS = 2_000
#: As many characters of ISO 8601 tell a moment to the minute.
_MINUTE = len("2026-01-01T00:00")


class StreamQuestion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which scores: of a level, over a window; without them of all."""

    level: Level | None = None
    window: Window | None = None


class _Step(NamedTuple):
    """What a client gets next, if anything, and the sequence that it has then."""

    data: bytes
    through: int
    complete: bool


class _Had(NamedTuple):
    """What a client has after an event: sequences, 0 for nothing."""

    scores: int
    alerts: int


class _Changes(msgspec.Struct):
    """`Changes` with scores as they were published."""

    scores: list[msgspec.Raw]
    removed: list[Removed]
    complete: bool


class Streams:
    """All open streams of a process.

    Args:
        feed: The scores.
        limit: How many streams may be open.
        heartbeat: Seconds of silence after which a comment is sent.
    """

    def __init__(
        self, feed: Feed, limit: int = 1_000, heartbeat: float = _HEARTBEAT_SECONDS
    ) -> None:
        self.feed = feed
        self.heartbeat = heartbeat
        self.open = 0
        self._limit = limit
        self.closed = asyncio.Event()
        self._step = lru_cache(maxsize=32)(self._render)
        self._alerts = lru_cache(maxsize=32)(self._render_alerts)

    async def stream(self, request: Request, asked: StreamQuestion) -> Response:
        """A stream.

        Raises:
            ProblemError: If too many are open.
        """
        if self.open >= self._limit:
            raise ProblemError(
                HTTPStatus.SERVICE_UNAVAILABLE,
                f"{self._limit} streams are open, which is the limit: try again later, or run "
                "another API process",
                retry_after=10,
            )
        return _EventStream(self, asked, request.headers.get("last-event-id"))

    def close(self) -> None:
        """End every stream."""
        self.closed.set()
        self.feed.bell.ring()

    @contextmanager
    def seat(self) -> Iterator[None]:
        """The place of one open stream."""
        self.open += 1
        try:
            yield
        finally:
            self.open -= 1

    def step(self, kind: str, since: int, asked: StreamQuestion) -> _Step:
        """What changed after a sequence, up to the size of an event."""
        return self._step(kind, since, asked, self.feed.board.sequence)

    def alerts(self, since: int | None) -> bytes:
        """All alerts, or what changed of them after a sequence."""
        return self._alerts(since, self.feed.alerts.sequence)

    def _render(self, kind: str, since: int, asked: StreamQuestion, through: int) -> _Step:
        board = self.feed.board
        scores: list[msgspec.Raw] = []
        removed: list[Removed] = []
        room, complete, reached = _EVENT_BYTES, True, since
        for change in board.since(since):
            if not _asked_for(change, asked):
                continue
            if room <= 0:
                complete = False
                break
            if change.published is not None:
                scores.append(msgspec.Raw(change.published.raw))
                room -= len(change.published.raw)
            elif since:
                # Who has nothing yet need not hear of what is gone.
                removed.append(_removed(change))
            reached = change.sequence
        through = through if complete else reached
        if not scores and not removed and kind == "change":
            return _Step(b"", through, complete)
        return _Step(msgspec.json.encode(_Changes(scores, removed, complete)), through, complete)

    def _render_alerts(self, since: int | None, _through: int) -> bytes:
        book = self.feed.alerts
        if since is None:
            return msgspec.json.encode(Alerts(alerts=book.all()))
        news = book.since(since)
        return msgspec.json.encode(AlertChanges(alerts=news.alerts, removed=news.removed))


class _EventStream(Response):
    """One client's stream."""

    media_type = EVENTS
    charset = "utf-8"

    def __init__(self, streams: Streams, asked: StreamQuestion, token: str | None) -> None:
        super().__init__(headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        del self.headers["content-length"]
        self._streams = streams
        self._feed = streams.feed
        self._asked = asked
        self._token = token
        self._had = _had(token or "", self._feed.board.epoch)
        self._told: FeedState | None = None
        self._have: int | None = None
        self._alerts = (self._had.alerts or None) if self._had is not None else None
        self._kind = "snapshot"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send events until the client goes, or all streams are closed."""
        with self._streams.seat():
            await send(
                {
                    "type": "http.response.start",
                    "status": self.status_code,
                    "headers": self.raw_headers,
                }
            )
            if scope["method"] == "HEAD":
                await send({"type": "http.response.body", "body": b""})
                return
            await _first(self._send(send), _left(receive))

    async def _send(self, send: Send) -> None:
        async for text in self._events():
            await send({"type": "http.response.body", "body": text, "more_body": True})
            # Into an empty socket all is sent without a pause: others must have theirs.
            await asyncio.sleep(0)
        await send({"type": "http.response.body", "body": b""})

    async def _events(self) -> AsyncIterator[bytes]:
        yield f"retry: {_RETRY_MS}\n\n".encode()
        sent_at = time.monotonic()
        while not self._streams.closed.is_set():
            ring = self._feed.bell.next
            text = self._news()
            if not text and time.monotonic() - sent_at >= self._streams.heartbeat:
                text = b": heartbeat\n\n"
            if text:
                yield text
                sent_at = time.monotonic()
            if self._is_up_to_date():
                await rung(ring, self._streams.heartbeat - (time.monotonic() - sent_at))
                await asyncio.sleep(_TICK_SECONDS - time.monotonic() % _TICK_SECONDS)

    def _news(self) -> bytes:
        """What the client does not know yet, or the first part of it."""
        state = self._feed.state
        text = b""
        known = _news_in(state)
        if known != self._told:
            self._told = known
            text += _event("state", msgspec.json.encode(state))
        if state.ready and self._have is None:
            reset, self._have = self._begin()
            self._kind = "change" if self._have else "snapshot"
            text += reset
        text += self._news_of_alerts()
        if self._have is None:
            return text
        kind, step = self._kind, self._streams.step(self._kind, self._have, self._asked)
        self._have = step.through
        self._kind = "change" if step.complete else kind
        return text + (_event(kind, step.data, self._id) if step.data else b"")

    def _news_of_alerts(self) -> bytes:
        book, known = self._feed.alerts, self._alerts
        if not book.ready or known == book.sequence:
            return b""
        if known is not None and not book.follows(known):
            known = None
        self._alerts = book.sequence
        kind = "alerts" if known is None else "alert-change"
        return _event(kind, self._streams.alerts(known), self._id)

    def _is_up_to_date(self) -> bool:
        return self._have is None or self._have >= self._feed.board.sequence

    @property
    def _id(self) -> str | None:
        """Names what the client has after an event.

        None until it is known whether its scores are to be forgotten: till then the client goes
        on from the id that it brought.
        """
        if self._have is None:
            return None
        return f"{self._feed.board.epoch}-{self._have}-{self._alerts or 0}"

    def _begin(self) -> tuple[bytes, int]:
        """What a client hears first, and the sequence that it has: 0 for nothing."""
        if self._token is None:
            return b"", 0
        if self._had is None:
            reason = "the last event is of another process"
        elif self._feed.board.follows(self._had.scores):
            return b"", self._had.scores
        else:
            reason = "the last event is too old to go on from"
        return _event("reset", msgspec.json.encode(Reset(reason=reason))), 0


async def _first(*coroutines: Coroutine[None, None, None]) -> None:
    """Run until the first of some coroutines ends; the others are cancelled."""
    tasks = [asyncio.create_task(each) for each in coroutines]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
    for task in tasks:
        if not task.cancelled():
            task.result()


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _asked_for(change: Change, asked: StreamQuestion) -> bool:
    key = change.key
    if asked.level is not None and not key.startswith(f"{asked.level}:"):
        return False
    return asked.window is None or key.endswith(f"|{asked.window}")


def _removed(change: Change) -> Removed:
    entity, _, window = change.key.rpartition("|")
    level, _, name = entity.partition(":")
    return Removed(level=level, entity=name, window=window)


def _had(token: str, epoch: str) -> _Had | None:
    """What the id of an event says; None if it is not of this process."""
    said, *numbers = token.split("-")
    if said != epoch or len(numbers) != len(_Had._fields):
        return None
    if not all(number.isascii() and number.isdigit() for number in numbers):
        return None
    return _Had(*map(int, numbers))


def _news_in(state: FeedState) -> FeedState:
    """A state without what alone is no news: times that move on as they should."""
    until = state.scored_until[:_MINUTE] if state.behind and state.scored_until else None
    return msgspec.structs.replace(state, last_record=None, unreadable=0, scored_until=until)


def _event(kind: str, data: bytes, token: str | None = None) -> bytes:
    head = f"event: {kind}\n" + (f"id: {token}\n" if token is not None else "")
    return head.encode() + b"data: " + data + b"\n\n"
