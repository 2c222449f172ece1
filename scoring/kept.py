"""Kept values: what was computed from totals, until something that it was read from changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scoring.totals import Change
    from scoring.windows import Days

T = TypeVar("T")


class Readers:
    """Who reads which measures of which days; shared by all whose values are read alike.

    A reader that reads more of one entity than of another counts as reading as much of both: that
    costs a computation at most.
    """

    def __init__(self) -> None:
        self._days: dict[str, dict[str, Days]] = {}

    def note(self, reader: str, reads: Mapping[str, Days]) -> None:
        """Note what a reader has read, by measure."""
        for measure, days in reads.items():
            readers = self._days.setdefault(measure, {})
            known = readers.get(reader)
            if known != days:
                readers[reader] = days if known is None else known.hull(days)

    def of(self, changes: Sequence[Change]) -> set[str]:
        """Who read something that has changed."""
        return {
            reader
            for measure, day in changes
            for reader, (first, last) in self._days.get(measure, {}).items()
            if first <= day <= last
        }


class Kept(Generic[T]):
    """Values of one entity by reader.

    >>> from scoring.totals import Change
    >>> from scoring.windows import Days
    >>> kept = Kept(Readers())
    >>> kept.keep("sales of May", 7, {"loans": Days(121, 151)})
    7
    >>> kept.heed([Change("loans", 120), Change("leads", 130)])
    >>> "sales of May" in kept
    True
    >>> kept.heed([Change("loans", 130)])
    >>> "sales of May" in kept
    False
    """

    __slots__ = ("_readers", "_values")

    def __init__(self, readers: Readers) -> None:
        self._values: dict[str, T] = {}
        self._readers = readers

    def __contains__(self, reader: str) -> bool:
        """Whether its value is still known."""
        return reader in self._values

    def get(self, reader: str) -> T | None:
        """A value, if it is still known."""
        return self._values.get(reader)

    def keep(self, reader: str, value: T, reads: Mapping[str, Days]) -> T:
        """Keep a value until a measure that was read changes on one of the days."""
        self._readers.note(reader, reads)
        self._values[reader] = value
        return value

    def heed(self, changes: Sequence[Change]) -> None:
        """Drop the values that were read from something that has changed."""
        for reader in self._readers.of(changes):
            self.drop(reader)

    def drop(self, reader: str) -> None:
        """Drop a value, if it is known."""
        self._values.pop(reader, None)
