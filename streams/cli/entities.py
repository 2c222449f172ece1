"""Which entities there are, and which of them somebody may have meant.

Alerts tell of a few, baselines of teams and branches, the reference of whoever was placed and of
campaigns that were defined. Scores would tell of executives without a placement as well, but
that topic is large.
"""

from __future__ import annotations

from contextlib import suppress
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final, get_args

import msgspec

from scoring.alerting.scopes import Scope
from scoring.events.fields import Channel
from scoring.notes import Campaign, Placements
from scoring.panes import COMPANY
from streams.absences import START
from streams.cli.console import fail
from streams.names import Names
from streams.reading import newest
from streams.reference import decode_note

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from scoring.cells import Entity
    from streams.settings import Settings

#: All there can be, whatever events say.
_FIXED: Final[Mapping[Scope, tuple[Entity, ...]]] = {
    Scope.COMPANY: (COMPANY,),
    Scope.CHANNEL: tuple(f"{Scope.CHANNEL}:{channel}" for channel in get_args(Channel)),
}

_MOST_NEAR = 3


async def require(settings: Settings, entity: Entity, *, unknown: bool) -> None:
    """End the command with a sentence if there is no such entity.

    Args:
        settings: How the broker is reached.
        entity: Of which something is to be said.
        unknown: Whether it may be one that is yet to come, where such can come.
    """
    fixed = _FIXED.get(Scope(entity.partition(":")[0]))
    if fixed is not None:
        if entity not in fixed:
            fail(f"there is no {entity}: write {' or '.join(near(entity, fixed) or fixed)}")
        return
    if unknown or entity in (found := await known(settings, entity)):
        return
    alike = near(entity, found)
    write = f"write {' or '.join(alike)}" if alike else "mend it"
    what_to_do = f"{write}, or add --unknown if it is yet to come"
    fail(f"no placement, campaign or alert names {entity}: {what_to_do}")


async def known(settings: Settings, wanted: Entity) -> set[Entity]:
    """Entities that some topic names, the wanted one among them if it is known.

    Larger topics are read only if the smaller ones do not name it.
    """
    names = Names(settings.prefix)
    told = await newest(settings, names.alerts)
    found = {identity.rsplit("|", 2)[0] for identity in told if not identity.startswith(START)}
    if wanted not in found:
        found |= (await newest(settings, names.baselines)).keys()
    if wanted not in found:
        for value in (await newest(settings, names.reference_latest)).values():
            found.update(_of_note(value))
    return found


def near(wanted: Entity, among: Collection[Entity]) -> list[Entity]:
    """Up to three entities whose ids are like the wanted one's, the nearest first."""
    scope = wanted.partition(":")[0]
    by_id: dict[str, list[Entity]] = {}
    # Of one id that of the wanted scope comes first.
    for entity in sorted(among, key=lambda each: (each.partition(":")[0] != scope, each)):
        by_id.setdefault(_id(entity), []).append(entity)
    alike = get_close_matches(_id(wanted), by_id, n=_MOST_NEAR)
    return [entity for each in alike for entity in by_id[each]][:_MOST_NEAR]


def _id(entity: Entity) -> str:
    return entity.partition(":")[2].casefold()


def _of_note(value: bytes) -> Iterator[Entity]:
    """The entities that a note of the reference names."""
    note = None
    with suppress(msgspec.DecodeError):
        _, note = decode_note(value)
    if isinstance(note, Placements):
        yield f"{Scope.EXECUTIVE}:{note.executive}"
        for placement in note.placements:
            yield f"{Scope.TEAM}:{placement.team}"
            yield f"{Scope.BRANCH}:{placement.branch}"
    elif isinstance(note, Campaign):
        yield f"{Scope.CAMPAIGN}:{note.campaign}"
        if note.branch is not None:
            yield f"{Scope.BRANCH}:{note.branch}"
