"""The feed: a board that follows the scores topic, and how old what it shows may be."""

from __future__ import annotations

import asyncio
import time
from contextlib import aclosing
from typing import TYPE_CHECKING, NoReturn

import msgspec
import structlog
from aiokafka.errors import KafkaError

from scoring.calendar import SECOND, moment
from streams.feed.alerts import AlertBook
from streams.feed.bell import Bell
from streams.feed.board import Board
from streams.feed.newest import Newest
from streams.feed.reader import FeedError, Reading, read
from streams.names import Names
from streams.watermark import Watermark

if TYPE_CHECKING:
    from scoring.events import Micros
    from streams.settings import Settings

log = structlog.get_logger()

_RETRY_SECONDS = 0.5
_MILLISECOND = 1_000


class FeedState(msgspec.Struct, frozen=True, kw_only=True):
    """How good what is shown is.

    Attributes:
        ready: Whether the whole topic has been read once.
        live: Whether the broker answers and everything that it had has been read.
        stale_since: The last moment at which it was live, ISO 8601; None while it is, or if it
            never was.
        problem: Why it is not live, and what to do; None while it is.
        last_record: When the newest record was published, ISO 8601; None without one.
        unreadable: How many records were not scores.
        scored_until: The watermark: all that was ingested before it is scored, ISO 8601; None while
            it is not known. Some ten seconds ago while work goes on as it should.
        behind: Whether what was ingested more than a minute ago waits to be scored.
    """

    ready: bool
    live: bool
    stale_since: str | None
    problem: str | None
    last_record: str | None
    unreadable: int
    scored_until: str | None
    behind: bool


class Feed:
    """Follows the scores topic for as long as `run` runs.

    While the broker is away the board stays as it was. When the broker is back the topic is
    read anew from its beginning, and then its differences are taken over at once: so a key
    whose removal was compacted away meanwhile goes, and a topic created anew is followed.

    Attributes:
        board: The scores.
        alerts: The alerts.
        watermark: Until when all has been scored.
        bell: Rung when the board, the alerts or the state have changed.
    """

    def __init__(self, settings: Settings) -> None:
        self.board = Board()
        self.bell = Bell()
        self.alerts = AlertBook(settings, self.bell)
        self.watermark = Watermark(settings)
        self._settings = settings
        self._ready = asyncio.Event()
        self._live = False
        self._live_at: Micros | None = None
        self._problem: str | None = "the topic is being read for the first time; ask again"
        self._last_record: Micros | None = None

    @property
    def state(self) -> FeedState:
        """How good what is shown is."""
        return FeedState(
            ready=self._ready.is_set(),
            live=self._live,
            stale_since=None if self._live else _iso(self._live_at),
            problem=self._problem,
            last_record=_iso(self._last_record),
            unreadable=self.board.unreadable,
            scored_until=self._scored_until(),
            behind=self.watermark.is_behind,
        )

    def _scored_until(self) -> str | None:
        age = self.watermark.age
        return None if age is None else _iso(_present() - int(age * SECOND))

    async def ready(self) -> None:
        """Wait until the whole topic has been read once."""
        await self._ready.wait()

    async def run(self) -> None:
        """Follow until cancelled, whatever becomes of the broker."""
        async with asyncio.TaskGroup() as following:
            following.create_task(self.alerts.run())
            following.create_task(self.watermark.run())
            following.create_task(self._run())

    async def _run(self) -> NoReturn:
        while True:
            try:
                await self._follow()
            except FeedError as error:
                self._lost(str(error))
            except (KafkaError, TimeoutError, OSError) as error:
                self._lost(
                    f"the broker {self._settings.broker} does not answer "
                    f"({error or type(error).__name__}): start it, or set SALESBELL_BROKER"
                )
            await asyncio.sleep(_RETRY_SECONDS)

    async def _follow(self) -> None:
        draft: Newest | None = Newest()
        async with aclosing(read(self._settings, Names(self._settings.prefix).scores)) as readings:
            async for reading in readings:
                if draft is None:
                    self._take(reading)
                    continue
                self._collect(draft, reading)
                if reading.caught_up:
                    self._show(draft)
                    draft = None

    def _collect(self, draft: Newest, reading: Reading) -> None:
        for record in reading.records:
            draft.take(record.key, record.value)
        self._hear(reading)

    def _show(self, draft: Newest) -> None:
        self.board.replace(draft)
        log.info("following the scores", scores=len(self.board), stale_since=_iso(self._live_at))
        self._live, self._live_at, self._problem = True, _present(), None
        self._ready.set()
        self.bell.ring()

    def _take(self, reading: Reading) -> None:
        before = self.board.sequence
        for record in reading.records:
            self.board.take(record.key, record.value)
        self._hear(reading)
        if reading.answered:
            self._live_at = _present()
        if self.board.sequence != before:
            self.bell.ring()

    def _hear(self, reading: Reading) -> None:
        stamps = [record.timestamp * _MILLISECOND for record in reading.records]
        self._last_record = max([*stamps, self._last_record or 0]) or None

    def _lost(self, problem: str) -> None:
        if problem != self._problem:
            log.warning("scores are not followed", problem=problem, since=_iso(self._live_at))
        self._live, self._problem = False, problem
        self.bell.ring()


def _present() -> Micros:
    return time.time_ns() // _MILLISECOND


def _iso(at: Micros | None) -> str | None:
    return moment(at).isoformat(timespec="milliseconds") if at is not None else None
