"""The compose file's services as processes of this machine: their very commands and settings.

Only addresses differ: what containers reach by name is on free ports of 127.0.0.1 here.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

import yaml

from streams.processes import end, start
from tests.services.kafka import Kafka
from tests.services.prometheus import Alertmanager, Prometheus, installed
from tests.services.redis import Redis
from tests.services.service import free_port

if TYPE_CHECKING:
    from collections.abc import Mapping

DEPLOY: Final = Path(__file__).resolve().parents[2] / "deploy"
FILE: Final = DEPLOY / "compose" / "compose.yaml"
_ADDRESS: Final = re.compile(r"(?:0\.0\.0\.0|kafka|localhost):(\d+)")
DOCKERFILE: Final = DEPLOY / "compose" / "Dockerfile"


def composed() -> dict[str, Any]:
    """The file as the compose command understands it.

    Raises:
        subprocess.CalledProcessError: If it does not.
    """
    command = [installed("docker-compose"), "--file", str(FILE), "config"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return dict(yaml.safe_load(done.stdout))


class ComposedKafka(Kafka):
    """The broker as the compose file configures it.

    Args:
        directory: Where it keeps its configuration and data.
        variables: The environment of its container.
    """

    def __init__(self, directory: Path, variables: Mapping[str, str]) -> None:
        super().__init__(directory)
        self._variables = variables
        self._ports = {9092: self.port, 9093: self._controller_port, 29092: free_port()}

    def configuration(self) -> str:
        """Properties, named as the image names them after its variables."""
        lines = []
        for name, value in self._variables.items():
            key = name.removeprefix("KAFKA_").lower().replace("_", ".")
            lines.append(f"{key}={_ADDRESS.sub(self._here, value)}")
        text = "\n".join(lines)
        return text.replace("/var/lib/kafka/data", str(self.directory / "data"))

    def _here(self, address: re.Match[str]) -> str:
        return f"127.0.0.1:{self._ports[int(address.group(1))]}"


class Deployment:
    """Everything of the compose file that runs without Docker.

    Args:
        directory: Where logs and data are kept.
    """

    def __init__(self, directory: Path) -> None:
        self.services: dict[str, Any] = composed()["services"]
        self._directory = directory
        self._stack = ExitStack()
        self.ports = {"9100": free_port(), "8000": free_port()}
        self.kafka = ComposedKafka(directory / "kafka", self.services["kafka"]["environment"])
        self.redis = Redis(directory / "redis")
        self.alertmanager = Alertmanager(
            directory / "alertmanager", DEPLOY / "alertmanager" / "alertmanager.yml"
        )
        self.prometheus = Prometheus(directory / "prometheus", self._prometheus_configuration)
        self.api = f"http://127.0.0.1:{self.ports['8000']}"

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            for service in (self.kafka, self.redis, self.alertmanager):
                stack.enter_context(service)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._stack.close()

    def run(self, name: str) -> subprocess.CompletedProcess[str]:
        """Run a service to its end."""
        return subprocess.run(
            self._command(name),
            env=self._environment(name),
            capture_output=True,
            text=True,
            check=False,
        )

    def start(self, name: str) -> None:
        """Start a service; it ends with the deployment."""
        log = self._directory / f"{name}.log"
        self._stack.callback(end, start(self._command(name), log, self._environment(name)))

    def watch(self) -> None:
        """Start Prometheus; it ends with the deployment."""
        self._stack.enter_context(self.prometheus)

    def healthy(self, name: str) -> bool:
        """Whether a service's own health check passes."""
        _, *check = self.services[name]["healthcheck"]["test"]
        command = [sys.executable if word == "python" else self._here(word) for word in check]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0

    def said(self, name: str) -> str:
        """What a service wrote."""
        return (self._directory / f"{name}.log").read_text()

    def _command(self, name: str) -> list[str]:
        (entry,) = (
            json.loads(line.removeprefix("ENTRYPOINT "))
            for line in DOCKERFILE.read_text().splitlines()
            if line.startswith("ENTRYPOINT ")
        )
        script = Path(sys.executable).with_name(entry[0])
        return [str(script), *entry[1:], *self.services[name]["command"]]

    def _environment(self, name: str) -> dict[str, str]:
        own = self.services[name]["environment"]
        return {**os.environ, **{key: self._here(value) for key, value in own.items()}}

    def _here(self, text: str) -> str:
        """A text with addresses of this machine."""
        redis = self.redis.url.removeprefix("redis://").partition("/")[0]
        places = {"kafka:9092": self.kafka.bootstrap, "redis:6379": redis, "0.0.0.0": "127.0.0.1"}  # noqa: S104
        for there, here in places.items():
            text = text.replace(there, here)
        for inside, outside in self.ports.items():
            text = text.replace(f":{inside}", f":{outside}")
        return str(self.ports.get(text, text))

    @cached_property
    def _prometheus_configuration(self) -> str:
        """The deployment's, with addresses in the place of names of containers."""
        made = yaml.safe_load((DEPLOY / "prometheus" / "prometheus.yml").read_text())
        made["global"] = {"scrape_interval": "1s", "evaluation_interval": "1s"}
        made["rule_files"] = [str(DEPLOY / "prometheus" / "rules.yml")]
        (managers,) = made["alerting"]["alertmanagers"]
        managers["static_configs"][0]["targets"] = [f"127.0.0.1:{self.alertmanager.port}"]
        for job in made["scrape_configs"]:
            for place in job.pop("dns_sd_configs", ()):
                job["static_configs"] = [
                    {"targets": [f"127.0.0.1:{self.ports[str(place['port'])]}"]}
                ]
        return str(yaml.safe_dump(made))
