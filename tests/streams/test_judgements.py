"""What executives say of their reports: what changed, to whom it matters, and nothing twice."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from scoring.catalogue import BUILT_IN
from scoring.cells import WHOLE_DAY
from scoring.evaluation import Evaluator
from scoring.figures import Figure
from scoring.notes import Target
from scoring.reference import Reference
from scoring.totals import Totals
from streams.judgements import Home, Judgements
from tests.scoring.making import KOLKATA, at, day

if TYPE_CHECKING:
    from streams.frames import Upsert

ME = "executive:E"
TODAY = at("2026-03-24T18:00")
MONDAY, TUESDAY = day("2026-03-23"), day("2026-03-24")
STATED = Figure("2026-03", "sales_targets.sales_volume", "2").slot
HERE = Home(("team:A",), {"team:A": "X"})
MOVED = Home(("team:A", "team:B"), {"team:B": "Y"})
TRILLION = 10**12


@dataclass
class Desk:
    """An executive who reports, sells and moves."""

    totals: Totals = field(default_factory=Totals)
    reference: Reference = field(default_factory=Reference)

    def __post_init__(self) -> None:
        evaluator = Evaluator(BUILT_IN, KOLKATA, 14, self.reference)
        self.judgements = Judgements(evaluator, KOLKATA, self.reference)

    def add(self, on: int, home: Home = HERE, **slots: int) -> Desk:
        """Fold a fact; `stated` counts the figure."""
        stated = slots.pop("stated", 0)
        vector = {**slots, **({STATED: stated} if stated else {})}
        self.totals.version += 1
        self.totals.add(on, {0: vector})
        self.judgements.touch(ME, on, home, figures=bool(stated))
        return self

    def move(self, on: int, home: Home) -> None:
        self.totals.version += 1
        self.judgements.touch(ME, on, home, figures=False)

    def say(self, as_of: int = TODAY) -> list[Upsert]:
        saying = self.judgements.unsaid(ME, self.totals, as_of)
        if saying is None:
            return []
        self.judgements.said([saying])
        return saying.upserts()


def heard(upserts: list[Upsert]) -> dict[tuple[str, int], tuple[str | None, dict[str, int]]]:
    """Branch and slots by parent and day."""
    assert {upsert.child for upsert in upserts} <= {"accuracy:E"}
    return {
        (each.parent, each.day): (
            each.contribution.branch,
            each.contribution.cells.get(WHOLE_DAY, {}),
        )
        for each in upserts
    }


def verdict(accuracy: float, figures: int = 1) -> dict[str, int]:
    vector = {"accuracy": round(accuracy * TRILLION), "figures_judged": figures}
    return {slot: n for slot, n in vector.items() if n}


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_who_stated_nothing_says_nothing(desk: Desk) -> None:
    assert desk.add(MONDAY, volume=200).say() == []


def test_a_verdict_is_said_once(desk: Desk) -> None:
    desk.add(MONDAY, volume=100).add(TUESDAY, stated=1)
    assert heard(desk.say()) == {("team:A", TUESDAY): ("X", verdict(0))}
    assert desk.say() == []
    desk.add(MONDAY, leads=1)
    assert desk.say() == []


def test_what_was_not_acknowledged_is_said_again(desk: Desk) -> None:
    desk.add(TUESDAY, stated=1)
    first = desk.judgements.unsaid(ME, desk.totals, TODAY)
    assert first is not None
    assert desk.judgements.unsaid(ME, desk.totals, TODAY) == first


def test_a_sale_of_the_period_changes_the_verdict_under_a_newer_version(desk: Desk) -> None:
    (before,) = desk.add(TUESDAY, stated=1).add(MONDAY, volume=100).say()
    (after,) = desk.add(MONDAY, volume=100).say()
    assert after.contribution.version > before.contribution.version
    assert heard([after]) == {("team:A", TUESDAY): ("X", verdict(1))}


def test_the_former_team_hears_that_a_day_has_gone(desk: Desk) -> None:
    desk.add(TUESDAY, stated=1).add(MONDAY, volume=200, stated=1)
    desk.say()
    desk.move(TUESDAY, MOVED)
    assert heard(desk.say()) == {
        ("team:A", TUESDAY): (None, {}),
        ("team:B", TUESDAY): ("Y", verdict(1)),
    }


def test_a_day_without_its_figures_says_so(desk: Desk) -> None:
    desk.add(TUESDAY, volume=200, stated=1).say()
    desk.add(TUESDAY, stated=-1).add(MONDAY, stated=1)
    assert heard(desk.say()) == {
        ("team:A", TUESDAY): ("X", {}),
        ("team:A", MONDAY): ("X", verdict(1)),
    }


def test_a_restart_after_figures_went_says_so_when_the_fact_is_replayed(desk: Desk) -> None:
    desk.add(TUESDAY, stated=1).say()
    desk.add(TUESDAY, stated=-1)
    desk.judgements.clear()
    assert desk.say() == []
    desk.judgements.touch(ME, TUESDAY, HERE, figures=True)
    assert heard(desk.say()) == {("team:A", TUESDAY): ("X", {})}


def test_a_replay_is_said_again_with_the_same_version(desk: Desk) -> None:
    first = desk.add(TUESDAY, stated=1).say()
    desk.judgements.touch(ME, TUESDAY, HERE, figures=False)
    assert desk.say() == first


def test_the_reference_and_the_day_count(desk: Desk) -> None:
    (first,) = desk.add(TUESDAY, stated=1).say()
    desk.reference.learn("target:x", 3, Target(ME, "k", "2026", 1))
    assert desk.say() == []
    desk.judgements.clear()
    desk.judgements.touch(ME, TUESDAY, HERE, figures=True)
    (again,) = desk.say(at("2026-03-25T00:00"))
    assert again.contribution.version == first.contribution.version + 3 + 1


def test_days_that_no_window_reaches_keep_their_last_word(desk: Desk) -> None:
    desk.add(day("2025-09-30"), stated=1).add(day("2025-10-01"), stated=1)
    assert set(heard(desk.say())) == {("team:A", day("2025-10-01"))}
