"""How long from an event to its score: python -m bench.latency [--json] [--rate N].

One worker on Apache Kafka, disbursals at a steady rate with the wall clock as event time. The
k-th sale of an executive is scored when a score of his arrives that counts k loans; its
latency runs from the moment before it was sent.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import time
from collections import defaultdict, deque
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from rich.console import Console

from bench.broker import broker
from streams import topics
from streams.broker import client_options, reader_options
from streams.names import Names
from streams.settings import Settings
from streams.workers import workers

if TYPE_CHECKING:
    from aiokafka import ConsumerRecord

_EXECUTIVES = 60
_WARM_UP = 60
_KPI = "sales_targets.sales_volume"
_PATIENCE = 60.0


class Latencies:
    """Matches scores to the sales that they count."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self.waiting = 0
        self._sent: dict[str, deque[float]] = defaultdict(deque)
        self._counted: dict[str, int] = defaultdict(int)

    def sent(self, executive: str) -> None:
        """Note that a sale of an executive is being sent now."""
        self._sent[executive].append(time.perf_counter())
        self.waiting += 1

    def scored(self, record: ConsumerRecord) -> None:
        """Take a score."""
        if record.value is None or not record.key.endswith(b"|quarter"):
            return
        score = json.loads(record.value)
        if score["level"] != "executive":
            return
        executive, loans = score["entity"], score["kpis"][_KPI]["n"]
        now = time.perf_counter()
        while self._counted[executive] < loans:
            self._counted[executive] += 1
            self.seconds.append(now - self._sent[executive].popleft())
            self.waiting -= 1


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(prog="python -m bench.latency", description=__doc__)
    parser.add_argument("--json", action="store_true", help="end with one line of JSON, seconds")
    parser.add_argument("--rate", type=int, default=500, help="events per second (default: 500)")
    parser.add_argument("--seconds", type=int, default=30, help="how long (default: 30)")
    options = parser.parse_args()
    with broker() as bootstrap:
        found = asyncio.run(_run(bootstrap, options.rate, options.seconds))
    cuts = statistics.quantiles(found, n=100)
    figures = {"events": len(found), "p50": cuts[49], "p95": cuts[94], "p99": cuts[98]}
    Console().print(
        f"{len(found):,} events at {options.rate}/s: p50 {cuts[49] * 1000:.0f} ms, "
        f"p95 {cuts[94] * 1000:.0f} ms, p99 {cuts[98] * 1000:.0f} ms"
    )
    if options.json:
        print(json.dumps(figures))


async def _run(bootstrap: str, rate: int, seconds: int) -> list[float]:
    settings = Settings(broker=bootstrap, prefix=f"bench-latency-{time.time_ns()}", partitions=4)
    names = Names(settings.prefix)
    await topics.create(settings, topics.required(settings, names))
    latencies = Latencies()
    consumer = AIOKafkaConsumer(
        names.scores, auto_offset_reset="earliest", **reader_options(settings)
    )
    producer = AIOKafkaProducer(acks="all", **client_options(settings))
    await consumer.start()
    await producer.start()
    with TemporaryDirectory() as directory:
        async with workers(settings, 1, Path(directory)):
            reading = asyncio.create_task(_read(consumer, latencies))
            await _sell(producer, names, latencies, _WARM_UP, rate)
            await _settled(latencies)
            warm = len(latencies.seconds)
            await _sell(producer, names, latencies, rate * seconds, rate)
            await _settled(latencies)
            reading.cancel()
    await producer.stop()
    await consumer.stop()
    return latencies.seconds[warm:]


async def _read(consumer: AIOKafkaConsumer, latencies: Latencies) -> None:
    async for record in consumer:
        latencies.scored(record)


async def _sell(
    producer: AIOKafkaProducer, names: Names, latencies: Latencies, count: int, rate: int
) -> None:
    began = time.perf_counter()
    for number in range(count):
        await asyncio.sleep(max(began + number / rate - time.perf_counter(), 0))
        executive = f"E-{number % _EXECUTIVES:03}"
        latencies.sent(executive)
        await producer.send(names.sources["sales"], _sale(executive), key=executive.encode())


def _sale(executive: str) -> bytes:
    loan = f"LN-{time.time_ns()}"
    event = {
        "specversion": "1.0",
        "id": loan,
        "source": "/bench",
        "type": "sale.disbursed",
        "time": datetime.now(UTC).isoformat(),
        "data": {
            "loan_id": loan,
            "customer_id": f"C-{loan}",
            "executive_id": executive,
            "amount": 100000,
            "currency": "INR",
        },
    }
    return json.dumps(event).encode()


async def _settled(latencies: Latencies) -> None:
    async with asyncio.timeout(_PATIENCE):
        while latencies.waiting:
            await asyncio.sleep(0.01)


if __name__ == "__main__":
    main()
