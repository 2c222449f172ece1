"""Worker processes of this machine: started, watched, started again, ended in order."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import structlog

from streams.processes import end, start

if TYPE_CHECKING:
    import subprocess
    from collections.abc import AsyncIterator
    from pathlib import Path

    from streams.settings import Settings

log = structlog.get_logger()

_POLL = 0.2
_LAST_LINES = 3
_METRICS_PORT = "SALESBELL_METRICS_PORT"
#: Runs one worker, with settings from the environment.
COMMAND = (sys.executable, "-m", "streams.cli", "worker")


class WorkerError(RuntimeError):
    """Workers fail again and again."""


class Workers:
    """Some workers with the same settings.

    Args:
        settings: Their settings.
        count: How many.
        directory: Where each keeps its log.
        restarts: How many times in all one that ended is started again.
    """

    def __init__(self, settings: Settings, count: int, directory: Path, restarts: int) -> None:
        # One port can serve the metrics of one worker only.
        alone = settings.model_copy(update={"metrics_port": None}) if count > 1 else settings
        inherited = {k: v for k, v in os.environ.items() if k != _METRICS_PORT}
        self._environment = {**inherited, **environment(alone)}
        self._directory = directory
        self._left = restarts
        self._failure: WorkerError | None = None
        self._processes = {number: self._start(number) for number in range(count)}

    @property
    def pids(self) -> list[int]:
        """Process ids of the workers that run."""
        return [p.pid for p in self._processes.values() if p.poll() is None]

    @property
    def logs(self) -> list[Path]:
        """The log of each worker."""
        return [self._log(number) for number in self._processes]

    def check(self) -> None:
        """Pass while workers run.

        Raises:
            WorkerError: If too many have ended.
        """
        if self._failure is not None:
            raise self._failure

    async def supervise(self) -> None:
        """Start workers again that end, until too many have."""
        while self._failure is None:
            await asyncio.sleep(_POLL)
            for number, process in self._processes.items():
                code = process.poll()
                if code is None:
                    continue
                if not self._left:
                    self._failure = WorkerError(
                        f"worker {number} ended with code {code} and workers were started again "
                        f"too often. It said last: {self._last_words(number)}"
                    )
                    return
                self._left -= 1
                log.warning("worker ended, starting it again", worker=number, code=code)
                self._processes[number] = self._start(number)

    def _last_words(self, number: int) -> str:
        lines = self._log(number).read_text(errors="replace").splitlines()
        return " / ".join(lines[-_LAST_LINES:])

    def stop(self) -> None:
        """End them all."""
        for process in self._processes.values():
            process.terminate()
        for process in self._processes.values():
            end(process)

    def _start(self, number: int) -> subprocess.Popen[bytes]:
        return start(COMMAND, self._log(number), self._environment)

    def _log(self, number: int) -> Path:
        return self._directory / f"worker-{number}.log"


@asynccontextmanager
async def workers(
    settings: Settings, count: int, directory: Path, restarts: int = 20
) -> AsyncIterator[Workers]:
    """Run workers for the length of a block; see `Workers`."""
    running = Workers(settings, count, directory, restarts)
    watch = asyncio.ensure_future(running.supervise())
    try:
        yield running
    finally:
        watch.cancel()
        await asyncio.to_thread(running.stop)


def environment(settings: Settings) -> dict[str, str]:
    """The settings that differ from the defaults, as environment variables."""
    changed = settings.model_dump(mode="json", exclude_defaults=True)
    plain = {
        name: str(value) if not isinstance(value, list | dict) else json.dumps(value)
        for name, value in changed.items()
        if value is not None
    }
    if settings.sasl_password is not None:
        plain["sasl_password"] = settings.sasl_password.get_secret_value()
    return {f"SALESBELL_{name.upper()}": value for name, value in plain.items()}
