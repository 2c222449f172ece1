"""The catalogue: every KPI, declared once, one module per key responsibility area.

A module holds `KRA` and `KPIS`. Users add their own from a file or an entry point; what is
declared here or there is all it takes for a KPI to be computed, published and documented.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from scoring.catalogue import (
    campaigns,
    collaboration,
    compliance,
    crm,
    cross_selling,
    development,
    lead_generation,
    market,
    reporting,
    sales_targets,
    time_management,
)
from scoring.kpi import ALL_LEVELS
from scoring.origins import Origin
from scoring.scorecard import by_area
from scoring.windows import ALL_WINDOWS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from scoring.kpi import Kpi, Kra, Level
    from scoring.windows import Window


class CatalogueError(ValueError):
    """The catalogue contradicts itself; the message says where."""


@dataclass(frozen=True)
class Catalogue:
    """All KPIs and their areas, checked.

    Raises:
        CatalogueError: If two KPIs share an id, or one names no area or lacks a definition.
    """

    kras: tuple[Kra, ...]
    kpis: tuple[Kpi, ...]

    def __post_init__(self) -> None:
        """Check it."""
        areas = {kra.id for kra in self.kras}
        seen: set[str] = set()
        for kpi in self.kpis:
            if kpi.id in seen:
                raise CatalogueError(f"KPI {kpi.id} is declared twice: give one another id")
            seen.add(kpi.id)
            if kpi.kra not in areas:
                raise CatalogueError(
                    f"KPI {kpi.id} belongs to no area: declare a Kra `{kpi.kra}` or use one of "
                    f"{', '.join(sorted(areas))}"
                )
            if kpi.prior is not None and not (kpi.is_share and kpi.prior.strength > 0):
                raise CatalogueError(
                    f"KPI {kpi.id} has a prior of strength {kpi.prior.strength}: only a share of "
                    "cases (`is_share`) can have one, and its strength must be above 0"
                )
            if kpi.watch is not None and not any(map(kpi.is_watched_at, (*ALL_LEVELS, *Origin))):
                raise CatalogueError(
                    f"KPI {kpi.id} is watched nowhere: give its `watch` one of the levels at which "
                    f"it exists, {', '.join(kpi.levels)}"
                )
            for field in ("title", "definition", "formula_text", "events", "levels", "windows"):
                if not getattr(kpi, field):
                    raise CatalogueError(f"KPI {kpi.id} has an empty `{field}`: fill it in")

    @cached_property
    def by_id(self) -> dict[str, Kpi]:
        """KPIs by id."""
        return {kpi.id: kpi for kpi in self.kpis}

    @cached_property
    def applying(self) -> dict[tuple[Level, Window], tuple[Kpi, ...]]:
        """The KPIs that exist, by level and window."""
        return {
            (level, window): tuple(kpi for kpi in self.kpis if kpi.applies(level, window))
            for level in ALL_LEVELS
            for window in ALL_WINDOWS
        }

    @cached_property
    def scored(self) -> dict[tuple[Level, Window], tuple[Kpi, ...]]:
        """Those of them that count in the score."""
        return {
            (level, window): tuple(kpi for kpi in kpis if kpi.scores_at(level))
            for (level, window), kpis in self.applying.items()
        }

    @cached_property
    def areas(self) -> dict[tuple[Level, Window], dict[str, list[Kpi]]]:
        """The same by area."""
        return {place: by_area(kpis) for place, kpis in self.scored.items()}

    @cached_property
    def shrunk(self) -> dict[tuple[Level, Window], tuple[Kpi, ...]]:
        """Those that exist and have a prior."""
        return {
            (level, window): tuple(kpi for kpi in kpis if kpi.prior is not None)
            for (level, window), kpis in self.applying.items()
        }

    @cached_property
    def prior_measures(self) -> frozenset[str]:
        """The measures in which the cases of KPIs with a prior are counted."""
        priors = [kpi.prior for kpi in self.kpis if kpi.prior is not None]
        return frozenset(measure for prior in priors for measure in prior.measures)

    @cached_property
    def watched(self) -> tuple[Kpi, ...]:
        """Those that the alarm watches."""
        return tuple(kpi for kpi in self.kpis if kpi.watch is not None)

    def extended(self, kras: Iterable[Kra], kpis: Iterable[Kpi]) -> Catalogue:
        """This catalogue with more areas and KPIs."""
        known = {kra.id for kra in self.kras}
        new = tuple(kra for kra in kras if kra.id not in known)
        return Catalogue((*self.kras, *new), (*self.kpis, *kpis))

    def weighted(self, weights: Mapping[str, int]) -> Catalogue:
        """This catalogue with other weights, by the id of an area or a KPI.

        Raises:
            CatalogueError: If an id is unknown, or a weight is below 0.
        """
        known = {*self.by_id, *(kra.id for kra in self.kras)}
        for name, weight in weights.items():
            if name not in known:
                raise CatalogueError(
                    f"there is no area or KPI {name} to give a weight to: "
                    "`salesbell catalogue` lists them"
                )
            if weight < 0:
                raise CatalogueError(f"the weight of {name} is {weight}: it must be 0 or more")
        return Catalogue(
            tuple(replace(kra, weight=weights.get(kra.id, kra.weight)) for kra in self.kras),
            tuple(replace(kpi, weight=weights.get(kpi.id, kpi.weight)) for kpi in self.kpis),
        )


_MODULES = (
    lead_generation,
    sales_targets,
    crm,
    compliance,
    market,
    reporting,
    cross_selling,
    time_management,
    development,
    collaboration,
    campaigns,
)

BUILT_IN = Catalogue(
    tuple(module.KRA for module in _MODULES),
    tuple(kpi for module in _MODULES for kpi in module.KPIS),
)
