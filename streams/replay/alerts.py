"""The alerts that a replayed history would have brought: a back-test on what the workers hold."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from scoring import slots
from scoring.alerting.watchlist import Watchlist
from scoring.backtest import Backtest, Telling
from scoring.calendar import micros
from scoring.events.fields import SEPARATOR
from scoring.kpi import Level
from scoring.origins import ORIGIN, watched_as
from scoring.totals import Totals
from streams.panes import StoredPane, decode_stored
from streams.plugins import load_catalogue
from streams.reading import records
from streams.rollups import decode_contribution
from streams.topology import alarm_policy

if TYPE_CHECKING:
    from collections.abc import (
        AsyncIterator,
        Callable,
        Container,
        Iterable,
        Iterator,
        Mapping,
        Sequence,
    )
    from pathlib import Path
    from typing import Protocol, TypeVar

    from scoring.alerting.remarks import Declared
    from scoring.calendar import Day
    from scoring.cells import Entity
    from scoring.events import Micros
    from scoring.reference import Reference
    from streams.names import Names
    from streams.settings import Settings

    class _Versioned(Protocol):
        @property
        def version(self) -> int: ...

    V = TypeVar("V", bound=_Versioned)

_WITH_PANES = (f"{Level.EXECUTIVE}:", ORIGIN)


class Findings(NamedTuple):
    """What a back-test found.

    Attributes:
        tellings: What the alarm would have told.
        unheard: What was declared and could change nothing in it, and why, in words.
    """

    tellings: Sequence[Telling] = ()
    unheard: Sequence[str] = ()


NOTHING_FOUND = Findings()


async def backtest(
    settings: Settings, names: Names, reference: Reference, declared: Sequence[Declared]
) -> Findings:
    """What the alarm would have told, day by day from the first lead to as-of.

    Args:
        settings: Settings of the replay, with its as-of.
        names: Its topics.
        reference: Placements as known at its end.
        declared: Changes that people declared.
    """
    entities = await _totals(settings, names)
    first = _first_day_with_leads(entities)
    if first is None or settings.as_of is None:
        return NOTHING_FOUND
    as_of = micros(settings.as_of)
    watchlist = Watchlist(
        settings.calendar, alarm_policy(settings), load_catalogue(settings).watched
    )
    told = list(Backtest(entities, reference, watchlist, declared).run(first, as_of))
    return Findings(told, list(_unheard(declared, entities, as_of)))


def write(told: Iterable[Telling], output: Path) -> int:
    """Write one JSON line per telling: the day, and the alert as it was then; returns how many."""
    lines = [
        msgspec.json.encode(
            {"day": date.fromordinal(day).isoformat(), **msgspec.structs.asdict(alert)}
        )
        for day, alert in told
    ]
    output.write_bytes(b"".join(line + b"\n" for line in lines))
    return len(lines)


async def _totals(settings: Settings, names: Names) -> dict[Entity, Totals]:
    """The totals of all that is watched, from the tables."""
    entities: dict[Entity, Totals] = {}
    async for key, stored in _newest(settings, names.changelog("panes"), decode_stored):
        entity, _, day = key.partition(SEPARATOR)
        if isinstance(stored, StoredPane) and entity.startswith(_WITH_PANES):
            entities.setdefault(watched_as(entity), Totals()).add(int(day), stored.pane.cells)
    async for key, said in _newest(settings, names.changelog("rollups"), decode_contribution):
        parent, day, child = key.split(SEPARATOR)
        entities.setdefault(parent, Totals()).hear(child, int(day), said.cells)
    return entities


async def _newest(
    settings: Settings, changelog: str, decode: Callable[[bytes], V]
) -> AsyncIterator[tuple[str, V]]:
    """The value of each key with the largest version."""
    newest: dict[str, V] = {}
    async for record in records(settings, changelog):
        key = record.key.decode()
        if record.value is None:
            newest.pop(key, None)
            continue
        value = decode(record.value)
        if key not in newest or value.version >= newest[key].version:
            newest[key] = value
    for item in newest.items():
        yield item


def _unheard(
    declared: Iterable[Declared], entities: Container[Entity], as_of: Micros
) -> Iterator[str]:
    for each in declared:
        what = f"{each.entity}, declared from {each.since}, changes nothing"
        if each.entity not in entities:
            yield f"{what}: the history has no {each.entity}"
        elif micros(each.at) > as_of:
            yield f"{what}: it was said at {each.at.isoformat()}, after the history ends"


def _first_day_with_leads(entities: Mapping[Entity, Totals]) -> Day | None:
    return min(
        (
            day
            for totals in entities.values()
            for days in totals.by_day(slots.LEADS_BY_CHANNEL).items()
            for day in days[:1]
        ),
        default=None,
    )
