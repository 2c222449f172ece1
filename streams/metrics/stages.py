"""What a worker says of itself: how much it did, how long it took, and what it lags behind."""

from __future__ import annotations

import asyncio
from math import isinf
from typing import TYPE_CHECKING, Any, cast

import structlog
from aiokafka.errors import KafkaError
from faust.exceptions import ConsumerNotStarted
from prometheus_client.metrics_core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
)

from scoring.calendar import SECOND
from streams.dead_letters import Reason
from streams.metrics.exposition import Scraped

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import faust
    from faust.types import TP
    from prometheus_client import Metric

    from streams.distribution import Distribution
    from streams.meter import Meter
    from streams.table import Table
    from streams.transport.consumer import Consumer

log = structlog.get_logger()

#: A broker that needs longer is silent: a lag that nobody knows is not exposed.
_PATIENCE_SECONDS = 2.0


class WorkerCollector(Scraped):
    """The metrics of one worker.

    Args:
        app: Its application.
        meter: Its counters.
        sources: Source topics; each of their series is there from the start, so that the first
            rejected record is a step.
    """

    def __init__(self, app: faust.App, meter: Meter, sources: Iterable[str]) -> None:
        self._app = app
        self._meter = meter
        self._sources = tuple(sources)
        self._lag: Mapping[TP, int] = {}

    async def ask(self) -> None:
        """Ask the broker how far the worker lags behind; before each scrape."""
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                self._lag = await cast("Consumer", self._app.consumer).lag()
        except (KafkaError, ConsumerNotStarted, TimeoutError) as error:
            log.warning("the lag is not known", error=str(error) or type(error).__name__)
            self._lag = {}

    def collect(self) -> Iterator[Metric]:
        """The metrics as they are now."""
        yield from self._work()
        yield from self._sources_now()
        for name, text, distributions in self._distributions():
            yield _histogram(name, text, *distributions)
        yield from self._state()

    def _work(self) -> Iterator[Metric]:
        meter = self._meter
        yield _counter("facts", "Differences folded into panes.", meter.facts)
        yield _counter("scores_published", "Scores published.", meter.scores)
        duplicates = meter.verdicts["duplicate"]
        yield _counter("events_duplicate", "Events that repeated one.", duplicates)
        text = "Records, facts and contributions that were known and skipped."
        yield _counter("replays_skipped", text, meter.replayed)
        yield _counter("subjects_retired", "Subjects forgotten after their time.", meter.retired)

    def _sources_now(self) -> Iterator[Metric]:
        events = CounterMetricFamily(
            "salesbell_events", "Records read from the sources.", labels=("topic",)
        )
        rejected = CounterMetricFamily(
            "salesbell_events_rejected", "Dead letters.", labels=("topic", "reason")
        )
        newest = GaugeMetricFamily(
            "salesbell_last_event_timestamp_seconds",
            "When the newest event happened.",
            labels=("topic",),
        )
        for topic in self._sources:
            events.add_metric((topic,), self._meter.taken_in[topic])
            for reason in Reason:
                rejected.add_metric((topic, reason), self._meter.rejected[topic, reason])
            if topic in self._meter.newest:
                newest.add_metric((topic,), self._meter.newest[topic] / SECOND)
        yield from (events, rejected, newest)

    def _distributions(self) -> Iterator[tuple[str, str, tuple[str, dict[str, Distribution]]]]:
        stages = self._meter.stages
        late = {topic: self._meter.late(topic) for topic in self._sources}
        yield (
            "event_lateness_seconds",
            "From an event to its ingestion; one event of each batch.",
            ("topic", late),
        )
        yield (
            "batch_records",
            "Records of a piece of work: of the sources at intake, frames of many items after it.",
            ("stage", {name: stage.records for name, stage in stages.items()}),
        )
        yield (
            "batch_duration_seconds",
            "How long a piece of work took.",
            ("stage", {name: stage.seconds for name, stage in stages.items()}),
        )
        scoring = {name: stage for name, stage in stages.items() if stage.publishes}
        yield (
            "ingestion_to_score_seconds",
            "From the oldest source record behind a batch to the publication of its scores.",
            ("stage", {name: stage.since_ingestion for name, stage in scoring.items()}),
        )
        yield (
            "event_to_score_seconds",
            "From the event in that record to the publication of its scores.",
            ("stage", {name: stage.since_event for name, stage in scoring.items()}),
        )

    def _state(self) -> Iterator[Metric]:
        lag = GaugeMetricFamily(
            "salesbell_consumer_lag_records",
            "Records that are not acknowledged yet.",
            labels=("topic", "partition"),
        )
        for tp, records in sorted(self._lag.items()):
            lag.add_metric((tp.topic, str(tp.partition)), records)
        keys = GaugeMetricFamily("salesbell_table_keys", "Keys of a table.", labels=("table",))
        for name, table in self._app.tables.items():
            keys.add_metric((name,), _size(cast("Table[Any]", table)))
        recovering = GaugeMetricFamily(
            "salesbell_recovery_active",
            "Whether tables are being rebuilt from their changelogs.",
            value=float(self._app.in_recovery),
        )
        yield from (lag, keys, recovering)


def _size(table: Table[Any]) -> int:
    return sum(len(table.partition(number)) for number in table.owned_partitions())


def _counter(name: str, text: str, value: int) -> CounterMetricFamily:
    return CounterMetricFamily(f"salesbell_{name}", text, value=value)


def _histogram(
    name: str, text: str, label: str, distributions: Mapping[str, Distribution]
) -> HistogramMetricFamily:
    made = HistogramMetricFamily(f"salesbell_{name}", text, labels=(label,))
    for value, known in distributions.items():
        buckets = [(_bound(bound), count) for bound, count in known.cumulative()]
        made.add_metric((value,), buckets, known.total)
    return made


def _bound(value: float) -> str:
    return "+Inf" if isinf(value) else str(value)
