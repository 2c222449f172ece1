"""A recording: lines of events, each with the topic and the key under which it is sent."""

from __future__ import annotations

import gzip
import random
import zlib
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
        place: The file and the number of the line, from 1; None if it was in no file.
    """

    family: str
    key: bytes | None
    value: bytes
    place: tuple[Path, int] | None = None


class RecordingError(RuntimeError):
    """A file is no recording; the message names it."""


@dataclass(frozen=True)
class Recording:
    """Events to be sent, and what is known of them already.

    Attributes:
        lines: All lines.
        latest: The latest event time among the valid ones; None if none is valid.
        refused: What is wrong with the first one that is not valid, and where; None if all are.
    """

    lines: list[Line]
    latest: Micros | None
    refused: str | None = None

    def shuffled(self, seed: int) -> Recording:
        """The same lines in an order, and under keys, that depend on nothing but the seed."""
        generator = random.Random(seed)  # noqa: S311
        lines = [
            Line(line.family, generator.randbytes(8), line.value, line.place)
            for line in generator.sample(self.lines, len(self.lines))
        ]
        return Recording(lines, self.latest, self.refused)

    def where(self, value: bytes | None) -> str:
        """Where the first line with a value is, in words."""
        place = next((line.place for line in self.lines if line.value == value), None)
        return "a line" if place is None else _words(place)


def read(files: Iterable[Path]) -> Recording:
    """Read recordings, one CloudEvent per line, plain or gzip.

    Raises:
        OSError: If a file cannot be read.
        RecordingError: If a file is called `.gz` and is not gzip, or not all of it.
    """
    lines: list[Line] = []
    latest: Micros | None = None
    refused: str | None = None
    for place, value in _values(files):
        try:
            event = decode(value, ())
        except RejectedError as error:
            refused = refused or f"{_words(place)}: {error}"
            lines.append(Line(_DEFAULT_FAMILY, None, value, place))
            continue
        lines.append(Line(event.data.family, event.data.subject.encode(), value, place))
        latest = event.time if latest is None else max(latest, event.time)
    return Recording(lines, latest, refused)


def _values(files: Iterable[Path]) -> Iterator[tuple[tuple[Path, int], bytes]]:
    for file in files:
        with gzip.open(file) if file.suffix == ".gz" else file.open("rb") as stream:
            try:
                for number, line in enumerate(stream, 1):
                    value = line.strip()
                    if value:
                        yield (file, number), value
            except (gzip.BadGzipFile, zlib.error, EOFError) as error:
                raise RecordingError(f"{file} is not whole gzip: {error}") from error


def _words(place: tuple[Path, int]) -> str:
    file, number = place
    return f"{file}, line {number}"
