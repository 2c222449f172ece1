"""Scores as a worker publishes them, and waiting for what they bring about."""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import msgspec
from aiokafka import AIOKafkaProducer

from scoring.score import Score
from streams.broker import client_options
from streams.names import Names
from streams.topics import create, required

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable

    from streams.feed import Feed
    from streams.settings import Settings

DEADLINE = 60.0
POLL = 0.02
AS_OF = "2026-03-24T11:30:00+05:30"

#: A record of the scores topic.
Record = tuple[bytes, bytes | None]


def score(entity: str, overall: float | None = 50.0, version: int = 1, **fields: Any) -> Score:
    level, _, name = entity.partition(":")
    parents = {"executive": "team:Pune A", "team": "branch:Pune", "branch": "company:company"}
    made = Score(
        level=level,
        entity=name,
        name=None,
        parent=parents.get(level),
        active=True,
        window="month",
        as_of=AS_OF,
        start="2026-03-01T00:00:00+05:30",
        end="2026-03-25T00:00:00+05:30",
        version=version,
        reference=1,
        score=overall,
        gate=None,
        coverage=0.5,
        kras={"sales_targets": {"score": overall, "coverage": 0.5}},
        kpis={"sales_targets.sales_volume": _volume(overall)},
    )
    return msgspec.structs.replace(made, **fields)


def _volume(points: float | None) -> dict[str, Any]:
    none = dict.fromkeys(("numerator", "denominator", "target"))
    return {**none, "value": 1_234_567.0, "n": 7, "score": points}


def key_of(each: Score) -> str:
    return f"{each.key}|{each.window}"


def record(each: Score) -> Record:
    return key_of(each).encode(), msgspec.json.encode(each)


def gone(each: Score) -> Record:
    return key_of(each).encode(), None


async def topics_of(settings: Settings) -> None:
    await create(settings, required(settings, Names(settings.prefix)))


async def publish(settings: Settings, *records: Record, ago: float = 0) -> None:
    """Publish scores, as if it had been some seconds ago."""
    async with AIOKafkaProducer(**client_options(settings), linger_ms=5) as producer:
        await send(producer, settings, records, ago)


async def send(
    producer: AIOKafkaProducer, settings: Settings, records: Iterable[Record], ago: float = 0
) -> None:
    topic, at = Names(settings.prefix).scores, int(1000 * (time.time() - ago))
    sent = [await producer.send(topic, value, key, timestamp_ms=at) for key, value in records]
    await asyncio.gather(*sent)


async def until(holds: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + DEADLINE
    while not holds():
        assert time.monotonic() < deadline, f"did not happen in {DEADLINE:.0f} s: {what}"
        await asyncio.sleep(POLL)


class Follower(Protocol):
    """What follows topics for as long as it runs."""

    async def run(self) -> None:
        """Follow until cancelled."""


F = TypeVar("F", bound=Follower)


@asynccontextmanager
async def running(follower: F) -> AsyncIterator[F]:
    """A feed or the like, followed for the length of a block."""
    following = asyncio.create_task(follower.run())
    try:
        yield follower
    finally:
        following.cancel()
        await asyncio.wait([following])
        assert following.cancelled(), following.exception()


def overall(feed: Feed, key: str) -> float | None:
    published = feed.board.get(key)
    return published.score.score if published is not None else None
