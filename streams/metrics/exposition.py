"""Metrics as text: a registry of one's own, and what it answers to a scrape."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import InfoMetricFamily
from prometheus_client.registry import Collector
from starlette.responses import Response

if TYPE_CHECKING:
    from collections.abc import Iterable

    from prometheus_client import Metric

PATH = "/metrics"


def registry(*collectors: Collector) -> CollectorRegistry:
    """A registry of some collectors, with what is known of the process and the release."""
    made = CollectorRegistry()
    for collector in (_Build(), *collectors):
        made.register(collector)
    ProcessCollector(registry=made)
    return made


def exposition(asked: CollectorRegistry, accept: str | None) -> Response:
    """What a registry holds now, in the form that the scraper prefers.

    Args:
        asked: The registry.
        accept: The request's `Accept` header.
    """
    encode, media_type = choose_encoder(accept or "")
    return Response(
        encode(asked), headers={"Content-Type": media_type, "Cache-Control": "no-store"}
    )


class Scraped(Collector):
    """A collector that has nothing to say before it is scraped."""

    def describe(self) -> Iterable[Metric]:
        """Nothing: without this it would be scraped when it is registered."""
        return ()


class _Build(Scraped):
    def collect(self) -> Iterable[Metric]:
        yield InfoMetricFamily(
            "salesbell_build", "Release of Salesbell.", {"version": version("salesbell")}
        )
