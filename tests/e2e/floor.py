"""A floor up to now: two teams of two, of whose leads most are contacted on the same day.

Nothing in it is left to chance, so that on any day it means the same: nobody has contacted leads
of `FALLEN` for some days, nobody did of `RISEN` for some days a while ago.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import msgspec
from aiokafka import AIOKafkaProducer

from streams import topics
from streams.broker import client_options
from streams.cloudevents import decode
from streams.frames import partition_of
from streams.names import Names
from streams.settings import Settings
from tests.oracle.generator import event

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tests.services.kafka import Kafka

    Event = dict[str, Any]

# Hours east of UTC at which it is now about noon: no test meets midnight.
_EAST = 12 - datetime.now(tz=UTC).hour
ZONE = f"Etc/GMT{-_EAST:+d}"
NOW = datetime.now(tz=timezone(timedelta(hours=_EAST)))
FALLEN, RISEN = "T-1", "T-2"
TEAMS = {FALLEN: ("E-1", "E-2"), RISEN: ("E-3", "E-4")}
DAYS = 110
#: Leads a day of each executive, and how many of them are contacted.
LEADS = 10
CONTACTED = {FALLEN: 7, RISEN: 6}
CHANNELS = ("web", "email")
LOST = "email"
#: Days ago, the last one of which is over: since when nobody contacts, and when nobody did.
FALLING = range(6)
RISING = range(30, 36)


def day(ago: int) -> date:
    return (NOW - timedelta(days=ago)).date()


def placements() -> Iterator[Event]:
    for team, executives in TEAMS.items():
        for executive in executives:
            data = {
                "executive_id": executive,
                "team_id": team,
                "branch_id": "B-1",
                "valid_from": day(DAYS + 10).isoformat(),
            }
            at = NOW - timedelta(days=DAYS + 10)
            yield event("executive.placed", at, data, identity=f"placed-{executive}")


def history() -> Iterator[Event]:
    """Placements, and then leads in the order of their events."""
    leads: list[Event] = []
    for ago in range(DAYS, -1, -1):
        for team in TEAMS:
            idle = ago in (FALLING if team == FALLEN else RISING)
            leads += of_day(team, ago, 0 if idle else CONTACTED[team])
    yield from placements()
    yield from sorted(leads, key=lambda each: datetime.fromisoformat(each["time"]))


def history_of_channels() -> Iterator[Event]:
    """The same without a team that stands still: nobody contacts the leads of a channel."""
    leads: list[Event] = []
    for ago in range(DAYS, -1, -1):
        for team in TEAMS:
            lost = LOST if ago in FALLING else None
            leads += of_day(team, ago, CONTACTED[team], channels=CHANNELS, lost=lost)
    yield from placements()
    yield from sorted(leads, key=lambda each: datetime.fromisoformat(each["time"]))


def of_day(
    team: str,
    ago: int,
    contacted: int,
    name: str = "L",
    channels: tuple[str, ...] = ("web",),
    lost: str | None = None,
) -> Iterator[Event]:
    """Leads of a team, all of one morning, and the first ones' contacts in the next hours.

    Channels take turns; of the one that is lost nobody is contacted.
    """
    morning = NOW.replace(hour=9, minute=0, second=0, microsecond=0) - timedelta(days=ago)
    for executive in TEAMS[team]:
        for number in range(LEADS):
            lead, created = (
                f"{name}-{executive}-{ago}-{number}",
                morning + timedelta(minutes=number),
            )
            channel = channels[number % len(channels)]
            owned = {"lead_id": lead, "channel": channel, "executive_id": executive}
            yield event("lead.created", created, owned, identity=f"{lead}-c")
            if number < contacted and channel != lost:
                call = {"lead_id": lead, "executive_id": executive}
                at = created + timedelta(minutes=10 * number + 15)
                yield event("lead.contacted", at, call, identity=f"{lead}-f")


def sale(executive: str, amount: int) -> Event:
    """A loan that was paid out this morning."""
    loan = {"loan_id": f"LN-{executive}", "customer_id": "C-1", "executive_id": executive}
    at = NOW.replace(hour=10, minute=0)
    data = {**loan, "amount": amount, "currency": "INR"}
    return event("sale.disbursed", at, data, identity=f"sale-{executive}")


async def deployed(broker: Kafka, prefix: str, **fields: Any) -> Settings:
    """Topics on a broker, and settings by which workers are quick to take over and to commit."""
    settings = Settings(
        broker=broker.bootstrap,
        prefix=prefix,
        partitions=2,
        timezone=ZONE,
        session_timeout=6,
        commit_interval=0.2,
        **fields,
    )
    await topics.create(settings, topics.required(settings, Names(prefix)))
    return settings


async def deliver(
    settings: Settings, events: Iterable[Event], *, as_they_happened: bool = False
) -> None:
    """Send events, now or as if they had been ingested when they happened."""
    sources = Names(settings.prefix).sources
    async with AIOKafkaProducer(acks="all", linger_ms=5, **client_options(settings)) as producer:
        sent = [
            await producer.send(
                sources[decode(value, ()).data.family],
                value,
                key=subject.encode(),
                partition=partition_of(subject, settings.partitions),
                timestamp_ms=_milliseconds(at) if as_they_happened else None,
            )
            for subject, at, value in (
                (e["subject"], e["time"], msgspec.json.encode(e)) for e in events
            )
        ]
        await asyncio.gather(*sent)


def _milliseconds(time: str) -> int:
    return int(1_000 * datetime.fromisoformat(time).timestamp())
