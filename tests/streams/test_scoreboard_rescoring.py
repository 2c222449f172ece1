"""The scoreboard: who is scored again though nothing of theirs came in."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from scoring.calendar import PANE, micros
from scoring.notes import Placement, Placements
from scoring.windows import ALL_WINDOWS
from tests.streams.stand import E1, E2, NOON, Stand, decode

if TYPE_CHECKING:
    from scoring.reference import Reference


async def test_a_change_of_the_reference_scores_everybody_again(stand: Stand) -> None:
    stand.sell(E1, 100)
    stand.sell(E2, 100, partition=3)
    async with stand.running():
        await stand.until(lambda: len(stand.producer.written) == 2 * len(ALL_WINDOWS))
        for listener in stand.reference.changed:
            listener()
        await stand.until(lambda: len(stand.producer.written) == 4 * len(ALL_WINDOWS))
    assert stand.producer.values(f"{E1}|month") == [1, 1]
    assert stand.producer.values(f"{E2}|month") == [1, 1]


async def test_what_a_team_sold_concerns_only_its_members(stand: Stand) -> None:
    known: Reference = stand.reference.reference
    for executive, team in ((E1, "T-1"), (E2, "T-2")):
        name = executive.partition(":")[2]
        seat = Placement(0, team, "B-1", active=True, name=None)
        known.learn(executive, 1, Placements(name, (seat,)))
    for entity in (E1, E2, "executive:E-3", "team:T-1"):
        stand.sell(entity, 100)
    async with stand.running():
        await stand.until(lambda: len(stand.producer.written) == 4 * len(ALL_WINDOWS))
        for teams in ({"T-1"}, {"unplaced", "T-9"}):
            stand.producer.written.clear()
            for told in stand.reference.sold:
                told(teams)
            stand.hold("sold")
            await stand.until(lambda: stand.settled)
            stand.settled.clear()
            woken = E1 if "T-1" in teams else "executive:E-3"
            assert {key.partition("|")[0] for key in stand.producer.published()} == {woken}


async def test_what_a_parent_says_concerns_only_its_children(stand: Stand) -> None:
    known: Reference = stand.reference.reference
    for executive, team, branch in ((E1, "T-1", "B-1"), (E2, "T-2", "B-2")):
        name = executive.partition(":")[2]
        seat = Placement(0, team, branch, active=True, name=None)
        known.learn(executive, 1, Placements(name, (seat,)))
    everybody = (E1, E2, "team:T-1", "team:T-2", "team:T-9", "branch:B-1", "company:company")
    for entity in everybody:
        stand.sell(entity, 100)
    children = {
        "team:T-1": {E1},
        "branch:B-2": {"team:T-2"},
        # A team without members belongs to the company.
        "company:company": {"branch:B-1", "team:T-9"},
    }
    async with stand.running():
        await stand.until(lambda: len(stand.producer.written) == len(everybody) * len(ALL_WINDOWS))
        for parent, woken in children.items():
            stand.producer.written.clear()
            for told in stand.reference.norms:
                told({parent})
            stand.hold("said")
            await stand.until(lambda: stand.settled)
            stand.settled.clear()
            assert {key.partition("|")[0] for key in stand.producer.published()} == woken


async def test_rolling_windows_are_scored_again_in_the_next_pane(stand: Stand) -> None:
    # The sale is in the first of the twelve panes of the last hour, for a moment more.
    stand.clock.start(NOON + 12 * PANE - 200_000)
    stand.sell(E1, 100, at=NOON)
    async with stand.running():
        await stand.until(lambda: len(stand.producer.values(f"{E1}|1h")) == 2)
    assert stand.producer.values(f"{E1}|1h") == [1, 0]
    assert stand.producer.values(f"{E1}|day") == [1, 1]
    moments = [
        micros(datetime.fromisoformat(decode(r.value).as_of))
        for _, _, r in stand.producer.written
        if r.value is not None and r.key == f"{E1}|1h".encode()
    ]
    assert moments[0] < NOON + 12 * PANE <= moments[1]
