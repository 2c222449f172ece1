"""Panels of the catalogue: for each KPI its value against the target, by branch and by team."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grafana.shapes import THIRD, Query, Shape
from scoring.kpi import Level, Unit
from streams.metrics.families import ENTITY_LABELS, WINDOWS, families

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scoring.catalogue import Catalogue
    from scoring.kpi import Kpi
    from streams.metrics.families import Family

_UNITS = {Unit.COUNT: "short", Unit.RATE: "percentunit", Unit.HOURS: "s"}
_NOTHING = "undefined: too little has happened"
_OF = {Level.COMPANY: "company", Level.BRANCH: "by branch", Level.TEAM: "by team"}


def series(metric: str, level: Level, window: str, **more: str) -> str:
    """The series of a level's metric, whichever process says them.

    Args:
        metric: Its name.
        level: Whose it is.
        window: The window, or the variable that names it.
        more: Further labels, and the expressions that they must match.
    """
    matchers = [f'window="{window}"']
    matchers += [f'{label}=~"${label}"' for label in ENTITY_LABELS[level]]
    matchers += [f'{label}=~"{value}"' for label, value in more.items()]
    return f"max without (instance, pod) ({metric}{{{', '.join(matchers)}}})"


def legend(level: Level) -> str:
    """How an entity is called in a legend."""
    labels = ENTITY_LABELS[level]
    return f"{{{{{labels[-1]}}}}}" if labels else "company"


def panels(catalogue: Catalogue, currency: str) -> Iterator[tuple[Kpi, list[Shape]]]:
    """Every KPI that has metrics, with its panels, from the company to its teams."""
    found: dict[str, list[Shape]] = {}
    for family in families(catalogue, currency):
        found.setdefault(family.kpi.id, []).append(_panel(family, currency))
    for kpi, shapes in found.items():
        yield catalogue.by_id[kpi], shapes


def _panel(family: Family, currency: str) -> Shape:
    kpi, level = family.kpi, family.level
    fixed = family.windows if len(family.windows) < len(WINDOWS) else ()
    window = str(fixed[0]) if fixed else "$window"
    queries = [Query(series(family.value, level, window), legend(level))]
    if level is Level.COMPANY and family.target is not None:
        queries.append(Query(series(family.target, level, window), "target"))
    return Shape(
        f"{kpi.title}, {_OF[level]}" + (f", {window}" if fixed else ""),
        f"{family.help} Formula: {kpi.formula_text}.",
        f"currency{currency}" if kpi.unit is Unit.AMOUNT else _UNITS.get(kpi.unit, "none"),
        tuple(queries),
        THIRD,
        nothing=_NOTHING,
    )
