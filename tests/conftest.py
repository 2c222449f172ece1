"""Fixtures for every test: brokers and a Redis for the session, a prefix for names of one's own.

Laws have no deadline, for the machine may be shared, and their examples are the same in CI.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from hypothesis import settings

from tests.services.embedded import Embedded
from tests.services.kafka import Kafka
from tests.services.redis import Redis

if TYPE_CHECKING:
    from collections.abc import Iterator

settings.register_profile("laws", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("laws")

CRM = Path(__file__).resolve().parents[1] / "examples" / "crm_sales" / "convert.py"


@pytest.fixture(scope="session")
def apache_kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kafka]:
    """Apache Kafka, shared by the session: a test that stops or kills a broker starts its own."""
    with Kafka(tmp_path_factory.mktemp("kafka")) as broker:
        yield broker


@pytest.fixture(scope="session")
def embedded_broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    """The demo's broker with its Redis, shared by the session."""
    with Embedded(tmp_path_factory.mktemp("embedded"), redis=True) as broker:
        yield broker


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Redis]:
    """Redis, shared by the session: a test keeps to keys under its `prefix`."""
    with Redis(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture
def prefix(request: pytest.FixtureRequest) -> str:
    """A prefix for topics, groups and keys that no other test has, fit for a topic's name."""
    test = re.sub(r"[^a-z0-9]+", "-", request.node.name.lower()).strip("-")[:60]
    return f"{test}-{uuid4().hex[:8]}"


@pytest.fixture(scope="session")
def crm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The CRM data as one CloudEvent per line."""
    file = tmp_path_factory.mktemp("crm") / "crm.jsonl"
    subprocess.run([sys.executable, str(CRM), "--output", str(file)], check=True)
    return file
