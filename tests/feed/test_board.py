"""The board: the newest score of each key, and what followers of any speed still lack."""

from __future__ import annotations

import random

import msgspec
import pytest

from scoring.score import Score
from streams.feed import Board
from streams.feed.newest import Newest
from tests.feed.scores import gone, key_of, record, score

E1, E2 = score("executive:E-1"), score("executive:E-2")


def board(*scores: Score, remembered: int = 100) -> Board:
    made = Board(remembered)
    for each in scores:
        made.take(*record(each))
    return made


def newest(*scores: Score) -> Newest:
    made = Newest()
    for each in scores:
        made.take(*record(each))
    return made


def lacks(made: Board, since: int) -> list[tuple[str, float | None]]:
    return [
        (change.key, change.published.score.score if change.published else None)
        for change in made.since(since)
    ]


def test_newest_by_version_then_as_of_whatever_the_order() -> None:
    old = score("company:company", 50.0, 1)
    new = score("company:company", 60.0, 2)
    # Later than `AS_OF`, though its text is smaller.
    later = score("company:company", 61.0, 2, as_of="2026-03-24T06:05:00+00:00")
    for order in ((old, new, later), (later, new, old), (new, later, old, new)):
        published = board(*order).get("company:company|month")
        assert published is not None
        assert published.score.score == 61.0


def test_a_score_is_given_back_as_it_was_published() -> None:
    published = board(E1).get(key_of(E1))
    assert published is not None
    assert msgspec.json.decode(published.raw, type=Score) == E1


def test_lines_are_joined_so_that_nothing_splits_them() -> None:
    pretty = msgspec.json.format(msgspec.json.encode(E1), indent=2)
    made = Board()
    made.take(key_of(E1).encode(), pretty)
    published = made.get(key_of(E1))
    assert published is not None
    assert b"\n" not in published.raw
    assert msgspec.json.decode(published.raw, type=Score) == E1


@pytest.mark.parametrize(
    ("key", "value"),
    [
        (b"executive:E-1|month", b'{"score": "high"}'),
        (b"executive:E-1|month", b"{"),
        (b"executive:E-1|week", msgspec.json.encode(E1)),
        (None, msgspec.json.encode(E1)),
        (b"\xff|month", b""),
        (b"executive:E-1|month", msgspec.json.encode(score("executive:E-1", as_of="today"))),
        (b"executive:E-1|month", msgspec.json.encode(score("executive:E-1", as_of="2026-03-24"))),
    ],
)
def test_what_is_no_score_is_counted_and_passed_over(key: bytes | None, value: bytes) -> None:
    made = Board()
    assert not made.take(key, value)
    assert (len(made), made.sequence, made.unreadable) == (0, 0, 1)


def test_an_empty_record_removes_and_a_later_one_brings_back() -> None:
    made = board(E1)
    assert made.take(*gone(E1))
    assert made.get(key_of(E1)) is None
    assert not list(made.shelf("executive", "month"))
    assert not made.take(*gone(E1))
    assert made.take(*record(E1))
    assert [each.score.entity for each in made.shelf("executive", "month")] == ["E-1"]


def test_the_windows_of_an_entity_come_shortest_first() -> None:
    scores = [score("executive:E-1", window=window) for window in ("month", "1h", "day")]
    found = board(E2, *scores).of_entity("executive:E-1")
    assert [each.score.window for each in found] == ["1h", "day", "month"]


def test_a_follower_gets_each_key_once_as_it_is_now_and_in_order_of_change() -> None:
    made = board(E1, E2)
    seen = made.sequence
    for version in range(2, 50):
        made.take(*record(score("executive:E-2", float(version), version)))
    made.take(*record(score("executive:E-1", 7.0, 2)))
    assert lacks(made, seen) == [("executive:E-2|month", 49.0), ("executive:E-1|month", 7.0)]
    assert lacks(made, made.sequence) == []


def test_a_follower_that_stops_anywhere_and_goes_on_ends_as_the_board_is() -> None:
    draw = random.Random(7)  # noqa: S311
    made, seen, known = Board(remembered=1_000), 0, dict[str, float | None]()
    for version in range(1, 6_000):
        one = score(f"executive:E-{draw.randrange(40)}", float(version), version)
        made.take(*(gone(one) if draw.random() < 0.1 else record(one)))
        if draw.random() < 0.02:
            steps = draw.randrange(5)
            for change in list(made.since(seen))[:steps]:
                known[change.key] = change.published.score.score if change.published else None
                seen = change.sequence
    known.update(lacks(made, seen))
    assert {key: value for key, value in known.items() if value is not None} == {
        key_of(each.score): each.score.score for each in made.shelf("executive", "month")
    }


def test_a_follower_behind_a_forgotten_removal_must_begin_anew() -> None:
    made = board(E1, remembered=3)
    seen = made.sequence
    assert made.follows(seen)
    assert not made.follows(seen + 1)
    for number in range(3_000):
        passing = score(f"executive:X-{number}")
        made.take(*record(passing))
        made.take(*gone(passing))
    assert not made.follows(seen)
    assert made.follows(made.sequence)
    assert len(list(made.since(0))) < 2_500, "what is remembered stays bounded"


def test_a_replacement_changes_only_what_differs() -> None:
    made = board(E1, E2, score("executive:E-3"))
    seen = made.sequence
    lower = score("executive:E-3", 12.0, 0)
    made.replace(newest(E1, lower, score("executive:E-4", 80.0)))
    assert dict(lacks(made, seen)) == {
        "executive:E-2|month": None,
        "executive:E-3|month": 12.0,
        "executive:E-4|month": 80.0,
    }
    entities = {each.score.entity for each in made.shelf("executive", "month")}
    assert entities == {"E-1", "E-3", "E-4"}
