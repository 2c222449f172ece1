"""Apache Kafka, one node."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Final

from tests.services.probe import broker_answers
from tests.services.service import Service, ServiceError, free_port

VERSION: Final = "4.3.1"
JARS: Final = Path(__file__).resolve().parents[2] / ".cache" / f"kafka-{VERSION}"

_PROPERTIES: Final = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller_port}
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller_port}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
controller.listener.names=CONTROLLER
log.dirs={data}

# One node holds every replica.
offsets.topic.replication.factor=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
# A first consumer would wait for the creation of fifty partitions.
offsets.topic.num.partitions=4
transaction.state.log.num.partitions=4
# A group starts at once, and tests may lose a member within seconds.
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
# After a kill the controller lets the broker back in once its old session is over.
broker.session.timeout.ms=3000
broker.heartbeat.interval.ms=500
# A topic that nobody created is a mistake to be seen.
auto.create.topics.enable=false
# Tests of retention and compaction see them happen.
log.cleaner.backoff.ms=500
log.retention.check.interval.ms=1000
log.segment.delete.delay.ms=1000
# The default is half of our heap.
log.cleaner.dedupe.buffer.size=16777216
"""


class Kafka(Service):
    """One Apache Kafka node, broker and controller in one (KRaft), ready in about four seconds.

    Args:
        directory: Where it keeps its configuration, log segments and log.
        heap: The most that its Java heap may take, as Java writes it ("512m").
    """

    def __init__(self, directory: Path, *, heap: str = "512m") -> None:
        super().__init__(directory)
        self.port = free_port()
        self.bootstrap = f"127.0.0.1:{self.port}"
        self._heap = heap
        self._controller_port = free_port()
        self._properties = self.directory / "server.properties"

    def command(self) -> list[str]:
        return self._java("kafka.Kafka", str(self._properties))

    def prepare(self) -> None:
        """Writes the configuration and formats the storage, once."""
        if self._properties.exists():
            return
        self._properties.write_text(self.configuration())
        cluster = "AAAAAAAAAAAAAAAAAAAAAA"
        arguments = ["format", "-t", cluster, "-c", str(self._properties)]
        done = subprocess.run(
            self._java("kafka.tools.StorageTool", *arguments),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            self._properties.unlink()
            raise ServiceError(f"{self!r}: cannot format the storage:\n{done.stdout}{done.stderr}")

    def configuration(self) -> str:
        """The text of its properties."""
        return _PROPERTIES.format(
            port=self.port, controller_port=self._controller_port, data=self.directory / "data"
        )

    def answers(self) -> bool:
        return broker_answers(self.bootstrap)

    def _java(self, main: str, *arguments: str) -> list[str]:
        java = shutil.which("java")
        if java is None:
            raise ServiceError("Apache Kafka needs Java and there is none: run make test")
        if not (JARS / ".verified").exists():
            raise ServiceError(f"Apache Kafka's jars are not in {JARS}: run make test")
        return [
            java,
            f"-Xmx{self._heap}",
            "-XX:+UseSerialGC",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
            "-cp",
            f"{JARS}/*",
            main,
            *arguments,
        ]
