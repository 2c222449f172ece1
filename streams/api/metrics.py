"""`/metrics` of the API: the scores of the company, branches and teams, and the feed's health.

While the scores are not live neither they nor alerts are exposed: a number that stands still
looks like one that is true. What is undefined is absent, never 0.
"""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec
from prometheus_client.metrics_core import GaugeMetricFamily
from starlette.routing import Route

from scoring.alerting.alert import Status
from scoring.alerting.handling import State, state
from scoring.alerting.scopes import Scope
from scoring.calendar import SECOND
from scoring.kpi import ALL_LEVELS, Level
from scoring.windows import Window
from streams.metrics.exposition import PATH, Scraped, exposition, registry
from streams.metrics.families import ENTITY_LABELS, LEVELS, WINDOWS, families

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from starlette.requests import Request
    from starlette.responses import Response

    from scoring.alerting.alert import Alert
    from scoring.catalogue import Catalogue
    from streams.api.stream import Streams
    from streams.feed import Feed, Published
    from streams.metrics.families import Family

_KPI_LABELS = ("kpi", "kra", "unit", "direction")
_OVERALL = {
    "score_points": "Overall score, 0 to 100.",
    "score_coverage_ratio": "Share of the weight that applies which had points.",
    "kra_score_points": "Score of a key responsibility area, 0 to 100.",
}


class _Area(msgspec.Struct):
    """A key responsibility area of a score."""

    score: float | None = None


class _Figures(msgspec.Struct):
    """What is exposed of a KPI."""

    value: float | None = None
    target: float | None = None


class _Figured(msgspec.Struct):
    """What is exposed of a score."""

    score: float | None
    coverage: float
    kras: dict[str, _Area]
    kpis: dict[str, _Figures]


_NONE = _Figures()
_decode = msgspec.json.Decoder(_Figured).decode


def metrics(feed: Feed, streams: Streams, catalogue: Catalogue, currency: str) -> Route:
    """The route of `/metrics`.

    Args:
        feed: The scores.
        streams: The open streams.
        catalogue: The KPIs.
        currency: What amounts are in, an ISO 4217 code.
    """
    known = registry(
        FeedCollector(feed, streams),
        AlertCollector(feed),
        ScoreCollector(feed, catalogue, currency),
    )

    async def answer(request: Request) -> Response:
        # In a thread: thousands of lines of text would keep other requests waiting.
        return await asyncio.to_thread(exposition, known, request.headers.get("accept"))

    return Route(PATH, answer, methods=["GET"])


class FeedCollector(Scraped):
    """How good what is served is, and how many follow it."""

    def __init__(self, feed: Feed, streams: Streams) -> None:
        self._feed = feed
        self._streams = streams

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The metrics as they are now."""
        state, board = self._feed.state, self._feed.board
        yield _gauge("ready", "Whether all scores have been read once.", state.ready)
        yield _gauge("live", "Whether the broker answers and all it has is read.", state.live)
        yield _gauge("scores", "Scores in memory.", len(board))
        yield _gauge("unreadable_records", "Records that were not scores.", state.unreadable)
        yield _gauge("subscribers", "Open streams.", self._streams.open)
        if state.last_record is not None:
            at = datetime.fromisoformat(state.last_record).timestamp()
            yield _gauge("last_record_timestamp_seconds", "When a score was last published.", at)
        if state.scored_until is not None:
            at = datetime.fromisoformat(state.scored_until).timestamp()
            text = "The watermark: all that was ingested before it is scored."
            yield _gauge("scored_until_timestamp_seconds", text, at)
        yield from self._oldest()

    def _oldest(self) -> Iterator[GaugeMetricFamily]:
        oldest = GaugeMetricFamily(
            "salesbell_oldest_score_timestamp_seconds",
            "As-of moment of the score that was not evaluated for longest; all are, every pane.",
            labels=("level",),
        )
        for level in ALL_LEVELS:
            moments = [each.order[1] for each in list(self._feed.board.shelf(level, Window.DAY))]
            if moments:
                oldest.add_metric((level,), min(moments) / SECOND)
        yield oldest


class AlertCollector(Scraped):
    """Which alerts fire, of all but executives."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The metrics as they are now; none while the broker is away."""
        if not self._feed.state.live:
            return
        yield self._by_handling(
            "salesbell_alert_active",
            "1 while a stage or a KPI is worse than it should be, by handling; 0 after that.",
            ("level", "entity", "indicator"),
            _worse,
        )
        yield self._by_handling(
            "salesbell_source_absent",
            "1 while a source is silent for longer than it ever should, by handling; 0 after that.",
            ("source",),
            _source,
        )

    def _by_handling(
        self,
        name: str,
        text: str,
        labels: tuple[str, ...],
        subject: Callable[[Alert], tuple[str, ...] | None],
    ) -> GaugeMetricFamily:
        """A gauge of what the alerts are about; None leaves an alert out."""
        family = GaugeMetricFamily(name, text, labels=(*labels, "handling"))
        firing: dict[tuple[str, ...], State | None] = {}
        for alert in self._feed.alerts.all():
            about = subject(alert)
            if about is not None:
                fires = state(alert) if alert.status is Status.FIRING else None
                firing[about] = firing.get(about) or fires
        for about, fires in firing.items():
            for handling in State:
                family.add_metric((*about, handling), float(fires is handling))
        return family


def _worse(alert: Alert) -> tuple[str, ...] | None:
    """What got worse by an alert, of all but executives."""
    if alert.level is Scope.EXECUTIVE or alert.indicator is None:
        return None
    return alert.level, alert.entity.partition(":")[2], alert.indicator


def _source(alert: Alert) -> tuple[str, ...] | None:
    """Which source an alert is about."""
    return (alert.source,) if alert.source is not None else None


class ScoreCollector(Scraped):
    """Scores and KPIs of the company, branches and teams, as they are at a scrape."""

    def __init__(self, feed: Feed, catalogue: Catalogue, currency: str) -> None:
        self._feed = feed
        self._catalogue = catalogue
        self._families: dict[Level, list[Family]] = {level: [] for level in LEVELS}
        for family in families(catalogue, currency):
            self._families[family.level].append(family)

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The metrics as they are now."""
        yield self._kpis()
        if self._feed.state.live:
            for level in LEVELS:
                yield from self._level(level)

    def _kpis(self) -> GaugeMetricFamily:
        known = GaugeMetricFamily(
            "salesbell_kpi_info", "1 for every KPI of the catalogue.", labels=_KPI_LABELS
        )
        for kpi in self._catalogue.kpis:
            direction = "higher" if kpi.higher_is_better else "lower"
            known.add_metric((kpi.id, kpi.kra, kpi.unit, direction), 1)
        return known

    def _level(self, level: Level) -> Iterator[GaugeMetricFamily]:
        labels = (*ENTITY_LABELS[level], "window")
        overall = {
            name: GaugeMetricFamily(
                f"salesbell_{level}_{name}",
                text,
                labels=(*labels, "kra") if name.startswith("kra_") else labels,
            )
            for name, text in _OVERALL.items()
        }
        kpis = [(family, *_gauges(family, labels)) for family in self._families[level]]
        for window in WINDOWS:
            for published in list(self._feed.board.shelf(level, window)):
                at, figured = (*_whose(level, published), window), _decode(published.raw)
                _add(overall["score_points"], at, figured.score)
                _add(overall["score_coverage_ratio"], at, figured.coverage)
                for kra, area in figured.kras.items():
                    _add(overall["kra_score_points"], (*at, kra), area.score)
                for family, value, target in kpis:
                    figures = figured.kpis.get(family.kpi.id, _NONE)
                    _add(value, at, figures.value, family.factor)
                    _add(target, at, figures.target, family.factor)
        every = (*overall.values(), *(gauge for _, *both in kpis for gauge in both))
        yield from (gauge for gauge in every if gauge is not None and gauge.samples)


def _gauges(
    family: Family, labels: tuple[str, ...]
) -> tuple[GaugeMetricFamily, GaugeMetricFamily | None]:
    """The empty metrics of a KPI's value and target."""
    value = GaugeMetricFamily(family.value, family.help, labels=labels)
    if family.target is None:
        return value, None
    return value, GaugeMetricFamily(family.target, f"Target of: {family.kpi.title}.", labels=labels)


def _add(
    gauge: GaugeMetricFamily | None, at: tuple[str, ...], value: float | None, factor: int = 1
) -> None:
    if gauge is not None and value is not None:
        gauge.add_metric(at, value * factor)


def _whose(level: Level, published: Published) -> tuple[str, ...]:
    """The values of the labels that name an entity."""
    score = published.score
    if level is Level.COMPANY:
        return ()
    if level is Level.BRANCH:
        return (score.entity,)
    kind, _, above = (score.parent or "").partition(":")
    return (above if kind == Level.BRANCH else "", score.entity)


def _gauge(name: str, text: str, value: Any) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"salesbell_feed_{name}", text, value=float(value))
