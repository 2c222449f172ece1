"""Child processes, ended in order."""

from __future__ import annotations

import subprocess
from contextlib import suppress

_STOP_SECONDS = 15.0


def end(process: subprocess.Popen[bytes]) -> None:
    """Ask a child process to end, and make it if it does not."""
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
