"""The fence: a worker that may have been replaced writes nothing more."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from streams import fence as module
from streams.fence import Fence, FencedError

SESSION = 4.0


class Time:
    """A monotonic clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    clock = Time()
    monkeypatch.setattr(module, "time", clock)
    return clock


@pytest.fixture
def app() -> Any:
    return SimpleNamespace(consumer_generation_id=3)


def test_it_passes_while_nothing_changes(app: Any, time: Time) -> None:
    fence = Fence(app, SESSION)
    assert fence.generation == 3
    fence.check(3)
    time.now += SESSION / 2
    fence.check(3)


def test_another_generation_is_fenced(app: Any, time: Time) -> None:
    fence = Fence(app, SESSION)
    app.consumer_generation_id = 4
    with pytest.raises(FencedError, match="from generation 3 to 4 during a batch"):
        fence.check(3)
    fence.check(4)
    assert time.now == 1000.0


def test_a_loop_that_stood_still_for_half_a_session_is_fenced(app: Any, time: Time) -> None:
    fence = Fence(app, SESSION)
    time.now += SESSION / 2 + 0.1
    with pytest.raises(FencedError, match=r"stood still for 2\.1 s, over half the session"):
        fence.check(3)


async def turns() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_each_beat_gives_another_half_session(
    app: Any, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    beats: asyncio.Queue[None] = asyncio.Queue()
    intervals = []

    async def sleep(seconds: float) -> None:
        intervals.append(seconds)
        await beats.get()

    monkeypatch.setattr(module, "asyncio", SimpleNamespace(sleep=sleep))
    fence = Fence(app, SESSION)
    watching = asyncio.create_task(fence.watch())
    for _ in range(3):
        await turns()
        time.now += SESSION / 2
        fence.check(3)
        beats.put_nowait(None)
    await turns()
    app.consumer_generation_id = 4
    beats.put_nowait(None)
    await turns()
    assert not watching.done(), "a rebalance by itself ends no watch"
    assert set(intervals) == {SESSION / 40}

    time.now += SESSION
    beats.put_nowait(None)
    with pytest.raises(FencedError, match=r"stood still for 4\.0 s"):
        await watching


async def test_a_blocked_loop_ends_the_watch(app: Any) -> None:
    fence = Fence(app, 0.2)
    watching = asyncio.create_task(fence.watch())
    await asyncio.sleep(0)
    deadline = asyncio.get_running_loop().time() + 0.3
    while asyncio.get_running_loop().time() < deadline:
        pass  # What a long computation does to every other task.
    with pytest.raises(FencedError, match="stood still"):
        fence.check(3)
    with pytest.raises(FencedError, match="another worker may own these partitions"):
        await watching
