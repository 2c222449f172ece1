"""The embedded broker of the demo: Kafka's protocol, and Redis's, in one small process."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from tests.services.probe import broker_answers
from tests.services.redis import redis_answers
from tests.services.service import Service, ServiceError, free_port


class Embedded(Service):
    """One noida-db process, ready in about half a second.

    Args:
        directory: Where it keeps its data and log.
        redis: Whether it serves Redis too, on `redis_port`.
    """

    def __init__(self, directory: Path, *, redis: bool = False) -> None:
        super().__init__(directory)
        self.port = free_port()
        self.bootstrap = f"127.0.0.1:{self.port}"
        self.redis_port = free_port() if redis else None

    def command(self) -> list[str]:
        # The package's script is a parent of the real process: a signal must meet the latter.
        binary = Path(str(files("noida_db").joinpath("noida-db")))
        if not binary.is_file():
            raise ServiceError(f"noida-db has no binary at {binary}: run make test")
        binary.chmod(0o755)
        services = "kafka" if self.redis_port is None else "redis,kafka"
        command = [str(binary), "start", "--only", services, "--kafka-port", str(self.port)]
        if self.redis_port is not None:
            command += ["--redis-port", str(self.redis_port)]
        return [*command, "--data-dir", str(self.directory / "data")]

    def answers(self) -> bool:
        if self.redis_port is not None and not redis_answers(self.redis_port):
            return False
        return broker_answers(self.bootstrap)
