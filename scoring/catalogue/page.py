"""The catalogue as a page for people, in Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scoring.kpi import ALL_LEVELS
from scoring.points import AT_TARGET
from scoring.watching import Count, Mean, Share
from scoring.windows import ALL_WINDOWS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scoring.catalogue import Catalogue
    from scoring.kpi import Kpi, Kra
    from scoring.watching import Watched

_INTRODUCTION = f"""\
# The KPIs

Made from the catalogue by `salesbell catalogue --markdown`; do not edit.

Values always use everything that is known now. A ratio without cases is undefined: null, and \
in no score. {AT_TARGET:.0f} points mean: did the job. An area's score is the weighted mean of its \
KPIs that have points, the overall score that of the areas. A share of x of n cases that is shrunk \
gets its points on (x + K p) / (n + K), where p is the parent's share without the child and K the \
strength; the value that is shown stays x / n.
"""


def page(catalogue: Catalogue) -> str:
    """Every area and KPI: definition, formula, source events, levels, windows, points."""
    return "\n".join([_INTRODUCTION, *_contents(catalogue), *_areas(catalogue)])


def _contents(catalogue: Catalogue) -> Iterator[str]:
    yield "| area | weight | KPIs |"
    yield "|---|---:|---|"
    for kra in catalogue.kras:
        names = ", ".join(kpi.title for kpi in _of(catalogue, kra))
        yield f"| [{kra.title}](#{kra.title.lower().replace(' ', '-')}) | {kra.weight} | {names} |"
    yield ""


def _areas(catalogue: Catalogue) -> Iterator[str]:
    for kra in catalogue.kras:
        yield f"## {kra.title}\n"
        for kpi in _of(catalogue, kra):
            yield from _kpi(kpi)


def _kpi(kpi: Kpi) -> Iterator[str]:
    yield f"### {kpi.title}\n"
    yield f"`{kpi.id}`\n"
    yield f"{kpi.definition}\n"
    yield f"- **Formula**: {kpi.formula_text}"
    yield f"- **From**: {', '.join(f'`{event}`' for event in kpi.events)}"
    yield f"- **Unit**: {kpi.unit}, {'higher' if kpi.higher_is_better else 'lower'} is better"
    yield f"- **Levels**: {_all_or(kpi.levels, ALL_LEVELS)}"
    yield f"- **Windows**: {_all_or(kpi.windows, ALL_WINDOWS)}"
    yield f"- **Target**: {_target(kpi)}"
    yield f"- **Points**: {_points(kpi)}"
    yield f"- **Score**: {_score(kpi)}"
    if kpi.watch is not None:
        yield f"- **Alarm**: {_watched(kpi, kpi.watch)}"
    yield ""


def _target(kpi: Kpi) -> str:
    kind = (
        "spread over the business days of its period, by the branch of each day"
        if kpi.additive
        else "a level"
    )
    if kpi.default_monthly_target is not None:
        return f"{kind}; by default {kpi.default_monthly_target:g} a month and executive"
    default = "none" if kpi.default_target is None else f"{kpi.default_target:g}"
    return f"{kind}; by default {default}"


def _points(kpi: Kpi) -> str:
    rule = (type(kpi.curve).__doc__ or "").partition("\n")[0]
    with_ = "; ".join(f"{name} {value}" for name, value in vars(kpi.curve).items())
    return f"{rule} ({with_})" if with_ else rule


def _score(kpi: Kpi) -> str:
    if not kpi.weight:
        return "shown, not scored"
    least = f", from {kpi.least_n} cases on" if kpi.least_n else ""
    where = "" if kpi.scored_levels is None else f" at {', '.join(kpi.scored_levels)}"
    shrunk = (
        f"; shrunk to the parent's share with the strength of {kpi.prior.strength} cases"
        if kpi.prior is not None
        else ""
    )
    return f"weight {kpi.weight} in its area{where}{least}{shrunk}"


def _watched(kpi: Kpi, watched: Watched) -> str:
    figure = {Count: "how many a day", Share: "the share of a day", Mean: "the mean of a day"}
    levels = [level for level in kpi.levels if kpi.is_watched_at(level)]
    origins = f"; origins of leads: {', '.join(watched.origins)}" if watched.origins else ""
    return (
        f"{watched.title}, {figure[type(watched.observed)]}, is watched for a "
        f"{'rise' if kpi.is_watched_for_rise else 'fall'}; levels: {_all_or(levels, ALL_LEVELS)}"
        f"{origins}"
    )


def _all_or(some: Sequence[str], every: Sequence[str]) -> str:
    return "all" if tuple(some) == tuple(every) else ", ".join(some)


def _of(catalogue: Catalogue, kra: Kra) -> list[Kpi]:
    return [kpi for kpi in catalogue.kpis if kpi.kra == kra.id]
