"""A server process that a test can start, stop, kill, pause and restart."""

from __future__ import annotations

import secrets
import signal
import socket
import subprocess
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Final, Self

from tests.services.waiting import comes_to_hold

if TYPE_CHECKING:
    from pathlib import Path

READY_SECONDS: Final = 60.0
STOP_SECONDS: Final = 30.0
POLL_SECONDS: Final = 0.05

# Below the range from which the kernel takes the ports of outgoing connections: a client that
# retries while its server is down could otherwise be given the server's own port, connect to
# itself, and keep the server from coming back.
_FIRST_PORT: Final = 20_000
_LAST_PORT: Final = 30_000


class ServiceError(Exception):
    """A server is not installed, did not come up, or is not in the state a call needs."""


def free_port() -> int:
    """Returns a TCP port of 127.0.0.1 that nothing listens on at this moment."""
    while True:
        port = _FIRST_PORT + secrets.randbelow(_LAST_PORT - _FIRST_PORT)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port


class Service(ABC):
    """One server process on 127.0.0.1; a context manager that starts and stops it.

    Its port and its data directory stay the same over `restart`, so that clients find it again
    with what it had stored. The methods block until the process is in the state they name; a test
    that runs an event loop beside it calls them with `asyncio.to_thread`.

    Args:
        directory: Where the server keeps its data and its log; created if missing.
    """

    def __init__(self, directory: Path) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self.directory = directory
        self.log = directory / "server.log"
        self._process: subprocess.Popen[bytes] | None = None

    @abstractmethod
    def command(self) -> list[str]:
        """The server's command line.

        Raises:
            ServiceError: The server is not installed.
        """

    @abstractmethod
    def answers(self) -> bool:
        """Whether the server answers a real request now."""

    def prepare(self) -> None:  # noqa: B027 - most servers need nothing
        """What must be on disk before the first start."""

    def start(self) -> None:
        """Starts the server and returns when it answers.

        Raises:
            ServiceError: It is not installed, ended, or did not answer in `READY_SECONDS`.
        """
        if self._process is not None:
            raise ServiceError(f"{self!r} runs already: stop or kill it first")
        command = self.command()
        self.prepare()
        with self.log.open("ab") as log:
            self._process = process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.directory
            )
        # Its end is looked at first: another server on its port could answer in its place.
        ready = comes_to_hold(
            lambda: process.poll() is not None or self.answers(), READY_SECONDS, POLL_SECONDS
        )
        ended = process.poll()
        if not ready or ended is not None:
            state = "answers nothing" if ended is None else f"ended with status {ended}"
            self.kill()
            raise ServiceError(f"{self!r} {state}; the end of {self.log}:\n{self._last_words()}")

    def stop(self) -> None:
        """Asks the server to end (SIGTERM) and waits; kills it after `STOP_SECONDS`."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGCONT)
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def kill(self) -> None:
        """Ends the server at once (SIGKILL), as a crash would: nothing is flushed or said."""
        process = self._running()
        process.kill()
        process.wait()
        self._process = None

    def pause(self) -> None:
        """Freezes the server (SIGSTOP): connections stay open, nothing is answered."""
        self._running().send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Lets a frozen server go on (SIGCONT)."""
        self._running().send_signal(signal.SIGCONT)

    def restart(self) -> None:
        """Stops the server if it runs, and starts it again with its data and port."""
        self.stop()
        self.start()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.stop()

    def __repr__(self) -> str:
        return f"{type(self).__name__} in {self.directory}"

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            raise ServiceError(f"{self!r} does not run: start it first")
        return self._process

    def _last_words(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-15:])
