"""Catalogues of users: KPIs from files named in the settings and from entry points.

A file or module holds `KPIS`, and `KRA` if it opens an area of its own, like the modules of
`scoring.catalogue`.
"""

from __future__ import annotations

import importlib.util
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any

from scoring.catalogue import BUILT_IN, Catalogue, CatalogueError
from scoring.kpi import Kpi, Kra

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from streams.settings import Settings

#: Entry-point group of installed packages that declare KPIs.
GROUP = "salesbell.catalogue"


def load_catalogue(settings: Settings) -> Catalogue:
    """The built-in catalogue with those of installed packages and of the settings' files.

    Raises:
        CatalogueError: If a file cannot be imported or contradicts what is declared already, or
            a weight in the settings is of nothing that is declared.
    """
    catalogue = BUILT_IN
    for origin, module in _modules(settings):
        kpis = getattr(module, "KPIS", None)
        if not isinstance(kpis, tuple | list) or not all(isinstance(kpi, Kpi) for kpi in kpis):
            raise CatalogueError(f"{origin} declares no `KPIS`: add a tuple of Kpi objects")
        kra = getattr(module, "KRA", None)
        if not isinstance(kra, Kra | None):
            raise CatalogueError(f"{origin} has a `KRA` that is not a Kra object: make it one")
        catalogue = catalogue.extended([kra] if kra is not None else [], kpis)
    return catalogue.weighted(settings.weights)


def _modules(settings: Settings) -> Iterator[tuple[str, Any]]:
    for point in entry_points(group=GROUP):
        yield f"entry point {point.name}", point.load()
    for file in settings.catalogue_files:
        yield str(file), _from_file(file)


def _from_file(file: Path) -> Any:
    spec = importlib.util.spec_from_file_location(f"salesbell_catalogue_{file.stem}", file)
    if spec is None or spec.loader is None:
        raise CatalogueError(f"{file} is not a Python file")
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        raise CatalogueError(f"{file} cannot be imported: {error!r}") from error
    return module
