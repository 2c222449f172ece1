"""The back-test: which alerts a history would have brought, and when."""

from __future__ import annotations

from scoring.alerting.alert import Status
from scoring.alerting.policy import Policy
from scoring.alerting.stages import Stage
from scoring.alerting.watchlist import Watchlist
from scoring.backtest import Backtest, Telling
from scoring.kpi import Level
from tests.scoring.alerting.floors import FIRST, Drop, floor, totals
from tests.scoring.making import KOLKATA, reference

DROP = Drop(Stage.CONTACTED, 130, 150, 0.3)
LAST = 165


def history(drop: Drop | None) -> list[Telling]:
    """Three executives, two in a team; the first one's leads are not reached for a while."""
    floors = [floor(20, LAST, drop if not seed else None, seed) for seed in range(3)]
    people = {f"executive:E-{number}": totals(each) for number, each in enumerate(floors)}
    entities = people | {
        "team:T-1": totals(*floors[:2]),
        "team:T-2": totals(floors[2]),
        "branch:B-1": totals(*floors),
        "company:company": totals(*floors),
    }
    known = reference(
        placements={
            f"E-{number}": [("2026-01-01", team, "B-1")]
            for number, team in enumerate(("T-1", "T-1", "T-2"))
        }
    )
    policy = Policy(budgets=dict.fromkeys(Level, 1e6))
    backtest = Backtest(entities, known, Watchlist(KOLKATA, policy, ()))
    return list(backtest.run(FIRST + 126, KOLKATA.midnight(FIRST + LAST) - 1))


def test_a_drop_is_told_once_where_it_is_and_resolved_when_it_is_over() -> None:
    raised, resolved = history(DROP)
    assert raised.alert.entity == resolved.alert.entity == "executive:E-0"
    assert raised.alert.indicator is Stage.CONTACTED
    assert raised.alert.id == resolved.alert.id
    assert [each.alert.status for each in (raised, resolved)] == [Status.FIRING, Status.RESOLVED]
    assert FIRST + 130 <= raised.day <= FIRST + 136
    assert FIRST + 150 <= resolved.day < FIRST + LAST


def test_health_tells_nothing() -> None:
    assert history(None) == []
