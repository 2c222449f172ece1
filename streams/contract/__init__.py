"""The published event contract, derived from the event types and never written by hand.

`python -m streams.contract` writes JSON Schemas, an AsyncAPI document and a table of types;
with `--check` it fails when what is there is not what the types say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scoring.events import EVENT_TYPES
from streams.contract.asyncapi import document
from streams.contract.page import page
from streams.contract.schemas import event_schema

if TYPE_CHECKING:
    from pathlib import Path

_SCHEMAS = "schemas"


def files() -> dict[str, str]:
    """Every file of the contract: its path below the directory, and its text."""
    schemas = {f"{_SCHEMAS}/{kind}.json": _pretty(event_schema(kind)) for kind in EVENT_TYPES}
    return {"README.md": page(), "asyncapi.json": _pretty(document()), **schemas}


def write(directory: Path) -> None:
    """Write the contract, and remove schemas of types that are no more."""
    (directory / _SCHEMAS).mkdir(parents=True, exist_ok=True)
    expected = files()
    for path in _schemas_in(directory) - expected.keys():
        (directory / path).unlink()
    for path, text in expected.items():
        (directory / path).write_text(text, encoding="utf-8")


def stale(directory: Path) -> list[str]:
    """Files that are missing, not what the types say, or of types that are no more."""
    expected = files()
    changed = {path for path, text in expected.items() if _text(directory / path) != text}
    return sorted(changed | (_schemas_in(directory) - expected.keys()))


def _schemas_in(directory: Path) -> set[str]:
    return {f"{_SCHEMAS}/{path.name}" for path in (directory / _SCHEMAS).glob("*.json")}


def _text(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None


def _pretty(value: object) -> str:
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode() + "\n"
