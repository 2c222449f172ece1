"""Whether a Kafka broker answers."""

from __future__ import annotations

import asyncio
import logging
import socket
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

REQUEST_MILLISECONDS: Final = 5_000


def broker_answers(bootstrap: str) -> bool:
    """Whether the broker lists itself in its metadata, and so takes topics and records.

    Args:
        bootstrap: The broker's address, "host:port".
    """
    host, port = bootstrap.split(":")
    try:
        socket.create_connection((host, int(port)), timeout=1).close()
    except OSError:
        return False
    # In a thread of its own: the caller's may have an event loop already.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, _lists_itself(bootstrap)).result()


async def _lists_itself(bootstrap: str) -> bool:
    admin = AIOKafkaAdminClient(
        bootstrap_servers=bootstrap, request_timeout_ms=REQUEST_MILLISECONDS
    )
    # A broker that is not ready yet is no news, and the client logs each refusal.
    log = logging.getLogger("aiokafka")
    level = log.level
    log.setLevel(logging.CRITICAL)
    try:
        await admin.start()
        cluster = await admin.describe_cluster()
        return bool(cluster["brokers"])
    except (KafkaError, OSError):
        return False
    finally:
        await admin.close()
        log.setLevel(level)
