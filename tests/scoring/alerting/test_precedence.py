"""Who tells first: bids of workers that look whenever they do."""

from __future__ import annotations

from collections import defaultdict

from hypothesis import given
from hypothesis import strategies as st

from scoring.alerting.precedence import PATIENCE, SILENT, Bid, Precedence, Word

SALES, CALLS = "disbursed", "contacted"


def word(looked: int = 1, generation: int = 1, **bids: float) -> Word:
    """What a worker says: the strength of its alert, by indicator."""
    return Word(generation, looked, {name: Bid(s, 0, name) for name, s in bids.items()})


def due(mine: Word, *others: Word, waited: float = 0.0) -> set[str]:
    """What may be told of what a worker has said before, and says again after some time."""
    precedence = Precedence()
    assert precedence.due(mine, others, 0.0) == set(), "nobody has heard of it yet"
    assert precedence.say(mine)
    return precedence.due(mine, others, waited)


def test_a_worker_alone_tells_at_its_next_look() -> None:
    assert due(word(disbursed=9.0, contacted=1.0)) == {SALES, CALLS}


def test_the_strongest_of_each_indicator_goes_first() -> None:
    mine = word(disbursed=9.0, contacted=1.0)
    assert due(mine, word(disbursed=8.0, contacted=2.0)) == {SALES}
    assert due(mine, word(disbursed=9.1), word(contacted=0.5)) == {CALLS}


def test_of_alerts_as_strong_the_one_higher_up_goes_first() -> None:
    branch, team = (Word(1, 1, {SALES: Bid(9.0, height, "x")}) for height in (2, 1))
    assert due(branch, team) == {SALES}
    assert due(team, branch) == set()


def test_nobody_tells_before_all_have_looked_as_far() -> None:
    mine = word(looked=7, generation=3, disbursed=9.0)
    assert due(mine, word(looked=7, generation=3)) == {SALES}
    assert due(mine, word(looked=8, generation=3)) == {SALES}
    for behind in (word(looked=6, generation=3), word(looked=8, generation=2), SILENT):
        assert due(mine, word(looked=7, generation=3), behind) == set()


def test_nobody_waits_for_ever() -> None:
    mine = word(disbursed=9.0)
    for other in (SILENT, word(disbursed=10.0)):
        assert due(mine, other, waited=PATIENCE) == set()
        assert due(mine, other, waited=PATIENCE + 1) == {SALES}


def test_after_an_alert_was_told_the_next_one_waits_anew() -> None:
    precedence, other, mine = Precedence(), word(disbursed=10.0), word(disbursed=9.0)
    for at in (0.0, PATIENCE + 1):
        told = precedence.due(mine, [other], at)
        precedence.say(mine)
    assert told == {SALES}
    assert precedence.due(mine, [other], 2 * PATIENCE) == set()
    assert precedence.due(mine, [other], 3 * PATIENCE + 1) == {SALES}


def test_what_was_said_is_no_news() -> None:
    precedence = Precedence()
    assert precedence.say(word(disbursed=9.0))
    assert not precedence.say(word(disbursed=9.0))
    assert precedence.say(word(disbursed=9.1))


@given(
    strengths=st.lists(st.lists(st.integers(1, 99), max_size=3), min_size=2, max_size=4),
    turns=st.lists(st.integers(0, 3), min_size=40, max_size=80),
)
def test_alerts_are_told_from_the_strongest_down(
    strengths: list[list[int]], turns: list[int]
) -> None:
    """However workers take turns, if each looks at everything before it bids."""
    left = [sorted(each) for each in strengths]
    workers = [Precedence() for _ in left]
    said = defaultdict[int, Word](lambda: SILENT)
    told: list[int] = []
    for at, turn in enumerate(turns):
        me = turn % len(left)
        others = [said[other] for other in range(len(left)) if other != me]
        mine = word(disbursed=left[me][-1]) if left[me] else word()
        if workers[me].due(mine, others, at):
            told.append(left[me].pop())
            mine = word(disbursed=left[me][-1]) if left[me] else word()
        workers[me].say(mine)
        said[me] = mine
    everything = sorted((s for each in strengths for s in each), reverse=True)
    assert told == everything[: len(told)]
