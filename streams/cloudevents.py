"""CloudEvents 1.0 over Kafka: a record becomes an event, or is rejected with a reason.

Structured mode (one JSON object with the attributes and `data`) and binary mode (`ce_*`
headers, the value is the JSON data) are both accepted. Unknown fields are ignored.
Source: CloudEvents 1.0 and its Kafka protocol binding.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Literal

import msgspec

from scoring.calendar import SECOND, micros
from scoring.events import EVENT_TYPES, Event
from scoring.events.fields import Moment
from streams.dead_letters import Reason, RejectedError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scoring.events import Micros

#: Largest record that is read, bytes of key, value and headers.
MAX_RECORD_BYTES = 64 * 1024
#: How far ahead of the clock an event's time may be.
FUTURE_TOLERANCE = 300 * SECOND
_MAX_ATTRIBUTE = 1000
_PREFIX = "ce_"


#: A CloudEvents attribute: not empty, not too long, every character prints.
_Attribute = Annotated[
    str, msgspec.Meta(min_length=1, max_length=_MAX_ATTRIBUTE, pattern=r"^[!-~]+\Z")
]


class _Sound(msgspec.Struct, frozen=True):
    """An envelope as nearly all are: complete, with plain attributes."""

    specversion: Literal["1.0"]
    id: _Attribute
    source: _Attribute
    type: str
    time: Moment
    data: msgspec.Raw


class Envelope(msgspec.Struct, frozen=True):
    """The attributes that Salesbell reads, none of them sure, with the data left encoded."""

    specversion: str | None = None
    id: str | None = None
    source: str | None = None
    type: str | None = None
    time: str | None = None
    data: msgspec.Raw = msgspec.Raw(b"")


_sound = msgspec.json.Decoder(_Sound)
_envelope = msgspec.json.Decoder(Envelope)
_data = {name: msgspec.json.Decoder(cls) for name, cls in EVENT_TYPES.items()}


@dataclass(frozen=True)
class Admission:
    """What makes a decoded event acceptable.

    Attributes:
        currency: The company's ISO 4217 currency.
        retention: How far back events may be, microseconds.
    """

    currency: str
    retention: Micros


def decode(
    value: bytes | None, headers: Sequence[tuple[str, bytes | None]], key: bytes | None = None
) -> Event:
    """The event in a record.

    Args:
        value: The record's value.
        headers: Its headers.
        key: Its key; counts for nothing but size.

    Raises:
        RejectedError: If the record is not a valid event.
    """
    size = len(value or b"") + len(key or b"") + sum(map(_header_size, headers))
    if size > MAX_RECORD_BYTES:
        raise RejectedError(
            Reason.TOO_LARGE, f"the record has {size} bytes, the limit is {MAX_RECORD_BYTES}"
        )
    if value is None:
        raise RejectedError(Reason.MALFORMED_JSON, "the record has no value")
    if headers and _is_binary(headers):
        return _event(_binary(value, headers))
    try:
        sound = _sound.decode(value)
        data = _data[sound.type].decode(sound.data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, KeyError):
        # Something is wrong: go step by step, and say what.
        return _event(_structured(value))
    return Event(micros(sound.time), sound.source, sound.id, data)


def admit(event: Event, now: Micros, admission: Admission) -> None:
    """Check what depends on the clock and the settings.

    Args:
        event: A decoded event.
        now: The clock, microseconds.
        admission: The settings.

    Raises:
        RejectedError: If the event must not count.
    """
    if event.time > now + FUTURE_TOLERANCE:
        ahead = (event.time - now) // SECOND
        raise RejectedError(Reason.FUTURE_TIME, f"`time` is {ahead} s ahead of the clock")
    if event.time < now - admission.retention:
        raise RejectedError(Reason.TOO_LATE, "`time` is older than the retention of panes")
    currency = getattr(event.data, "currency", admission.currency)
    if currency != admission.currency:
        raise RejectedError(
            Reason.WRONG_CURRENCY,
            f"`currency` is {currency}, the company's is {admission.currency}",
        )


def _header_size(header: tuple[str, bytes | None]) -> int:
    name, content = header
    return len(name) + len(content or b"")


def _is_binary(headers: Sequence[tuple[str, bytes | None]]) -> bool:
    return any(name == "ce_specversion" for name, _ in headers)


def _structured(value: bytes) -> Envelope:
    try:
        return _envelope.decode(value)
    except msgspec.ValidationError as error:
        raise RejectedError(Reason.INVALID_FIELD, f"envelope: {error}") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise RejectedError(Reason.MALFORMED_JSON, str(error)) from error


def _binary(value: bytes, headers: Sequence[tuple[str, bytes | None]]) -> Envelope:
    try:
        attributes = {
            name.removeprefix(_PREFIX): content.decode()
            for name, content in headers
            if content is not None and name.startswith(_PREFIX)
        }
    except UnicodeDecodeError as error:
        raise RejectedError(Reason.INVALID_FIELD, f"a ce_ header is not UTF-8: {error}") from error
    known = {name: attributes.get(name) for name in ("specversion", "id", "source", "type", "time")}
    return Envelope(**known, data=msgspec.Raw(value))


def _event(envelope: Envelope) -> Event:
    if envelope.specversion != "1.0":
        raise RejectedError(
            Reason.INVALID_FIELD, f"`specversion` is {envelope.specversion!r}, not '1.0'"
        )
    decoder = _data.get(_attribute(envelope.type, "type"))
    if decoder is None:
        raise RejectedError(Reason.UNKNOWN_TYPE, f"no event type is called {envelope.type!r}")
    source, identity = _attribute(envelope.source, "source"), _attribute(envelope.id, "id")
    time = _time(envelope.time)
    try:
        data = decoder.decode(envelope.data)
    except msgspec.ValidationError as error:
        reason = Reason.NAIVE_TIME if "timezone component" in str(error) else Reason.INVALID_FIELD
        raise RejectedError(reason, f"data: {error}") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        missing = not bytes(envelope.data)
        reason = Reason.INVALID_FIELD if missing else Reason.MALFORMED_JSON
        raise RejectedError(reason, "`data` is missing" if missing else str(error)) from error
    return Event(time, source, identity, data)


def _attribute(content: str | None, name: str) -> str:
    if not content:
        raise RejectedError(Reason.INVALID_FIELD, f"`{name}` is missing")
    if len(content) > _MAX_ATTRIBUTE or not content.isprintable():
        raise RejectedError(
            Reason.INVALID_FIELD,
            f"`{name}` is over {_MAX_ATTRIBUTE} characters or has a character that does not print",
        )
    return content


def _time(text: str | None) -> Micros:
    if not text:
        raise RejectedError(Reason.MISSING_TIME, "`time` is missing")
    try:
        moment = msgspec.convert(text, datetime)
    except msgspec.ValidationError as error:
        raise RejectedError(
            Reason.INVALID_FIELD, f"`time` is {text[:40]!r}: not an RFC 3339 moment"
        ) from error
    if moment.tzinfo is None:
        raise RejectedError(Reason.NAIVE_TIME, f"`time` is {text!r}: it has no UTC offset, add one")
    return micros(moment)
