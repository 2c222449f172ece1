"""Subjects are forgotten after their time, workers die meanwhile, and totals stay exact."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from scoring.calendar import micros
from scoring.subjects import lifetime_of
from streams.journeys import decode_journey
from streams.reading import records
from streams.replay import results
from streams.replay.recording import Recording, read
from streams.replay.run import send
from tests.faults.conftest import PATIENCE, POLL, Deployment, Kpis
from tests.faults.worker import KILLED
from tests.oracle import generator
from tests.pipeline import Pipeline

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from scoring.journeys import Journey
    from tests.services.kafka import Kafka

#: When everything of the history that is not open can be forgotten, and when its graves can.
LONG_AFTER = timedelta(days=1_700)
LATER_STILL = timedelta(days=1_709)
LEADS = 20


class Ages(Deployment):
    """A deployment that lives through years."""

    directory: Path

    def leads_of(self, age: timedelta, again: Iterable[str] = ()) -> Recording:
        """New leads, so that both partitions know the time, and some whose ids come again."""
        now = self.as_of + age
        events = [
            generator.event(
                "lead.created",
                now,
                {"lead_id": f"L-{age.days}-{number}", "channel": "web"},
                identity=f"new-{age.days}-{number}",
            )
            for number in range(LEADS)
        ]
        events += [
            generator.event(
                "lead.created",
                now - timedelta(days=90),
                {"lead_id": lead, "channel": "web", "executive_id": "E-1"},
                identity=f"{lead}-{age.days}",
            )
            for lead in again
        ]
        return read([generator.write(self.directory / f"{age.days}.jsonl", events)])

    def at(self, age: timedelta) -> None:
        """Set the clock."""
        self.settings = self.settings.model_copy(update={"clock": self.as_of + age})

    async def send(self, recording: Recording) -> None:
        """Send further events."""
        await send(recording, self.settings, self.names)

    async def journeys(self) -> dict[str, Journey]:
        """What recovery would find."""
        found: dict[str, Journey] = {}
        async for record in records(self.settings, self.names.changelog("journeys")):
            key = record.key.decode()
            if record.value is None:
                found.pop(key, None)
                continue
            journey = decode_journey(record.value)
            if key not in found or journey.version > found[key].version:
                found[key] = journey
        return found

    async def until(self, holds: Callable[[dict[str, Journey]], bool]) -> dict[str, Journey]:
        """Wait until something holds of all journeys."""
        async with asyncio.timeout(PATIENCE):
            while not holds(found := await self.journeys()):
                await asyncio.sleep(POLL)
        return found

    async def outcome_of_scores(self) -> Kpis:
        """The figures that came out."""
        newest = await results.newest(self.settings, self.names)
        return {(score.level, score.entity, score.window): score.kpis for score in newest}

    def truth_of(self, *later: tuple[timedelta, Recording]) -> Kpis:
        """The figures of a core that forgets nothing."""
        pipeline = Pipeline(self.settings)
        moment = micros(self.as_of)
        for age, recording in ((timedelta(), self.recording), *later):
            lines = (line.value for line in recording.lines)
            pipeline.lines(lines, micros(self.as_of + age))
        return {key: dict(score.kpis) for key, score in pipeline.scores(moment).items()}


@pytest.fixture
def ages(apache_kafka: Kafka, prefix: str, tmp_path: Path) -> Ages:
    made = Ages(apache_kafka.bootstrap, prefix, tmp_path)
    made.directory = tmp_path
    return made


def all_are_buried(journeys: dict[str, Journey]) -> bool:
    """Whether nothing is left of the entries of time, which are all of the history."""
    entries = [each for key, each in journeys.items() if key.startswith("entry:")]
    assert entries
    return not any(each.events for each in entries)


def no_grave_is_left(journeys: dict[str, Journey]) -> bool:
    """Whether graves have gone, but for those of subjects that came again."""
    return not any(each.grave is not None and each.is_empty for each in journeys.values())


@pytest.mark.parametrize(
    "point", ["retirement said, nothing written", "retirement written, not acknowledged"]
)
async def test_a_death_around_retirement_leaves_totals_exact(point: str, ages: Ages) -> None:
    later = ages.leads_of(LONG_AFTER)
    await ages.fill()
    with ages.worker() as worker:
        assert await ages.drained(worker)
    before = await ages.journeys()
    old = [key.removeprefix("lead:") for key in before if key.startswith("lead:")]
    latest = ages.leads_of(LATER_STILL, old[:LEADS])
    ages.at(LONG_AFTER)
    await ages.send(later)
    with ages.worker() as worker:
        assert await ages.drained(worker)

    # What is over is found when partitions are taken over.
    with ages.worker("--die", point) as dying:
        await asyncio.to_thread(dying.wait, PATIENCE)
        assert dying.returncode == KILLED
    with ages.worker() as worker:
        await ages.until(all_are_buried)
        assert await ages.drained(worker)
        ages.at(LATER_STILL)
    await ages.send(latest)
    with ages.worker() as worker:
        assert await ages.drained(worker)
    with ages.worker("--die", point) as dying:
        await asyncio.to_thread(dying.wait, PATIENCE)
        assert dying.returncode == KILLED
    with ages.worker() as worker:
        after = await ages.until(no_grave_is_left)
        assert await ages.drained(worker)
    outcome = await ages.outcome_of_scores()

    assert any(after[f"lead:{lead}"].grave is not None for lead in old[:LEADS])
    assert not any(key.startswith("entry:") for key in after)
    kept = {key for key in before if lifetime_of(key) is None}
    assert kept <= after.keys()
    assert outcome == ages.truth_of((LONG_AFTER, later), (LATER_STILL, latest))
