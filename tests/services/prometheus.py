"""Prometheus and its Alertmanager."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import httpx

from tests.services.service import Service, ServiceError, free_port

if TYPE_CHECKING:
    from pathlib import Path

_SECONDS = 10


class Prometheus(Service):
    """One Prometheus server.

    Args:
        directory: Where it keeps its configuration, data and log.
        configuration: The text of its configuration.
    """

    def __init__(self, directory: Path, configuration: str) -> None:
        super().__init__(directory)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._configuration = configuration

    def command(self) -> list[str]:
        return [
            installed("prometheus"),
            f"--config.file={self.directory / 'prometheus.yml'}",
            f"--storage.tsdb.path={self.directory / 'data'}",
            f"--web.listen-address=127.0.0.1:{self.port}",
        ]

    def prepare(self) -> None:
        (self.directory / "prometheus.yml").write_text(self._configuration)

    def answers(self) -> bool:
        return answers(f"{self.url}/-/ready")

    def query(self, expression: str) -> list[dict[str, Any]]:
        """The series that an instant query finds, each with its `metric` and `value`."""
        found = self.get("query", query=expression)
        assert found["resultType"] == "vector", expression
        return list(found["result"])

    def get(self, path: str, **parameters: str) -> dict[str, Any]:
        """The data that Prometheus answers with."""
        response = httpx.get(f"{self.url}/api/v1/{path}", params=parameters, timeout=_SECONDS)
        if response.is_error:
            raise ServiceError(f"{self!r}: {parameters}: {response.text}")
        return dict(response.json()["data"])


class Alertmanager(Service):
    """One Alertmanager, alone.

    Args:
        directory: Where it keeps its data and log.
        configuration: The file of its configuration.
    """

    def __init__(self, directory: Path, configuration: Path) -> None:
        super().__init__(directory)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._configuration = configuration

    def command(self) -> list[str]:
        return [
            installed("prometheus-alertmanager"),
            f"--config.file={self._configuration}",
            f"--storage.path={self.directory / 'data'}",
            f"--web.listen-address=127.0.0.1:{self.port}",
            "--cluster.listen-address=",
        ]

    def answers(self) -> bool:
        return answers(f"{self.url}/-/ready")


def promtool(*arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
    """Run promtool to its end."""
    return subprocess.run(
        [installed("promtool"), *arguments], input=text, capture_output=True, text=True, check=False
    )


def installed(command: str) -> str:
    """The path of a command of Debian's packages."""
    found = shutil.which(command)
    if found is None:
        raise ServiceError(f"there is no {command}: run make test")
    return found


def answers(url: str) -> bool:
    """Whether a URL answers with success."""
    try:
        return httpx.get(url, timeout=_SECONDS).is_success
    except httpx.TransportError:
        return False
