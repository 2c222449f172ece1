"""Alarms: entities whose conversions and KPIs are watched, and what is told of them.

Alerts follow from what is known now and what was told before, so they need no state of their
own: a worker that takes over an entity reads what its predecessor told and goes on, with the
same identities. Baselines of an entity go to those of its children, which may be elsewhere.
Of the alerts that are new at a stage or KPI one is told at a time, the strongest of all workers:
what it explains of its relatives' shortfall is not told again.

A worker looks only while nothing lags behind, with it or with others: sales that nobody has read
yet would look like sales that did not come.
"""

from __future__ import annotations

import asyncio
import time
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from scoring.alerting.alarms import Circumstances
from scoring.alerting.handling import handled
from scoring.alerting.precedence import PATIENCE, Word, bids_of
from scoring.alerting.relatives import KnownAlert, reliefs_of
from scoring.alerting.relief import is_over_with
from scoring.alerting.scopes import FROM_TOP, scope_of
from scoring.calendar import PANE, moment
from scoring.kpi import Level
from scoring.panes import COMPANY
from streams import normals
from streams.normals import NOTHING_KNOWN, Normal
from streams.outbox import Outbox
from streams.transport import Record
from streams.turns import Turn

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from scoring.alerting.alarms import Watch
    from scoring.alerting.alert import Alert
    from scoring.alerting.watchlist import Watchlist
    from scoring.cells import Entity
    from scoring.events import Micros
    from scoring.totals import Totals
    from streams.bids import Bids
    from streams.reference import ReferenceReader
    from streams.scoreboard import Scoreboard
    from streams.silence import Silence
    from streams.stage import Stage as Surroundings
    from streams.told import Told

_encode_alert = msgspec.json.Encoder().encode
#: A look rests for so many times as long as it works: scores are in more of a hurry.
_REST = 2


class _New(NamedTuple):
    """An alert that was not told yet, and the totals of its entity."""

    alert: Alert
    totals: Totals


class Alarms:
    """Watches the entities of a worker's scoreboards.

    Args:
        stage: What all stages share.
        boards: Whose entities are watched.
        told: What was said before.
        bids: Which worker tells first.
        watchlist: What is watched, and how.
        reference: Tells parents.
        silence: Tells the present moment, and until when sources were heard.
    """

    def __init__(
        self,
        stage: Surroundings,
        boards: Sequence[Scoreboard],
        told: Told,
        bids: Bids,
        watchlist: Watchlist,
        reference: ReferenceReader,
        silence: Silence,
    ) -> None:
        self._stage = stage
        self._boards = boards
        self._told = told
        self._bids = bids
        self._watchlist = watchlist
        self._policy = watchlist.policy
        self._calendar = watchlist.calendar
        self._reference = reference
        self._as_of = silence.now
        self._silence = silence
        self._watches: dict[Entity, Watch] = {}
        self._waiting: dict[Entity, Totals] = {}
        self._pane: Micros = 0
        self._declared = 0
        self._looks = 0
        self._without_parent = False
        self._recovered: int | None = None
        self._recovered_at = 0.0

    async def recover(self) -> None:
        """Begin anew: who is here has changed, and what happened meanwhile is yet to be read."""
        self._recovered, self._recovered_at = self._stage.fence.generation, time.monotonic()
        self._watches.clear()
        self._waiting.clear()
        self._told.catch_up()
        self._bids.recover()
        self._pane = self._looks = 0

    async def run(self) -> None:
        """Look for ever; runs as a task of the application."""
        while True:
            await asyncio.sleep(self._stage.settings.alarm_interval)
            await self._reference.ready()
            if not (self._told.is_ready and self._bids.is_ready and self._is_complete()):
                continue
            generation = self._stage.fence.generation
            if await self._heed(generation):
                continue
            if self._is_up_to_date():
                await self._look(generation)
            else:
                await self._bid(Word(generation, 0, {}))

    def _is_complete(self) -> bool:
        """Whether all entities are here."""
        return self._recovered == self._stage.fence.generation

    def _is_up_to_date(self) -> bool:
        """Whether hardly anything that was ingested waits to be scored."""
        age = self._stage.watermark.age
        return age is not None and age <= self._stage.settings.alarm_patience

    async def _heed(self, generation: int) -> bool:
        """Tell what people said of alerts, be events fresh or not; whether there was anything."""
        outbox = Outbox(self._stage.app)
        for entity in self._told.alerted():
            if any(board.has(entity) for board in self._boards):
                for alert in self._told.alerts(entity).values():
                    after = self._handled(alert, alert)
                    if after != alert:
                        outbox.records(self._stage.names.alerts, 0, [_record(after)])
        return await self._send(outbox, generation)

    def _handled(self, alert: Alert, before: Alert | None) -> Alert:
        """An alert with what people said of it."""
        if before is not None:
            alert = msgspec.structs.replace(alert, handling=before.handling)
        return handled(alert, self._told.remarks.of(alert.id), moment(self._as_of()))

    async def _send(self, outbox: Outbox, generation: int) -> bool:
        """Send what there is to say; what is said must be known before anything is said again."""
        if not outbox or self._stage.fence.generation != generation:
            return False
        await outbox.send()
        self._told.catch_up()
        return True

    async def _look(self, generation: int) -> None:
        """Look at what has changed, and at everything when hours pass or a change is declared."""
        pane, declared = self._as_of() // PANE, self._told.remarks.changes
        everything = (pane, declared) != (self._pane, self._declared)
        self._pane, self._declared = pane, declared
        self._looks += 1
        self._without_parent = False
        outbox = Outbox(self._stage.app)
        today = self._calendar.day(self._as_of())
        known = KnownAlert.gather(
            self._told.all_alerts(),
            lambda entity: self._reference.reference.ancestors(entity, today),
        )
        new: list[_New] = []
        turn = Turn(_REST)
        for entity, totals in self._entities(everything=everything):
            await turn.pause()
            new += self._speak(entity, totals, known, outbox)
        chosen = self._chosen(new, generation)
        outbox.records(self._stage.names.alerts, 0, map(_record, chosen))
        await self._send(outbox, generation)
        bids = bids_of(alert for alert, _ in new if alert not in chosen)
        await self._bid(Word(generation, self._looked, bids))

    def _chosen(self, new: Sequence[_New], generation: int) -> list[Alert]:
        """The strongest new alerts whose turn it is; the others wait: those may explain them."""
        self._waiting.update((alert.entity, totals) for alert, totals in new)
        if not self._looked:
            return []
        bids = bids_of(alert for alert, _ in new)
        due = self._bids.due(Word(generation, self._looked, bids))
        told = {bids[indicator].alert for indicator in due}
        return [alert for alert, _ in new if alert.id in told]

    @property
    def _looked(self) -> int:
        """The pane of the last look at everything; 0 until all knew what is normal above them.

        Some may never know: a parent that does not speak for long has nothing to say.
        """
        waited = time.monotonic() - self._recovered_at > PATIENCE
        known = self._looks > len(Level) and (waited or not self._without_parent)
        return self._pane if known else 0

    async def _bid(self, word: Word) -> None:
        """Say what this worker would tell next, after what it told; then hear the others."""
        if self._stage.fence.generation != word.generation:
            return
        outbox = Outbox(self._stage.app)
        outbox.records(self._stage.names.bids, 0, self._bids.records(word))
        await outbox.send()
        self._bids.listen()
        if word.bids:
            self._told.catch_up()

    def _entities(self, *, everything: bool) -> Iterator[tuple[Entity, Totals]]:
        found, self._waiting = self._waiting, {}
        for board in self._boards:
            found.update(board.watched(everything=everything))
        for scope in FROM_TOP:
            yield from ((entity, found[entity]) for entity in found if scope_of(entity) is scope)

    def _speak(
        self, entity: Entity, totals: Totals, known: Sequence[KnownAlert], outbox: Outbox
    ) -> Iterator[_New]:
        """Put in what an entity has to say of what is known; yield its new alerts.

        An entity whose parent has never spoken waits: an alarm by its own measure alone would
        stand when the parent's measure does not confirm it.
        """
        names, as_of = self._stage.names, self._as_of()
        above = self._reference.reference.ancestors(entity, self._calendar.day(as_of))
        if above and not self._told.has_spoken(above[0]):
            self._waiting[entity] = totals
            # Of whom nothing is left, the parent may never have heard.
            self._without_parent |= not totals.empty
            return
        watch = self._watches.get(entity)
        if watch is None:
            watch = self._watches[entity] = self._watchlist.watch(entity)
        told = self._told.alerts(entity)
        parent = self._told.normal(above[0]) if above else NOTHING_KNOWN
        company = self._told.normal(COMPANY)
        reliefs = reliefs_of(entity, above, known, totals, company.baselines, company.usuals)
        found = watch.alerts(
            totals,
            parent.baselines,
            as_of,
            told.values(),
            reliefs,
            self._circumstances((entity, *above), parent),
        )
        alerts = [self._handled(each, told.get(each.id)) for each in found]
        yield from (
            _New(alert, totals)
            for alert in alerts
            if alert.id not in told and not is_over_with(alert, reliefs)
        )
        changes = list(self._changes({a.id: a for a in alerts}, told, as_of))
        outbox.records(names.alerts, 0, changes)
        # What nobody knows any more needs no remark.
        outbox.records(names.remarks, 0, [each for each in changes if each.value is None])
        said = Normal(watch.baselines, watch.usuals, watch.lulls)
        if said != self._told.normal(entity) and scope_of(entity).has_children:
            outbox.records(names.baselines, 0, [Record(entity.encode(), normals.encode(said))])

    def _circumstances(self, entities: Collection[Entity], parent: Normal) -> Circumstances:
        today, needs = self._calendar.day(self._as_of()), self._watchlist.needs
        return Circumstances(
            self._told.remarks.declared(entities),
            self._told.absences.rests(today, needs),
            self._silence.until(),
            parent.usuals,
            self._reference.reference,
            parent.lulls,
        )

    def _changes(
        self, alerts: dict[str, Alert], told: dict[str, Alert], as_of: Micros
    ) -> Iterator[Record]:
        """Records of alerts that were told and differ now, or are not known any more."""
        first = self._policy.first(self._calendar.day(as_of))
        for identity, before in told.items():
            alert = alerts.get(identity)
            unwatched = before.indicator not in self._watchlist.needs
            if alert is None and (unwatched or _day(before) < first):
                yield Record(identity.encode(), None)
            elif alert is not None and alert != before:
                yield _record(alert)


def _record(alert: Alert) -> Record:
    return Record(alert.id.encode(), _encode_alert(alert))


def _day(alert: Alert) -> int:
    return date.fromisoformat(alert.raised).toordinal()
