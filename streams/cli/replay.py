"""`salesbell replay`."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from streams.cli.console import err, fail, load_settings, plainly
from streams.plugins import load_catalogue
from streams.replay import declarations, results
from streams.replay.alerts import write as write_alerts
from streams.replay.recording import read
from streams.replay.run import Outcome, Plan
from streams.replay.run import replay as run

if TYPE_CHECKING:
    from streams.progress import Progress as Done


def replay(  # noqa: PLR0913
    files: Annotated[
        list[Path],
        typer.Argument(exists=True, dir_okay=False, help="Recordings, one CloudEvent per line."),
    ],
    *,
    as_of: Annotated[
        str | None,
        typer.Option(
            metavar="TIME", help="Moment that places the windows; default the latest event's time."
        ),
    ] = None,
    timezone: Annotated[str | None, typer.Option(help="Business time zone.")] = None,
    currency: Annotated[str | None, typer.Option(help="The company's currency.")] = None,
    output: Annotated[Path | None, typer.Option(help="Where to write the scores.")] = None,
    alerts: Annotated[
        Path | None,
        typer.Option(help="Where to write the alerts that would have been told, day by day."),
    ] = None,
    declared: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            dir_okay=False,
            help="What people declared, as `salesbell alerts declared` prints it: the alerts "
            "know of it.",
        ),
    ] = None,
    broker: Annotated[
        str | None, typer.Option(help="Kafka to use; default the embedded broker.")
    ] = None,
    shuffle: Annotated[
        int | None, typer.Option(metavar="SEED", help="Send the events in a random order.")
    ] = None,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Worker processes.")] = 1,
) -> None:
    """Run recorded events through the whole pipeline and write the scores that come out.

    Ends with code 0 only if every event is accounted for.
    """
    if declared is not None and alerts is None:
        raise typer.BadParameter("--declared is for alerts: add --alerts FILE, or leave it out")
    settings = load_settings(timezone=timezone, currency=currency, broker=broker)
    for file in (output, alerts):
        if file is not None:
            _check_writable(file)
    with plainly():
        watched = load_catalogue(settings).watched
        known = declarations.read(declared, watched) if declared is not None else []
        recording = read(files)
    if shuffle is not None:
        recording = recording.shuffled(shuffle)
    plan = Plan(
        recording,
        _moment(as_of),
        settings.timezone,
        settings.currency,
        broker,
        workers,
        settings.catalogue_files,
        alerts=alerts is not None,
        declared=known,
    )
    with plainly(settings if broker else None), _bar(len(recording.lines)) as bar:
        task = bar.add_task("replaying", total=len(recording.lines))

        def on_progress(progress: Done) -> None:
            bar.update(task, completed=progress.taken_in)

        outcome = asyncio.run(run(plan, on_progress))
    with plainly():
        written = results.write(outcome.scores, output) if output is not None else 0
        _summarise(outcome, written, output)
        for refusal in outcome.accounts.refusals.values():
            _say(f"{recording.where(refusal.value)}: {refusal.reason}: {refusal.detail}")
        if alerts is not None:
            for declaration in outcome.findings.unheard:
                _say(declaration)
            told = write_alerts(outcome.findings.tellings, alerts)
            _say(f"{'alerts told':<24}{told:,}, written to {alerts}")
    if not outcome.accounts.balanced:
        fail("the accounts do not balance: events were lost or counted twice; please report this")


def _check_writable(file: Path) -> None:
    """A long replay is not to fail when all that is left is to write."""
    if file.is_dir():
        fail(f"{file} is a directory: name a file")
    if not file.absolute().parent.is_dir():
        fail(f"there is no directory {file.absolute().parent} for {file.name}: make it first")


def _say(row: str) -> None:
    err.print(row, highlight=False, markup=False, soft_wrap=True)


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"--as-of {text!r} is not an ISO 8601 moment") from error
    if moment.tzinfo is None:
        raise typer.BadParameter(f"--as-of {text!r} has no UTC offset, add one such as +05:30")
    return moment


def _bar(total: int) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=err,
        disable=total == 0,
    )


def _summarise(outcome: Outcome, written: int, output: Path | None) -> None:
    accounts = outcome.accounts
    rate = accounts.sent / outcome.seconds if outcome.seconds else 0.0
    rows = [
        ("events in", f"{accounts.sent:,}"),
        ("applied", f"{accounts.applied:,}"),
        ("duplicates", f"{accounts.duplicates:,}"),
        ("dead letters", f"{accounts.rejected.total():,}"),
        *((f"  {reason}", f"{n:,}") for reason, n in sorted(accounts.rejected.items())),
        ("replays skipped", f"{accounts.replays:,}"),
        ("time", f"{outcome.seconds:.1f} s, {rate:,.0f} events/s"),
        ("scores", f"{len(outcome.scores):,}" + (f", written to {output}" if written else "")),
    ]
    for name, value in rows:
        _say(f"{name:<24}{value}")
