"""The scoreboard: which batches are acknowledged, and when."""

from __future__ import annotations

import asyncio

import pytest

from tests.streams.stand import E1, E2, Stand


async def test_a_batch_is_acknowledged_after_its_scores_are_written(stand: Stand) -> None:
    stand.producer.free.clear()
    stand.sell(E1, 100)
    stand.hold("first")
    async with stand.running():
        await stand.until(lambda: stand.producer.begun)
        stand.sell(E1, 200)
        stand.hold("second")
        assert stand.settled == []
        stand.producer.free.set()
        await stand.until(lambda: "second" in stand.settled)
    assert stand.settled == ["first", "second"]
    assert stand.producer.values(f"{E1}|month") == [1, 3]


async def test_a_batch_that_came_during_a_write_waits_for_the_next(stand: Stand) -> None:
    stand.producer.free.clear()
    stand.sell(E1, 100)
    stand.hold("first")
    async with stand.running():
        await stand.until(lambda: stand.producer.begun == 1)
        stand.sell(E2, 200)
        stand.hold("second")
        stand.producer.free.set()
        stand.producer.free.clear()
        await stand.until(lambda: stand.producer.begun == 2)
        assert stand.settled == ["first"]
        stand.producer.free.set()
        await stand.until(lambda: len(stand.settled) == 2)
    assert stand.producer.values(f"{E2}|month") == [2]


async def test_a_failed_write_acknowledges_nothing_and_ends_the_task(stand: Stand) -> None:
    stand.producer.failure = RuntimeError("refused")
    stand.sell(E1, 100)
    stand.hold("batch")
    async with stand.running() as task:
        with pytest.raises(RuntimeError, match="refused"):
            await asyncio.wait_for(task, 20)
    assert stand.settled == []


async def test_what_a_former_generation_held_is_not_acknowledged(stand: Stand) -> None:
    stand.fence.generation_at = [1, 2]
    stand.sell(E1, 100)
    stand.hold("old")
    async with stand.running():
        await stand.until(lambda: not stand.fence.generation_at)
        stand.sell(E2, 100)
        stand.hold("new")
        await stand.until(lambda: stand.settled)
    assert stand.settled == ["new"]
    assert {key.partition("|")[0] for key in stand.producer.published()} == {E2}


async def test_a_batch_without_scores_is_acknowledged_too(stand: Stand) -> None:
    stand.sell("campaign:CMP-9", 100)
    stand.hold("campaign")
    async with stand.running():
        await stand.until(lambda: stand.settled)
    assert stand.producer.written == []
