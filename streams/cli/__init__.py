"""The command line: `salesbell`."""

from __future__ import annotations

import typer

from streams.cli import (
    alerts,
    api,
    catalogue,
    dead_letters,
    demo,
    doctor,
    redis,
    replay,
    topics,
    topology,
    watch,
    worker,
)
from streams.cli.console import configure_logging

app = typer.Typer(
    name="salesbell",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def prepare() -> None:
    """Live, exact KPI scores for loan sales floors, on Kafka."""
    configure_logging(client=False)


app.command("demo")(demo.demo)
app.command("watch")(watch.watch)
app.command("replay")(replay.replay)
app.command("worker")(worker.worker)
app.add_typer(topics.app, name="topics")
app.add_typer(dead_letters.app, name="dead-letters")
app.add_typer(alerts.app, name="alerts")
app.command("api")(api.api)
app.command("redis-sink")(redis.redis_sink)
app.command("catalogue")(catalogue.catalogue)
app.command("topology")(topology.topology)
app.command("doctor")(doctor.doctor)


def main() -> None:
    """Run the command line."""
    app()
