"""KPIs of a user's own file: all they need is to be declared there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.e2e.conftest import figures, salesbell

if TYPE_CHECKING:
    from pathlib import Path

OWN_AREA = '''
"""Loans that are big here."""

from scoring import slots
from scoring.formulas import share
from scoring.kpi import Kpi, Kra, Level, Unit
from scoring.points import Flow
from scoring.windows import Window

KRA = Kra("house", "House rules", weight=5)

KPIS = (
    Kpi(
        id="house.loans_per_lead",
        title="Loans per lead",
        definition="Loans disbursed in the window per lead created in it.",
        formula_text="loans / leads",
        events=("lead.created", "sale.disbursed", "sale.cancelled"),
        formula=share(slots.LOANS, slots.LEADS),
        unit=Unit.RATE,
        curve=Flow(),
        weight=10,
        additive=False,
        default_target=0.5,
        levels=(Level.EXECUTIVE, Level.COMPANY),
        windows=(Window.MONTH, Window.QUARTER),
    ),
)
'''
EXISTING_AREA = """
from scoring import slots
from scoring.formulas import count
from scoring.kpi import Kpi, Unit
from scoring.points import Flow

KPIS = (
    Kpi(
        id="sales_targets.loans",
        title="Loans",
        definition="Loans disbursed in the window.",
        formula_text="count of sale.disbursed",
        events=("sale.disbursed", "sale.cancelled"),
        formula=count(slots.LOANS),
        unit=Unit.COUNT,
        curve=Flow(),
        weight=0,
        additive=True,
    ),
)
"""
EVENTS = [
    ("lead.created", {"lead_id": f"L-{n}", "channel": "web", "executive_id": "E-1"})
    for n in range(8)
] + [
    (
        "sale.disbursed",
        {
            "loan_id": f"LN-{n}",
            "customer_id": f"C-{n}",
            "executive_id": "E-1",
            "amount": 1000,
            "currency": "INR",
        },
    )
    for n in range(3)
]


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    file = tmp_path / "events.jsonl"
    with file.open("w") as lines:
        for number, (kind, data) in enumerate(EVENTS):
            event = {
                "specversion": "1.0",
                "id": f"ev-{number}",
                "source": "/crm",
                "type": kind,
                "time": "2026-03-24T17:00:00+05:30",
                "data": data,
            }
            lines.write(json.dumps(event) + "\n")
    return file


@pytest.fixture
def named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Two catalogue files, in a directory with a space, named in the environment."""
    directory = tmp_path / "own kpis"
    directory.mkdir()
    files = [directory / "house.py", directory / "loans.py"]
    for file, text in zip(files, (OWN_AREA, EXISTING_AREA), strict=True):
        file.write_text(text)
    name(monkeypatch, *files)
    return files


def name(monkeypatch: pytest.MonkeyPatch, *files: Path) -> None:
    monkeypatch.setenv("SALESBELL_CATALOGUE_FILES", json.dumps([str(file) for file in files]))


@pytest.mark.usefixtures("named")
def test_kpis_of_files_are_computed(recording: Path, tmp_path: Path) -> None:
    output = tmp_path / "scores.jsonl"
    done = salesbell("replay", str(recording), "--output", str(output))
    assert done.returncode == 0, done.stderr
    found = figures(output)

    own = {key for key, kpis in found.items() if "house.loans_per_lead" in kpis}
    assert own == {
        (level, entity, window)
        for level, entity in (("executive", "E-1"), ("company", "company"))
        for window in ("month", "quarter")
    }
    reading = found["executive", "E-1", "month"]["house.loans_per_lead"]
    assert (reading["value"], reading["numerator"], reading["denominator"]) == (0.375, 3, 8)
    assert reading["attainment"] == 0.75
    assert reading["score"] is not None

    in_existing_area = [kpis["sales_targets.loans"] for kpis in found.values()]
    assert len(in_existing_area) == len(found)
    assert {reading["value"] for reading in in_existing_area} == {3}
    scores = [json.loads(line) for line in output.read_text().splitlines()]
    kras = {s["window"]: s["kras"] for s in scores if s["level"] == "executive"}
    assert kras["month"]["house"]["score"] == pytest.approx(reading["score"])


@pytest.mark.usefixtures("named")
def test_kpis_of_files_are_in_the_catalogue() -> None:
    done = salesbell("catalogue", "--json")
    assert done.returncode == 0, done.stderr
    catalogue = json.loads(done.stdout)
    kpis = {kpi["id"]: kpi for kpi in catalogue["kpis"]}
    assert kpis["house.loans_per_lead"]["windows"] == ["month", "quarter"]
    assert kpis["house.loans_per_lead"]["kra"] == "house"
    assert kpis["sales_targets.loans"]["kra"] == "sales_targets"
    assert {"id": "house", "title": "House rules", "weight": 5} in catalogue["kras"]
    assert "House rules" in salesbell("catalogue").stdout


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("KPIS = (", "own.py cannot be imported: SyntaxError"),
        ("import no_such_module", "own.py cannot be imported: ModuleNotFoundError"),
        ("raise SystemExit(7)", "own.py cannot be imported: SystemExit(7)"),
        ("KPI = ()", "own.py declares no `KPIS`: add a tuple of Kpi objects"),
        (EXISTING_AREA.replace("sales_targets.loans", "sales_targets.sales_volume"), "twice"),
        (EXISTING_AREA.replace("sales_targets.loans", "nowhere.loans"), "belongs to no area"),
        (EXISTING_AREA.replace('"Loans"', '""'), "has an empty `title`: fill it in"),
        ("KPIS = (1, 2)", "own.py declares no `KPIS`"),
        ("KPIS = ()\nKRA = 'house'", "own.py has a `KRA` that is not a Kra object"),
        (None, "own.py cannot be imported: FileNotFoundError"),
    ],
)
@pytest.mark.parametrize("command", ["catalogue", "worker"])
def test_a_file_that_cannot_be_used_is_one_sentence(
    text: str | None,
    sentence: str,
    command: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    file = tmp_path / "own.py"
    if text is not None:
        file.write_text(text)
    name(monkeypatch, file)
    done = salesbell(command)
    assert done.returncode == 1
    assert sentence in " ".join(done.stderr.split())
    assert done.stderr.startswith("salesbell: ")
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_a_replay_with_a_broken_file_ends_with_its_sentence(
    recording: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "own.py"
    file.write_text("KPIS = (")
    name(monkeypatch, file)
    done = salesbell("replay", str(recording))
    assert done.returncode == 1
    assert "own.py cannot be imported: SyntaxError" in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr
