"""Alarms: entities whose conversions and KPIs are watched, and what is told of them.

Alerts follow from what is known now and what was told before, so they need no state of their
own: a worker that takes over an entity reads what its predecessor told and goes on, with the
same identities. Baselines of an entity go to those of its children, which may be elsewhere.
Of the alerts that are new at a stage a worker tells one at a time, the strongest: what it
explains of its relatives' shortfall is not told again. Workers do not wait for each other, so of
a cause that shows at once in entities of several workers each may tell.

A worker looks only while it is up to date, and has been since it took its entities over. To one
that lags, sales that it has not read yet would look like sales that did not come.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

import msgspec
import structlog

from scoring.alerting.alarms import Circumstances
from scoring.alerting.alert import Alert
from scoring.alerting.handling import handled
from scoring.alerting.relatives import KnownAlert, reliefs_of
from scoring.alerting.relief import is_over_with, strength
from scoring.alerting.scopes import FROM_TOP, scope_of
from scoring.calendar import PANE, moment
from scoring.kpi import Level
from scoring.panes import COMPANY
from streams import normals
from streams.absences import START, Absences
from streams.normals import NOTHING_KNOWN, Normal
from streams.outbox import Outbox
from streams.remarks import Remarks
from streams.tail import Tail
from streams.transport import Record
from streams.turns import Turn

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from aiokafka import ConsumerRecord

    from scoring.alerting.alarms import Watch
    from scoring.alerting.watchlist import Watchlist
    from scoring.cells import Entity
    from scoring.events import Micros
    from scoring.totals import Totals
    from streams.names import Names
    from streams.reference import ReferenceReader
    from streams.scoreboard import Scoreboard
    from streams.settings import Settings
    from streams.silence import Silence
    from streams.stage import Stage as Surroundings

log = structlog.get_logger()

_decode_alert = msgspec.json.Decoder(Alert).decode
_encode_alert = msgspec.json.Encoder().encode
#: A look rests for so many times as long as it works: scores are in more of a hurry.
_REST = 2


class _New(NamedTuple):
    """An alert that was not told yet, and the totals of its entity."""

    alert: Alert
    totals: Totals


class Told:
    """What all workers said last, of alerts and of baselines, and what people remarked.

    Attributes:
        remarks: What people say of alerts, and of changes that they expect.
        absences: The alerts of sources that fell silent.
    """

    def __init__(self, settings: Settings, names: Names) -> None:
        self._alerts: dict[Entity, dict[str, Alert]] = defaultdict(dict)
        self._normals: dict[Entity, Normal] = {}
        self._tails = (
            Tail(settings, names.alerts, self._learn_alerts),
            Tail(settings, names.baselines, self._learn_baselines),
        )
        self.remarks = Remarks(settings, names)
        self.absences = Absences()
        self.tasks = (*(tail.run for tail in self._tails), self.remarks.run)

    @property
    def is_ready(self) -> bool:
        """Whether everything that was said before has been read."""
        return self.remarks.is_ready and all(tail.is_ready for tail in self._tails)

    def catch_up(self) -> None:
        """Be ready again only when everything that has been said by now has been read."""
        for tail in self._tails:
            tail.catch_up()

    def alerts(self, entity: Entity) -> dict[str, Alert]:
        """The alerts of an entity by identity."""
        return self._alerts.get(entity, {})

    def normal(self, entity: Entity) -> Normal:
        """What is normal for an entity; nothing if it never spoke."""
        return self._normals.get(entity, NOTHING_KNOWN)

    def alerted(self) -> list[Entity]:
        """The entities of which there are alerts."""
        return [entity for entity, alerts in self._alerts.items() if alerts]

    def all_alerts(self) -> Iterator[Alert]:
        """The alerts of all entities."""
        for alerts in self._alerts.values():
            yield from alerts.values()

    def has_spoken(self, entity: Entity) -> bool:
        """Whether it is known what is normal for an entity, be it nothing."""
        return entity in self._normals

    def _learn_alerts(self, records: Iterable[ConsumerRecord]) -> None:
        for record in records:
            identity = _key(record)
            try:
                alert = _decode_alert(record.value) if record.value is not None else None
            except msgspec.DecodeError as error:
                log.warning("not an alert", key=identity, problem=str(error))
                continue
            if identity.startswith(START):
                self.absences.learn(identity, alert)
                continue
            alerts = self._alerts[identity.rsplit("|", 2)[0]]
            if alert is None:
                alerts.pop(identity, None)
            else:
                alerts[identity] = alert

    def _learn_baselines(self, records: Iterable[ConsumerRecord]) -> None:
        for record in records:
            try:
                self._normals[_key(record)] = normals.decode(record.value or b"")
            except msgspec.DecodeError as error:
                # Whoever owns the entity says it again.
                log.warning("not a baseline", key=_key(record), problem=str(error))


class Alarms:
    """Watches the entities of a worker's scoreboards.

    Args:
        stage: What all stages share.
        boards: Whose entities are watched.
        told: What was said before.
        watchlist: What is watched, and how.
        reference: Tells parents.
        silence: Tells the present moment, and until when sources were heard.
    """

    def __init__(
        self,
        stage: Surroundings,
        boards: Sequence[Scoreboard],
        told: Told,
        watchlist: Watchlist,
        reference: ReferenceReader,
        silence: Silence,
    ) -> None:
        self._stage = stage
        self._boards = boards
        self._told = told
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
        self._recovered: int | None = None
        self._recovered_at = 0.0

    async def recover(self) -> None:
        """Begin anew: who is here has changed, and what happened meanwhile is yet to be read."""
        self._recovered, self._recovered_at = self._stage.fence.generation, time.monotonic()
        self._watches.clear()
        self._waiting.clear()
        self._told.catch_up()
        self._pane = self._looks = 0

    async def run(self) -> None:
        """Look for ever; runs as a task of the application."""
        while True:
            await asyncio.sleep(self._stage.settings.alarm_interval)
            await self._reference.ready()
            if not (self._told.is_ready and self._is_complete()):
                continue
            if not await self._heed() and self._is_up_to_date():
                await self._look()

    def _is_complete(self) -> bool:
        """Whether all entities are here."""
        return self._recovered == self._stage.fence.generation

    def _is_up_to_date(self) -> bool:
        """Whether what is done has been new for a while since all entities were here."""
        fresh_for = min(self._stage.meter.fresh_for, time.monotonic() - self._recovered_at)
        return fresh_for > self._stage.settings.alarm_patience

    async def _heed(self) -> bool:
        """Tell what people said of alerts, be events fresh or not; whether there was anything."""
        generation = self._stage.fence.generation
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

    async def _look(self) -> None:
        """Look at what has changed, and at everything when hours pass or a change is declared."""
        generation = self._stage.fence.generation
        pane, declared = self._as_of() // PANE, self._told.remarks.changes
        everything = (pane, declared) != (self._pane, self._declared)
        self._pane, self._declared = pane, declared
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
        self._tell(new, outbox)
        await self._send(outbox, generation)

    def _tell(self, new: Sequence[_New], outbox: Outbox) -> None:
        """Tell the strongest new alert of each indicator; the others wait: it may explain them.

        All wait until each level has had a look at what is normal for the one above it.
        """
        self._looks += 1
        early = self._looks <= len(Level)
        told: set[str | None] = {each.alert.indicator for each in new} if early else set()
        for each in sorted(new, key=lambda each: strength(each.alert), reverse=True):
            if each.alert.indicator in told:
                self._waiting[each.alert.entity] = each.totals
            else:
                told.add(each.alert.indicator)
                outbox.records(self._stage.names.alerts, 0, [_record(each.alert)])

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


def _key(record: ConsumerRecord) -> str:
    return (record.key or b"").decode(errors="replace")


def _day(alert: Alert) -> int:
    return date.fromisoformat(alert.raised).toordinal()
