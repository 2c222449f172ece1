"""Redis."""

from __future__ import annotations

import shutil
import socket
from typing import TYPE_CHECKING

from tests.services.service import Service, ServiceError, free_port

if TYPE_CHECKING:
    from pathlib import Path


def redis_answers(port: int) -> bool:
    """Whether a Redis server on this port of 127.0.0.1 answers PING, its data loaded."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(64).startswith(b"+PONG")
    except OSError:
        return False


class Redis(Service):
    """One redis-server, every write appended to disk before it is answered.

    Args:
        directory: Where it keeps its data and log.
    """

    def __init__(self, directory: Path) -> None:
        super().__init__(directory)
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"

    def command(self) -> list[str]:
        server = shutil.which("redis-server")
        if server is None:
            raise ServiceError("there is no redis-server: run make test")
        command = [server, "--bind", "127.0.0.1", "--port", str(self.port)]
        return [
            *command,
            "--dir",
            str(self.directory),
            "--appendonly",
            "yes",
            "--appendfsync",
            "always",
        ]

    def answers(self) -> bool:
        return redis_answers(self.port)
