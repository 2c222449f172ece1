"""Short events of March 2026 for tests written by hand."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Protocol, TypeAlias

from .generator import Event, event

if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction

    from .oracle import Expected, Hours

AS_OF = datetime.fromisoformat("2026-03-24T18:00:00+05:30")
MONTH = ("company", "company", "month")
EXECUTIVES = ("E-1", "E-2", "E-3")

Index = dict[tuple[str, str, str, str], "Expected"]  # by kpi, level, entity, window
#: A numerator and a denominator, which a test compares with whole numbers.
Ratio: TypeAlias = "tuple[Fraction | int, Fraction | int | None]"


def indexed(found: list[Expected]) -> Index:
    index = {(item.kpi, item.level, item.entity, item.window): item for item in found}
    assert len(index) == len(found)
    return index


def of_executives(found: Index, kpi: str, window: str = "month") -> list[float | None]:
    return [found[kpi, "executive", executive, window].value for executive in EXECUTIVES]


def ratio(item: Expected) -> Ratio:
    return item.numerator, item.denominator


def due(time: str) -> str:
    """A moment of March, `10T18:00:00`."""
    return f"2026-03-{time}+05:30"


class Ask(Protocol):
    """Asks the oracle about a few events."""

    def __call__(
        self,
        *events: Event,
        as_of: datetime = ...,
        timezone: str = ...,
        currency: str = ...,
        maturity_days: int = ...,
        branches: Mapping[str, Hours] | None = ...,
    ) -> Index: ...


class Stories:
    """Makes events of March 2026, each with the next id."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, kind: str, time: str, /, **data: object) -> Event:
        return self.event(kind, time, data)

    def event(self, kind: str, time: str, data: Event) -> Event:
        self.count += 1
        when = f"2026-03-{time}+05:30" if time[2] == "T" else time
        return event(kind, when, data, identity=f"{self.count:03}")

    def lead(self, lead: str, time: str, executive: str | None = "E-1", **data: object) -> Event:
        owner = {} if executive is None else {"executive_id": executive}
        return self("lead.created", time, lead_id=lead, channel="web", **owner, **data)

    def sale(
        self, loan: str, time: str, amount: float = 100, executive: str = "E-1", **more: object
    ) -> Event:
        data: Event = {"loan_id": loan, "executive_id": executive, "customer_id": "C-1"}
        data |= {"amount": amount, "currency": "INR"} | more
        return self.event("sale.disbursed", time, data)

    def placed(self, executive: str, valid_from: str, team: str, branch: str = "B-1") -> Event:
        return self(
            "executive.placed",
            "02T09:00:00",
            executive_id=executive,
            team_id=team,
            branch_id=branch,
            valid_from=valid_from,
        )
