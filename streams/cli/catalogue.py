"""`salesbell catalogue`."""

from __future__ import annotations

from typing import Annotated

import msgspec
import typer
from rich.table import Table

from scoring.catalogue.document import document
from scoring.catalogue.page import page
from streams.cli.console import load_settings, out, plainly
from streams.plugins import load_catalogue


def catalogue(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
    as_markdown: Annotated[bool, typer.Option("--markdown", help="A page in Markdown.")] = False,
) -> None:
    """Print every KPI: what it is, from what, at which levels, over which windows."""
    with plainly():
        declared = load_catalogue(load_settings())
    if as_json:
        print(msgspec.json.format(msgspec.json.encode(document(declared))).decode())  # noqa: T201
        return
    if as_markdown:
        print(page(declared), end="")  # noqa: T201
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
