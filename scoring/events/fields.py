"""The field types that the event families share, and what makes a value valid."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, ClassVar, Literal

import msgspec

#: Opaque identifier: 1 to 200 characters, none of them a control character.
Id = Annotated[
    str,
    msgspec.Meta(min_length=1, max_length=200, pattern=r"^(?![\s\S]*[\x00-\x1f\x7f])"),
]

#: Short text for people: at most 1,000 characters, no control characters.
Text = Annotated[str, msgspec.Meta(max_length=1000, pattern=r"^(?![\s\S]*[\x00-\x1f\x7f])")]

#: A moment with a UTC offset; a naive one is invalid.
Moment = Annotated[datetime, msgspec.Meta(tz=True)]

#: A JSON number with at most two decimal places, not negative: money in major
#: units, hours, a target. Read it with `hundredths`.
Number = int | float

#: Joins identifiers into one key; they hold no control characters.
SEPARATOR = "\x1f"

Rating = Annotated[int, msgspec.Meta(ge=1, le=5)]
#: A number of cases; bounded, for what is stored holds no larger integers than 64 bits.
Count = Annotated[int, msgspec.Meta(ge=0, le=10**16)]
#: A figure that a report states, of either sign; bounded like a count.
Figure = Annotated[int, msgspec.Meta(ge=-(10**16), le=10**16)] | float
#: No pattern ends in a bare `$`, which would let a line feed follow.
Currency = Annotated[str, msgspec.Meta(pattern=r"^[A-Z]{3}$(?!\n)")]
Severity = Literal["normal", "critical"]
Channel = Literal[
    "web",
    "branch",
    "referral",
    "telecall",
    "partner",
    "social",
    "email",
    "event",
    "walk_in",
    "other",
]

#: Largest number: two decimal places of a JSON number are exact far beyond it, and thousands of
#: the largest amounts still add up within the 64 bits of what is stored.
MAX_NUMBER = 10**13


def hundredths(number: Number, field: str = "number") -> int:
    """Exact integer hundredths of a JSON number: minor units of money.

    Args:
        number: Major units, for example rupees or hours.
        field: Name for the message.

    Raises:
        ValueError: If the number is negative, has more than two decimal places, or is above
            `MAX_NUMBER`.

    >>> hundredths(1250.5)
    125050
    """
    if number < 0:
        raise ValueError(f"`{field}` is {number}: it must not be negative")
    if number > MAX_NUMBER:
        raise ValueError(f"`{field}` is {number}: the largest allowed is {MAX_NUMBER}")
    if isinstance(number, int):
        return number * 100
    scaled = Decimal(repr(number)) * 100
    if scaled != scaled.to_integral_value():
        raise ValueError(f"`{field}` is {number}: at most two decimal places are allowed")
    return int(scaled)


#: Years in which something may be due; windows, and the days around them, lie within those of
#: the calendar.
YEARS = range(1970, 9999)


def check_year(year: int, field: str) -> None:
    """Refuse a year that no window can reach.

    Raises:
        ValueError: If it is not one of `YEARS`.
    """
    if year not in YEARS:
        raise ValueError(f"`{field}` is in the year {year}: only 1970 to 9998 are possible")


class EventData(
    msgspec.Struct, frozen=True, kw_only=True, tag_field="~", omit_defaults=True, gc=False
):
    """What one event type says in its `data`; its tag is the event type.

    `family` is the source topic that carries the type, `kind` the kind of subject
    that it changes.
    """

    family: ClassVar[str]
    kind: ClassVar[str]

    @property
    def subject(self) -> str:
        """Key of the subject that this event changes, `kind:id`."""
        raise NotImplementedError
