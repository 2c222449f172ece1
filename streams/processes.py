"""Child processes: started so that they never outlive this one, and ended in order."""

from __future__ import annotations

import ctypes
import signal
import subprocess
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

_STOP_SECONDS = 15.0
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


def start(
    command: Sequence[str], log: Path, environment: Mapping[str, str] | None = None
) -> subprocess.Popen[bytes]:
    """Start a child process.

    It has a session of its own, so that Ctrl-C reaches this process alone, which ends its
    children in order; and the kernel ends it should this process die without doing so.

    Args:
        command: What to run.
        log: Where its output is appended.
        environment: Its environment; this process's own by default.
    """
    with log.open("ab") as out:
        return subprocess.Popen(  # noqa: S603
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_end_with_parent,  # noqa: PLW1509
        )


def end(process: subprocess.Popen[bytes]) -> None:
    """Ask a child process to end, and make it if it does not."""
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """End a child process at once, whatever it is at."""
    process.kill()
    process.wait()


def _end_with_parent() -> None:
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
