"""What placements, campaigns, their spends, targets and the market mean, by example."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from scoring.cells import WHOLE_DAY
from scoring.events.activity import CampaignSpent
from scoring.events.reference import (
    AttributeWeights,
    CampaignDefined,
    DemographicsTargeted,
    ExecutivePlaced,
    MarketSized,
    TargetAttributes,
    TargetSet,
)
from scoring.notes import Campaign, Demographics, Market, Parent, Target
from scoring.origins import is_origin
from tests.scoring.making import day, event
from tests.scoring.subjects.meanings import counted, mean

if TYPE_CHECKING:
    from scoring.events import Event
    from scoring.events.fields import Channel


def placed(team: str, since: str, time: str, identity: str) -> Event:
    data = ExecutivePlaced(
        executive_id="E", team_id=team, branch_id="B", valid_from=date.fromisoformat(since)
    )
    return event(data, time, identity)


def test_an_executive_sits_by_date_and_the_latest_word_for_a_date_holds() -> None:
    found = mean(
        "executive:E",
        placed("T-3", "2026-03-16", "2026-01-01T10:00", "1"),
        placed("T-1", "2026-03-01", "2026-03-01T10:00", "2"),
        placed("T-2", "2026-03-01", "2026-03-02T10:00", "3"),
    )
    first, second = day("2026-03-01"), day("2026-03-16")
    assert found.memberships["book:E"] == found.memberships["executive:E"]
    assert found.memberships["executive:E"].parents == (
        Parent(first, "team:T-2", "B"),
        Parent(second, "team:T-3", "B"),
    )
    assert found.contributions.places == {
        ("executive:E", each): {WHOLE_DAY: {"placements": 1}} for each in (first, second)
    }


def test_a_campaign_and_a_target_are_as_last_defined() -> None:
    old = CampaignDefined(campaign_id="CMP", channel="web", digital=True, branch_id="B")
    new = CampaignDefined(campaign_id="CMP", channel="email", digital=False)
    early, late = event(old, "2026-03-01T10:00", "1"), event(new, "2026-03-02T10:00", "0")
    found = mean("campaign:CMP", early, late)
    assert found.reference == {"campaign:CMP": Campaign("CMP", "email", False, None, None)}  # noqa: FBT003
    runs = CampaignDefined(
        campaign_id="CMP",
        channel="email",
        digital=False,
        start_date=date(2026, 3, 1),
        end_date=date(2026, 3, 31),
    )
    (campaign,) = mean("campaign:CMP", early, event(runs, "2026-03-02T10:00")).reference.values()
    assert isinstance(campaign, Campaign)
    assert (campaign.first, campaign.last) == (day("2026-03-01"), day("2026-03-31"))
    assert found.memberships == {}
    (membership,) = mean("campaign:CMP", early).memberships.values()
    assert membership.parent(day("1990-01-01")) == Parent(0, "branch:B")
    key = "target:team:T|k|2026"
    targets = [
        event(TargetSet(entity="team:T", kpi="k", period="2026", value=value), time, str(value))
        for value, time in ((1, "2026-03-02T10:00"), (2, "2026-03-01T10:00"))
    ]
    assert mean(key, *targets).reference == {key: Target("team:T", "k", "2026", 1)}


def test_a_spend_counts_once() -> None:
    spends = [spent(3), spent(2)]
    assert counted(mean("spend:S", *spends)) == {("campaign:CMP", "campaign_spend|CMP"): 200}


def spent(amount: int, channel: Channel | None = None) -> Event:
    data = CampaignSpent(
        spend_id="S", campaign_id="CMP", amount=amount, currency="INR", channel=channel
    )
    return event(data, f"2026-03-0{amount}T10:00", str(amount))


def test_a_spend_counts_at_the_origins_that_it_was_for_by_whole_days() -> None:
    slot = "campaign_spend|CMP"
    stories: list[tuple[int, int, Channel | None]] = [(3, 2, None), (3, 2, "web"), (5, 4, "email")]
    for later, first, named in stories:
        found = mean("spend:S", spent(first, named), spent(later, "web"))
        assert counted(found, by_origin=True) == {
            (f"origin:{origin}", slot): 100 * first
            for origin in ("campaign:CMP", *((f"channel:{named}",) if named else ()))
        }
        places = found.contributions.places
        of_origins = {place: cells for place, cells in places.items() if is_origin(place.entity)}
        assert {place.day for place in of_origins} == {day(f"2026-03-0{first}")}
        assert all(cells.keys() == {WHOLE_DAY} for cells in of_origins.values())


def test_a_market_and_the_demographics_are_as_last_told() -> None:
    sizes = [
        event(
            MarketSized(period="2026-03", amount=amount, currency="INR", branch_id=branch),
            f"2026-03-0{n}T10:00",
            str(n),
        )
        for n, amount, branch in ((2, 1, None), (1, 2.5, None))
    ]
    key = "market:\x1f2026-03"
    assert mean(key, *sizes).reference == {key: Market(None, "2026-03", 100)}
    aims = [
        event(DemographicsTargeted(attributes=attributes, weights=weights), time)
        for attributes, weights, time in (
            (TargetAttributes(age_band=("a", "b")), None, "2026-03-01T10:00"),
            (
                TargetAttributes(city_tier=("1",)),
                AttributeWeights(city_tier=0.5),
                "2026-03-02T10:00",
            ),
        )
    ]
    key = "demographics:target"
    assert mean(key, aims[0]).reference == {
        key: Demographics((("a", "b"), (), (), ()), (100, 100, 100, 100))
    }
    assert mean(key, *aims).reference == {
        key: Demographics(((), (), (), ("1",)), (100, 100, 100, 50))
    }
