"""A customer: known by the net loans and products that name them, and by whom they refer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scoring import slots
from scoring.books import enter
from scoring.cells import Contributions
from scoring.intervals import NEVER, Interval, intersection, union
from scoring.meaning import Meaning
from scoring.notes import HoldingOfCustomer, ItemOfCustomer, LoanOfCustomer, ReferredLead

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scoring.calendar import Calendar
    from scoring.meaning import History, Rules


def meaning(subject: str, history: History, rules: Rules) -> Meaning:
    """Count the customer as a repeat one, as active, as cross-sold and as a referrer.

    Each net loan but the first, by time, makes them a repeat customer of its seller. Their
    balances are those of whoever sold their first net loan or product.
    """
    found = Meaning(Contributions(rules.calendar))
    items = _items(history)
    if not items:
        return found
    loans = [item for item in items if isinstance(item, LoanOfCustomer)]
    customer = subject.partition(":")[2]
    for loan in loans[1:]:
        found.contributions.add(
            f"executive:{loan.executive}", loan.began_at, slots.member(slots.REPEAT, customer)
        )
    spells = _open(items)
    executive = items[0].executive
    _count_active(found.contributions, executive, spells, loans, rules.calendar)
    _count_cross_sold(found.contributions, executive, items, rules.calendar)
    _count_referrals(found.contributions, history, spells)
    return found


def _items(history: History) -> list[ItemOfCustomer]:
    """The net loans and products by (time, source, id); the sender settles what is left."""
    items = (
        (note.began_at, note.source, note.id, sender, note)
        for sender, note in history.notes.items()
        if isinstance(note, LoanOfCustomer | HoldingOfCustomer)
    )
    return [note for *_, note in sorted(items, key=lambda item: item[:-1])]


def _open(items: Iterable[ItemOfCustomer]) -> list[Interval]:
    """When one of the items is open; what ends before it begins never is."""
    return union(
        (item.began_at, item.ended_at if item.ended_at is not None else NEVER) for item in items
    )


def _count_active(
    total: Contributions,
    executive: str,
    spells: Iterable[Interval],
    loans: Iterable[LoanOfCustomer],
    calendar: Calendar,
) -> None:
    """Count the days on which the customer is active, and each lapse.

    A lapse is one of a loan repaid at term if such a loan ends at that very moment.
    """
    _balance(total, executive, slots.ACTIVE, _days(spells, calendar))
    terms = {
        loan.ended_at
        for loan in loans
        if loan.matured and loan.ended_at is not None and loan.began_at < loan.ended_at
    }
    for start, end in spells:
        if end == NEVER:
            continue
        since, day = calendar.day(start), calendar.day(end)
        # Who was not active before the day of the lapse is in no window's base.
        if since < day:
            measure = slots.REPAID if end in terms else slots.LOST
            enter(total, executive, day, slots.member(measure, str(since)))


def _count_cross_sold(
    total: Contributions, executive: str, items: Iterable[ItemOfCustomer], calendar: Calendar
) -> None:
    """Count the days at whose end a loan is open, and those at whose end a product is too."""
    loans, products = (
        _days(_open(item for item in items if isinstance(item, kind)), calendar)
        for kind in (LoanOfCustomer, HoldingOfCustomer)
    )
    _balance(total, executive, slots.BORROWERS, loans)
    _balance(total, executive, slots.CROSS_SOLD, intersection(loans, products))


def _count_referrals(total: Contributions, history: History, spells: list[Interval]) -> None:
    for lead in history.notes.values():
        if isinstance(lead, ReferredLead) and any(
            start <= lead.created_at < end for start, end in spells
        ):
            total.add(lead.home, lead.created_at, slots.REFERRALS)


def _days(spells: Iterable[Interval], calendar: Calendar) -> list[Interval]:
    """The days at whose end one of the spells is open or just ends."""
    return union(
        (calendar.day(start), calendar.day(end) if end != NEVER else NEVER) for start, end in spells
    )


def _balance(total: Contributions, executive: str, measure: str, days: Iterable[Interval]) -> None:
    for start, end in days:
        enter(total, executive, start, measure)
        if end != NEVER:
            enter(total, executive, end, measure, -1)
