"""`salesbell doctor`."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Iterable
from importlib.metadata import version

import typer
from aiokafka.errors import KafkaError

from streams import positions, topics
from streams.cli.console import load_settings, say
from streams.names import Names
from streams.plugins import load_catalogue
from streams.reading import newest_timestamp
from streams.settings import CONFIG_VARIABLE, Settings

Check = tuple[str, Callable[[Settings], Awaitable[list[str]]]]

_PACKAGES = ("salesbell", "faust-streaming", "mode-streaming", "aiokafka", "msgspec")
_AHEAD_SECONDS = 300


def doctor() -> None:
    """Check versions, catalogue, broker, topics, positions and clock, and say what to do."""
    settings = load_settings()
    for package in _PACKAGES:
        say(f"  {package} {version(package)}")
    for name in sorted(_unheeded(os.environ)):
        say(f"note {name} is no setting: nothing heeds it")
    failed: set[str] = set()
    for name, check in _CHECKS:
        if "broker" in failed:
            say(f"     {name}: not checked without a broker")
            continue
        problems = asyncio.run(_examine(check, settings))
        say(f"{'ok  ' if not problems else 'FAIL'} {name}")
        for problem in problems:
            say(f"     {problem}")
        failed |= {name} if problems else set()
    if failed:
        raise typer.Exit(1)


def _unheeded(variables: Iterable[str]) -> set[str]:
    """Variables that look like settings and are none: most likely misspelt.

    Kubernetes' own, of a service called `salesbell`, are among them and do no harm.
    """
    prefix = str(Settings.model_config["env_prefix"])
    known = {f"{prefix}{name}".upper() for name in Settings.model_fields} | {CONFIG_VARIABLE}
    return {name for name in variables if name.startswith(prefix)} - known


async def _examine(
    check: Callable[[Settings], Awaitable[list[str]]], settings: Settings
) -> list[str]:
    try:
        return await check(settings)
    except (KafkaError, OSError) as error:
        sentence = (
            f"no broker answers at {settings.broker} by {settings.security} ({error}): start it, "
            "or set SALESBELL_BROKER and SALESBELL_SECURITY"
        )
        return [sentence]
    except ValueError as error:
        return [str(error)]


async def _catalogue(settings: Settings) -> list[str]:
    load_catalogue(settings)
    return []


async def _broker(settings: Settings) -> list[str]:
    async with topics.admin(settings) as client:
        await client.list_topics()
    return []


async def _topics(settings: Settings) -> list[str]:
    return await topics.verify(settings, topics.required(settings, Names(settings.prefix)))


async def _positions(settings: Settings) -> list[str]:
    again = await positions.recreated(settings, Names(settings.prefix))
    return [positions.problem(partition) for partition in again]


async def _clock(settings: Settings) -> list[str]:
    problems = []
    async with topics.admin(settings) as client:
        existing = set(await client.list_topics())
    for topic in sorted(existing & set(Names(settings.prefix).sources.values())):
        newest = await newest_timestamp(settings, topic)
        if newest is not None and newest / 1000 > time.time() + _AHEAD_SECONDS:
            problems.append(
                f"the newest record of {topic} is {newest / 1000 - time.time():.0f} s ahead of "
                "this machine's clock: set the clocks of this machine and of the producers"
            )
    return problems


_CHECKS: tuple[Check, ...] = (
    ("catalogue", _catalogue),
    ("broker", _broker),
    ("topics", _topics),
    ("positions", _positions),
    ("clock", _clock),
)
