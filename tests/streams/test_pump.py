"""The pump: what waits becomes one piece of work, in order, and is settled only afterwards."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from streams.meter import StageMeter
from streams.pump import _PIECE_BYTES, _WAITING, Backlog, Pump
from streams.transport import Batch

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence

GENERATION = 5


@dataclass
class Stand:
    """A stage, its settlement and its stream, all under a test's control."""

    pieces: list[list[int]] = field(default_factory=list)
    settled: list[int] = field(default_factory=list)
    failure: Exception | None = None
    entered: asyncio.Event = field(default_factory=asyncio.Event)
    free: asyncio.Event = field(default_factory=asyncio.Event)
    fence: Any = field(default_factory=lambda: SimpleNamespace(generation=GENERATION))
    backlog: Backlog = field(default_factory=Backlog)
    meter: StageMeter = field(default_factory=StageMeter)

    async def process(self, batches: Sequence[Batch]) -> None:
        self.pieces.append([batch.first for batch in batches])
        self.entered.set()
        await self.free.wait()
        if self.failure is not None:
            raise self.failure

    def settle(self, acknowledge: Callable[[], object]) -> None:
        acknowledge()

    def event(self, number: int, size: int = 10, generation: int = GENERATION) -> Any:
        return SimpleNamespace(
            value=Batch("facts", 0, (), number, number, size),
            message=SimpleNamespace(generation_id=generation),
            ack=lambda: self.settled.append(number),
        )


@pytest.fixture
async def stand() -> Stand:
    return Stand()


@pytest.fixture
async def pump(stand: Stand) -> Pump:
    return Pump(stand.process, stand.settle, stand.fence, stand.backlog, stand.meter)


@pytest.fixture
async def running(pump: Pump) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(pump.run())
    yield task
    task.cancel()
    with suppress(asyncio.CancelledError, RuntimeError):
        await task


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0)


async def test_what_waits_is_one_piece_in_order(
    stand: Stand, pump: Pump, running: asyncio.Task[None]
) -> None:
    await pump.feed(stand.event(0))
    await stand.entered.wait()
    for number in range(1, 8):
        await pump.feed(stand.event(number))
    assert stand.pieces == [[0]], "the stage was busy"
    assert stand.settled == []
    assert stand.backlog == Backlog(8, 80)

    stand.free.set()
    await until(lambda: len(stand.settled) == 8)

    assert stand.pieces == [[0], [1, 2, 3, 4, 5, 6, 7]]
    assert stand.settled == list(range(8))
    await until(lambda: stand.backlog == Backlog())
    assert not running.done()


async def test_a_piece_is_closed_when_it_passes_its_size(
    stand: Stand, pump: Pump, running: asyncio.Task[None]
) -> None:
    half = _PIECE_BYTES // 2
    sizes = [_PIECE_BYTES * 3, half, half + 1, half - 1, 1, 1, half]
    for number, size in enumerate(sizes):
        await pump.feed(stand.event(number, size))
    stand.free.set()
    await until(lambda: len(stand.settled) == len(sizes))
    assert stand.pieces == [[0], [1, 2], [3, 4, 5, 6]]
    assert not running.done()


async def test_feeding_waits_while_too_many_wait(
    stand: Stand, pump: Pump, running: asyncio.Task[None]
) -> None:
    await pump.feed(stand.event(0))
    await stand.entered.wait()
    for number in range(1, _WAITING + 1):
        await pump.feed(stand.event(number))
    feeding = asyncio.create_task(pump.feed(stand.event(_WAITING + 1)))
    await asyncio.sleep(0)
    assert not feeding.done()

    stand.free.set()
    await feeding
    await until(lambda: len(stand.settled) == _WAITING + 2)
    assert sorted(stand.settled) == stand.settled
    assert not running.done()


async def test_nothing_of_a_piece_is_settled_when_the_stage_fails(
    stand: Stand, pump: Pump, running: asyncio.Task[None]
) -> None:
    stand.failure = RuntimeError("refused by the broker")
    for number in range(3):
        await pump.feed(stand.event(number))
    stand.free.set()
    with pytest.raises(RuntimeError, match="refused by the broker"):
        await running
    assert stand.pieces == [[0, 1, 2]]
    assert stand.settled == []


async def test_batches_of_another_generation_are_left_to_their_owner(
    stand: Stand, pump: Pump, running: asyncio.Task[None]
) -> None:
    stand.free.set()
    for number, generation in enumerate((4, 5, 4, 5, 6)):
        await pump.feed(stand.event(number, generation=generation))
    await until(lambda: len(stand.settled) == 2)
    for number in (7, 8):
        await pump.feed(stand.event(number, generation=4))
    await pump.feed(stand.event(9))
    await until(lambda: len(stand.settled) == 3)
    assert [number for piece in stand.pieces for number in piece] == [1, 3, 9]
    assert stand.settled == [1, 3, 9]
    await until(lambda: stand.backlog == Backlog())
    assert not running.done()


async def test_the_generation_is_asked_when_work_begins(
    stand: Stand, pump: Pump, running: asyncio.Task[None]
) -> None:
    await pump.feed(stand.event(0))
    await stand.entered.wait()
    await pump.feed(stand.event(1))
    stand.fence.generation = GENERATION + 1
    await pump.feed(stand.event(2, generation=GENERATION + 1))
    stand.free.set()
    await until(lambda: 2 in stand.settled)
    assert stand.pieces == [[0], [2]]
    assert 1 not in stand.settled
    assert not running.done()
