"""Remarks: what people say of alerts, and of changes that they expect.

They reach the alarm on a compacted topic, under their `key`: of one alert the last remark
counts, of one expected change its last wording.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, TypeAlias

import msgspec

from scoring.cells import Entity

#: An aware moment.
Moment: TypeAlias = Annotated[datetime, msgspec.Meta(tz=True)]

_DECLARED = "declared"


class Acknowledged(msgspec.Struct, frozen=True, kw_only=True, tag="acknowledged", tag_field="what"):
    """Somebody has seen an alert: it is quiet until it gets worse.

    Attributes:
        alert: The alert's id.
        by: Who.
        at: When.
        reason: Why, in words; may be empty.
    """

    alert: str
    by: str
    at: Moment
    reason: str = ""

    @property
    def key(self) -> str:
        """The record's key."""
        return self.alert


class Snoozed(msgspec.Struct, frozen=True, kw_only=True, tag="snoozed", tag_field="what"):
    """Somebody wants no word of an alert for a while.

    Attributes:
        alert: The alert's id.
        by: Who.
        at: When.
        until: When it may speak again.
        reason: Why, in words; may be empty.
    """

    alert: str
    by: str
    at: Moment
    until: Moment
    reason: str = ""

    @property
    def key(self) -> str:
        """The record's key."""
        return self.alert


class Declared(msgspec.Struct, frozen=True, kw_only=True, tag=_DECLARED, tag_field="what"):
    """Somebody knows that a rate is another from a day on, such as when a campaign ends.

    Attributes:
        entity: `level:id`; what is below it shares its fate.
        indicator: What of it; None for all that is watched.
        since: The day.
        by: Who.
        at: When it was said.
        reason: Why, in words.
    """

    entity: Entity
    since: date
    by: str
    at: Moment
    reason: str
    indicator: str | None = None

    @property
    def key(self) -> str:
        """The record's key."""
        return f"{_DECLARED}|{self.entity}|{self.indicator or 'all'}|{self.since.isoformat()}"


#: What is said of one alert.
OfAlert: TypeAlias = Acknowledged | Snoozed
Remark: TypeAlias = Acknowledged | Snoozed | Declared
