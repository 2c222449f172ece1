"""`salesbell dead-letters`."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from aiokafka import AIOKafkaProducer
from rich.markup import escape
from rich.table import Table

from streams import dead_letters as letters
from streams.broker import client_options
from streams.cli.console import fail, load_settings, out, plainly, say
from streams.names import Names
from streams.reading import records

if TYPE_CHECKING:
    from aiokafka import ConsumerRecord

    from streams.settings import Settings

app = typer.Typer(help="List, show and send again what was rejected.", no_args_is_help=True)

Wanted = Annotated[
    letters.Reason | None, typer.Option("--reason", help="Only those with this reason.")
]


@app.command("list")
def list_letters(*, reason: Wanted = None, limit: Annotated[int, typer.Option(min=1)] = 50) -> None:
    """List the newest dead letters, and how many there are by reason."""
    settings = load_settings()
    with plainly(settings):
        found = asyncio.run(_read(settings, reason))
    table = Table(box=None, pad_edge=False)
    for column in ("letter", "time", "reason"):
        table.add_column(column, no_wrap=True)
    table.add_column("detail", overflow="fold")
    for letter in found[-limit:]:
        table.add_row(_name(letter), _time(settings, letter), *_why(letter))
    out.print(table)
    for name, n in sorted(Counter(_header(x, letters.REASON) for x in found).items()):
        say(f"{name:<24}{n:,}")


@app.command()
def show(
    letter: Annotated[str, typer.Argument(help="partition:offset, as `list` prints it.")],
) -> None:
    """Show one dead letter whole."""
    settings = load_settings()
    with plainly(settings):
        found = next((x for x in asyncio.run(_read(settings, None)) if _name(x) == letter), None)
    if found is None:
        _fail_for(letter)
    for name, content in found.headers:
        shown = (content or b"").decode(errors="backslashreplace")
        say(f"{name}: {shown}")
    say(f"key: {found.key!r}")
    say((found.value or b"").decode(errors="backslashreplace"))


@app.command()
def replay(
    names: Annotated[list[str] | None, typer.Argument(help="partition:offset of each.")] = None,
    *,
    reason: Wanted = None,
    everything: Annotated[bool, typer.Option("--all", help="All there are.")] = False,
) -> None:
    """Send dead letters to their topics again, as they first came: some, of a reason, or all.

    They stay in the dead-letter topic. What counted meanwhile counts no second time; what is still
    wrong is rejected once more, as a new dead letter. Of letters that are alike one is sent.
    """
    if names and (everything or reason is not None):
        raise typer.BadParameter("names say which: leave out --reason and --all, or the names")
    settings = load_settings()
    with plainly(settings):
        found = asyncio.run(_read(settings, reason))
        unknown = set(names or ()) - {_name(x) for x in found}
        if unknown:
            _fail_for(min(unknown))
        if not (names or everything or reason):
            _fail_for_choice(found)
        chosen = [x for x in found if not names or _name(x) in names]
        different = list({_content(x): x for x in chosen}.values())
        asyncio.run(_send(settings, different))
    _tell(different, len(chosen) - len(different))


def _tell(sent: list[ConsumerRecord], copies: int) -> None:
    """Say what was sent, and what may come of it."""
    where = Counter(_header(x, letters.TOPIC) for x in sent)
    to = "".join(f", {n:,} to {topic}" for topic, n in sorted(where.items()))
    say(f"{_number(len(sent))} sent again{to}")
    if copies:
        say(f"{copies:,} not sent: each is a copy of one that was")
    if sent:
        say("they stay listed; what is still wrong comes back as a new dead letter")


async def _read(settings: Settings, reason: letters.Reason | None) -> list[ConsumerRecord]:
    topic = Names(settings.prefix).dead_letters
    found = [record async for record in records(settings, topic)]
    wanted = [x for x in found if reason is None or _header(x, letters.REASON) == reason.value]
    return sorted(wanted, key=lambda x: (_header(x, letters.TIME), x.partition, x.offset))


async def _send(settings: Settings, chosen: list[ConsumerRecord]) -> None:
    producer = AIOKafkaProducer(acks="all", enable_idempotence=True, **client_options(settings))
    await producer.start()
    try:
        for letter in chosen:
            # In a batch of its own: `send` refuses a record that has neither key nor value.
            batch = producer.create_batch()
            batch.append(key=letter.key, value=letter.value, timestamp=None, headers=_own(letter))
            batch.close()
            partition = int(_header(letter, letters.PARTITION))
            await (
                await producer.send_batch(
                    batch, _header(letter, letters.TOPIC), partition=partition
                )
            )
    finally:
        await producer.stop()


def _name(letter: ConsumerRecord) -> str:
    return f"{letter.partition}:{letter.offset}"


def _header(letter: ConsumerRecord, name: str) -> str:
    return next((content.decode() for key, content in letter.headers if key == name), "")


def _why(letter: ConsumerRecord) -> tuple[str, str]:
    return _header(letter, letters.REASON), escape(_header(letter, letters.DETAIL))


def _time(settings: Settings, letter: ConsumerRecord) -> str:
    """When it was rejected, by the business's clock."""
    at = datetime.fromisoformat(_header(letter, letters.TIME))
    return f"{at.astimezone(settings.calendar.zone):%Y-%m-%d %H:%M:%S}"


def _content(letter: ConsumerRecord) -> tuple[object, ...]:
    """What is sent again of a letter, and where to; a rejected copy differs in nothing of it."""
    return _header(letter, letters.TOPIC), letter.key, letter.value, tuple(_own(letter))


def _own(letter: ConsumerRecord) -> list[tuple[str, bytes | None]]:
    """The headers with which it first came."""
    return [(name, content) for name, content in letter.headers if name not in letters.HEADERS]


def _number(n: int) -> str:
    return f"{n:,} dead letter{'s' * (n != 1)}"


def _fail_for_choice(found: list[ConsumerRecord]) -> NoReturn:
    reasons = sorted(Counter(_header(x, letters.REASON) for x in found).items())
    how_many = ", ".join(f"{n:,} {reason}" for reason, n in reasons)
    of = f" ({how_many})" if how_many else ""
    fail(f"say which of {_number(len(found))}{of}: name some, or add --reason REASON or --all")


def _fail_for(name: str) -> NoReturn:
    fail(f"there is no dead letter {name}: `salesbell dead-letters list` prints their names")
