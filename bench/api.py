"""Measures one API process: latency of GET /v1/scores, and memory under open streams.

python -m bench.api [--json] [--rate 500] [--seconds 20] [--streams 200] [--stream-seconds 60]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from aiokafka import AIOKafkaProducer
from rich.console import Console

from scoring.windows import ALL_WINDOWS
from streams.settings import Settings
from streams.workers import environment
from tests.feed.scores import record, score, send, topics_of
from tests.services.kafka import Kafka
from tests.services.service import free_port

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from scoring.score import Score

EXECUTIVES: Final = 500
CONNECTIONS: Final = 20
#: As many as there are: about 7 KB.
KPIS: Final = 44
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")
_SERVE: Final = "from streams.cli.api import api; api()"


def main() -> None:
    """Run the benchmark."""
    options = _options()
    # Whatever else runs here adds to the latency: the load before the start tells.
    Console(stderr=True).print(f"load average {os.getloadavg()[0]:.1f}")
    figures = asyncio.run(_measure(options))
    for name, figure in figures.items():
        Console(stderr=options.json).print(f"{name:32} {figure:>12,.2f}", highlight=False)
    if options.json:
        print(json.dumps({name: round(figure, 2) for name, figure in figures.items()}))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.api", description=__doc__)
    parser.add_argument("--json", action="store_true", help="end with one line of JSON")
    parser.add_argument("--rate", type=int, default=500, help="requests per second")
    parser.add_argument("--seconds", type=int, default=20, help="for how long")
    parser.add_argument("--streams", type=int, default=200, help="open streams")
    parser.add_argument("--stream-seconds", type=int, default=60, help="for how long")
    parser.add_argument("--changes", type=int, default=50, help="changed scores per second")
    return parser.parse_args()


async def _measure(options: argparse.Namespace) -> dict[str, float]:
    with (
        tempfile.TemporaryDirectory(prefix="salesbell-bench-") as directory,
        Kafka(Path(directory)) as broker,
    ):
        settings = Settings(broker=broker.bootstrap, partitions=4, api_port=free_port())
        await topics_of(settings)
        async with AIOKafkaProducer(bootstrap_servers=broker.bootstrap) as producer:
            await send(producer, settings, (record(s) for n in range(EXECUTIVES) for s in _all(n)))
            async with _served(settings) as (pid, began):
                figures = {"ready after, s": time.monotonic() - began, "memory, MB": _memory(pid)}
                changing = asyncio.create_task(_change(producer, settings, options.changes))
                busy = _processor(pid)
                latencies = sorted(await _ask(settings, options.rate, options.seconds))
                spent = (_processor(pid) - busy) / len(latencies)
                figures["processor per request, ms"] = spent * 1000
                for share in (50, 99, 100):
                    place = min(len(latencies) * share // 100, len(latencies) - 1)
                    figures[f"GET /v1/scores p{share}, ms"] = latencies[place] * 1000
                figures |= await _stream(settings, pid, options)
                changing.cancel()
                await asyncio.wait([changing])
    return figures


def _all(number: int, version: int = 1) -> list[Score]:
    """An executive's scores over all windows."""
    figures = {"value": 0.123456789, "numerator": 12, "denominator": 97, "n": 97, "target": 0.1}
    kpis = {f"some_area.some_indicator_{n}": {**figures, "change": 0.01} for n in range(KPIS)}
    return [
        score(f"executive:E-{number}", number % 100, version, window=window, kpis=kpis)
        for window in ALL_WINDOWS
    ]


async def _change(producer: AIOKafkaProducer, settings: Settings, rate: int) -> None:
    for version in range(2, sys.maxsize):
        changed = _all(version % EXECUTIVES, version)
        await send(producer, settings, map(record, changed))
        await asyncio.sleep(len(changed) / rate)


@asynccontextmanager
async def _served(settings: Settings) -> AsyncIterator[tuple[int, float]]:
    """An API process that is ready: its id, and when it was started."""
    began = time.monotonic()
    process = subprocess.Popen(  # noqa: ASYNC220
        [sys.executable, "-c", _SERVE],
        env={**os.environ, **environment(settings)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while not await _ready(settings):
            if process.poll() is not None:
                raise SystemExit(f"bench: the API ended with status {process.returncode}")
            await asyncio.sleep(0.05)
        yield process.pid, began
    finally:
        process.terminate()
        process.wait()


async def _ready(settings: Settings) -> bool:
    try:
        reader, writer = await _connect(settings)
    except OSError:
        return False
    status, _ = await _get(reader, writer, "/readyz")
    writer.close()
    return status == "200"


async def _ask(settings: Settings, rate: int, seconds: int) -> list[float]:
    """Latencies, seconds, from the moment a request was due: a slow answer delays none."""
    free: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Queue()
    for _ in range(CONNECTIONS):
        free.put_nowait(await _connect(settings))
    latencies: list[float] = []

    async def ask(number: int, due: float) -> None:
        connection = await free.get()
        status, _ = await _get(*connection, f"/v1/scores/executive/E-{number % EXECUTIVES}")
        if status != "200":
            raise SystemExit(f"bench: the API answered {status}")
        latencies.append(time.monotonic() - due)
        free.put_nowait(connection)

    began = time.monotonic()
    async with asyncio.TaskGroup() as tasks:
        for number in range(rate * seconds):
            due = began + number / rate
            await asyncio.sleep(due - time.monotonic())
            tasks.create_task(ask(number, due))
    return latencies


async def _stream(settings: Settings, pid: int, options: argparse.Namespace) -> dict[str, float]:
    """Open streams of one window and read them; memory and processor time of the process."""
    received = [0] * options.streams

    async def listen(number: int) -> None:
        reader, writer = await _connect(settings)
        writer.write(b"GET /v1/stream?window=month HTTP/1.1\r\nHost: bench\r\n\r\n")
        while chunk := await reader.read(1 << 16):
            received[number] += len(chunk)

    before = _memory(pid)
    tasks = [asyncio.create_task(listen(number)) for number in range(options.streams)]
    await asyncio.sleep(options.stream_seconds / 10)
    start, busy, bytes_before = _memory(pid), _processor(pid), sum(received)
    rest = options.stream_seconds * 9 / 10
    await asyncio.sleep(rest)
    figures = {
        "streams": float(sum(count > 0 for count in received)),
        "memory before streams, MB": before,
        "memory at their start, MB": start,
        "memory at their end, MB": _memory(pid),
        "processor, share of a core": (_processor(pid) - busy) / rest,
        "sent, MB/s": (sum(received) - bytes_before) / rest / 1e6,
    }
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
    return figures


async def _connect(settings: Settings) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_connection(settings.api_host, settings.api_port)


async def _get(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, path: str
) -> tuple[str, bytes]:
    writer.write(f"GET {path} HTTP/1.1\r\nHost: bench\r\n\r\n".encode())
    head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
    length = int(head.partition("content-length: ")[2].partition("\r\n")[0])
    return head.split()[1], await reader.readexactly(length)


def _memory(pid: int) -> float:
    """Resident memory, MB."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE / 1e6


def _processor(pid: int) -> float:
    """Processor time so far, seconds."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
