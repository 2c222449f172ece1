"""`salesbell replay --declared`: the back-test knows what people declared, as the alarm did."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import msgspec

from streams.workers import environment, workers
from tests.e2e import floor
from tests.e2e.conftest import salesbell
from tests.e2e.operating import call, words
from tests.e2e.stories import FALLEN, RISEN, iso, until_told
from tests.e2e.test_alarm import settings
from tests.e2e.test_alert_life import until
from tests.e2e.test_backtest import CUT, FIRST, history
from tests.oracle.generator import write

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from scoring.alerting.alert import Alert
    from streams.settings import Settings

__all__ = ["settings"]


def line(entity: str, said: int) -> str:
    """A declaration of the day of the cut in the history of the back-test, made some day."""
    declared = {
        "what": "declared",
        "entity": entity,
        "since": (FIRST + timedelta(CUT)).date().isoformat(),
        "by": "Asha",
        "at": (FIRST + timedelta(said)).isoformat(),
        "reason": "the campaign ended",
    }
    return json.dumps(declared) + "\n"


def lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(each) for each in file.read_text().splitlines()]


def test_what_was_known_to_come_brings_no_alert(tmp_path: Path) -> None:
    recording = write(tmp_path / "history.jsonl", history())
    known, told = tmp_path / "declared.jsonl", tmp_path / "alerts.jsonl"
    known.write_text(line("company:company", CUT - 3) + line("channel:fair", 1))
    replay = ("replay", str(recording), "--declared", str(known))

    alone = salesbell(*replay)
    assert alone.returncode == 2
    assert "--declared is for alerts: add --alerts FILE, or leave it out" in words(alone.stderr)

    done = salesbell(*replay, "--alerts", str(told))
    assert (done.returncode, told.read_text()) == (0, ""), done.stderr
    assert (
        f"channel:fair, declared from {FIRST.date() + timedelta(CUT)}, changes nothing: the "
        "history has no channel:fair"
    ) in done.stderr.splitlines()
    assert done.stderr.count("changes nothing") == 1


def test_a_wrong_line_is_refused_before_anything_is_replayed(tmp_path: Path) -> None:
    recording = write(tmp_path / "history.jsonl", history())
    known, told = tmp_path / "declared.jsonl", tmp_path / "alerts.jsonl"
    known.write_text(line("company:company", 1) + line("Pune A", 1))
    done = salesbell("replay", str(recording), "--alerts", str(told), "--declared", str(known))
    assert done.returncode == 1
    assert done.stderr == (
        f"salesbell: {known}, line 2: Pune A is no entity: write its level and its id, such as "
        "`team:Pune A`\n"
    )
    assert not told.exists()


async def test_it_tells_what_the_alarm_told_people_who_declared_the_change(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment(settings).items():
        monkeypatch.setenv(name, value)
    await floor.deliver(settings, floor.history())
    async with workers(settings, 1, tmp_path) as running:
        before = await until_told(settings, running, 120)
        why = ("--reason", "the campaign ended", "--by", "Asha")
        await call("alerts", "declare", FALLEN, "--from", iso(6), *why)
        ended = (await until(settings, running, lambda alert: alert.resolved))[-1]
    listed = await call("alerts", "declared")
    known, told = tmp_path / "declared.jsonl", tmp_path / "alerts.jsonl"
    known.write_text(listed.stdout)
    recording = write(tmp_path / "history.jsonl", floor.history())
    replay = ("replay", str(recording), "--alerts", str(told))

    earlier = await call(*replay, "--declared", str(known))
    assert f"{FALLEN}, declared from {iso(6)}, changes nothing: it was said at " in earlier.stderr
    assert "after the history ends" in earlier.stderr
    firing = {each["entity"]: each for each in lines(told)}[FALLEN]
    assert (firing["id"], firing["status"]) == (ended.id, "firing")

    now = datetime.now(UTC).isoformat()
    done = await call(*replay, "--declared", str(known), "--as-of", now)
    assert done.returncode == 0, done.stderr
    assert "changes nothing" not in done.stderr
    newest = {each["entity"]: each for each in lines(told)}
    assert life(newest[FALLEN]) == life(ended)
    assert newest[FALLEN]["resolution"] == "the campaign ended (Asha)"
    (risen,) = (said[-1] for said in before.values() if said[-1].entity == RISEN)
    assert life(newest[RISEN]) == life(risen)
    assert newest.keys() == {FALLEN, RISEN}


def life(alert: Alert | dict[str, Any]) -> list[Any]:
    """What stands of an alert, live or as the back-test writes it."""
    fields = ("id", "status", "raised", "resolved", "since", "kind", "resolution")
    told = alert if isinstance(alert, dict) else json.loads(msgspec.json.encode(alert))
    return [told[field] for field in fields]
