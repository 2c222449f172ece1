"""The map: every topic, table and agent, and who reads what.

    leads sales feedback activity reference ─► intake ─► subjects ─► journeys ─► facts
        ─► panes ─► rollups ─► rollups (team, branch, company);  panes, rollups ─► scores

Agents acknowledge a batch themselves, after its effects are durable: Faust would do so even
for a batch whose agent raised.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from scoring.alerting.policy import Policy
from scoring.alerting.scopes import Scope
from scoring.alerting.watchlist import Watchlist
from scoring.evaluation import Evaluator
from streams import journeys, panes, rollups
from streams.alarms import Alarms
from streams.application import application
from streams.bids import Bids
from streams.clock import Clock
from streams.fence import Fence
from streams.intake import Intake
from streams.judgements import Judgements
from streams.meter import Meter
from streams.names import Names
from streams.norms import Teller
from streams.plugins import load_catalogue
from streams.pump import Backlog, Pump
from streams.reference import ReferenceReader
from streams.retirement import Retirements
from streams.scoreboard import Scoreboard
from streams.silence import Silence
from streams.stage import Stage
from streams.told import Told
from streams.transport import BatchSchema
from streams.watermark import Watermark

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Sequence

    import faust
    from faust.types import StreamT

    from streams.settings import Settings
    from streams.transport import Batch


@dataclass(frozen=True)
class Flow:
    """One agent of the map: what it reads, keeps and writes."""

    agent: str
    reads: tuple[str, ...]
    table: str | None
    writes: tuple[str, ...]


def flows(names: Names) -> tuple[Flow, ...]:
    """The agents, from sources to scores."""
    reference, letters = names.reference_latest, names.dead_letters
    told = names.alerts, names.baselines, names.bids
    return (
        Flow("intake", tuple(names.sources.values()), None, (names.subjects, letters)),
        Flow(
            "journeys",
            (names.subjects,),
            "journeys",
            (names.facts, names.subjects, reference, letters),
        ),
        Flow("panes", (names.facts, reference), "panes", (names.rollups, names.scores)),
        Flow(
            "rollups",
            (names.rollups, reference),
            "rollups",
            (names.rollups, reference, names.scores),
        ),
        Flow("alarms", (*told, names.remarks), None, (*told, names.remarks)),
    )


@dataclass(frozen=True)
class Topology:
    """One worker's application and its counters."""

    app: faust.App
    meter: Meter


def build(settings: Settings) -> Topology:
    """The application of one worker.

    Raises:
        CatalogueError: If a catalogue file of the settings cannot be used.
    """
    names = Names(settings.prefix)
    app = application(settings, names)
    calendar = settings.calendar
    stage = Stage(
        app,
        settings,
        names,
        Clock(settings.clock),
        Fence(app, settings.session_timeout),
        Meter(),
        Backlog(),
        Watermark(settings),
    )
    reference = ReferenceReader(settings, names)
    catalogue = load_catalogue(settings)
    evaluator = Evaluator(catalogue, calendar, settings.maturity_days, reference.reference)
    as_of = Clock(settings.as_of).now

    judgements = Judgements(evaluator, calendar, reference.reference)
    teller = Teller(stage, evaluator, catalogue, reference.reference, as_of)

    def table(name: str, module: Any, decode: Callable[[bytes], Any]) -> Any:
        return app.Table(name, encode=module.encode, decode=decode, partitions=settings.partitions)

    journey_table = table("journeys", journeys, journeys.decode_journey)
    pane_table = table("panes", panes, panes.decode_stored)
    rollup_table = table("rollups", rollups, rollups.decode_contribution)
    board = Scoreboard(stage, evaluator, calendar, reference, as_of, judgements)
    parents_board = Scoreboard(stage, evaluator, calendar, reference, as_of, teller=teller)
    intake_stage = Intake(stage)
    rules = settings.rules(calendar)
    journey_stage = journeys.Journeys(stage, journey_table, rules)
    retirements = Retirements(stage, journey_table, rules)
    pane_stage = panes.Panes(stage, pane_table, board, judgements)
    rollup_stage = rollups.Rollups(stage, rollup_table, parents_board, teller)

    journey_table.on_recover(retirements.recover)
    pane_table.on_recover(pane_stage.recover)
    rollup_table.on_recover(rollup_stage.recover)
    if settings.as_of is None:
        watchlist = Watchlist(calendar, alarm_policy(settings), catalogue.watched)
        alarms = _watch(stage, (board, parents_board), watchlist, reference)
        for recovered in (pane_table, rollup_table):
            recovered.on_recover(alarms.recover)
    tasks = (board.run, parents_board.run, teller.run, retirements.run)
    for task in (stage.fence.watch, reference.run, *tasks):
        app.task(task)
    _agent(stage, "intake", names.sources.values(), intake_stage.process, at_once)
    _agent(stage, "journeys", [names.subjects], journey_stage.process, at_once)
    _agent(stage, "panes", [names.facts], pane_stage.process, board.hold)
    _agent(stage, "rollups", [names.rollups], rollup_stage.process, parents_board.hold)
    return Topology(app, stage.meter)


def alarm_policy(settings: Settings) -> Policy:
    """What the alarm may cost, as a deployment sets it."""
    budgets = dict.fromkeys(Scope, settings.alarm_budget_days)
    return Policy(horizon=settings.maturity_days, budgets=budgets)


def _watch(
    stage: Stage,
    boards: Sequence[Scoreboard],
    watchlist: Watchlist,
    reference: ReferenceReader,
) -> Alarms:
    """Watch conversions and KPIs; not in a replay, where the present is not as-of."""
    told = Told(stage.settings, stage.names)
    silence = Silence(stage, told, watchlist, Clock().now)
    bids = Bids(stage)
    alarms = Alarms(stage, boards, told, bids, watchlist, reference, silence)
    for task in (*told.tasks, bids.run, silence.run, stage.watermark.run, alarms.run):
        stage.app.task(task)
    return alarms


def at_once(acknowledge: Callable[[], object]) -> None:
    """Acknowledge a batch as soon as it is processed."""
    acknowledge()


def _agent(
    stage: Stage,
    name: str,
    topics: Iterable[str],
    process: Callable[[Sequence[Batch]], Awaitable[None]],
    settle: Callable[[Callable[[], object]], None],
) -> None:
    meter = stage.meter.of(name, publishes=settle is not at_once)
    pump = Pump(process, settle, stage.fence, stage.backlog, meter)

    async def agent(stream: StreamT[Batch]) -> None:
        async for event in cast("faust.Stream[Batch]", stream).noack().events():
            await pump.feed(event)

    app = stage.app
    app.agent(app.topic(*topics, schema=BatchSchema()), name=name)(agent)
    app.task(pump.run)
