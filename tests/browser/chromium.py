"""A real Chromium without a window, in a process that the session's tests share."""

from __future__ import annotations

from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Final

from tests.services.service import Service, ServiceError, free_port

_BINARY: Final = Path("/usr/bin/chromium")
#: It asks nobody for updates, accounts or lists.
_QUIET: Final = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)


class Chromium(Service):
    """One browser, to be connected to at `url`.

    Args:
        directory: Where its profile and its log are.
    """

    def __init__(self, directory: Path) -> None:
        super().__init__(directory)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"

    def command(self) -> list[str]:
        if not _BINARY.is_file():
            raise ServiceError(f"there is no {_BINARY}: run make test, or install `chromium`")
        profile = f"--user-data-dir={self.directory / 'profile'}"
        return [str(_BINARY), *_QUIET, profile, f"--remote-debugging-port={self.port}"]

    def answers(self) -> bool:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=1)
        try:
            connection.request("GET", "/json/version")
            return connection.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()
