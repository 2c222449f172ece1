"""The Redis sink: scores as hashes, leaderboards as sorted sets, changes as a stream.

Redis is never the source of truth: whatever it loses is written again from the feed. Its keys
begin with the deployment's prefix and a colon:

- `score:{entity}|{window}`, a hash: version, as_of, score, coverage, parent, json, and as_of_us,
  as-of in microseconds;
- `leaderboard:{level}:{window}` and `leaderboard:{level}:{window}:{parent}`, sorted sets of the
  active entities by overall, without `unplaced`, which stands for no team and no branch;
- `alerts`, a hash: every alert as JSON by its id;
- `changes`, a stream of about the last ten thousand changes;
- `feed`, a hash: the state of the feed, said every second by `at`, and the `epoch` of the data.

A score is applied only if it is newer than what is there, so repeats, disorder and a second
sink do no harm. The scripts compute keys, which a cluster of Redis does not allow.
"""

from __future__ import annotations

import asyncio
import secrets
from contextlib import asynccontextmanager
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn
from urllib.parse import urlsplit

import msgspec
import structlog
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from streams.clock import Clock
from streams.feed import Change, News
from streams.feed.bell import rung
from streams.sinks.redis_scripts import APPLY, REMOVE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Iterable
    from typing import TypeVar

    from streams.feed import Feed, Published
    from streams.settings import Settings

    T = TypeVar("T")

log = structlog.get_logger()

_PIPELINE = 500
_KEPT_CHANGES = 10_000
_CHECK_SECONDS = 1.0
_PATIENCE_SECONDS = 5.0
_FIRST_DELAY = 0.2
_LONGEST_DELAY = 10.0
_REFUSED = -1


class _Mark(NamedTuple):
    """What differs when Redis may have lost something: the data's epoch, and its process."""

    epoch: str
    process: str


class RedisSink:
    """Keeps one Redis as the feed is.

    Args:
        settings: Where Redis is, and the prefix of the keys.
        feed: The scores; whoever runs the sink runs it too.
    """

    def __init__(self, settings: Settings, feed: Feed) -> None:
        self._url = settings.redis_url
        self._prefix = settings.prefix
        self._feed = feed
        self._clock = Clock()
        self._scripts: tuple[str, ...] = ("", "")
        self._away = False
        #: The sequence up to which alerts are written; None if nobody can say.
        self._alerts: int | None = None

    async def run(self) -> NoReturn:
        """Follow the feed until cancelled, whatever becomes of Redis.

        Redis is filled whole after every connection: what it lost while it was away, and what
        was removed meanwhile, nobody can say.
        """
        delay = _FIRST_DELAY
        while True:
            try:
                async with _connected(self._url) as redis:
                    await self._feed.ready()
                    mark, written = await self._fill(redis)
                    delay = _FIRST_DELAY
                    await self._follow(redis, mark, written)
            except (RedisError, TimeoutError, OSError) as error:
                self._lost(error)
                await asyncio.sleep(delay)
                delay = min(delay * 2, _LONGEST_DELAY)

    async def clear(self) -> int:
        """Remove every key of the prefix; how many there were.

        Raises:
            RedisError: If Redis refuses or does not answer.
        """
        async with _connected(self._url) as redis:
            found = iter(await _matching(redis, f"{_literal(self._prefix)}:*"))
            removed = 0
            while part := list(islice(found, _PIPELINE)):
                removed += await _answer(redis.unlink(*part))
        return removed

    async def _fill(self, redis: Redis) -> tuple[_Mark, int]:
        """Write all that is known and remove what is not.

        Returns:
            The mark of what is there then, and the sequence up to which it is written.
        """
        loading = redis.pipeline(transaction=False)
        loading.execute_command("SCRIPT LOAD", APPLY)
        loading.execute_command("SCRIPT LOAD", REMOVE)
        self._scripts = tuple(await _answer(loading.execute()))
        mark = await self._tell(redis)
        self._alerts = None
        await self._write_alerts(redis)
        written, refused = await self._write(redis, 0)
        gone = [key for key in await self._keys(redis) if self._feed.board.get(key) is None]
        await self._send(redis, (Change(0, key, None) for key in gone))
        self._away = False
        log.info("redis is filled", scores=len(self._feed.board), removed=len(gone))
        if refused:
            log.warning(
                "redis holds newer scores than the topic",
                keys=refused,
                todo="if the topic was created anew, start the sink once with --rebuild",
            )
        return mark, written

    async def _follow(self, redis: Redis, mark: _Mark, written: int) -> None:
        """Write changes as they come, until Redis is not what it was."""
        while True:
            ring = self._feed.bell.next
            if await self._tell(redis) != mark:
                log.warning("redis has lost what was in it, and is filled again")
                return
            await self._write_alerts(redis)
            written, _ = await self._write(redis, written)
            await rung(ring, _CHECK_SECONDS)

    async def _tell(self, redis: Redis) -> _Mark:
        """Say how good the data is; learn what data it is."""
        key = self._key("feed")
        said: dict[Any, Any] = {
            name: "" if value is None else str(value)
            for name, value in msgspec.structs.asdict(self._feed.state).items()
        }
        pipeline = redis.pipeline(transaction=False)
        pipeline.hsetnx(key, "epoch", secrets.token_hex(8))
        pipeline.hset(key, mapping=said | {"at": self._clock.iso()})
        pipeline.hget(key, "epoch")
        pipeline.info("server")
        _, _, epoch, server = await _answer(pipeline.execute())
        return _Mark(epoch, server["run_id"])

    async def _write_alerts(self, redis: Redis) -> None:
        """Make the hash of alerts what is known, at once for whoever reads it.

        Before they have been read it stays what an earlier sink wrote.
        """
        book, key, written = self._feed.alerts, self._key("alerts"), self._alerts
        if not book.ready or written == book.sequence:
            return
        self._alerts = book.sequence
        transaction = redis.pipeline(transaction=True)
        if written is not None and book.follows(written):
            changed, removed = book.since(written)
        else:
            changed, removed = News(book.all(), [])
            transaction.delete(key)
        if removed:
            transaction.hdel(key, *removed)
        if changed:
            mapping: dict[Any, Any] = {a.id: msgspec.json.encode(a) for a in changed}
            transaction.hset(key, mapping=mapping)
        await _answer(transaction.execute())

    async def _write(self, redis: Redis, since: int) -> tuple[int, int]:
        """Write what changed after a sequence; the sequence reached, and how many were refused."""
        # A list: the board may change while Redis answers.
        changes, reached = list(self._feed.board.since(since)), self._feed.board.sequence
        return reached, await self._send(redis, changes)

    async def _send(self, redis: Redis, changes: Iterable[Change]) -> int:
        """Send changes, some hundred per round trip; how many were refused as older."""
        refused, left = 0, iter(changes)
        while part := list(islice(left, _PIPELINE)):
            pipeline = redis.pipeline(transaction=False)
            for change in part:
                pipeline.evalsha(*self._call(change))
            refused += (await _answer(pipeline.execute())).count(_REFUSED)
        return refused

    def _call(self, change: Change) -> tuple[Any, ...]:
        entity, _, window = change.key.rpartition("|")
        leaderboard = self._key("leaderboard", entity.partition(":")[0], window)
        keys = 2, self._key("score", change.key), self._key("changes")
        apply, remove = self._scripts
        if change.published is None:
            return remove, *keys, leaderboard, entity, _KEPT_CHANGES, change.key
        fields = _fields(change.published)
        return apply, *keys, leaderboard, entity, *fields, _KEPT_CHANGES, change.key

    async def _keys(self, redis: Redis) -> list[str]:
        """The keys of all scores that are there."""
        start = self._key("score", "")
        found = await _matching(redis, f"{_literal(start)}*")
        return [key.removeprefix(start) for key in found]

    def _key(self, *parts: str) -> str:
        return ":".join((self._prefix, *parts))

    def _lost(self, error: Exception) -> None:
        if not self._away:
            log.warning(
                "redis takes no scores",
                redis=urlsplit(self._url).hostname,
                error=str(error) or type(error).__name__,
                todo="start it, or set SALESBELL_REDIS_URL; the sink goes on trying",
            )
        self._away = True


@asynccontextmanager
async def _connected(url: str) -> AsyncIterator[Redis]:
    """One connection to Redis, which fails as soon as it is lost."""
    redis = Redis.from_url(
        url,
        decode_responses=True,
        retry=Retry(NoBackoff(), 0),
        single_connection_client=True,
        socket_connect_timeout=_PATIENCE_SECONDS,
        # Its time-out is a `wait_for`, which before Python 3.12 can swallow a cancellation.
        socket_timeout=None,
    )
    try:
        yield redis
    finally:
        await redis.aclose()


async def _matching(redis: Redis, pattern: str) -> set[str]:
    found: set[str] = set()
    cursor: int | None = None
    while cursor != 0:
        cursor, keys = await _answer(redis.scan(cursor or 0, pattern, count=_PIPELINE))
        found.update(map(str, keys))
    return found


async def _answer(request: Awaitable[T]) -> T:
    async with asyncio.timeout(_PATIENCE_SECONDS):
        return await request


def _fields(published: Published) -> tuple[str | int | bytes, ...]:
    head, (version, as_of) = published.score, published.order
    return (
        version,
        as_of,
        head.as_of,
        "" if head.score is None else repr(float(head.score)),
        repr(float(head.coverage)),
        head.parent or "",
        published.raw,
        int(head.active and head.score is not None),
    )


def _literal(text: str) -> str:
    """Text as a pattern that matches only itself."""
    return "".join(f"\\{char}" if char in "*?[]\\" else char for char in text)
