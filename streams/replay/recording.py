"""A recording: lines of events, each with the topic and the key under which it is sent."""

from __future__ import annotations

import gzip
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

from streams.cloudevents import decode
from streams.dead_letters import RejectedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from scoring.events import Micros

#: Lines that name no known type go where most events go, and are rejected there.
_DEFAULT_FAMILY = "leads"


@dataclass(frozen=True)
class Line:
    """One recorded event.

    Attributes:
        family: The family of topics that carries its type.
        key: Its subject, if it has one.
        value: The line as it was recorded.
    """

    family: str
    key: bytes | None
    value: bytes


@dataclass(frozen=True)
class Recording:
    """All lines, and the latest event time among the valid ones."""

    lines: list[Line]
    latest: Micros | None

    def shuffled(self, seed: int) -> Recording:
        """The same lines in an order, and under keys, that depend on nothing but the seed."""
        generator = random.Random(seed)  # noqa: S311
        lines = [
            Line(line.family, generator.randbytes(8), line.value)
            for line in generator.sample(self.lines, len(self.lines))
        ]
        return Recording(lines, self.latest)


def read(files: Iterable[Path]) -> Recording:
    """Read recordings, one CloudEvent per line, plain or gzip.

    Raises:
        OSError: If a file cannot be read.
    """
    lines: list[Line] = []
    latest: Micros | None = None
    for value in _values(files):
        try:
            event = decode(value, ())
        except RejectedError:
            lines.append(Line(_DEFAULT_FAMILY, None, value))
            continue
        lines.append(Line(event.data.family, event.data.subject.encode(), value))
        latest = event.time if latest is None else max(latest, event.time)
    return Recording(lines, latest)


def _values(files: Iterable[Path]) -> Iterator[bytes]:
    for file in files:
        with gzip.open(file) if file.suffix == ".gz" else file.open("rb") as stream:
            for line in stream:
                value = line.strip()
                if value:
                    yield value
