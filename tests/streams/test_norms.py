"""The teller: what parents say of what is usual, when, under which version, and nothing twice."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from scoring.catalogue import BUILT_IN
from scoring.evaluation import Evaluator
from scoring.notes import Norm, Target
from scoring.panes import COMPANY
from scoring.totals import Totals
from streams.names import Names
from streams.norms import Teller
from streams.reference import decode_note
from streams.settings import Settings
from tests.scoring.making import KOLKATA, at, day, reference

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence

    from scoring.cells import Entity
    from streams.transport import Record

TEAM, ME, YOU = "team:T", "executive:E", "executive:F"
AUDIT = "compliance.audit_result"
MONDAY = day("2026-03-09")


@dataclass
class Desk:
    """A team, the company, and a producer that keeps what is written."""

    pace: float = 0.0
    as_of: int = at("2026-03-10T12:00")
    written: list[tuple[str, int, Record]] = field(default_factory=list)
    generation: int = 1
    moves: bool = False

    def __post_init__(self) -> None:
        seats = [("2026-01-01", "T", "B")]
        self.reference = reference(placements={"E": seats, "F": seats})
        self.totals: dict[Entity, Totals] = {TEAM: Totals(), COMPANY: Totals()}
        stage: Any = SimpleNamespace(
            app=SimpleNamespace(producer=self),
            settings=Settings(norm_interval=self.pace),
            names=Names("t"),
            fence=self,
        )
        evaluator = Evaluator(BUILT_IN, KOLKATA, 14, self.reference)
        self.teller = Teller(stage, evaluator, BUILT_IN, self.reference, lambda: self.as_of)

    async def write(self, topic: str, partition: int, records: Sequence[Record]) -> int:
        self.written += [(topic, partition, record) for record in records]
        if self.moves:
            self.generation += 1
        return 0

    def audit(self, child: Entity, checks: int, passed: int, parent: Entity = TEAM) -> None:
        totals, cells = self.totals[parent], {120: {"checks": checks, "checks.passed": passed}}
        totals.version += 1
        totals.hear(child, MONDAY, cells)
        self.teller.hear(parent, totals, child, MONDAY, cells)

    async def touch(self) -> None:
        await self.teller.touched(self.totals)

    def said(self) -> list[tuple[int, Norm]]:
        """What was said, with its versions; forgets it."""
        found = []
        for topic, partition, record in self.written:
            assert (topic, partition) == ("t.reference-latest", 0)
            version, note = decode_note(record.value or b"")
            assert isinstance(note, Norm)
            assert record.key == note.key.encode()
            found.append((version, note))
        self.written.clear()
        return found

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        task = asyncio.create_task(self.teller.run())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def until(self, condition: Callable[[], object]) -> None:
        async with asyncio.timeout(20):
            while not condition():
                await asyncio.sleep(0.001)


async def test_a_parent_says_what_it_has_and_who_brought_it() -> None:
    desk = Desk()
    desk.audit(ME, 10, 9)
    desk.audit(YOU, 20, 12)
    desk.audit("branch:B", 30, 21, parent=COMPANY)
    await desk.touch()
    (_, team), (_, company) = desk.said()
    assert team.whole[AUDIT]["month"] == company.whole[AUDIT]["month"] == (21, 30)
    assert team.parts is not None
    brought = {child: shares[AUDIT]["month"] for child, shares in team.parts.items()}
    assert brought == {ME: (9, 10), YOU: (12, 20)}
    assert company.parts is None


async def test_what_was_said_is_not_said_again() -> None:
    desk = Desk()
    desk.audit(ME, 10, 9)
    await desk.touch()
    assert {norm.parent for _, norm in desk.said()} == {TEAM, COMPANY}
    desk.totals[TEAM].version += 1
    await desk.touch()
    assert desk.said() == []
    desk.audit(YOU, 1, 1)
    await desk.touch()
    assert [norm.parent for _, norm in desk.said()] == [TEAM]
    desk.teller.clear()
    await desk.touch()
    assert [norm.parent for _, norm in desk.said()] == [TEAM, COMPANY]


async def test_versions_grow_with_totals_the_reference_and_time() -> None:
    desk, versions = Desk(), []

    async def say() -> None:
        desk.teller.clear()
        await desk.touch()
        versions.append(max(version for version, _ in desk.said()))

    await say()
    desk.audit(ME, 10, 9)
    await say()
    desk.reference.learn("target", 1, Target(TEAM, AUDIT, "2026-03", 1))
    await say()
    desk.as_of += 300_000_000
    await say()
    # What parents say depends on no other norm.
    norm = Norm(COMPANY, {}, None)
    desk.reference.learn(norm.key, 10**9, norm)
    await say()
    assert versions[:4] == sorted(set(versions[:4]))
    assert versions[4] == versions[3]


async def test_in_live_work_it_is_said_at_a_pace() -> None:
    desk = Desk(pace=3600)
    async with desk.running():
        desk.audit(ME, 10, 9)
        await desk.touch()
        assert desk.written == []
        await desk.until(lambda: desk.written)
        assert len(desk.said()) == 2
        desk.audit(YOU, 10, 9)
        await desk.touch()
        for _ in range(50):
            await asyncio.sleep(0)
        assert desk.said() == []


async def test_many_changes_within_a_pace_are_said_once() -> None:
    desk = Desk(pace=0.05)
    async with desk.running():
        await desk.touch()
        await desk.until(lambda: desk.written)
        desk.said()
        for _ in range(20):
            desk.audit(ME, 1, 1)
            await desk.touch()
        await desk.until(lambda: desk.written)
        ((_, norm),) = desk.said()
    assert norm.whole[AUDIT]["month"] == (20, 20)


@pytest.mark.parametrize("moves", [True, False])
async def test_who_may_have_been_replaced_says_it_again(*, moves: bool) -> None:
    desk = Desk(moves=moves)
    desk.audit(ME, 10, 9)
    await desk.touch()
    desk.said()
    await desk.touch()
    assert bool(desk.said()) is moves


async def test_a_balance_is_in_the_part_of_those_who_are_there_now() -> None:
    desk = Desk()
    totals = desk.totals[TEAM]
    for name, borrowers in (("E", 3), ("F", 5), ("elsewhere", 7)):
        totals.hear(f"book:{name}", MONDAY, {-1: {"borrowers": borrowers, "cross_sold": 1}})
    await desk.touch()
    norm = next(norm for _, norm in desk.said() if norm.parent == TEAM)
    assert norm.parts is not None
    penetration = "cross_selling.penetration"
    assert norm.whole[penetration]["month"] == (2, 8)
    brought = {child: shares[penetration]["month"] for child, shares in norm.parts.items()}
    assert brought == {ME: (1, 3), YOU: (1, 5)}
