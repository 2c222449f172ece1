"""Where leads come from, in real traffic: fewer by a channel, dearer ones of a campaign."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from scoring.alerting.alert import Kind, Status
from streams.workers import environment, workers
from tests.e2e import floor, stories
from tests.e2e.operating import call
from tests.e2e.stories import iso
from tests.oracle.generator import event

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from scoring.alerting.alert import Alert
    from streams.settings import Settings
    from streams.workers import Workers
    from tests.e2e.floor import Event
    from tests.e2e.stories import Story
    from tests.services.kafka import Kafka

VOLUME, COST = "campaigns.lead_growth", "campaigns.cost_per_lead"
#: Days with leads, since how many days it is worse, and how many days ago a campaign ended.
DAYS, WORSE, ENDED = 70, 8, 12
#: Leads a day of each executive: by web, which nobody pays for, and of campaigns.
LEADS = {"web": 4, "CMP-9": 3, "CMP-1": 2, "CMP-0": 1}
CHANNEL = {"web": "web", "CMP-9": "email", "CMP-1": "social", "CMP-0": "social"}
#: What a lead of a campaign costs, and what it costs since it is worse.
COSTS = {"CMP-9": (250, 400), "CMP-1": (100, 100)}


@pytest.fixture
async def settings(apache_kafka: Kafka, prefix: str) -> Settings:
    return await floor.deployed(apache_kafka, prefix, alarm_interval=0.05, alarm_patience=3)


def spent(campaign: str, ago: int, amount: float, number: int = 0) -> Event:
    name = f"{campaign}-{ago}-{number}"
    data = {"spend_id": name, "campaign_id": campaign, "amount": amount, "currency": "INR"}
    at = floor.NOW.replace(hour=10, minute=30) - timedelta(days=ago)
    return event("campaign.spent", at, data, identity=name)


def lead(executive: str, came: str, ago: int, number: int) -> Event:
    name = f"{executive}-{came}-{ago}-{number}"
    data = {"lead_id": name, "executive_id": executive, "channel": CHANNEL[came]}
    # Who answered to the campaign that is over comes by the same channel on his own.
    if came != "web" and not (came == "CMP-0" and ago < ENDED):
        data["campaign_id"] = came
    at = floor.NOW.replace(hour=9, minute=number) - timedelta(days=ago)
    return event("lead.created", at, data, identity=name)


def defined(campaign: str) -> Event:
    data = {"campaign_id": campaign, "channel": CHANNEL[campaign], "digital": campaign in COSTS}
    ends = {"end_date": iso(ENDED)} if campaign == "CMP-0" else {}
    at = floor.NOW - timedelta(days=DAYS + 5)
    return event("campaign.defined", at, data | ends, identity=f"defined-{campaign}")


def history() -> Iterator[Event]:
    rng = random.Random(11)  # noqa: S311
    yield from floor.placements()
    yield from (defined(campaign) for campaign in ("CMP-9", "CMP-1", "CMP-0"))
    for ago in range(DAYS, -1, -1):
        worse = ago <= WORSE
        for executives in floor.TEAMS.values():
            for executive in executives:
                for came, usual in LEADS.items():
                    n = 1 if worse and came == "web" else usual
                    yield from (lead(executive, came, ago, number) for number in range(n))
        for campaign, costs in COSTS.items():
            amount = 4 * LEADS[campaign] * costs[worse] * rng.uniform(0.9, 1.1)
            yield spent(campaign, ago, round(amount, 2))


async def until(
    settings: Settings, running: Workers, condition: Callable[[dict[str, Alert]], object]
) -> dict[str, Alert]:
    """Wait until the alerts are as they should be; the last word on each, by entity."""
    return spoken(await stories.until(settings, running, lambda story: condition(spoken(story))))


def spoken(story: Story) -> dict[str, Alert]:
    """The last word on each alert, by entity."""
    found = {said[-1].entity: said[-1] for said in story.values()}
    assert found.keys() <= {"channel:web", "campaign:CMP-9"}, "one cause is one alert"
    return found


async def test_fewer_leads_of_a_channel_and_dearer_ones_of_a_campaign_are_told(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment(settings).items():
        monkeypatch.setenv(name, value)
    await floor.deliver(settings, history())
    async with workers(settings, 1, tmp_path) as running:
        found = await until(settings, running, lambda alerts: len(alerts) == 2)
        web, campaign = found["channel:web"], found["campaign:CMP-9"]
        assert (web.indicator, web.title, web.kind) == (VOLUME, "Lead volume", Kind.LOWER)
        assert (web.since, web.observed, web.expected) == (iso(WORSE), 4 * WORSE, 16.0 * WORSE)
        assert (campaign.indicator, campaign.kind) == (COST, Kind.HIGHER)
        assert (campaign.title, campaign.since) == ("Cost per lead", iso(WORSE))
        assert campaign.value == pytest.approx(400, rel=0.05)
        assert campaign.usual == pytest.approx(250, rel=0.05)

        late = spent("CMP-9", 2, 1234.5, number=1)
        await floor.deliver(settings, [late, late])
        more = campaign.observed + 123_450
        found = await until(
            settings, running, lambda alerts: alerts["campaign:CMP-9"].observed != campaign.observed
        )
        assert found["campaign:CMP-9"].observed == more
        assert found["campaign:CMP-9"].id == campaign.id

        why = ("--from", iso(WORSE), "--reason", "the page was redone", "--by", "Asha")
        done = await call("alerts", "declare", "channel:web", "--indicator", VOLUME, *why)
        assert (done.returncode, done.stderr) == (0, "")
        found = await until(
            settings, running, lambda alerts: alerts["channel:web"].status is Status.RESOLVED
        )
        assert found["channel:web"].resolution == "the page was redone (Asha)"
        assert found["campaign:CMP-9"].status is Status.FIRING
        assert found["campaign:CMP-9"].observed == more
