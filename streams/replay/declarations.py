"""Declared changes in a file, one JSON line each, as `salesbell alerts declared` prints them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import msgspec

from scoring.alerting.declared import objection
from scoring.alerting.remarks import Declared
from streams.remarks import decode, encode

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from scoring.kpi import Kpi

_decode_fields = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_FIELDS = {"what", *Declared.__struct_fields__}
_EXAMPLE = encode(
    Declared(
        entity="team:Pune A",
        since=date(2026, 3, 20),
        by="Asha",
        at=datetime(2026, 3, 18, 6, tzinfo=UTC),
        reason="the campaign ended",
    )
).decode()


class DeclarationError(RuntimeError):
    """A line of a file declares nothing; the message says which, why, and what to write."""


def read(file: Path, kpis: Sequence[Kpi]) -> list[Declared]:
    """Read what is declared.

    Args:
        file: One JSON object per line.
        kpis: Those that are watched beside the stages of leads.

    Raises:
        OSError: If the file cannot be read.
        DeclarationError: If a line is no declaration, or of what is not watched.
    """
    found: list[Declared] = []
    for number, line in enumerate(file.read_bytes().splitlines(), 1):
        if line.strip():
            try:
                found.append(_declaration(line, kpis))
            except DeclarationError as error:
                raise DeclarationError(f"{file}, line {number}: {error}") from error
    return found


def _declaration(line: bytes, kpis: Sequence[Kpi]) -> Declared:
    try:
        remark, fields = decode(line), _decode_fields(line)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise DeclarationError(f"{error}: write a line such as {_EXAMPLE}") from error
    if not isinstance(remark, Declared):
        raise DeclarationError(
            "this is a remark on an alert, which changes no figures: leave it out"
        )
    # Of a misspelt indicator all that is watched would be taken to have changed.
    if unknown := sorted(fields.keys() - _FIELDS):
        raise DeclarationError(
            f"there is no field {unknown[0]}: write one of {', '.join(sorted(_FIELDS))}"
        )
    if problem := objection(remark, kpis):
        raise DeclarationError(problem)
    return remark
