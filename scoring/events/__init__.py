"""The event contract: every event type that Salesbell understands.

Read this first. Five families, one module each, of frozen types whose tag is the event
type on the wire; everything else (decoding, JSON Schemas, the AsyncAPI document) derives
from them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias, Union

import msgspec

from scoring.events import activity, feedback, leads, reference, sales
from scoring.events.fields import EventData

#: Source topics, in the order in which documents list them.
FAMILIES: tuple[str, ...] = ("leads", "sales", "feedback", "activity", "reference")

#: Event type on the wire -> what its `data` holds.
EVENT_TYPES: dict[str, type[EventData]] = {
    str(cls.__struct_config__.tag): cls
    for module in (leads, sales, feedback, activity, reference)
    for cls in module.TYPES
}

#: Moment in integer microseconds since 1970-01-01T00:00:00Z.
Micros: TypeAlias = int

if TYPE_CHECKING:
    AnyData: TypeAlias = EventData
else:
    #: Any event's data, as a union that a decoder can tell apart by tag.
    AnyData = Union[tuple(EVENT_TYPES.values())]  # noqa: UP007


class Event(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One accepted event.

    Attributes:
        time: Event time, microseconds since the epoch.
        source: CloudEvents `source`; with `id` the event's identity.
        id: CloudEvents `id`.
        data: What happened.
    """

    time: Micros
    source: str
    id: str
    data: AnyData

    @property
    def order(self) -> tuple[int, str, str]:
        """Sort key: time, with ties broken by (`source`, `id`) as strings."""
        return (self.time, self.source, self.id)


__all__ = ["EVENT_TYPES", "FAMILIES", "Event", "EventData", "Micros"]
