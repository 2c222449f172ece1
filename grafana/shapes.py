"""What a panel is here: a question, its queries and its unit; and how the SDK draws it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from grafana_foundation_sdk.builders import bargauge, common, prometheus, stat, timeseries
from grafana_foundation_sdk.models.common import (
    BarGaugeDisplayMode,
    BigValueGraphMode,
    VizOrientation,
)
from grafana_foundation_sdk.models.dashboard import DataSourceRef

SOURCE = DataSourceRef(type_val="prometheus", uid="${datasource}")
#: The grid has 24 columns.
WIDE, HALF, THIRD, QUARTER = 24, 12, 8, 6
_HEIGHT = 8


@dataclass(frozen=True)
class Query:
    """A question to Prometheus.

    Attributes:
        expression: PromQL.
        legend: How its series are called.
    """

    expression: str
    legend: str


@dataclass(frozen=True)
class Shape:
    """A panel.

    Attributes:
        title: What it answers.
        description: What its figures mean.
        unit: Grafana's name of their unit.
        queries: Where they come from.
        width: Columns.
        span: Least and largest value, where they are known.
        nothing: What it says when there is nothing to show.
    """

    title: str
    description: str
    unit: str
    queries: tuple[Query, ...]
    width: int = HALF
    span: tuple[float, float] | None = None
    nothing: str = "no data"


Builder = bargauge.Panel | stat.Panel | timeseries.Panel
Panel = TypeVar("Panel", bargauge.Panel, stat.Panel, timeseries.Panel)


def lines(shape: Shape) -> timeseries.Panel:
    """A panel of values over time; where there was none the line ends."""
    legend = common.VizLegendOptions().show_legend(True)  # noqa: FBT003
    panel = timeseries.Panel().span_nulls(False).legend(legend)  # noqa: FBT003
    return _dressed(panel, shape, instant=False)


def figure(shape: Shape) -> stat.Panel:
    """A panel of one large figure and its way here."""
    return _dressed(stat.Panel().graph_mode(BigValueGraphMode.AREA), shape, instant=False)


def bars(shape: Shape) -> bargauge.Panel:
    """A panel of present values beside each other."""
    panel = bargauge.Panel().orientation(VizOrientation.HORIZONTAL)
    return _dressed(panel.display_mode(BarGaugeDisplayMode.BASIC), shape, instant=True)


def _dressed(panel: Panel, shape: Shape, *, instant: bool) -> Panel:
    panel.title(shape.title).description(shape.description).datasource(SOURCE)
    panel.unit(shape.unit).no_value(shape.nothing).span(shape.width).height(_HEIGHT)
    if shape.span is not None:
        panel.min(shape.span[0]).max(shape.span[1])
    for name, query in zip("ABCDEFGH", shape.queries, strict=False):
        asked = prometheus.Dataquery().expr(query.expression).legend_format(query.legend)
        panel.with_target((asked.instant() if instant else asked.range()).ref_id(name))
    return panel
