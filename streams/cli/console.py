"""What commands share: settings, logging, and errors as sentences instead of stack traces."""

from __future__ import annotations

import logging
import os
import sys
import tomllib
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

import structlog
import typer
from aiokafka.errors import KafkaError
from pydantic import ValidationError
from pydantic_settings import SettingsError
from rich.console import Console
from rich.markup import escape

from scoring.catalogue import CatalogueError
from streams.embedded import EmbeddedBrokerError
from streams.replay.declarations import DeclarationError
from streams.replay.recording import RecordingError
from streams.replay.run import ReplayError
from streams.settings import CONFIG_VARIABLE, DEFAULT_CONFIG, Settings
from streams.topics import TopicError
from streams.workers import WorkerError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic_core import ErrorDetails

# An id such as `team:100:` is not to become a picture.
out = Console(emoji=False)
err = Console(stderr=True, emoji=False)

_EXPECTED = (
    CatalogueError,
    DeclarationError,
    EmbeddedBrokerError,
    RecordingError,
    ReplayError,
    TopicError,
    WorkerError,
)

#: How settings of several parts are written in a variable.
_JSON_EXAMPLES = {
    "branches": '{"PUN": {"business_opens": "10:00"}}',
    "business_days": '["sunday", "monday"]',
    "catalogue_files": '["mine.py"]',
    "holiday_dates": '["2026-03-04"]',
    "weights": '{"crm": 12}',
}


def load_settings(**overrides: object) -> Settings:
    """The settings; a wrong one ends the command with what to do.

    Args:
        overrides: Values from the command line; None leaves a setting as it is.
    """
    given = {name: value for name, value in overrides.items() if value is not None}
    try:
        return Settings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        for problem in error.errors():
            _complain(_setting(problem), f": {problem['msg'].removeprefix('Value error, ')}")
        raise typer.Exit(2) from error
    except SettingsError as error:
        field = str(error).partition('"')[2].partition('"')[0]
        example = _JSON_EXAMPLES.get(field, "{}")
        what_to_do = f"write it as JSON, such as {example}"
        _complain(f"SALESBELL_{field.upper()}", f": {error.__cause__}; {what_to_do}")
        raise typer.Exit(2) from error
    except tomllib.TOMLDecodeError as error:
        file = os.environ.get(CONFIG_VARIABLE, DEFAULT_CONFIG)
        _complain(file, f" is not TOML: {error}")
        raise typer.Exit(2) from error
    except FileNotFoundError as error:
        fail(str(error))


def _setting(problem: ErrorDetails) -> str:
    """What a problem is about: the variable, and where in its value, such as a branch's hours."""
    if not problem["loc"]:
        return "salesbell"
    name, *where = map(str, problem["loc"])
    return " ".join((f"SALESBELL_{name.upper()}", *(".".join(where),) * bool(where)))


@contextmanager
def plainly(settings: Settings | None = None) -> Iterator[None]:
    """Turn errors that a user can do something about into one sentence and exit code 1."""
    try:
        yield
    except _EXPECTED as error:
        fail(str(error))
    except (KafkaError, OSError) as error:
        if isinstance(error, OSError) and error.filename is not None:
            fail(f"{error.filename}: {error.strerror}")
        broker = settings.broker if settings is not None else "the broker"
        fail(f"{broker} does not answer as it should ({error}): start it, or set SALESBELL_BROKER")


def say(sentence: str) -> None:
    """Print a sentence as it is."""
    out.print(sentence, highlight=False, markup=False, soft_wrap=True)


def fail(sentence: str) -> NoReturn:
    """End the command with a sentence and exit code 1."""
    _complain("salesbell:", f" {sentence}")
    raise typer.Exit(1)


def _complain(about: str, sentence: str) -> None:
    """Print on standard error, in one line: a path that is broken in two can't be copied."""
    err.print(f"[bold]{escape(about)}[/]{escape(sentence)}", highlight=False, soft_wrap=True)


def configure_logging(*, client: bool) -> None:
    """Log lines for people on a terminal, JSON lines elsewhere; both to standard error.

    Args:
        client: Whether the broker client's own lines are wanted; where a command says itself
            what is wrong they only tear its picture.
    """
    renderer: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer()
        if sys.stderr.isatty()
        else structlog.processors.JSONRenderer()
    )
    shared: list[structlog.typing.Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, renderer],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
            foreign_pre_chain=shared,
        )
    )
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    if not client:
        logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
