"""`salesbell catalogue`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import msgspec
import typer
from rich.padding import Padding
from rich.text import Text

from scoring.catalogue.document import document
from scoring.catalogue.page import page
from streams.cli.console import load_settings, out, plainly
from streams.plugins import load_catalogue

if TYPE_CHECKING:
    from scoring.kpi import Kpi


def catalogue(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
    as_markdown: Annotated[bool, typer.Option("--markdown", help="A page in Markdown.")] = False,
) -> None:
    """Print every KPI: what it is, from what, at which levels, over which windows."""
    if as_json and as_markdown:
        raise typer.BadParameter("--json and --markdown are two documents: ask for one")
    with plainly():
        declared = load_catalogue(load_settings())
    if as_json:
        print(msgspec.json.format(msgspec.json.encode(document(declared))).decode())  # noqa: T201
        return
    if as_markdown:
        print(page(declared), end="")  # noqa: T201
        return
    for kra in declared.kras:
        out.print(Text(f"{kra.title} (weight {kra.weight})", "bold"))
        for kpi in declared.kpis:
            if kpi.kra == kra.id:
                _print(kpi)


def _print(kpi: Kpi) -> None:
    """A KPI in a few lines, its id alone on the first, for as few columns as there are."""
    out.print(Text(f"  {kpi.id}", "cyan"))
    for line in (
        kpi.definition,
        f"= {kpi.formula_text}",
        f"{kpi.unit}, weight {kpi.weight}; {' '.join(kpi.levels)}; {' '.join(kpi.windows)}",
    ):
        out.print(Padding(Text(line), (0, 0, 0, 6)))
