"""Scores against what the oracle expects, figure by figure."""

from __future__ import annotations

from fractions import Fraction
from math import isclose
from typing import TYPE_CHECKING, Any

from scoring.catalogue import BUILT_IN

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tests.oracle.oracle import Expected

_TOLERANCES = {"p": 1e-9, "entropy": 1e-9, "p50": 0.01, "p90": 0.01}

#: Figures of one KPI, as published.
Figures = dict[str, Any]
Key = tuple[str, str, str]


def differences(
    expected: Iterable[Expected], kpis: Mapping[Key, Mapping[str, Figures]]
) -> list[str]:
    """Every figure that differs, in words.

    Args:
        expected: What the oracle says. What it says of KPIs that are not built in is let be.
        kpis: Figures by KPI, by (level, entity, window). An entity for which nothing counts may
            be absent.
    """
    found = []
    seen: set[tuple[Key, str]] = set()
    for want in expected:
        if want.kpi not in BUILT_IN.by_id:
            continue
        key = (want.level, want.entity, want.window)
        seen.add((key, want.kpi))
        if key not in kpis:
            if want.value and not _is_of_the_team(want):
                found.append(f"{key} {want.kpi}: absent, expected {want.value}")
            continue
        found += [f"{key} {want.kpi}: {line}" for line in _figures(want, kpis[key][want.kpi])]
    return found + [
        f"{key} {kpi}: not expected"
        for key, figures in kpis.items()
        for kpi in figures
        if (key, kpi) not in seen
    ]


def _is_of_the_team(want: Expected) -> bool:
    """Whether a figure of an executive is that of his team, which is no reason to know of him."""
    return want.level == "executive" and want.kpi == "collaboration.team_vs_individual"


def _figures(want: Expected, got: Figures) -> list[str]:
    pairs: list[tuple[str, object, object]] = [
        ("value", got["value"], want.value),
        ("n", got["n"], want.n),
    ]
    if BUILT_IN.by_id[want.kpi].has_previous:
        pairs.append(("previous", got["previous"], want.previous))
    if want.previous_full is not None or "previous_full" in got:
        pairs.append(("previous_full", got.get("previous_full"), want.previous_full))
    if got["denominator"] is not None:
        pairs.append(("denominator", got["denominator"], _published(want.denominator)))
        pairs.append(("numerator", got["numerator"], float(want.numerator)))
    if want.cohort_start is not None and want.cohort_end is not None:
        pairs.append(("cohort_start", got["cohort_start"], want.cohort_start.isoformat()))
        pairs.append(("cohort_end", got["cohort_end"], want.cohort_end.isoformat()))
    for part, figures in want.breakdown.items():
        if part not in got["breakdown"] and not any(figures.values()):
            continue  # nothing counts for it, as for an entity that is absent
        for name, figure in figures.items():
            mine = _flat(got["breakdown"].get(part, {})).get(name)
            pairs.append((f"{part} {name}", mine, _published(figure)))
    pairs += [
        (name, got.get(name, "absent"), _published(figure))
        for name, figure in want.companions.items()
    ]
    return [
        f"{name} {mine}, expected {theirs}"
        for name, mine, theirs in pairs
        if not _equal(name, mine, theirs)
    ]


def _flat(part: Mapping[str, Any]) -> Figures:
    """The figures of a part; those by value under `name.value`."""
    flat: Figures = {}
    for name, figure in part.items():
        nested = figure if isinstance(figure, dict) else None
        flat |= {f"{name}.{k}": n for k, n in nested.items()} if nested else {name: figure}
    return flat


def _equal(name: str, mine: object, theirs: object) -> bool:
    """Exactly, but for logarithms, and sketches of quantiles."""
    tolerance = _TOLERANCES.get(name.rpartition(" ")[2])
    if tolerance is None or not isinstance(mine, float) or not isinstance(theirs, float):
        return mine == theirs
    return isclose(mine, theirs, rel_tol=tolerance)


def _published(figure: Fraction | str | None) -> float | str | None:
    return float(figure) if isinstance(figure, Fraction) else figure
