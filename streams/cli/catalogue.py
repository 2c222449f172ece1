"""`salesbell catalogue`."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer
from rich.table import Table

from streams.cli.console import load_settings, out, plainly
from streams.plugins import load_catalogue

if TYPE_CHECKING:
    from scoring.catalogue import Catalogue
    from scoring.kpi import Kpi


def catalogue(
    *, as_json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False
) -> None:
    """Print every KPI: what it is, from what, at which levels, over which windows."""
    with plainly():
        declared = load_catalogue(load_settings())
    if as_json:
        print(msgspec.json.format(msgspec.json.encode(document(declared))).decode())  # noqa: T201
        return
    for kra in declared.kras:
        table = Table(title=f"{kra.title} (weight {kra.weight})", title_justify="left")
        for column in ("KPI", "Definition", "Unit", "Levels", "Windows", "Weight"):
            table.add_column(column)
        for kpi in declared.kpis:
            if kpi.kra == kra.id:
                levels, windows = " ".join(kpi.levels), " ".join(kpi.windows)
                row = (kpi.id, kpi.definition, kpi.unit, levels, windows, str(kpi.weight))
                table.add_row(*row)
        out.print(table)


def document(declared: Catalogue) -> dict[str, object]:
    """The catalogue as plain values."""
    return {
        "kras": [asdict(kra) for kra in declared.kras],
        "kpis": [_kpi(kpi) for kpi in declared.kpis],
    }


def _kpi(kpi: Kpi) -> dict[str, object]:
    return {
        "id": kpi.id,
        "kra": kpi.kra,
        "title": kpi.title,
        "definition": kpi.definition,
        "formula": kpi.formula_text,
        "events": kpi.events,
        "unit": kpi.unit,
        "higher_is_better": kpi.higher_is_better,
        "levels": kpi.levels,
        "windows": kpi.windows,
        "target": "additive" if kpi.additive else "level",
        "default_target": kpi.default_target,
        "default_monthly_target": kpi.default_monthly_target,
        "points": {"curve": type(kpi.curve).__name__, **vars(kpi.curve)},
        "weight": kpi.weight,
        "least_n": kpi.least_n,
    }
