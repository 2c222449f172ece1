"""`salesbell topics`."""

from __future__ import annotations

import asyncio

import typer

from streams import positions, topics
from streams.cli.console import load_settings, plainly, say
from streams.names import Names

app = typer.Typer(help="Create the topics, check them, or read sources anew.", no_args_is_help=True)


@app.command()
def create() -> None:
    """Create the topics that are missing."""
    settings = load_settings()
    with plainly(settings):
        wanted = topics.required(settings, Names(settings.prefix))
        created = asyncio.run(topics.create(settings, wanted))
    for name in created:
        say(f"created {name}")
    say(f"{len(created)} created, {len(wanted) - len(created)} were there")


@app.command()
def check() -> None:
    """Check that every topic is as it must be; exit code 1 if one is not."""
    settings = load_settings()
    with plainly(settings):
        wanted = topics.required(settings, Names(settings.prefix))
        problems = asyncio.run(topics.verify(settings, wanted))
    for problem in problems:
        say(problem)
    if problems:
        raise typer.Exit(1)
    say(f"all {len(wanted)} topics are as they must be")


@app.command()
def rewind() -> None:
    """Read source topics that were created again from their start; stop all workers first."""
    settings = load_settings()
    with plainly(settings):
        partitions = asyncio.run(positions.rewind(settings, Names(settings.prefix)))
    for partition in partitions:
        say(f"{partition.topic}-{partition.partition} is read from 0")
    say(f"{len(partitions)} partitions rewound")
