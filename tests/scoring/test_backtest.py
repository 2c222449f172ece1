"""The back-test: which alerts a history would have brought, and when."""

from __future__ import annotations

from itertools import product
from random import Random
from typing import TYPE_CHECKING

import pytest

from scoring.alerting.alert import Status
from scoring.alerting.policy import Policy
from scoring.alerting.scopes import Scope
from scoring.alerting.stages import Stage
from scoring.alerting.watchlist import Watchlist
from scoring.backtest import Backtest, Telling
from scoring.catalogue import BUILT_IN
from scoring.cells import WHOLE_DAY
from scoring.notes import Campaign
from scoring.slots import LEADS, LEADS_BY_CAMPAIGN, LEADS_BY_CHANNEL, QUALIFIED, keyed
from scoring.totals import Totals
from tests.scoring.alerting.floors import FIRST, Drop, floor, totals
from tests.scoring.making import KOLKATA, reference

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scoring.alerting.remarks import Declared
    from scoring.slots import Vector

DROP = Drop(Stage.CONTACTED, 130, 150, 0.3)
LAST = 165
CHANNELS = ("web", "email")


def history(drops: dict[tuple[int, str], Drop], declared: Sequence[Declared] = ()) -> list[Telling]:
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
    backtest = Backtest(entities, known, Watchlist(KOLKATA, policy, ()), declared)
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


def volumes(
    fallen: set[tuple[int, str]], last: int, declared: Sequence[Declared] = ()
) -> list[Telling]:
    """The same floor's lead volume; from day 150 on some parts get none of their 20 a day."""

    def brought(parts: Iterable[tuple[int, str]]) -> Totals:
        found = Totals()
        for executive, channel in parts:
            rng = Random(f"{executive} {channel}")  # noqa: S311
            for at in range(last):
                n = rng.randint(14, 26)
                if at % 7 == 6:
                    continue
                vector = {QUALIFIED: 5}
                if at < 150 or (executive, channel) not in fallen:
                    vector |= {LEADS: n, keyed(LEADS_BY_CHANNEL, channel): n}
                    vector |= {keyed(LEADS_BY_CAMPAIGN, "CMP"): n} if channel == "email" else {}
                found.add(FIRST + at, {WHOLE_DAY: vector})
        return found

    entities = {
        "team:T-1": brought(product((0, 1), CHANNELS)),
        "team:T-2": brought(product((2,), CHANNELS)),
        "branch:B-1": brought(product(range(3), CHANNELS)),
        "company:company": brought(product(range(3), CHANNELS)),
        **{f"channel:{name}": brought(product(range(3), (name,))) for name in CHANNELS},
        "campaign:CMP": brought(product(range(3), ("email",))),
    }
    campaign = Campaign("CMP", "email", True, None, None, None, FIRST + 300)  # noqa: FBT003
    known = reference(
        placements={
            f"E-{number}": [("2026-01-01", f"T-{1 + number // 2}", "B-1")] for number in range(3)
        },
        notes=[campaign],
    )
    watchlist = Watchlist(KOLKATA, Policy(), [BUILT_IN.by_id["campaigns.lead_growth"]])
    backtest = Backtest(entities, known, watchlist, declared)
    return list(backtest.run(FIRST + 130, KOLKATA.midnight(FIRST + last) - 1))


@pytest.mark.parametrize(
    ("fallen", "told"),
    [
        (set(product(range(3), ["web"])), {"channel:web"}),
        # All leads by e-mail are the campaign's: either may stand for the cause.
        (set(product(range(3), ["email"])), {"channel:email", "campaign:CMP"}),
        (set(product([2], CHANNELS)), {"team:T-2"}),
        (set(), set()),
    ],
    ids=["a channel", "a campaign", "a team", "nothing"],
)
def test_leads_that_no_longer_come_are_told_once_where_they_came_from(
    fallen: set[tuple[int, str]], told: set[str]
) -> None:
    found = volumes(fallen, 170)
    assert len(found) == bool(told)
    for telling in found:
        assert telling.alert.entity in told
        assert telling.alert.indicator == "campaigns.lead_growth"
        assert FIRST + 150 <= telling.day <= FIRST + 156
