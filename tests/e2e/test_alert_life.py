"""The life of an alert among people: said by command, heard by a worker, kept over a kill."""

from __future__ import annotations

import os
import signal
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from scoring.alerting.alert import Status
from scoring.alerting.handling import Again, State, state
from streams.workers import environment, workers
from tests.e2e import floor, stories
from tests.e2e.operating import call
from tests.e2e.stories import FALLEN, iso, last, until_told
from tests.e2e.test_alarm import settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest

    from scoring.alerting.alert import Alert
    from streams.settings import Settings
    from streams.workers import Workers
    from tests.e2e.stories import Story

__all__ = ["settings"]


async def until(
    settings: Settings, running: Workers, condition: Callable[[Alert], object]
) -> list[Alert]:
    """Wait until the alert of the team that stands still is as it should be; all that was told."""

    def holds(story: Story) -> object:
        found = fallen(story)
        return found and condition(found[-1])

    return fallen(await stories.until(settings, running, holds))


def fallen(story: Story) -> list[Alert]:
    """All that was told of the team that stands still."""
    found = [said for said in story.values() if said[-1].entity == FALLEN]
    assert len(found) <= 1, "one cause, one alert"
    return found[0] if found else []


async def test_what_people_say_is_heard_kept_and_ends(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment(settings).items():
        monkeypatch.setenv(name, value)
    await floor.deliver(settings, floor.history())
    async with workers(settings, 1, tmp_path, restarts=1) as running:
        identity = last(await until_told(settings, running, 120), Status.FIRING)[FALLEN].id
        listed = await call("alerts", "list")
        assert listed.returncode == 0, listed.stderr
        assert identity in listed.stdout.splitlines()
        assert listed.stdout.splitlines()[-1].startswith("1 of ")

        unknown = await call("alerts", "acknowledge", "team:T-9|contacted|2026-01-01")
        assert unknown.returncode == 1
        assert "`salesbell alerts list` prints their ids" in unknown.stderr
        done = await call("alerts", "acknowledge", identity, "--by", "Asha", "--reason", "form")
        assert (done.returncode, done.stderr) == (0, "")
        said = await until(settings, running, lambda a: state(a) is State.ACKNOWLEDGED)
        assert said[-1].handling is not None
        assert (said[-1].handling.by, said[-1].handling.reason) == ("Asha", "form")

        os.kill(running.pids[0], signal.SIGKILL)
        await floor.deliver(settings, floor.of_day(floor.FALLEN, 0, 0, "M"))
        said = await until(settings, running, lambda a: a.n == 140)
        assert state(said[-1]) is State.ACKNOWLEDGED, "kept over a kill, while figures go on"

        ends = floor.NOW + timedelta(days=1)
        await call("alerts", "snooze", identity, ends.isoformat(), "--by", "Ravi")
        await until(settings, running, lambda a: state(a) is State.SNOOZED)
        soon = (await call("alerts", "snooze", identity, "1s")).stderr
        assert "is no moment" in soon
        past = await call("alerts", "snooze", identity, floor.NOW.isoformat())
        assert "is not in the future" in past.stderr
        moment = datetime.now(tz=ends.tzinfo) + timedelta(seconds=25)
        done = await call("alerts", "snooze", identity, moment.isoformat(), "--by", "Ravi")
        assert done.returncode == 0, done.stderr
        said = await until(
            settings, running, lambda a: a.handling and a.handling.again is Again.SNOOZE_ENDED
        )
        states = [state(each) for each in said]
        changes = [a for a, b in zip(states, [None, *states], strict=False) if a is not b]
        assert changes[:3] == [State.OPEN, State.ACKNOWLEDGED, State.SNOOZED]
        assert changes[3:] == [State.OPEN], "it speaks again once"
        assert {each.id for each in said} == {identity}

        wrong = await call("alerts", "declare", "T-1", "--from", iso(6), "--reason", "x")
        assert "T-1 is no entity" in wrong.stderr
        wrong = await call("alerts", "declare", "team:T-9", "--from", iso(6), "--reason", "x")
        assert f"names team:T-9: write team:T-2 or {FALLEN}, or add" in wrong.stderr
        wrong = await call(
            *("alerts", "declare", FALLEN, "--from", iso(6)), "--reason", "x", "--indicator", "nps"
        )
        assert "nps is not watched: write one of contacted, " in wrong.stderr
        why = ("--reason", "the campaign ended", "--by", "Asha")
        origin = await call("alerts", "declare", "channel:web", "--from", iso(6), *why)
        assert (origin.returncode, origin.stderr) == (0, "")
        done = await call("alerts", "declare", FALLEN, "--from", iso(6), *why)
        assert (done.returncode, done.stderr) == (0, "")
        said = await until(settings, running, lambda a: a.resolved)
        ended = said[-1]
        assert (ended.resolved, ended.resolution) == (iso(0), "the campaign ended (Asha)")
