"""Histories that are hard to get right: seeded, made of leads, sales, customers and the like.

They hold what the rules of the catalogue are about: any order, events that come twice or with
other content, subjects that begin twice, ties in time, corrections known late, executives who
change team in the middle of a month, times on the very edge of a window, and dead letters.

What the contract leaves open stays out: copies of one event that differ at one time, differing
copies of reference data, events under one id about different subjects, empty ids.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from functools import partial
from random import Random
from typing import TYPE_CHECKING, Any, ClassVar

from . import market_stories, people_stories

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

Event = dict[str, Any]

IST = timezone(timedelta(hours=5, minutes=30))
FIRST = datetime(2025, 9, 20, tzinfo=IST)
LAST = datetime(2026, 4, 3, tzinfo=IST)
TOO_LATE = datetime(2023, 6, 1, tzinfo=IST)
MILLISECOND = timedelta(milliseconds=1)
FULL_TIME = timedelta(days=14)

AS_OFS = (
    datetime(2026, 3, 31, 23, 59, 59, 999000, tzinfo=IST),  # the last moment of a quarter
    datetime(2026, 4, 1, tzinfo=IST),  # the first of the next
    datetime(2026, 3, 30, 0, 5, tzinfo=IST),  # a Monday, just after midnight
    datetime(2026, 3, 24, 18, tzinfo=IST),
    datetime(2026, 3, 31, 12, 30, tzinfo=IST),  # the 31st: the month before is shorter
    datetime(2026, 2, 28, 17, 59, tzinfo=IST),
    datetime(2026, 1, 1, 9, 30, tzinfo=IST),
)
OFFSETS = (IST, IST, UTC, timezone(timedelta(hours=-8)), timezone(timedelta(hours=14)))
EXECUTIVES = tuple(f"E-{number}" for number in range(1, 9))  # the last is never placed
TEAMS = {"T-1": "B-1", "T-2": "B-1", "T-3": "B-2"}
CAMPAIGNS = tuple(f"CMP-{number}" for number in range(1, 7))  # the last is never defined
CHANNELS = ("web", "branch", "referral", "telecall", "walk_in", "other")
SOURCES = ("/crm", "/los", "/los-retry", "/Z", "/é")
AMOUNTS = (0, 0.01, 0.1, 1, 19.99, 250000, 333333.33, 500000.5, 1e5, 9999999999999.99)


def history(seed: int, size: int) -> list[Event]:
    """About `size` events in an order of their own; the same seed gives the same history."""
    maker = Maker(Random(seed))  # noqa: S311 - a seed that can be named matters, secrecy does not
    maker.placements()
    maker.campaigns()
    market_stories.begin(maker, size)
    while len(maker.events) < size:
        maker.story(size)
    maker.random.shuffle(maker.events)
    return [with_unheeded(item, seed) for item in maker.events]


def with_unheeded(item: Event, seed: int) -> Event:
    """The event with fields that no KPI heeds: the channel of money, the days of a campaign.

    Copies of one event get the same ones, conflicting ones others. Chance is drawn beside that of
    the history, which is the same without them.
    """
    draw = Random(f"{seed} {item.get('source')} {item.get('id')} {item.get('time')}")  # noqa: S311
    kind = item.get("type")
    start = FIRST.date() + draw.randrange(200) * timedelta(days=1)
    end = start + draw.randrange(-5, 60) * timedelta(days=1)
    more: Event = {}
    if kind == "campaign.spent":
        more = {"channel": draw.choice((*CHANNELS, None))}
    elif kind == "campaign.defined":
        more = {"start_date": start.isoformat(), "end_date": draw.choice((end.isoformat(), None))}
    kept = {name: value for name, value in more.items() if draw.random() < 0.5}
    return item | {"data": item["data"] | kept} if kept else item


def malformed(seed: int) -> list[bytes]:
    """Lines that are no events at all, some of them damaged events."""
    random = Random(seed)  # noqa: S311 - see history
    whole = json.dumps(event("lead.created", LAST, {"lead_id": "L-x", "channel": "web"})).encode()
    sale = {"loan_id": "LN-x", "customer_id": "C-1", "executive_id": "E-1", "currency": "INR"}
    not_a_number = json.dumps(event("sale.disbursed", LAST, sale | {"amount": float("nan")}))
    lines = [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"lead.created"',
        b"\xff\xfe\x00",
        whole[: random.randrange(1, len(whole))],
        whole.replace(b'"web"}', b'"web",}'),
        whole.replace(b"L-x", b"L-\xff"),
        whole + whole,
        not_a_number.encode(),
    ]
    random.shuffle(lines)
    return lines


def write(path: Path, events: Iterable[Event], raw: Iterable[bytes] = ()) -> Path:
    """Write events, and then raw lines, to a file."""
    lines = [json.dumps(item, ensure_ascii=False).encode() for item in events]
    path.write_bytes(b"".join(line + b"\n" for line in [*lines, *raw]))
    return path


def event(
    kind: str, time: datetime | str, data: Event, *, identity: str = "1", source: str = "/crm"
) -> Event:
    """One CloudEvent; its subject is the first field of its data."""
    return {
        "specversion": "1.0",
        "id": identity,
        "source": source,
        "type": kind,
        "subject": next(iter(data.values())),
        "time": time if isinstance(time, str) else time.isoformat(),
        "datacontenttype": "application/json",
        "data": data,
    }


@dataclass
class Maker:
    """Collects the events of a history."""

    random: Random
    events: list[Event] = field(default_factory=list)
    loans: int = 0
    as_ofs: ClassVar = AS_OFS

    def placements(self) -> None:
        for executive in EXECUTIVES[:-1]:
            starts = self.random.choices(
                (
                    "2025-09-01",
                    "2025-12-31",
                    "2026-01-01",
                    "2026-02-15",
                    "2026-03-16",
                    "2026-03-31",
                ),
                k=self.random.randrange(1, 5),
            )
            for start in starts:  # the same date again is a correction
                team = self.random.choice(tuple(TEAMS))
                data: Event = {"executive_id": executive, "team_id": team}
                data["branch_id"] = TEAMS[team]
                if self.happens(0.1):
                    data["branch_id"] = "B-3"
                data |= {"valid_from": start, "display_name": f"Executive {executive}"}
                if self.happens(0.2):
                    data["active"] = self.happens(0.5)
                self.add("executive.placed", self.moment(), data, conflicts=0)

    def campaigns(self) -> None:
        for campaign in CAMPAIGNS[:-1]:
            time = self.moment()
            for _ in range(self.random.randrange(1, 4)):
                data: Event = {"campaign_id": campaign, "channel": self.random.choice(CHANNELS)}
                data["digital"] = self.happens(0.7)
                branch = self.random.choice(("B-1", "B-2", "B-9", None))
                if branch or self.happens(0.5):
                    data["branch_id"] = branch
                self.add("campaign.defined", time, data, conflicts=0)
                time = time if self.happens(0.3) else self.moment()

    def story(self, size: int) -> None:
        """One more thing that happens."""
        stories: dict[Callable[[int], None], int] = {
            self.lead: 10,
            self.sale_without_lead: 3,
            self.spend: 3,
            self.dead_letter: 1,
            partial(market_stories.story, self): 14,
            partial(people_stories.tell, self): 20,
        }
        self.random.choices(tuple(stories), tuple(stories.values()))[0](size)

    def lead(self, size: int) -> None:
        lead, created = f"L-{len(self.events)}", self.moment()
        for number in range(self.random.choices((0, 1, 2, 3), (1, 16, 2, 1))[0]):
            time = created if not number or self.happens(0.5) else self.moment()
            self.add("lead.created", time, self.lead_data(lead, size))
        for kind, most in (("lead.assigned", 3), ("lead.reassigned", 1), ("lead.contacted", 1)):
            time = self.moment()
            for _ in range(self.random.randint(0, most)):
                data = {"lead_id": lead, "executive_id": self.random.choice(EXECUTIVES)}
                self.add(kind, time, data)
                time = time if self.happens(0.4) else self.moment()
        for _ in range(self.random.choices((0, 1, 2), (4, 4, 1))[0]):
            data = {"lead_id": lead}
            if self.happens(0.5):
                data["executive_id"] = self.random.choice(EXECUTIVES)
            self.add("lead.qualified", self.moment(), data)
        if self.happens(0.2):
            kind = self.random.choice(("lead.lost", "lead.disqualified"))
            self.add(kind, self.moment(), {"lead_id": lead, "reason": "rate"})
        for _ in range(self.random.choices((0, 1, 2), (5, 4, 1))[0]):
            self.loan(size, lead, self.disbursal(created))

    def lead_data(self, lead: str, size: int) -> Event:
        data: Event = {"lead_id": lead, "channel": self.random.choice(CHANNELS), "colour": "blue"}
        if self.happens(0.7):
            data["executive_id"] = self.random.choice(EXECUTIVES)
        elif self.happens(0.3):
            data["executive_id"] = None
        if self.happens(0.6):
            data["campaign_id"] = self.random.choice(CAMPAIGNS)
        if self.happens(0.5):
            data["customer_id"] = self.customer(size)
        return data | market_stories.details(self, size)

    def disbursal(self, created: datetime) -> datetime:
        """A time for a lead's loan, often on the edge of its full time."""
        edge = created + FULL_TIME
        choices = (edge, edge + MILLISECOND, edge - MILLISECOND, created, created - FULL_TIME)
        if self.happens(0.4):
            return min(self.random.choice(choices), LAST)
        if self.happens(0.6):
            return min(created + self.random.random() * 2 * FULL_TIME, LAST)
        return self.moment()

    def sale_without_lead(self, size: int) -> None:
        lead = self.random.choice((None, "L-unknown"))
        time, customer = self.moment(), self.customer(size)
        for _ in range(self.random.choices((1, 2, 3), (6, 2, 1))[0]):
            self.loan(size, lead, time, customer if self.happens(0.8) else None)
            time = time if self.happens(0.5) else self.moment()

    def loan(
        self, size: int, lead: str | None, time: datetime, customer: str | None = None
    ) -> None:
        self.loans += 1
        loan = f"LN-{self.loans}"
        steps = ("sale.applied", "sale.approved", "sale.declined")
        for kind in self.random.sample(steps, k=self.random.choices((0, 1, 2), (6, 1, 1))[0]):
            self.add(kind, self.moment(), {"loan_id": loan, "amount": self.amount()})
        for number in range(self.random.choices((0, 1, 2), (1, 16, 2))[0]):
            data: Event = {"loan_id": loan, "customer_id": customer or self.customer(size)}
            data |= {"executive_id": self.random.choice(EXECUTIVES), "amount": self.amount()}
            data["currency"] = "INR"
            if lead is not None:
                data["lead_id"] = lead
            again = number and self.happens(0.5)
            self.add("sale.disbursed", self.moment() if again else time, data)
        if self.happens(0.15):
            after = time + self.random.randint(-3, 3) * timedelta(days=1)
            self.add("sale.cancelled", min(after, LAST), {"loan_id": loan, "reason": "cooling_off"})
        if self.happens(0.1):
            self.add("loan.closed", self.moment(), {"loan_id": loan, "reason": "foreclosed"})

    def spend(self, _size: int) -> None:
        spend = f"SP-{len(self.events)}"
        campaign = self.random.choice(CAMPAIGNS)
        for _ in range(self.random.choices((1, 2), (5, 1))[0]):
            data = {"spend_id": spend, "campaign_id": campaign, "currency": "INR"}
            self.add("campaign.spent", self.moment(), data | {"amount": self.amount()})

    def dead_letter(self, size: int) -> None:
        """A sound event, spoiled in one place."""
        data: Event = {"loan_id": f"LN-dead-{len(self.events)}", "customer_id": self.customer(size)}
        data |= {"executive_id": "E-1", "amount": 1000, "currency": "INR"}
        dead = event("sale.disbursed", self.moment(), data, identity=self.identity())
        name, value = self.random.choice((
            ("type", "sale.teleported"), ("time", None), ("time", "2026-03-10T10:00:00"),
            ("time", "2026-02-30T10:00:00+05:30"), ("time", 1773120000), ("source", None),
            ("time", TOO_LATE.isoformat()), ("id", None), ("data", [data]), ("data", None),
            ("currency", "USD"), ("currency", None), ("amount", -1), ("amount", 0.001),
            ("amount", "1000"), ("amount", True), ("amount", None), ("loan_id", None),
            ("customer_id", 7), ("executive_id", None),
        ))  # fmt: skip
        where = data if name in data else dead
        where[name] = value
        if value is None and self.happens(0.5):
            del where[name]
        self.events.append(dead)

    def add(self, kind: str, time: datetime, data: Event, conflicts: float = 0.05) -> None:
        """Add an event; sometimes again as it is, sometimes again with other content."""
        added = event(
            kind,
            self.written(time),
            data,
            identity=self.identity(),
            source=self.random.choice(SOURCES),
        )
        self.events.append(added)
        while self.happens(0.08):
            self.events.append(json.loads(json.dumps(added)))
        if self.happens(conflicts):
            other = time + self.random.choice((-40, -1, 1, 40)) * timedelta(hours=1)
            changed = {name: self.changed(name, value) for name, value in data.items()}
            self.events.append(added | {"time": self.written(min(other, LAST)), "data": changed})

    def changed(self, name: str, value: object) -> object:
        match name:
            case "executive_id":
                return self.random.choice(EXECUTIVES)
            case "channel":
                return self.random.choice(CHANNELS)
            case "amount" | "revenue":
                return self.amount()
            case "rating":
                return self.random.randint(1, 5)
            case "due_at" | "ends_at":
                return self.written(self.moment())
            case _:
                return value

    def moment(self) -> datetime:
        """A time in the history, to the millisecond; often near an as-of or on an edge."""
        near = self.random.random()
        if near < 0.3:
            around = self.random.choice(AS_OFS) + self.random.randint(-30, 30) * timedelta(
                minutes=5
            )
            time = around.replace(minute=around.minute // 5 * 5, second=0, microsecond=0)
        elif near < 0.6:
            time = FIRST + self.random.randrange((LAST - FIRST).days) * timedelta(days=1)
        else:
            time = FIRST + self.random.randrange((LAST - FIRST) // MILLISECOND) * MILLISECOND
        return min(time + self.random.choice((-1, 0, 0, 0, 1)) * MILLISECOND, LAST)

    def written(self, time: datetime) -> str:
        """The time with some offset, in one of its spellings."""
        text = time.astimezone(self.random.choice(OFFSETS)).isoformat(
            timespec="milliseconds" if time.microsecond or self.happens(0.5) else "seconds"
        )
        return text.replace("+00:00", "Z") if self.happens(0.5) else text

    def identity(self) -> str:
        """A new id whose order has nothing to do with time."""
        return f"{self.random.choice('abXYZé')}{len(self.events)}"

    def bounded(self, time: datetime) -> datetime:
        return min(max(time, FIRST), LAST)

    def executive(self) -> str:
        return self.random.choice(EXECUTIVES)

    def customer(self, size: int) -> str:
        return f"C-{self.random.randrange(1 + size // 12)}"

    def amount(self) -> float:
        if self.happens(0.4):
            return self.random.choice(AMOUNTS)
        return self.random.randrange(100_000_000) / 100

    def happens(self, chance: float) -> bool:
        return self.random.random() < chance
