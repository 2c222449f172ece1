"""Declared changes in a file: what is read, and what is said of a line that is wrong."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from scoring.alerting.remarks import Declared
from scoring.catalogue import BUILT_IN
from streams.remarks import encode
from streams.replay.declarations import DeclarationError, read

ALERTING = Path(__file__).parents[2] / "docs" / "alerting.md"
EXPECTED = Declared(
    entity="team:Pune A",
    since=date(2026, 3, 20),
    by="Asha",
    at=datetime(2026, 3, 18, 6, tzinfo=UTC),
    reason="the campaign ended",
    indicator="crm.nps",
)
LINE = encode(EXPECTED)
KPIS = [BUILT_IN.by_id["crm.nps"]]


def changed(**fields: object) -> bytes:
    return json.dumps(json.loads(LINE) | fields).encode()


def test_what_is_printed_can_be_read(tmp_path: Path) -> None:
    file = tmp_path / "declared.jsonl"
    file.write_bytes(LINE + b"\r\n\n" + changed(indicator=None))
    first, second = read(file, KPIS)
    assert first == EXPECTED
    assert (second.entity, second.indicator) == ("team:Pune A", None)


def test_what_the_documentation_says_can_be_read(tmp_path: Path) -> None:
    (written,) = re.findall(r"```json\n(.*?)```", ALERTING.read_text(), re.DOTALL)
    file = tmp_path / "declared.jsonl"
    file.write_text(written)
    (found,) = read(file, KPIS)
    assert found.key == "declared|team:Pune A|all|2026-03-20"


def test_nothing_may_be_declared(tmp_path: Path) -> None:
    file = tmp_path / "declared.jsonl"
    file.touch()
    assert read(file, KPIS) == []


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b"declared", "JSON is malformed: invalid character (byte 0): write a line such as {"),
        (LINE[:-9], "Input data was truncated: write a line such as {"),
        (LINE.replace(b"Pune", b"\xff"), "invalid start byte: write a line such as {"),
        (b"[]", "Expected `object`, got `array`: write a line such as {"),
        (b"{}", "Object missing required field `what`: write a line such as {"),
        (changed(since="20 March"), "at `$.since`: write a line such as {"),
        (changed(at="2026-03-18T11:00:00"), "at `$.at`: write a line such as {"),
        (changed(what="acknowledged", alert="a"), "this is a remark on an alert, "),
        (changed(indicater="crm.nps"), "there is no field indicater: write one of at, by, "),
        (changed(entity="Pune A"), "Pune A is no entity: write its level and its id, "),
        (changed(indicator="nps"), "nps is not watched: write one of contacted, "),
    ],
    ids=[
        "no JSON",
        "cut",
        "no UTF-8",
        "no object",
        "no fields",
        "no day",
        "no offset",
        "another remark",
        "misspelt field",
        "no entity",
        "not watched",
    ],
)
def test_of_a_wrong_line_is_said_which_why_and_what_to_write(
    tmp_path: Path, line: bytes, why: str
) -> None:
    file = tmp_path / "declared.jsonl"
    file.write_bytes(LINE + b"\n\n" + line + b"\n")
    with pytest.raises(DeclarationError) as raised:
        read(file, KPIS)
    assert str(raised.value).startswith(f"{file}, line 3: ")
    assert why in str(raised.value)
