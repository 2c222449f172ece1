"""The order book of one run: numbers, customers, and every event that is still to come."""

from __future__ import annotations

import heapq
import itertools
import math
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from scoring.calendar import SECOND
from scoring.events.sales import SaleDisbursed
from streams.demo.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scoring.events import EventData, Micros
    from streams.demo.floor import Floor
    from streams.demo.incident import Incident

_SOURCE = "/demo/floor"
_MILLISECOND = 1000
_MOST_CUSTOMERS = 20_000
_ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz"
_DAY = 86_400 * SECOND

_encode = msgspec.json.Encoder().encode


class OutgoingEvent(NamedTuple):
    """An event on its way out: family of its topic, key, and CloudEvents JSON."""

    topic_family: str
    key: bytes
    value: bytes


@dataclass(frozen=True)
class Flaws:
    """How imperfect the senders are; shares of all events.

    Attributes:
        twice: Sent again, byte for byte.
        held: Sent seconds to minutes late, after events that followed it.
        backdated: Of events that begin something: reported minutes to days late.
        malformed: Sent besides an event, and not acceptable.
    """

    twice: float = 0.01
    held: float = 0.03
    backdated: float = 0.02
    malformed: float = 0.002


#: Senders without a flaw.
FLAWLESS = Flaws(0, 0, 0, 0)


class Book:
    """What a run has under way; chance comes from here alone.

    Args:
        floor: The sales floor.
        now: When the run begins, microseconds. Numbers of leads, loans and events are made
            from it, so that runs against one broker do not collide.
        flaws: How imperfect the senders are.
        incident: What happens to one channel.
    """

    def __init__(
        self,
        floor: Floor,
        now: Micros,
        flaws: Flaws | None = None,
        incident: Incident | None = None,
    ) -> None:
        self.floor = floor
        self.incident = incident
        self.flaws = flaws if flaws is not None else Flaws()
        self.run = _base36(now // _MILLISECOND)
        self.rng = Random(f"book {floor.seed} {self.run}")  # noqa: S311
        self.tally = Tally(floor.calendar)
        self._serials = itertools.count(1)
        self._order = itertools.count()
        self._coming: list[tuple[Micros, int, OutgoingEvent, EventData | None]] = []
        self._customers: list[str] = []

    def number(self, prefix: str) -> str:
        """A new number, never given before."""
        return f"{prefix}-{self.run}-{next(self._serials)}"

    def chance(self, share: float) -> bool:
        """True in a share of cases."""
        return self.rng.random() < share

    def known_customer(self) -> str | None:
        """Somebody who has had a loan; None as long as nobody has."""
        return self.rng.choice(self._customers) if self._customers else None

    def begin(self, at: Micros, data: EventData) -> None:
        """Plan an event that begins something: it may be reported late."""
        if self.chance(self.flaws.backdated):
            late = self.rng.lognormvariate(math.log(40 * 60), 1.8) * SECOND
            self.plan(at - min(round(late), 5 * _DAY), data, due=at)
        else:
            self.plan(at, data)

    def plan(self, at: Micros, data: EventData, due: Micros | None = None) -> None:
        """Plan an event.

        Args:
            at: Event time.
            data: What happens.
            due: When it is sent; by default at once, now and then a little later.
        """
        if due is None:
            due = at
            if self.chance(self.flaws.held):
                due += round(self.rng.lognormvariate(math.log(60), 1.2) * SECOND)
        self._push(due, self.outgoing(at, data), data)

    def due(self, until: Micros) -> Iterator[OutgoingEvent]:
        """Take out what is due up to a moment, in order of due time."""
        while self._coming and self._coming[0][0] <= until:
            due, _, event, data = heapq.heappop(self._coming)
            yield event
            if data is None:
                continue
            self._remember(data)
            self.tally.hear(due, data)
            if self.chance(self.flaws.twice):
                again = self.rng.lognormvariate(math.log(5), 1.5)
                self._push(due + round(again * SECOND), event, None)
            if self.chance(self.flaws.malformed):
                yield self._malformed(due)

    def _push(self, due: Micros, event: OutgoingEvent, data: EventData | None) -> None:
        heapq.heappush(self._coming, (due, next(self._order), event, data))

    def _remember(self, data: EventData) -> None:
        """Keep those who had a loan: they come back, and refer others."""
        if isinstance(data, SaleDisbursed) and len(self._customers) < _MOST_CUSTOMERS:
            self._customers.append(data.customer_id)

    def outgoing(self, at: Micros, data: EventData) -> OutgoingEvent:
        """The event as it is sent; `at` is its event time."""
        subject = data.subject.partition(":")[2]
        fields = msgspec.to_builtins(data)
        kind = fields.pop("~")
        return OutgoingEvent(
            data.family, subject.encode(), _encode(self._envelope(at, kind, subject, fields))
        )

    def _envelope(
        self, at: Micros, kind: str, subject: str, fields: dict[str, Any]
    ) -> dict[str, Any]:
        return {
            "specversion": "1.0",
            "id": self.number("ev"),
            "source": _SOURCE,
            "type": kind,
            "subject": subject,
            "time": self.floor.calendar.iso(at // _MILLISECOND * _MILLISECOND),
            "datacontenttype": "application/json",
            "data": fields,
        }

    def _malformed(self, at: Micros) -> OutgoingEvent:
        """An event that must end as a dead letter."""
        loan = self.number("LN")
        sale = {
            "loan_id": loan,
            "customer_id": self.number("C"),
            "executive_id": self.floor.somebody(self.rng).id,
            "amount": self.floor.loan(self.rng),
            "currency": self.floor.currency,
        }
        envelope = self._envelope(at, "sale.disbursed", loan, sale)
        defect = self.rng.choice(("cut", "no time", "unknown type", "currency", "negative"))
        if defect == "no time":
            del envelope["time"]
        elif defect == "unknown type":
            envelope["type"] = "sale.dreamt"
        elif defect == "currency":
            sale["currency"] = "USD" if self.floor.currency != "USD" else "INR"
        elif defect == "negative":
            sale["amount"] = -self.floor.loan(self.rng)
        value = _encode(envelope)
        return OutgoingEvent("sales", loan.encode(), value[:-9] if defect == "cut" else value)


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, len(_ALPHABET))
        digits = _ALPHABET[digit] + digits
    return digits or "0"
