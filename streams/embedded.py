"""The embedded broker: one small process beside the demo or a replay, gone when they end.

It is young; everything that matters is also tested against Apache Kafka. Nothing but this
module knows it, and no worker needs it.
"""

from __future__ import annotations

import asyncio
import os
import socket
import time
from contextlib import asynccontextmanager
from dataclasses import replace
from importlib.resources import files
from typing import TYPE_CHECKING

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from streams.processes import end, kill, start
from streams.topics import DELETE

if TYPE_CHECKING:
    import subprocess
    from collections.abc import AsyncIterator, Iterable, Iterator
    from pathlib import Path

    from streams.topics import Topic

_HOST = "127.0.0.1"
_START_SECONDS = 20.0
_POLL = 0.05
#: Closed segments alone are compacted or deleted.
_SEGMENT_BYTES = 1024 * 1024
#: Far longer than work waits between two stages of one machine.
_RETENTION_MS = 5 * 60_000


class EmbeddedBrokerError(RuntimeError):
    """The embedded broker is not installed or does not start."""


@asynccontextmanager
async def embedded_broker(directory: Path, *, kept: bool = False) -> AsyncIterator[str]:
    """Run the embedded broker for the length of a block.

    Args:
        directory: Where it keeps its data and its log.
        kept: Whether the data is of use afterwards; if not, it need not be written to the end,
            which takes many seconds after a while.

    Yields:
        Its address, `host:port`.

    Raises:
        EmbeddedBrokerError: If it is not installed or does not start.
    """
    port = free_port()
    data = str(directory / "broker")
    arguments = ["--kafka-port", str(port), "--host", _HOST, "--data-dir", data]
    command = [_binary(), "start", "--only", "kafka", *arguments]
    process = start(command, directory / "broker.log")
    try:
        await _await_ready(process, f"{_HOST}:{port}", directory)
        yield f"{_HOST}:{port}"
    finally:
        await asyncio.to_thread(end if kept else kill, process)


def spared(topics: Iterable[Topic]) -> Iterator[Topic]:
    """Topics as this broker should have them, which holds all of them in memory.

    Again and again it writes all that it holds to disk, too, so that less of it is less work.
    """
    for topic in topics:
        config = {**topic.config, "segment.bytes": str(_SEGMENT_BYTES)}
        if topic.config is DELETE:
            config["retention.ms"] = str(_RETENTION_MS)
        yield replace(topic, config=config)


def free_port() -> int:
    """A TCP port of the loopback interface that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((_HOST, 0))
        return int(probe.getsockname()[1])


def _binary() -> str:
    try:
        binary = files("noida_db").joinpath("noida-db")
    except ModuleNotFoundError as error:
        raise EmbeddedBrokerError(
            "the embedded broker is not installed: install `salesbell[demo]`; a replay can do with "
            "another, named with --broker"
        ) from error
    path = str(binary)
    if not os.access(path, os.X_OK):
        os.chmod(path, 0o755)  # noqa: PTH101, S103
    return path


async def _await_ready(process: subprocess.Popen[bytes], address: str, directory: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        if await _answers(address):
            return
        await asyncio.sleep(_POLL)
    raise EmbeddedBrokerError(
        f"the embedded broker did not start at {address}: its log is {directory / 'broker.log'}"
    )


async def _answers(address: str) -> bool:
    host, _, port = address.partition(":")
    try:
        # A bare connection first: the client logs an error for each one that is refused.
        _, writer = await asyncio.open_connection(host, int(port))
        writer.close()
        await writer.wait_closed()
        client = AIOKafkaAdminClient(bootstrap_servers=address)
        await client.start()
        await client.close()
    except (KafkaError, OSError):
        return False
    return True
