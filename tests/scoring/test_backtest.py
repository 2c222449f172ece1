"""The back-test: which alerts a history would have brought, and when."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from scoring.alerting.alert import Status
from scoring.alerting.policy import Policy
from scoring.alerting.scopes import Scope
from scoring.alerting.stages import Stage
from scoring.alerting.watchlist import Watchlist
from scoring.backtest import Backtest, Telling
from scoring.slots import LEADS, LEADS_BY_CHANNEL, keyed
from tests.scoring.alerting.floors import FIRST, Drop, floor, totals
from tests.scoring.making import KOLKATA, reference

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scoring.slots import Vector
    from scoring.totals import Totals

DROP = Drop(Stage.CONTACTED, 130, 150, 0.3)
LAST = 165
CHANNELS = ("web", "email")


def history(drops: dict[tuple[int, str], Drop]) -> list[Telling]:
    """Three executives, two in a team, with leads of two channels, some of which drop."""
    parts = {
        part: from_channel(part[1], floor(10, LAST, drops.get(part), seed))
        for seed, part in enumerate(product(range(3), CHANNELS))
    }

    def those(executives: Iterable[int], channels: Iterable[str] = CHANNELS) -> Totals:
        return totals(*(parts[each] for each in product(executives, channels)))

    entities = {
        **{f"executive:E-{number}": those([number]) for number in range(3)},
        "team:T-1": those([0, 1]),
        "team:T-2": those([2]),
        "branch:B-1": those(range(3)),
        "company:company": those(range(3)),
        **{f"channel:{channel}": those(range(3), [channel]) for channel in CHANNELS},
    }
    known = reference(
        placements={
            f"E-{number}": [("2026-01-01", team, "B-1")]
            for number, team in enumerate(("T-1", "T-1", "T-2"))
        }
    )
    policy = Policy(budgets=dict.fromkeys(Scope, 1e6))
    backtest = Backtest(entities, known, Watchlist(KOLKATA, policy, ()))
    return list(backtest.run(FIRST + 126, KOLKATA.midnight(FIRST + LAST) - 1))


def from_channel(channel: str, vectors: dict[int, Vector]) -> dict[int, Vector]:
    """Day vectors whose leads all come from a channel."""
    return {
        at: vector | {keyed(LEADS_BY_CHANNEL, channel): vector[LEADS]}
        for at, vector in vectors.items()
    }


def test_a_drop_is_told_once_where_it_is_and_resolved_when_it_is_over() -> None:
    raised, resolved = history({(0, channel): DROP for channel in CHANNELS})
    assert raised.alert.entity == resolved.alert.entity == "executive:E-0"
    assert raised.alert.indicator is Stage.CONTACTED
    assert raised.alert.id == resolved.alert.id
    assert [each.alert.status for each in (raised, resolved)] == [Status.FIRING, Status.RESOLVED]
    assert FIRST + 130 <= raised.day <= FIRST + 136
    assert FIRST + 150 <= resolved.day < FIRST + LAST


def test_a_channel_lost_everywhere_is_told_as_that_channel() -> None:
    raised, resolved = history({(executive, "web"): DROP for executive in range(3)})
    assert raised.alert.entity == resolved.alert.entity == "channel:web"
    assert raised.alert.id == resolved.alert.id


def test_health_tells_nothing() -> None:
    assert history({}) == []
