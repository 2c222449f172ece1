"""Dead letters: records that cannot count, kept whole with the reason.

A rejected record goes to the dead-letter topic with its key, value and headers untouched
and six more headers that say why and whence. Nothing is ever dropped silently.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from streams.transport import Record

if TYPE_CHECKING:
    from collections.abc import Sequence


class Reason(StrEnum):
    """Why a record was rejected."""

    MALFORMED_JSON = "malformed_json"
    INVALID_FIELD = "invalid_field"
    UNKNOWN_TYPE = "unknown_type"
    MISSING_TIME = "missing_time"
    NAIVE_TIME = "naive_time"
    FUTURE_TIME = "future_time"
    TOO_LATE = "too_late"
    WRONG_CURRENCY = "wrong_currency"
    TOO_LARGE = "too_large"
    CONFLICTING_DUPLICATE = "conflicting_duplicate"


class RejectedError(ValueError):
    """A record that must not count.

    Args:
        reason: Why, for counting.
        detail: Which field and why, in words.
    """

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


#: Headers that a dead letter adds to the record's own.
REASON = "dl_reason"
DETAIL = "dl_detail"
TOPIC = "dl_topic"
PARTITION = "dl_partition"
OFFSET = "dl_offset"
TIME = "dl_time"
HEADERS = (REASON, DETAIL, TOPIC, PARTITION, OFFSET, TIME)


def dead_letter(
    rejected: RejectedError,
    *,
    key: bytes | None,
    value: bytes | None,
    headers: Sequence[tuple[str, bytes | None]],
    origin: tuple[str, int, int],
    now: str,
) -> Record:
    """The record for the dead-letter topic.

    Args:
        rejected: Why.
        key: The record's own key, untouched.
        value: Its own value, untouched.
        headers: Its own headers, untouched; those of an earlier rejection are replaced.
        origin: Topic, partition and offset where it was found.
        now: When it was rejected, ISO 8601.
    """
    topic, partition, offset = origin
    own = [(name, content) for name, content in headers if name not in HEADERS]
    why = {
        REASON: rejected.reason.value,
        DETAIL: rejected.detail,
        TOPIC: topic,
        PARTITION: str(partition),
        OFFSET: str(offset),
        TIME: now,
    }
    return Record(key, value, [*own, *((name, text.encode()) for name, text in why.items())])
