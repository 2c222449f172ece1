"""`salesbell topics`."""

from __future__ import annotations

import asyncio

import typer

from streams import positions, topics
from streams.cli.console import load_settings, out, plainly
from streams.names import Names

app = typer.Typer(help="Create the topics, or check them.", no_args_is_help=True)


@app.command()
def create() -> None:
    """Create the topics that are missing."""
    settings = load_settings()
    with plainly(settings):
        wanted = topics.required(settings, Names(settings.prefix))
        created = asyncio.run(topics.create(settings, wanted))
    for name in created:
        out.print(f"created {name}", highlight=False)
    out.print(f"{len(created)} created, {len(wanted) - len(created)} were there", highlight=False)


@app.command()
def check() -> None:
    """Check that every topic is as it must be; exit code 1 if one is not."""
    settings = load_settings()
    with plainly(settings):
        wanted = topics.required(settings, Names(settings.prefix))
        problems = asyncio.run(topics.verify(settings, wanted))
    for problem in problems:
        out.print(problem, highlight=False)
    if problems:
        raise typer.Exit(1)
    out.print(f"all {len(wanted)} topics are as they must be", highlight=False)


@app.command()
def rewind() -> None:
    """Read source topics that were created again from their start; stop all workers first."""
    settings = load_settings()
    with plainly(settings):
        partitions = asyncio.run(positions.rewind(settings, Names(settings.prefix)))
    for partition in partitions:
        out.print(f"{partition.topic}-{partition.partition} is read from 0", highlight=False)
    out.print(f"{len(partitions)} partitions rewound", highlight=False)
