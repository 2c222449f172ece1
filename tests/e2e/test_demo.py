"""The demo: it shows scores without a terminal, and leaves nothing behind however it ends."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.request import urlopen

import pytest

from tests.services.service import free_port
from tests.services.waiting import comes_to_hold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DEADLINE = 90.0
#: A line of the company's score, as it is printed where there is no terminal.
SCORE = re.compile(r"month score \S+ volume [\d,]*[1-9][\d,]* INR loans [\d,]+")

#: What is said while an incident lasts, and after it.
BROKEN = re.compile("channel .* passes on wrong numbers, since .* until .*")
MENDED = re.compile("numbers of the channel .* are right since")


class Demo:
    """`salesbell demo` as a process, with everything that it starts."""

    def __init__(self, directory: Path, *arguments: str) -> None:
        self.home, self.scratch = directory / "home", directory / "scratch"
        self.home.mkdir()
        self.scratch.mkdir()
        self._shown, self._said = directory / "out", directory / "err"
        self.children: dict[int, str] = {}
        with self._shown.open("wb") as out, self._said.open("wb") as err:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "streams.cli", "demo", *arguments],
                cwd=self.home,
                env={**os.environ, "TMPDIR": str(self.scratch), "HOME": str(self.home)},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
            )

    @property
    def shown(self) -> str:
        return self._shown.read_text()

    @property
    def said(self) -> str:
        return self._said.read_text()

    def until(self, condition: Callable[[], object]) -> None:
        """Poll a condition, and note every process that is seen meanwhile."""

        def holds() -> object:
            self.children |= descendants(self.process.pid)
            return condition()

        assert comes_to_hold(holds, DEADLINE), self.shown + self.said

    def ended(self) -> bool:
        return self.process.poll() is not None


def parents() -> dict[int, tuple[int, str]]:
    """Every process: its parent and the moment at which it began."""
    found = {}
    for file in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = file.read_text().rpartition(")")[2].split()
            found[int(file.parent.name)] = int(fields[1]), fields[19]
    return found


def descendants(ancestor: int) -> dict[int, str]:
    """The processes that one has started, and those that they have; each with its beginning."""
    known = parents()
    found: dict[int, str] = {}
    generation = {ancestor}
    while generation:
        generation = {pid for pid, (parent, _) in known.items() if parent in generation}
        found |= {pid: known[pid][1] for pid in generation}
    return found


def left(demo: Demo) -> list[int]:
    """The demo's processes that are still there."""
    known = parents()
    return [pid for pid, began in demo.children.items() if known.get(pid, (0, ""))[1] == began]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Demo]]:
    demos: list[Demo] = []

    def begin(*arguments: str) -> Demo:
        demos.append(Demo(tmp_path, "--executives", "12", "--history", "10", *arguments))
        return demos[-1]

    yield begin
    for demo in demos:
        if not demo.ended():
            demo.process.terminate()
            demo.process.wait(60)


def assert_nothing_is_left(demo: Demo) -> None:
    assert len(demo.children) >= 2, "a broker and a worker"
    assert left(demo) == []
    assert list(demo.home.iterdir()) == []
    assert list(demo.scratch.iterdir()) == []


def test_it_shows_scores_and_ends_by_itself(start: Callable[..., Demo]) -> None:
    demo = start("--seconds", "25")
    demo.until(demo.ended)
    assert demo.process.returncode == 0, demo.said
    assert SCORE.search(demo.shown), demo.shown + demo.said
    assert "\x1b" not in demo.shown
    assert "Traceback" not in demo.said
    assert "worker ended" not in demo.said
    assert_nothing_is_left(demo)


@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_in_order_when_told_to(signum: signal.Signals, start: Callable[..., Demo]) -> None:
    demo = start()
    demo.until(lambda: SCORE.search(demo.shown) or demo.ended())
    assert not demo.ended(), demo.said
    demo.process.send_signal(signum)
    demo.until(demo.ended)
    assert demo.process.returncode == 0, demo.said
    assert "Traceback" not in demo.said
    assert_nothing_is_left(demo)


def test_it_ends_in_order_before_it_has_begun(start: Callable[..., Demo]) -> None:
    demo = start("--incident")
    demo.until(lambda: (len(demo.children) >= 2 and BROKEN.search(demo.shown)) or demo.ended())
    assert not demo.ended(), demo.said
    demo.process.send_signal(signal.SIGINT)
    demo.until(demo.ended)
    assert demo.process.returncode == 0, demo.said
    assert "Traceback" not in demo.said
    assert_nothing_is_left(demo)


def test_an_incident_is_told_and_alarms_the_floor_until_it_is_over(
    start: Callable[..., Demo],
) -> None:
    port = free_port()
    lasts = ("--incident", "--incident-seconds", "75")
    demo = start("--executives", "40", "--history", "45", "--port", str(port), *lasts)
    demo.until(lambda: alerts(port, "firing") or demo.ended())
    assert BROKEN.search(demo.shown), demo.shown + demo.said
    assert not MENDED.search(demo.shown), "it fires while the incident lasts"
    fired = alerts(port, "firing")
    demo.until(lambda: MENDED.search(demo.shown) or demo.ended())
    demo.until(lambda: fired & alerts(port, "resolved") or demo.ended())
    assert not demo.ended(), demo.said


def alerts(port: int, status: str) -> set[str]:
    """The alerts of a status at the demo's API; none while it does not answer."""
    try:
        with urlopen(f"http://127.0.0.1:{port}/v1/alerts", timeout=5) as answer:
            known = json.load(answer)["alerts"]
    except OSError:
        return set()
    return {alert["id"] for alert in known if alert["status"] == status}


def test_data_stays_in_a_directory_of_ones_choice(
    start: Callable[..., Demo], tmp_path: Path
) -> None:
    chosen = tmp_path / "kept"
    demo = start("--data-dir", str(chosen))
    demo.until(lambda: SCORE.search(demo.shown) or demo.ended())
    assert not demo.ended(), demo.said
    demo.process.send_signal(signal.SIGINT)
    demo.until(demo.ended)
    assert demo.process.returncode == 0, demo.said
    assert {path.name for path in chosen.iterdir()} >= {"broker", "broker.log", "worker-0.log"}
    assert "worker stopped" in (chosen / "worker-0.log").read_text()
    assert_nothing_is_left(demo)
