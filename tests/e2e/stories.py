"""What workers told of alerts, and waiting until they have."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from typing import TYPE_CHECKING

import msgspec

from scoring.alerting.alert import Alert, Status
from streams.names import Names
from streams.reading import records
from tests.e2e import floor

if TYPE_CHECKING:
    from collections.abc import Callable

    from streams.settings import Settings
    from streams.workers import Workers

#: All that was told of each alert, in order, by its id.
Story = dict[str, list[Alert]]

FALLEN, RISEN = "team:T-1", "team:T-2"
_PATIENCE = 90.0
_POLL = 0.2


async def told(settings: Settings) -> Story:
    """Everything that was told of the alerts that were not forgotten since."""
    found: Story = defaultdict(list)
    async for record in records(settings, Names(settings.prefix).alerts):
        if record.value is None:
            del found[record.key.decode()]
            continue
        alert = msgspec.json.decode(record.value, type=Alert)
        assert record.key == alert.id.encode()
        found[alert.id].append(alert)
    return found


def last(story: Story, status: Status) -> dict[str, Alert]:
    """The alerts of a status by their entities, of which each has at most one."""
    found = [said[-1] for said in story.values() if said[-1].status is status]
    assert len({alert.entity for alert in found}) == len(found)
    return {alert.entity: alert for alert in found}


def told_anew(before: Story, after: Story) -> set[str]:
    """The alerts that are told under another id than before."""
    entities = {identity.rsplit("|", 1)[0] for identity in before}
    new = after.keys() - before.keys()
    lost = before.keys() - after.keys()
    return {identity for identity in new if identity.rsplit("|", 1)[0] in entities} | lost


async def until(settings: Settings, running: Workers, holds: Callable[[Story], object]) -> Story:
    """Wait until what was told is as it should be."""
    async with asyncio.timeout(_PATIENCE):
        while True:
            running.check()
            story = await told(settings)
            if holds(story):
                return story
            await asyncio.sleep(_POLL)


async def until_told(settings: Settings, running: Workers, leads: int) -> Story:
    """Wait until the alert of the team that stands still fires, of so many leads."""

    def holds(story: Story) -> bool:
        return fires(story, FALLEN, leads) and RISEN in last(story, Status.RESOLVED)

    return await until(settings, running, holds)


def fires(story: Story, entity: str, leads: int) -> bool:
    """Whether the alert of an entity fires, of so many leads."""
    alert = last(story, Status.FIRING).get(entity)
    return alert is not None and alert.n == leads


def iso(ago: int) -> str:
    return floor.day(ago).isoformat()
