"""What loans and products of a customer mean together, by example."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scoring.calendar import HOUR
from scoring.notes import HoldingOfCustomer, LoanOfCustomer
from tests.scoring.making import at, day, flat
from tests.scoring.subjects.meanings import counted, mean

if TYPE_CHECKING:
    from scoring.meaning import Meaning
    from scoring.notes import SubjectNote


def test_a_customers_loans_after_the_first_are_repeats_of_their_sellers() -> None:
    time = at("2026-03-02T10:00")
    loans: dict[str, SubjectNote] = {
        "loan:1": LoanOfCustomer(time + 1, "/a", "1", "E-3"),
        "loan:2": LoanOfCustomer(time, "/b", "1", "E-2"),
        "loan:3": LoanOfCustomer(time, "/a", "2", "E-1"),
    }
    for told in (loans, dict(reversed(loans.items()))):
        assert repeats(mean("customer:C|1", notes=told)) == {
            ("executive:E-2", "repeat#C|1"): 1,
            ("executive:E-3", "repeat#C|1"): 1,
        }
    assert repeats(mean("customer:C|1", notes={"loan:1": loans["loan:1"]})) == {}


def repeats(found: Meaning) -> dict[tuple[str, str], int]:
    return {where: n for where, n in counted(found).items() if where[1].startswith("repeat#")}


MIDNIGHT = at("2026-03-02T00:00")
DAY = 24 * HOUR


def item(began: float, ended: float | None = None, *, matured: bool = False) -> LoanOfCustomer:
    """A loan; days since the second of March."""
    return LoanOfCustomer(
        MIDNIGHT + int(began * DAY),
        "/a",
        "1",
        "E",
        None if ended is None else MIDNIGHT + int(ended * DAY),
        matured=matured,
    )


def lapses(*items: LoanOfCustomer) -> dict[tuple[int, str, int], int]:
    """Lapses by day, how, and the day since which the customer was active."""
    notes: dict[str, SubjectNote] = {f"loan:{n}": each for n, each in enumerate(items)}
    found = flat(mean("customer:C", notes=notes).contributions.places)
    first = day("2026-03-02")
    return {
        (place.day - first, slot.partition("#")[0], int(slot.partition("#")[2]) - first): n
        for (place, _, slot), n in found.items()
        if place.entity == "book:E" and slot.startswith(("lost#", "repaid#"))
    }


def test_a_customer_lapses_when_something_ends_and_nothing_else_is_open() -> None:
    assert lapses(item(0, 5)) == {(5, "lost", 0): 1}
    assert lapses(item(0, 5), item(2, 9)) == {(9, "lost", 0): 1}
    assert lapses(item(0, 5), item(2)) == {}
    # One that begins at the very moment at which another ends is open then.
    assert lapses(item(0, 5), item(5, 7)) == {(7, "lost", 0): 1}
    # One that begins later that day is not.
    assert lapses(item(0, 5.2), item(5.4, 7)) == {(5, "lost", 0): 1, (7, "lost", 5): 1}
    # Nobody was active before a day within which all of it happened.
    assert lapses(item(5.2, 5.4)) == {}


def test_a_lapse_is_a_repayment_if_one_of_several_ends_is() -> None:
    assert lapses(item(0, 5, matured=True)) == {(5, "repaid", 0): 1}
    assert lapses(item(0, 5), item(2, 5, matured=True)) == {(5, "repaid", 0): 1}
    assert lapses(item(0, 5), item(0, 4, matured=True)) == {(5, "lost", 0): 1}


def test_what_ends_when_or_before_it_begins_never_was_open() -> None:
    assert lapses(item(3, 2), item(3, 3)) == {}
    for never in (item(6, 5, matured=True), item(5, 5, matured=True)):
        assert lapses(item(0, 5), never) == {(5, "lost", 0): 1}


def test_a_customer_is_that_of_their_first_seller_though_it_never_was_open() -> None:
    notes: dict[str, SubjectNote] = {
        "holding:1": HoldingOfCustomer(MIDNIGHT, "/a", "2", "E-1", MIDNIGHT - 1),
        "loan:1": LoanOfCustomer(MIDNIGHT, "/a", "3", "E-2"),
    }
    found = mean("customer:C", notes=notes)
    assert counted(found) == {
        (entity, slot): 1
        for entity in ("executive:E-1", "book:E-1")
        for slot in ("active", "borrowers")
    }


def test_a_customer_is_cross_sold_while_both_are_open_at_a_days_end() -> None:
    notes: dict[str, SubjectNote] = {
        "loan:1": item(0, 8),
        "holding:1": HoldingOfCustomer(MIDNIGHT + 2 * DAY, "/b", "1", "F", MIDNIGHT + 5 * DAY),
        "holding:2": HoldingOfCustomer(MIDNIGHT + 6 * DAY, "/b", "1", "F", MIDNIGHT + 6 * DAY + 9),
    }
    found = flat(mean("customer:C", notes=notes).contributions.places)
    first = day("2026-03-02")
    changes = {
        (slot, place.day - first): n
        for (place, _, slot), n in found.items()
        if place.entity == "executive:E" and slot in ("borrowers", "cross_sold")
    }
    assert changes == {
        ("borrowers", 0): 1,
        ("borrowers", 8): -1,
        ("cross_sold", 2): 1,
        ("cross_sold", 5): -1,
    }
