"""Bids: workers say what they would tell, so that of one cause the strongest alert is told.

Each says it for every partition that it owns, and hears the owners of all others. What a worker
told before it took an alert off its bids must be read before the next look, by which its relatives
are judged; see `scoring.alerting.precedence`.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import msgspec
import structlog

from scoring.alerting.precedence import SILENT, Precedence, Word
from streams.tail import Tail
from streams.transport import Record

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aiokafka import ConsumerRecord

    from streams.stage import Stage

log = structlog.get_logger()

_decode = msgspec.msgpack.Decoder(Word).decode
_encode = msgspec.msgpack.Encoder().encode


class Bids:
    """What this worker bids, and the others.

    Args:
        stage: What all stages share.
    """

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._words: dict[int, Word] = {}
        self._tail = Tail(stage.settings, stage.names.bids, self._learn)
        self.run = self._tail.run
        self._precedence = Precedence()
        self._others: list[Word] = []

    @property
    def is_ready(self) -> bool:
        """Whether everything that was said before has been read."""
        return self._tail.is_ready

    def recover(self) -> None:
        """Begin anew; who owns what has changed."""
        self._precedence = Precedence()
        self.listen()

    def due(self, word: Word) -> set[str]:
        """The indicators of which this worker may tell the alert that it bids, as last heard."""
        return self._precedence.due(word, self._others, time.monotonic())

    def records(self, word: Word) -> list[Record]:
        """What is to be said, for every partition of this worker; nothing if it is no news."""
        if not self._precedence.say(word):
            return []
        said = _encode(word)
        return [Record(b"%d" % partition, said) for partition in sorted(self._mine)]

    def listen(self) -> None:
        """Go by what the others have said until now; who never spoke has looked at nothing."""
        others = set(range(self._stage.settings.partitions)) - self._mine
        self._others = [self._words.get(partition, SILENT) for partition in others]

    @property
    def _mine(self) -> set[int]:
        """The partitions for which this worker speaks."""
        return self._stage.owned(self._stage.names.rollups)

    def _learn(self, records: Iterable[ConsumerRecord]) -> None:
        for record in records:
            try:
                self._words[int(record.key)] = _decode(record.value)
            except (msgspec.DecodeError, TypeError, ValueError) as error:
                # Whoever owns the partition says it again.
                log.warning("not a bid", key=record.key, problem=str(error))
