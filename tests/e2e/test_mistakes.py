"""What somebody reads who mistypes: a sentence that names the thing as it was written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streams.cli.console import err, out
from tests.e2e.operating import call
from tests.services.service import free_port

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


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
