"""The compose file: valid, and what its services run does run, watched by its Prometheus."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
from redis import Redis

from streams.names import Names
from streams.replay.recording import read
from streams.replay.run import send
from streams.settings import Settings
from tests.deploy.deployment import FILE, Deployment, composed
from tests.deploy.test_rules import alerts
from tests.services import waiting
from tests.services.kafka import VERSION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

EXAMPLE = Path(__file__).resolve().parents[1] / "oracle" / "worked_example" / "events.jsonl"
DEADLINE = 120.0
OURS = ("topics", "worker", "api", "redis-sink")


def until(holds: Callable[[], object], what: str) -> None:
    waiting.until(holds, what, DEADLINE)


@pytest.fixture(scope="module")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """All of it, with the worked example sent to its broker."""
    with Deployment(tmp_path_factory.mktemp("compose")) as made:
        done = made.run("topics")
        assert done.returncode == 0, done.stderr
        for name in ("worker", "api", "redis-sink"):
            made.start(name)
        made.watch()
        settings = Settings(broker=made.kafka.bootstrap)
        asyncio.run(send(read([EXAMPLE]), settings, Names(settings.prefix)))
        yield made


def test_the_compose_command_takes_it() -> None:
    services = composed()["services"]
    assert services.keys() == {
        *("kafka", "redis", *OURS),
        *("prometheus", "alertmanager", "grafana"),
    }


def test_what_it_mounts_is_there_and_read_only() -> None:
    mounted = [
        volume.split(":")
        for service in composed()["services"].values()
        for volume in service.get("volumes", ())
        if volume.startswith(("/", "."))
    ]
    assert len(mounted) == 5
    assert all(Path(FILE.parent, source).exists() for source, *_ in mounted)
    assert {mode for *_, mode in mounted} == {"ro"}


def test_it_publishes_nothing_beyond_this_machine() -> None:
    ports = [port for each in composed()["services"].values() for port in each.get("ports", ())]
    assert len(ports) == 5
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_images_are_pinned_and_ours_may_do_little() -> None:
    services = composed()["services"]
    assert services["kafka"]["image"] == f"apache/kafka:{VERSION}"
    for name, service in services.items():
        assert service["image"].rpartition(":")[2] not in {"", "latest"}, name
    for name in OURS:
        assert (services[name]["read_only"], services[name]["cap_drop"]) == (True, ["ALL"])


def test_an_event_gets_through_every_service(deployment: Deployment) -> None:
    def published() -> bool:
        url = f"{deployment.api}/v1/scores/company/company"
        try:
            return httpx.get(url, timeout=5).is_success
        except httpx.TransportError:
            return False

    def stored() -> bool:
        with Redis.from_url(deployment.redis.url) as client:
            return bool(client.dbsize())

    until(published, f"the company's score in the API\n{deployment.said('worker')}")
    until(lambda: deployment.healthy("api"), "the API's health check")
    until(stored, f"a score in Redis\n{deployment.said('redis-sink')}")


def test_its_prometheus_sees_worker_and_api(deployment: Deployment) -> None:
    watched = deployment.prometheus

    def up() -> set[str]:
        return {series["metric"]["job"] for series in watched.query("up == 1")}

    until(lambda: up() >= {"salesbell-worker", "salesbell-api"}, "both are scraped")
    events = len(EXAMPLE.read_text().splitlines())
    counted = f"sum(salesbell_events_total) == {events}"
    until(lambda: watched.query(counted), "every event is counted")
    until(lambda: watched.query("salesbell_company_score_coverage_ratio"), "scores are scraped")


def test_its_prometheus_has_the_rules_and_tells_the_alertmanager(deployment: Deployment) -> None:
    def evaluated() -> bool:
        groups = deployment.prometheus.get("rules")["groups"]
        rules = [rule for group in groups for rule in group["rules"]]
        return [rule["health"] for rule in rules] == ["ok"] * len(alerts())

    until(evaluated, "every rule is evaluated")
    (manager,) = deployment.prometheus.get("alertmanagers")["activeAlertmanagers"]
    assert manager["url"].startswith(deployment.alertmanager.url)
