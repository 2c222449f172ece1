"""A worker that dies at a chosen point, or lacks a chosen guard.

    python -m tests.faults.worker [--die POINT] [--without GUARD]

The process ends as if it were killed: nothing is flushed, committed or said good-bye to.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import os
import sys
from typing import TYPE_CHECKING, Any

from scoring import journeys as pure_journeys
from scoring.panes import OpenPane
from streams import journeys, panes, rollups, store
from streams.intake import Intake
from streams.outbox import Outbox
from streams.settings import Settings
from streams.table import Table
from streams.transport.producer import Producer, WriteError
from streams.worker import run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from scoring.cells import Cells
    from scoring.events import Event
    from scoring.journeys import Change, Journey
    from scoring.meaning import History, Meaning
    from scoring.panes import Position
    from streams.frames import Upsert

KILLED = 137
OWNERS = ("lead:", "loan:", "executive:", "team:")
_write_table = Table.write
_send = Outbox.send
_write = Producer.write


def die() -> None:
    os._exit(KILLED)


def of_sales(table: Any, entries: Mapping[str, Any]) -> bool:
    """Whether a write is about what executives sell, so that its loss or repetition shows.

    Of channels and campaigns the alarm alone takes notice.
    """
    values = [table.encode(entries[key]) for key in entries if key.startswith(OWNERS)]
    return any(b"lead" in value or b"loan" in value for value in values)


def dies_before_writing(name: str) -> None:
    async def write(self: Any, partition: int, entries: Mapping[str, Any]) -> None:
        if self.name == name and of_sales(self, entries):
            die()
        await _write_table(self, partition, entries)

    Table.write = write  # type: ignore[method-assign]


def dies_after_writing(name: str) -> None:
    async def write(self: Any, partition: int, entries: Mapping[str, Any]) -> None:
        await _write_table(self, partition, entries)
        if self.name == name and of_sales(self, entries):
            die()

    Table.write = write  # type: ignore[method-assign]


def of_the_forgotten(entries: Mapping[str, Any]) -> bool:
    """Whether a write of journeys buries a subject, or removes a grave."""
    return any(value is None or value.grave is not None for value in entries.values())


def dies_at_retirement(*, written: bool) -> None:
    async def write(self: Any, partition: int, entries: Mapping[str, Any]) -> None:
        retires = self.name == "journeys" and of_the_forgotten(entries)
        if written or not retires:
            await _write_table(self, partition, entries)
        if retires:
            die()

    Table.write = write  # type: ignore[method-assign]


def dies_after_intake() -> None:
    process = Intake.process

    async def processed(self: Intake, batches: Sequence[Any]) -> None:
        await process(self, batches)
        die()

    Intake.process = processed  # type: ignore[method-assign]


def broker_refuses_facts() -> None:
    """The first write of facts is refused, and the worker goes down with it if it notices."""
    refusals = itertools.count()

    async def write(self: Any, topic: str, partition: int, records: Sequence[Any]) -> int:
        facts = topic.endswith(".facts") and any(b"lead" in record.value for record in records)
        if facts and next(refusals) == 0:
            raise WriteError(f"refused, for a test: {topic}-{partition}")
        return await _write(self, topic, partition, records)

    Producer.write = write  # type: ignore[method-assign]


def facts_count_again() -> None:
    def fold(self: Any, at: Position, delta: Cells) -> bool:
        return known(self, (f"again {next(number)}", at[1]), delta)

    known, number = OpenPane.fold, itertools.count()
    OpenPane.fold = fold  # type: ignore[method-assign]


def arrivals_count_again() -> None:
    def receive(
        journey: Journey,
        event: Event,
        origin: tuple[str, int],
        meaning: Callable[[History], Meaning],
        was: Meaning | None = None,
    ) -> Change:
        origin = (origin[0], next(number))
        return pure_journeys.receive(journey, event, origin, meaning, was)

    number = itertools.count(10**12)
    journeys.receive = receive  # type: ignore[attr-defined]


def state_before_facts() -> None:
    late: list[Outbox] = []

    async def send(self: Outbox) -> None:
        late.append(self)

    async def write(self: Any, partition: int, entries: Mapping[str, Any]) -> None:
        await previous(self, partition, entries)
        while late:
            await _send(late.pop(0))

    previous = Table.write
    Table.write = write  # type: ignore[method-assign]
    Outbox.send = send  # type: ignore[method-assign]


def known_panes_stay_silent() -> None:
    said = panes._Work.upserts

    def upserts(self: Any) -> Iterator[Upsert]:
        return (upsert for upsert in said(self) if (upsert.child, upsert.day) in self._closed)

    panes._Work.upserts = upserts  # type: ignore[method-assign]


def known_contributions_stay_silent() -> None:
    process, upward = rollups.Rollups._account, rollups.Rollups._upward
    sales = rollups.Rollups._sales
    fresh: set[Any] = set()

    def account(self: Any, said: Any, touched: Any) -> Any:
        fresh.clear()
        fresh.update((line.partition, line.parent, line.day) for line in said)
        return process(self, said, touched)

    rollups.Rollups._account = account  # type: ignore[method-assign]
    rollups.Rollups._upward = lambda self, speaking: upward(  # type: ignore[method-assign]
        self, [each for each in speaking if each in fresh]
    )
    rollups.Rollups._sales = lambda self, days: sales(  # type: ignore[method-assign]
        self, [each for each in days if each in fresh]
    )


def sold_stays_silent() -> None:
    """What a team sold is said when it changes, and not again."""
    process = rollups.Rollups._account
    sales, changed = rollups.Rollups._sales, set[Any]()

    def account(self: Any, said: Any, touched: Any) -> Any:
        sold = process(self, said, touched)
        changed.clear()
        changed.update(sold)
        return sold

    rollups.Rollups._account = account  # type: ignore[method-assign]
    rollups.Rollups._sales = lambda self, days: sales(  # type: ignore[method-assign]
        self, [each for each in days if each in changed]
    )


def failures_are_warnings() -> None:
    async def send(self: Outbox) -> None:
        try:
            await _send(self)
        except WriteError as error:
            sys.stderr.write(f"warning: {error}\n")

    Outbox.send = send  # type: ignore[method-assign]


def last_record_wins() -> None:
    def replay(self: Any, record: Any, decode: Callable[[bytes], Any]) -> None:
        self.values[record.key.decode()] = decode(record.value)

    store.Partition._replay_record = replay  # type: ignore[method-assign]


POINTS: dict[str, Callable[[], None]] = {
    "intake sent, not acknowledged": dies_after_intake,
    "facts sent, journeys not written": lambda: dies_before_writing("journeys"),
    "journeys written, not acknowledged": lambda: dies_after_writing("journeys"),
    "panes written, parents not told": lambda: dies_after_writing("panes"),
    "contributions written, parents not told": lambda: dies_after_writing("rollups"),
    "facts refused by the broker": broker_refuses_facts,
    "retirement said, nothing written": lambda: dies_at_retirement(written=False),
    "retirement written, not acknowledged": lambda: dies_at_retirement(written=True),
}
GUARDS: dict[str, Callable[[], None]] = {
    "a fact counts once": facts_count_again,
    "an arrival counts once": arrivals_count_again,
    "facts before state": state_before_facts,
    "a known fact is said again": known_panes_stay_silent,
    "a known contribution is said again": known_contributions_stay_silent,
    "what a team sold is said again": sold_stays_silent,
    "a refused write stops the worker": failures_are_warnings,
    "the larger version wins": last_record_wins,
}

if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--die", choices=POINTS)
    parser.add_argument("--without", choices=GUARDS)
    chosen = parser.parse_args()
    if chosen.die:
        POINTS[chosen.die]()
    if chosen.without:
        GUARDS[chosen.without]()
    sys.exit(asyncio.run(run(Settings())))
