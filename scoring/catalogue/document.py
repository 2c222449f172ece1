"""The catalogue as a document: what people and programs read of it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scoring.catalogue import Catalogue
    from scoring.kpi import Kpi


def document(declared: Catalogue) -> dict[str, object]:
    """The catalogue as plain values."""
    return {
        "kras": [asdict(kra) for kra in declared.kras],
        "kpis": [_kpi(kpi) for kpi in declared.kpis],
    }


def _watched(kpi: Kpi) -> dict[str, object] | None:
    if kpi.watch is None:
        return None
    return {
        "title": kpi.watch.title,
        "unit": kpi.watch.unit,
        "figure": type(kpi.watch.observed).__name__.lower(),
        "for": "rise" if kpi.is_watched_for_rise else "fall",
        "levels": [level for level in kpi.levels if kpi.is_watched_at(level)],
        "origins": list(kpi.watch.origins),
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
        "prior_strength": kpi.prior.strength if kpi.prior is not None else None,
        "watched": _watched(kpi),
    }
