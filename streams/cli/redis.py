"""`salesbell redis-sink`."""

from __future__ import annotations

import asyncio
import signal
from contextlib import suppress
from typing import Annotated

import typer
from redis.exceptions import RedisError

from streams.cli.console import configure_logging, fail, load_settings, plainly, say
from streams.feed import Feed
from streams.settings import Settings
from streams.sinks.redis import RedisSink


def redis_sink(
    *,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="First remove all that is there under the prefix.")
    ] = False,
) -> None:
    """Keep a Redis filled with scores, leaderboards and changes, until told to stop."""
    settings = load_settings()
    configure_logging(client=False)
    with plainly(settings), suppress(asyncio.CancelledError):
        asyncio.run(_run(settings, rebuild=rebuild))


async def _run(settings: Settings, *, rebuild: bool) -> None:
    this = asyncio.current_task()
    for signum in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(signum, this.cancel)  # type: ignore[union-attr]
    feed = Feed(settings)
    sink = RedisSink(settings, feed)
    if rebuild:
        try:
            say(f"removed {await sink.clear():,} keys")
        except RedisError as error:
            fail(f"redis does not answer as it should ({error}): set SALESBELL_REDIS_URL")
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(feed.run())
        tasks.create_task(sink.run())
