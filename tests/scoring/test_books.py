"""Books told to a team: those of who is there add up, whenever they came and were read."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from scoring.notes import Placement, Placements
from scoring.reference import Reference
from scoring.totals import Totals
from scoring.windows import Days

EVER = Days(0, 99)
executives = st.sampled_from(("E-1", "E-2", "E-3"))
#: A change of a book, a new placement, or a reading as of a day.
told = st.tuples(executives, st.integers(1, 40), st.integers(-3, 3).filter(bool))
placed = st.tuples(executives, st.integers(1, 40), st.sampled_from(("T", "U")))
read = st.integers(1, 60)


@given(st.lists(st.one_of(told, placed, read), max_size=20), read)
def test_what_is_read_are_the_books_of_who_is_here(
    steps: list[tuple[str, int, int | str] | int], last: int
) -> None:
    totals, reference = Totals(), Reference()
    sums: dict[str, int] = {}
    seats: dict[str, tuple[Placement, ...]] = {}
    for version, step in enumerate([*steps, last], start=1):
        if isinstance(step, int):
            for team in ("T", "unplaced"):
                here = {e for e in sums if reference.placement(e, step).team == team}
                found = reading(totals if team == "T" else copy(totals), team, step, reference)
                assert found == sum(sums[executive] for executive in here)
            continue
        executive, day, what = step
        if isinstance(what, int):
            totals.hear(f"book:{executive}", day, {-1: {"active": what}})
            sums[executive] = sums.get(executive, 0) + what
        else:
            seats[executive] = tuple(
                sorted(
                    (
                        *(seat for seat in seats.get(executive, ()) if seat.since != day),
                        Placement(day, what, "B", active=True, name=None),
                    ),
                    key=lambda seat: seat.since,
                )
            )
            reference.learn(executive, version, Placements(executive, seats[executive]))
    assert totals.empty


def test_changes_of_each_book_are_counted() -> None:
    totals = Totals()
    for executive, times in (("E-1", 3), ("E-2", 1)):
        for day in range(times):
            totals.hear(f"book:{executive}", day, {-1: {"active": 1}})
    assert totals.books.changes == {"E-1": 3, "E-2": 1}
    assert totals.changes == 4


def reading(totals: Totals, team: str, today: int, reference: Reference) -> int:
    books = totals.books.placed(f"team:{team}", today, reference)
    return books.over(EVER).total("active")


def copy(totals: Totals) -> Totals:
    """The same books, never read: totals are those of one entity."""
    fresh = Totals()
    for executive, days in totals.books._days.items():
        for day, cells in days.items():
            fresh.hear(f"book:{executive}", day, cells)
    return fresh
