"""`salesbell alerts`."""

from __future__ import annotations

import asyncio
import getpass
import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, NoReturn

import msgspec
import typer
from aiokafka import AIOKafkaProducer

from scoring.alerting.alert import Alert, Status
from scoring.alerting.declared import objection
from scoring.alerting.remarks import Acknowledged, Declared, Snoozed
from streams.broker import client_options
from streams.cli import entities
from streams.cli.console import fail, load_settings, plainly, say
from streams.names import Names
from streams.plugins import load_catalogue
from streams.reading import newest
from streams.remarks import decode, encode

if TYPE_CHECKING:
    from scoring.alerting.handling import Handling
    from scoring.alerting.remarks import Remark
    from streams.settings import Settings

app = typer.Typer(help="List alerts, and say what people know of them.", no_args_is_help=True)

Identity = Annotated[str, typer.Argument(help="The alert's id, as `list` prints it.")]
Name = Annotated[str | None, typer.Option("--by", help="Who says so; default the user's name.")]
Reason = Annotated[str, typer.Option("--reason", help="Why, in words.")]

_SPAN = re.compile(r"(\d+)([mhd])")
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
_LONGEST = timedelta(days=366)
_ALL = "all that is watched"


@app.command("list")
def list_alerts(
    *,
    everything: Annotated[bool, typer.Option("--all", help="Resolved ones too.")] = False,
) -> None:
    """List the alerts that fire, what was said of them, and what is declared."""
    settings = load_settings()
    with plainly(settings):
        found = asyncio.run(_read(settings))
        declared = asyncio.run(_declared(settings))
    shown = [alert for alert in found.values() if everything or alert.status is Status.FIRING]
    for alert in sorted(shown, key=lambda each: (each.raised, each.id)):
        say(alert.id)
        say(f"    {alert.status}: {alert.explanation}")
        if alert.handling is not None:
            say(f"    {_said(settings, alert.handling)}")
    for each in sorted(declared.values(), key=lambda each: (each.since, each.key)):
        say(f"declared by {each.by}: {_what(each)}")
    say(f"{len(shown)} of {len(found)} alerts")


@app.command("declared")
def list_declared() -> None:
    """Print what is declared, one JSON line each, for `salesbell replay --declared`."""
    settings = load_settings()
    with plainly(settings):
        declared = asyncio.run(_declared(settings))
    for each in declared.values():
        typer.echo(encode(each))


@app.command()
def acknowledge(alert: Identity, *, by: Name = None, reason: Reason = "") -> None:
    """Say that an alert is seen: it is quiet until it gets clearly worse, or is resolved."""
    settings = load_settings()
    remark = Acknowledged(alert=alert, by=by or _user(), at=_now(), reason=reason)
    with plainly(settings):
        asyncio.run(_remark(settings, remark))
    say(f"acknowledged: {alert} is quiet until it gets clearly worse")


@app.command()
def snooze(
    alert: Identity,
    until: Annotated[
        str, typer.Argument(help="A moment, `2026-03-24T15:00`, or a time such as 30m, 4h, 2d.")
    ],
    *,
    by: Name = None,
    reason: Reason = "",
) -> None:
    """Keep an alert quiet for a while."""
    settings = load_settings()
    now = _now()
    ends = _moment(settings, until, now)
    if ends <= now:
        fail(f"{until} is not in the future: say a later moment, or a time such as 4h")
    if ends > now + _LONGEST:
        fail(f"{until} is more than {_LONGEST.days} days away: say an earlier moment")
    remark = Snoozed(alert=alert, by=by or _user(), at=now, until=ends, reason=reason)
    with plainly(settings):
        asyncio.run(_remark(settings, remark))
    say(f"snoozed: {alert} is quiet until {_local(settings, ends)}")


@app.command()
def declare(
    entity: Annotated[str, typer.Argument(help="Whose rate, such as `team:Pune A`.")],
    since: Annotated[
        datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="From which day on.")
    ],
    reason: Annotated[str, typer.Option("--reason", help="Why, in words.")],
    *,
    indicator: Annotated[
        str | None,
        typer.Option(
            "--indicator", help="A stage of a lead, or a KPI that is watched; default all."
        ),
    ] = None,
    by: Name = None,
    withdraw: Annotated[bool, typer.Option("--withdraw", help="It is not so after all.")] = False,
    unknown: Annotated[
        bool, typer.Option("--unknown", help="Also of an entity that is yet to come.")
    ] = False,
) -> None:
    """Say that a rate is expected to be another from a day on, there and below.

    What is normal is learned anew from that day. Alerts that it explains are resolved.
    """
    settings = load_settings()
    declared = Declared(
        entity=entity,
        since=since.date(),
        by=by or _user(),
        at=_now(),
        reason=reason,
        indicator=indicator,
    )
    with plainly(settings):
        if problem := objection(declared, load_catalogue(settings).watched):
            fail(problem)
        if withdraw and declared.key not in asyncio.run(_declared(settings)):
            of = f"{entity}, {indicator or _ALL}, from {since:%Y-%m-%d}"
            fail(f"nothing is declared of {of}: `salesbell alerts list` prints what is")
        if not withdraw:
            asyncio.run(entities.require(settings, entity, unknown=unknown))
        asyncio.run(_send(settings, declared, withdrawn=withdraw))
    say(f"{'withdrawn' if withdraw else 'declared'}: {_what(declared)}")


async def _remark(settings: Settings, remark: Acknowledged | Snoozed) -> None:
    """Say something of an alert that fires."""
    found = (await _read(settings)).get(remark.alert)
    if found is None:
        fail(f"there is no alert {remark.alert}: `salesbell alerts list` prints their ids")
    if found.status is not Status.FIRING:
        fail(f"{remark.alert} was resolved on {found.resolved}: there is nothing to be quiet of")
    await _send(settings, remark)


async def _read(settings: Settings) -> dict[str, Alert]:
    """All alerts as they were told last, by id."""
    found: dict[str, Alert] = {}
    for identity, value in (await newest(settings, Names(settings.prefix).alerts)).items():
        try:
            found[identity] = msgspec.json.decode(value, type=Alert)
        except msgspec.DecodeError as error:
            say(f"{identity} is not an alert: {error}")
    return found


async def _declared(settings: Settings) -> dict[str, Declared]:
    """What is declared now, by the key of its remark."""
    found: dict[str, Declared] = {}
    for key, value in (await newest(settings, Names(settings.prefix).remarks)).items():
        with suppress(msgspec.DecodeError):
            remark = decode(value)
            if isinstance(remark, Declared):
                found[key] = remark
    return found


async def _send(settings: Settings, remark: Remark, *, withdrawn: bool = False) -> None:
    producer = AIOKafkaProducer(acks="all", enable_idempotence=True, **client_options(settings))
    await producer.start()
    try:
        topic = Names(settings.prefix).remarks
        value = None if withdrawn else encode(remark)
        await producer.send_and_wait(topic, value, remark.key.encode(), partition=0)
    finally:
        await producer.stop()


def _what(declared: Declared) -> str:
    of = declared.indicator or _ALL
    return f"{declared.entity}, {of}, from {declared.since}: {declared.reason}"


def _said(settings: Settings, handling: Handling) -> str:
    """What was said of an alert, when, by whom and why, and whether it speaks again."""
    what = f"acknowledged {_local(settings, handling.at)}"
    if handling.until is not None:
        what = f"snoozed until {_local(settings, handling.until)}"
    why = f": {handling.reason}" if handling.reason else ""
    again = f"; speaks again: {handling.again}" if handling.again else ""
    return f"{what} by {handling.by}{why}{again}"


def _moment(settings: Settings, text: str, now: datetime) -> datetime:
    """A moment, or a time from now; without an offset by the business's clock."""
    span = _SPAN.fullmatch(text)
    if span is not None:
        # Longer times than there are years for need no other answer than long ones.
        length = min(int(span[1]), _LONGEST // _UNITS[span[2]] + 1)
        return now + length * _UNITS[span[2]]
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        _misread(text)
    return found if found.tzinfo is not None else found.replace(tzinfo=settings.calendar.zone)


def _misread(text: str) -> NoReturn:
    fail(f"{text} is no moment: write 2026-03-24T15:00, or a time such as 30m, 4h, 2d")


def _local(settings: Settings, at: datetime) -> str:
    return at.astimezone(settings.calendar.zone).strftime("%Y-%m-%d %H:%M")


def _now() -> datetime:
    return datetime.now(UTC)


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"
