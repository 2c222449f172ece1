"""The load: lead and sale events of a sales floor, the same bytes on every run."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator

EXECUTIVES: Final = 500
START: Final = datetime(2026, 3, 2, 9, tzinfo=UTC)
SPAN: Final = timedelta(hours=4)


class LoadEvent(msgspec.Struct, frozen=True):
    """One event as a record: its executive is the key, its JSON the value."""

    key: bytes
    value: bytes
    executive: int


def load_events(count: int) -> Iterator[LoadEvent]:
    """Yield CloudEvents in the order of their times, which spread evenly over `SPAN`.

    Four in five are `lead.created`, one is `sale.disbursed`; each is about 295 bytes of JSON and
    belongs to one of `EXECUTIVES` executives, drawn at random with a fixed seed.

    Args:
        count: How many events.

    """
    draw = random.Random(7)  # noqa: S311 - a load, no secret
    encode = msgspec.json.Encoder().encode
    step = SPAN / count
    for number in range(count):
        executive = draw.randrange(EXECUTIVES)
        name = f"E-{executive:03d}"
        sale = draw.random() < 0.2  # noqa: PLR2004 - one in five
        data = _sale(number, name, draw) if sale else _lead(number, name, draw)
        event = {
            "specversion": "1.0",
            "id": f"{number:012x}",
            "source": "/crm/emea" if not sale else "/los/emea",
            "type": "sale.disbursed" if sale else "lead.created",
            "subject": f"LN-{number:07d}" if sale else f"L-{number:07d}",
            "time": (START + step * number).isoformat(timespec="milliseconds"),
            "datacontenttype": "application/json",
            "data": data,
        }
        yield LoadEvent(name.encode(), encode(event), executive)


def _lead(number: int, executive: str, draw: random.Random) -> dict[str, object]:
    return {
        "lead_id": f"L-{number:07d}",
        "channel": draw.choice(("web", "branch", "email")),
        "executive_id": executive,
        "campaign_id": f"CMP-{draw.randrange(90):02d}",
        "region": "north",
    }


def _sale(number: int, executive: str, draw: random.Random) -> dict[str, object]:
    return {
        "loan_id": f"LN-{number:07d}",
        "customer_id": f"C-{number:07d}",
        "executive_id": executive,
        "amount": draw.randrange(50_000, 900_000),
        "currency": "INR",
    }
