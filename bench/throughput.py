"""Measures each contender on the same events: python -m bench.throughput [--json] [--events N]."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys

from rich.console import Console
from rich.table import Table

from bench.broker import TOPIC, broker, load
from bench.contenders import CONTENDERS

_NOTES = Console(stderr=True)


def main() -> None:
    """Run the benchmark, or in a process of its own one contender."""
    options = _options()
    if options.bootstrap:
        contender = CONTENDERS[options.only[0]]
        print(contender.run(options.bootstrap, TOPIC, options.events))
        return
    names = options.only or list(CONTENDERS)
    rates: dict[str, float] = {}
    with broker() as bootstrap:
        _NOTES.print(f"loading {options.events:,} events")
        asyncio.run(load(bootstrap, options.events))
        for name in names:
            # Whatever else runs here takes from the rate: the load before the start tells.
            _NOTES.print(f"running {name} (load average {os.getloadavg()[0]:.1f})")
            rates[name] = _measure(name, bootstrap, options.events)
    Console().print(_table(rates, options.events))
    if options.json:
        print(json.dumps({name: round(rate) for name, rate in rates.items()}))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.throughput", description=__doc__)
    parser.add_argument("--json", action="store_true", help="end with one line of JSON, events/s")
    parser.add_argument("--events", type=int, default=300_000, help="how many (default: 300000)")
    parser.add_argument("--only", nargs="+", choices=CONTENDERS, help="leave out all others")
    parser.add_argument("--bootstrap", help=argparse.SUPPRESS)
    return parser.parse_args()


def _measure(name: str, bootstrap: str, events: int) -> float:
    """Run a contender in a fresh process, alone beside the broker; its last line is its rate."""
    command = [sys.executable, "-m", "bench.throughput", "--only", name]
    command += ["--events", str(events), "--bootstrap", bootstrap]
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode:
        _NOTES.print(done.stderr, markup=False)
        raise SystemExit(f"bench: {name} ended with status {done.returncode}, see above")
    return float(done.stdout.splitlines()[-1])


def _table(rates: dict[str, float], events: int) -> Table:
    table = Table(title=f"{events:,} events on Apache Kafka, one process each")
    table.add_column("contender")
    table.add_column("what it does")
    table.add_column("events/s", justify="right")
    for name, rate in rates.items():
        table.add_row(name, CONTENDERS[name].does, f"{rate:,.0f}")
    return table


if __name__ == "__main__":
    main()
