"""What somebody reads who mistypes: a sentence that names the thing as it was written."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

from scoring.catalogue import BUILT_IN
from streams.cli.console import err, out
from tests.e2e.operating import Deployment, call, words
from tests.services.service import free_port

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from tests.services.embedded import Embedded


def test_an_id_is_shown_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    for console in (out, err):
        console.print("there is no team:100: and no a:b:")
    shown = capsys.readouterr()
    assert shown.out == shown.err == "there is no team:100: and no a:b:\n"


async def test_a_directory_that_cannot_be_made_is_not_the_brokers_fault(tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.touch()
    done = await call("demo", "--data-dir", str(taken / "here"), "--port", str(free_port()))
    assert done.returncode == 1
    assert done.stderr == f"salesbell: {taken / 'here'}: Not a directory\n"


async def test_the_catalogue_of_a_narrow_terminal_has_whole_ids(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    lines = (await call("catalogue")).stdout.splitlines()
    assert all(f"  {kpi.id}" in lines for kpi in BUILT_IN.kpis)
    assert max(map(len, lines)) <= 60


async def test_one_document_is_asked_for_at_a_time() -> None:
    done = await call("catalogue", "--json", "--markdown")
    assert (done.returncode, done.stdout) == (2, "")
    assert "--json and --markdown are two documents: ask for one" in words(done.stderr)


async def test_no_alert_is_quiet_for_ever() -> None:
    for until in ("9" * 30 + "d", "9999-12-31T23:59:59-12:00"):
        done = await call("alerts", "snooze", "team:T-1|contacted|2026-03-24", until)
        assert done.returncode == 1
        assert f"{until} is more than 366 days away: say an earlier moment" in done.stderr


async def test_what_is_declared_is_listed_and_nothing_else_withdrawn(
    embedded_broker: Embedded, prefix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await Deployment(embedded_broker.bootstrap, prefix, tmp_path, monkeypatch).create()
    declare = ("alerts", "declare", "channel:web", "--reason", "the campaign ended", "--by", "Asha")
    what = "channel:web, all that is watched, from 2026-03-20: the campaign ended"
    done = await call(*declare, "--from", "2026-03-20")
    assert (done.stdout, done.stderr) == (f"declared: {what}\n", "")
    listed = await call("alerts", "list")
    assert listed.stdout.splitlines() == [f"declared by Asha: {what}", "0 of 0 alerts"]

    other = await call(*declare, "--from", "2026-03-21", "--withdraw")
    assert other.returncode == 1
    assert "nothing is declared of channel:web, all that is watched, from 2026-03-21: " in (
        other.stderr
    )
    taken = await call(*declare, "--from", "2026-03-20", "--withdraw")
    assert taken.stdout == f"withdrawn: {what}\n"
    assert (await call("alerts", "list")).stdout == "0 of 0 alerts\n"


async def test_doctor_notes_a_misspelt_setting_and_asks_an_absent_broker_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    nowhere = f"127.0.0.1:{free_port()}"
    monkeypatch.setenv("SALESBELL_BROKER", nowhere)
    monkeypatch.setenv("SALESBELL_BROKERS", "kafka-1:9092")
    done = await call("doctor")
    assert done.returncode == 1
    assert "note SALESBELL_BROKERS is no setting: nothing heeds it" in done.stdout.splitlines()
    assert done.stdout.count("note ") == 1
    assert done.stdout.count(f"no broker answers at {nowhere} by PLAINTEXT") == 1
    assert "or set SALESBELL_BROKER and SALESBELL_SECURITY" in done.stdout
    for check in ("topics", "positions", "clock"):
        assert f"     {check}: not checked without a broker" in done.stdout.splitlines()


async def test_a_taken_port_says_what_to_give() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = await call("api", "--port", str(port))
    assert done.returncode == 1
    assert done.stderr == (
        f"salesbell: the API cannot listen on 127.0.0.1:{port} (Address already in use): set "
        "SALESBELL_API_HOST and SALESBELL_API_PORT, or give --host and --port\n"
    )
