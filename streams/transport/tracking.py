"""Which offset of one partition may be committed, and how much of it is in memory.

Pure bookkeeping: no Faust, no broker, no clock.
"""

from __future__ import annotations

from collections import deque


class Span:
    """One fetched batch, from its fetch to its acknowledgement.

    Attributes:
        first: Offset of its first record.
        last: Offset of its last record.
        size: Bytes it holds in memory.
        acknowledged: Whether its processing is finished.
    """

    __slots__ = ("acknowledged", "first", "last", "size")

    def __init__(self, first: int, last: int, size: int) -> None:
        self.first = first
        self.last = last
        self.size = size
        self.acknowledged = False


class PartitionTracker:
    """The outstanding batches of one partition, in the order they were fetched.

    Batches may be acknowledged in any order. The offset to commit is the end of the longest
    acknowledged prefix, so it never passes an unfinished batch, and offsets that hold no record
    (compaction, transaction markers) neither hold it back nor carry it forward.

    A tracker belongs to one uninterrupted run of offsets: after a seek or a rebalance a new one
    takes its place, and acknowledgements that still reach the old one mean nothing any more.
    """

    __slots__ = ("_committable", "_last", "_outstanding_bytes", "_spans")

    def __init__(self) -> None:
        self._spans: deque[Span] = deque()
        self._last = -1
        self._committable: int | None = None
        self._outstanding_bytes = 0

    @property
    def committable(self) -> int | None:
        """The offset to commit (that of the next record to read), None before the first one."""
        return self._committable

    @property
    def outstanding_bytes(self) -> int:
        """Bytes of the batches that are fetched and not acknowledged."""
        return self._outstanding_bytes

    def begin(self, first: int, last: int, size: int) -> Span:
        """Remember a fetched batch.

        Args:
            first: Offset of its first record.
            last: Offset of its last record.
            size: Bytes of its keys, values and headers.

        Returns:
            The span to acknowledge when the batch is processed.

        Raises:
            ValueError: If the batch does not lie behind the one fetched before it.
        """
        if not self._last < first <= last:
            raise ValueError(
                f"batch {first}..{last} was fetched after offset {self._last}: offsets of one "
                "partition must ascend; the log was cut or a seek was not announced"
            )
        span = Span(first, last, size)
        self._last = last
        self._spans.append(span)
        self._outstanding_bytes += size
        return span

    def acknowledge(self, span: Span) -> None:
        """Mark a batch as processed; a second acknowledgement changes nothing."""
        if span.acknowledged:
            return
        span.acknowledged = True
        self._outstanding_bytes -= span.size
        while self._spans and self._spans[0].acknowledged:
            self._committable = self._spans.popleft().last + 1
