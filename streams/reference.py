"""Reads the reference topic whole, on every worker: everybody needs it, and it is small.

Most notes concern everybody; what a team sold concerns only its members, and what a parent says
of its shares only its children.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scoring.notes import Norm, ReferenceNote, TeamSales
from scoring.reference import Reference
from streams.tail import Tail

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from aiokafka import ConsumerRecord

    from scoring.cells import Entity
    from streams.names import Names
    from streams.settings import Settings

#: Version and note of a record of the reference topic; None takes a note back.
decode_note = msgspec.msgpack.Decoder(tuple[int, ReferenceNote | None]).decode


class ReferenceReader:
    """Keeps the reference as known now.

    Repeats and disorder are harmless: for each key the larger version wins.

    Attributes:
        reference: The reference.
    """

    def __init__(self, settings: Settings, names: Names) -> None:
        self.reference = Reference()
        self._tail = Tail(settings, names.reference_latest, self._learn)
        self._listeners: list[Callable[[], None]] = []
        self._sales_listeners: list[Callable[[set[str]], None]] = []
        self._norm_listeners: list[Callable[[set[Entity]], None]] = []

    def on_change(self, listener: Callable[[], None]) -> None:
        """Call a listener after every change that concerns everybody."""
        self._listeners.append(listener)

    def on_sales(self, listener: Callable[[set[str]], None]) -> None:
        """Call a listener with the teams whose sales have changed, after every such change."""
        self._sales_listeners.append(listener)

    def on_norms(self, listener: Callable[[set[Entity]], None]) -> None:
        """Call a listener with the parents whose norms have changed, after every such change."""
        self._norm_listeners.append(listener)

    def catch_up(self) -> None:
        """Be ready again only when everything that is in the topic from now on has been read.

        Whoever takes over an entity calls this: the former owner may have known more, and
        versions of scores must not fall.
        """
        self._tail.catch_up()

    async def ready(self) -> None:
        """Wait until everything that was there at the start, or at `catch_up`, has been read."""
        await self._tail.ready()

    async def run(self) -> None:
        """Read for ever; runs as a task of the application."""
        await self._tail.run()

    def _learn(self, records: Iterable[ConsumerRecord]) -> None:
        common = self.reference.common
        teams: set[str] = set()
        parents: set[Entity] = set()
        for record in records:
            version, note = decode_note(record.value)
            new = self.reference.learn(record.key.decode(), version, note)
            if new and isinstance(note, TeamSales):
                teams.add(note.team)
            elif new and isinstance(note, Norm):
                parents.add(note.parent)
        if self.reference.common != common:
            for listener in self._listeners:
                listener()
        if teams:
            for told in self._sales_listeners:
                told(teams)
        if parents:
            for told in self._norm_listeners:
                told(parents)
