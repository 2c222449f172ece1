"""Makes the dashboard: `python -m grafana.generate` writes it; a test fails while it is stale."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import TYPE_CHECKING

from grafana_foundation_sdk.builders import dashboard
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.dashboard import VariableRefresh, VariableSort

from grafana import health
from grafana.kpis import legend, panels, series
from grafana.shapes import HALF, QUARTER, SOURCE, Builder, Query, Shape, bars, figure, lines
from scoring.catalogue import BUILT_IN
from scoring.kpi import Level
from streams.metrics.families import WINDOWS
from streams.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grafana_foundation_sdk.cog import builder as cog
    from grafana_foundation_sdk.models.dashboard import VariableModel

    from scoring.catalogue import Catalogue

DASHBOARD = Path(__file__).parent / "dashboards" / "salesbell.json"
_POINTS = (0.0, 100.0)


def build(catalogue: Catalogue, currency: str) -> str:
    """The dashboard of a catalogue, as JSON.

    Args:
        catalogue: The KPIs.
        currency: What amounts are in, an ISO 4217 code.
    """
    ids = itertools.count(1)

    def row(title: str, *contents: Builder, collapsed: bool = False) -> None:
        made = dashboard.Row(title).id(next(ids))
        numbered = [panel.id(next(ids)) for panel in contents]
        if collapsed:
            for panel in numbered:
                made.with_panel(panel)
            board.with_row(made)
            return
        board.with_row(made)
        for panel in numbered:
            board.with_panel(panel)

    board = (
        dashboard.Dashboard("Salesbell")
        .uid("salesbell")
        .description("Scores and KPIs of the company, branches and teams, and how live they are.")
        .tags(["salesbell"])
        .readonly()
        .time("now-6h", "now")
        .refresh("30s")
        .timezone("browser")
    )
    for variable in _variables():
        board.with_variable(variable)
    company, areas, branches, teams = _scores()
    row("How do we do?", figure(company), lines(areas), lines(branches), bars(teams))
    live, newest, watermark, oldest = health.FRESHNESS
    row("Is it live?", *map(figure, (live, newest, watermark)), lines(oldest))
    row("Do events arrive, and become scores in time?", *map(lines, health.STREAM))
    row("Do the workers keep up?", *map(lines, health.WORKERS))
    titles = {kra.id: kra.title for kra in catalogue.kras}
    for kpi, shapes in panels(catalogue, currency):
        row(f"{titles[kpi.kra]}: {kpi.title}", *map(lines, shapes), collapsed=True)
    return json.dumps(board.build(), cls=JSONEncoder, indent=2, sort_keys=True) + "\n"


def _scores() -> tuple[Shape, ...]:
    def scores(level: Level, metric: str, **more: str) -> str:
        return series(f"salesbell_{level}_{metric}", level, "$window", **more)

    company = scores(Level.COMPANY, "score_points")
    areas = scores(Level.COMPANY, "kra_score_points")
    return (
        Shape(
            "Company score",
            "Overall score of the company, 0 to 100.",
            "none",
            (Query(company, "company"),),
            QUARTER,
            _POINTS,
        ),
        Shape(
            "Scores by area",
            "The company's score in each key responsibility area.",
            "none",
            (Query(areas, "{{kra}}"),),
            QUARTER * 3,
            _POINTS,
        ),
        *(
            Shape(
                f"Scores of {name}",
                "Overall scores, 0 to 100.",
                "none",
                (Query(scores(level, "score_points"), legend(level)),),
                HALF,
                _POINTS,
            )
            for level, name in ((Level.BRANCH, "branches"), (Level.TEAM, "teams"))
        ),
    )


def _variables() -> Iterator[cog.Builder[VariableModel]]:
    windows = ",".join(reversed(WINDOWS))
    yield dashboard.DatasourceVariable("datasource").label("Source").type("prometheus")
    yield dashboard.CustomVariable("window").label("Window").values(windows)
    for label, metric, chosen in (
        ("branch", "salesbell_branch_score_coverage_ratio", ""),
        ("team", "salesbell_team_score_coverage_ratio", '{branch=~"$branch"}'),
    ):
        yield (
            dashboard.QueryVariable(label)
            .label(label.capitalize())
            .datasource(SOURCE)
            .query(f"label_values({metric}{chosen}, {label})")
            .refresh(VariableRefresh.ON_TIME_RANGE_CHANGED)
            .sort(VariableSort.ALPHABETICAL_ASC)
            .multi(True)  # noqa: FBT003
            .include_all(True)  # noqa: FBT003
            .all_value(".*")
        )


def main() -> None:
    """Write the dashboard of what is built in."""
    DASHBOARD.write_text(build(BUILT_IN, Settings.model_fields["currency"].default))


if __name__ == "__main__":
    main()
