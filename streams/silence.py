"""Silence: sources that brought nothing for longer than they ever should.

When events came is asked of the broker, which knows the offset of every partition at any moment:
so nothing has to be kept, a worker that starts knows the past at once, and a clock is all it takes
when nothing arrives. Every worker listens, for the alarm's clock stops with a source. The one
that owns the company tells of it.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING

import msgspec
import structlog
from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError

from scoring.alerting.absence import absent, began, returned, still_absent
from scoring.alerting.handling import handled
from scoring.alerting.silence import HISTORY, SOURCES, learn, quarters, quiet
from scoring.calendar import QUARTER, moment
from scoring.panes import COMPANY
from streams.broker import partitions_of, reader_options
from streams.cloudevents import decode
from streams.dead_letters import RejectedError
from streams.frames import partition_of
from streams.outbox import Outbox
from streams.reading import last_records
from streams.transport import Record

if TYPE_CHECKING:
    from collections.abc import Callable

    from aiokafka import TopicPartition

    from scoring.alerting.alert import Alert
    from scoring.alerting.silence import Profile
    from scoring.alerting.watchlist import Watchlist
    from scoring.calendar import Day
    from scoring.events import Micros
    from streams.stage import Stage as Surroundings
    from streams.told import Told

log = structlog.get_logger()

_encode = msgspec.json.Encoder().encode
_MILLISECOND = 1_000
#: Calendar days among which the business days of the past are looked for.
_REACH = 2 * HISTORY
#: Learning from the past is in no hurry; the scores of the present are.
_AT_ONCE = 2


class _Source:
    """What is known of one source.

    Attributes:
        counts: Events by business day and quarter.
        heard: Until when it is known not to be silent.
        end: Sum of the partitions' ends when they were last looked at.
        profile: How it sounds in health; None while that is not known.
    """

    def __init__(self) -> None:
        self.counts: dict[Day, list[int]] = {}
        self.heard: Micros = 0
        self.end = -1
        self.profile: Profile | None = None


class Silence:
    """Listens to the sources.

    Args:
        stage: What all stages share.
        told: What was said before.
        watchlist: What is watched, and how.
        now: The present moment.
    """

    def __init__(
        self,
        stage: Surroundings,
        told: Told,
        watchlist: Watchlist,
        now: Callable[[], Micros],
    ) -> None:
        self._stage = stage
        self._told = told
        self._policy = watchlist.policy
        self._calendar = watchlist.calendar
        self._needs = watchlist.needs
        self.now = now
        self._sources = {name: _Source() for name in SOURCES}
        self._partitions: dict[TopicPartition, str] = {}
        self._known: Day | None = None
        self._started = time.monotonic()

    def until(self) -> dict[str, Micros]:
        """Up to when something can be said of each indicator: while its sources were heard."""
        known = {name: s.heard for name, s in self._sources.items() if s.profile is not None}
        return {
            indicator: min(known[name] for name in names if name in known)
            for indicator, names in self._needs.items()
            if not known.keys().isdisjoint(names)
        }

    async def run(self) -> None:
        """Listen for ever; runs as a task of the application."""
        consumer = AIOKafkaConsumer(**reader_options(self._stage.settings))
        await consumer.start()
        try:
            while True:
                await asyncio.sleep(self._stage.settings.alarm_interval)
                try:
                    await self._listen(consumer)
                    await self._speak()
                except (KafkaError, TimeoutError, OSError) as error:
                    log.warning("sources are not listened to", problem=str(error) or repr(error))
        finally:
            await consumer.stop()

    async def _listen(self, consumer: AIOKafkaConsumer) -> None:
        """Hear what came since the last time, and once a day learn from the past."""
        now = self.now()
        today = self._calendar.day(now)
        if self._known != today:
            if not self._told.is_ready:
                # What was told says which days of the past to leave out.
                return
            await self._recall(consumer, now)
            self._known = today
        ends = await self._ends(consumer)
        for name, source in self._sources.items():
            if ends[name] > source.end >= 0:
                source.heard = max(source.heard, now // QUARTER * QUARTER + QUARTER)
            source.end = ends[name]

    async def _recall(self, consumer: AIOKafkaConsumer, now: Micros) -> None:
        """Count the events of the business quarters of the past, and of today until now."""
        names, today = self._stage.names.sources, self._calendar.day(now)
        self._partitions = {
            tp: name for name in SOURCES for tp in await partitions_of(consumer, names[name])
        }
        days = [day for day in range(today - _REACH, today + 1) if quarters(self._calendar, day)]
        counted: dict[str, int] = {}
        for day in days[-HISTORY - 1 :]:
            counted = await self._count(consumer, day, now) or counted
        ends = await self._ends(consumer)
        for name, source in self._sources.items():
            if source.end < 0 and ends[name] > counted.get(name, 0):
                # Something came after the last business hours.
                source.heard = now
            source.end = ends[name]
            self._learn(name, source, today)

    async def _count(self, consumer: AIOKafkaConsumer, day: Day, now: Micros) -> dict[str, int]:
        """Count the events of the business quarters of a day; up to how many that is."""
        begins = quarters(self._calendar, day)
        bounds = [at for at in (*begins, begins.stop) if at <= now]
        gate = asyncio.Semaphore(_AT_ONCE)

        async def ask(at: Micros) -> dict[str, int]:
            async with gate:
                return await self._offsets(consumer, at)

        offsets = await asyncio.gather(*map(ask, bounds))
        if bounds and bounds[-1] < begins.stop:
            offsets.append(await self._ends(consumer))
        for name, source in self._sources.items():
            counts = [after[name] - before[name] for before, after in pairwise(offsets)]
            source.counts[day] = counts
            for at, n in zip(bounds, counts, strict=False):
                if n:
                    source.heard = max(source.heard, at + QUARTER)
        return offsets[-1] if offsets else {}

    def _learn(self, name: str, source: _Source, today: Day) -> None:
        out = self._told.absences.days(name, today)
        kept = {day: counts for day, counts in source.counts.items() if day < today}
        source.counts = dict(sorted(kept.items())[-HISTORY:])
        past = {day: counts for day, counts in source.counts.items() if day not in out}
        source.profile = learn(past, self._stage.settings.alarm_budget_days)

    async def _offsets(self, consumer: AIOKafkaConsumer, at: Micros) -> dict[str, int]:
        """By source, how many records its partitions had at a moment."""
        asked = dict.fromkeys(self._partitions, at // _MILLISECOND)
        found = await consumer.offsets_for_times(asked)
        missing = [tp for tp, offset in found.items() if offset is None]
        ends = await consumer.end_offsets(missing) if missing else {}
        return self._summed(
            {tp: each.offset if each is not None else ends[tp] for tp, each in found.items()}
        )

    async def _ends(self, consumer: AIOKafkaConsumer) -> dict[str, int]:
        return self._summed(await consumer.end_offsets(list(self._partitions)))

    def _summed(self, offsets: dict[TopicPartition, int]) -> dict[str, int]:
        sums: dict[str, int] = defaultdict(int)
        for tp, offset in offsets.items():
            sums[self._partitions[tp]] += offset
        return sums

    async def _speak(self) -> None:
        """Tell of silences that begin, last or end; what was said must be known before that."""
        patient = time.monotonic() - self._started > self._stage.settings.alarm_patience
        if not (patient and self._told.is_ready and self._is_mine()):
            return
        generation, outbox = self._stage.fence.generation, Outbox(self._stage.app)
        for name, source in self._sources.items():
            before = self._told.absences.of(name)
            after = await self._judged(name, source, before)
            if after is not None and after != before:
                record = Record(after.id.encode(), _encode(after))
                outbox.records(self._stage.names.alerts, 0, [record])
        oldest = self._policy.first(self._calendar.day(self.now()))
        gone = [Record(each.encode(), None) for each in self._told.absences.before(oldest)]
        outbox.records(self._stage.names.alerts, 0, gone)
        outbox.records(self._stage.names.remarks, 0, gone)
        if outbox and self._stage.fence.generation == generation:
            await outbox.send()
            self._told.catch_up()

    async def _judged(self, name: str, source: _Source, before: Alert | None) -> Alert | None:
        """The alert of a source: the one that fires, as it is now, or a new one."""
        now, profile = self.now(), source.profile
        if before is None:
            if profile is None:
                return None
            length = quiet(profile, source.heard, now, self._calendar)
            silent = length >= profile.limit
            return absent(name, source.heard, now, profile, self._calendar) if silent else None
        if source.heard <= began(before):
            after = still_absent(before, now, profile, self._calendar)
        else:
            newest = await self._newest(name)
            after = returned(before, now, newest, self._calendar)
        return handled(after, self._told.remarks.of(after.id), moment(now))

    async def _newest(self, name: str) -> Micros:
        """The latest event time among the last records of a source."""
        newest = 0
        topic = self._stage.names.sources[name]
        for record in await last_records(self._stage.settings, topic):
            try:
                event = decode(record.value, record.headers, record.key)
            except RejectedError:
                continue
            newest = max(newest, event.time)
        return newest

    def _is_mine(self) -> bool:
        """Whether the company's scores are this worker's."""
        partition = partition_of(COMPANY, self._stage.settings.partitions)
        return partition in self._stage.owned(self._stage.names.rollups)
