"""The API as `salesbell api` serves it, in a process of its own."""

from __future__ import annotations

import sys
from http.client import HTTPConnection, HTTPException
from typing import TYPE_CHECKING

from tests.services.service import Service, free_port

if TYPE_CHECKING:
    from pathlib import Path

    from streams.settings import Settings


class Api(Service):
    """One `salesbell api`.

    Args:
        directory: Where its log is.
        settings: Broker, prefix, time zone and currency.
    """

    def __init__(self, directory: Path, settings: Settings) -> None:
        super().__init__(directory)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}/"
        self._settings = settings

    def command(self) -> list[str]:
        names = ("broker", "prefix", "timezone", "currency")
        variables = [f"SALESBELL_{n.upper()}={getattr(self._settings, n)}" for n in names]
        salesbell = [sys.executable, "-m", "streams.cli", "api", "--port", str(self.port)]
        return ["env", *variables, *salesbell]

    def answers(self) -> bool:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=1)
        try:
            connection.request("GET", "/livez")
            return connection.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()
