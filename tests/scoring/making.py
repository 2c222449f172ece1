"""Short names for what the core's tests are made of: moments, days, events, panes, journeys."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from scoring.calendar import SECOND, Calendar, PaneAt, micros
from scoring.cells import Horizon
from scoring.events import Event
from scoring.meaning import Rules
from scoring.notes import Campaign, Placement, Placements, Target
from scoring.reference import Reference

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from scoring.calendar import Day
    from scoring.cells import Cells, Place
    from scoring.events import EventData, Micros
    from scoring.notes import ReferenceNote
    from scoring.score import Figures

KOLKATA = Calendar(ZoneInfo("Asia/Kolkata"))
BERLIN = Calendar(ZoneInfo("Europe/Berlin"))
NEW_YORK = Calendar(ZoneInfo("America/New_York"))
SAO_PAULO = Calendar(ZoneInfo("America/Sao_Paulo"))
BEIRUT = Calendar(ZoneInfo("Asia/Beirut"))
#: Its clocks change by half an hour.
LORD_HOWE = Calendar(ZoneInfo("Australia/Lord_Howe"))
CALENDARS = (KOLKATA, BERLIN, NEW_YORK, SAO_PAULO, BEIRUT)

FORTNIGHT = 14 * 86_400 * SECOND
RULES = Rules(KOLKATA, FORTNIGHT, 801 * 86_400 * SECOND)

SLOTS = ("leads", "volume", "leads.channel|web", "leads.channel|a|b#c", "repeat#C-1", "repeat#x|y#")
vectors = st.dictionaries(st.sampled_from(SLOTS), st.integers(-9, 9).filter(bool), max_size=4)
#: Cells as panes hold them: without zeros and empty vectors.
cells_of_days = st.dictionaries(st.integers(0, 287), vectors.filter(bool), max_size=4)
#: The same, some of them hours and the whole day.
coarse_cells = st.dictionaries(st.integers(-25, 40), vectors.filter(bool), max_size=4)
#: A horizon before all days of tests: everything is kept as fine as it came.
EVERYTHING = Horizon(0, PaneAt(0, 0))


def at(text: str, calendar: Calendar = KOLKATA) -> Micros:
    """A local moment, `2026-03-02T10:00`."""
    return micros(datetime.fromisoformat(text).replace(tzinfo=calendar.zone))


def day(text: str) -> Day:
    """A day, `2026-03-02`."""
    return date.fromisoformat(text).toordinal()


def number(figures: Figures, name: str) -> float | None:
    """A figure that is a number, or undefined."""
    value = figures[name]
    assert value is None or isinstance(value, int | float)
    return value


def event(data: EventData, time: str, identity: str = "1", source: str = "/crm") -> Event:
    """An accepted event at a moment of the default zone."""
    return Event(at(time), source, identity, data)


def reference(
    *,
    placements: Mapping[str, Iterable[tuple[str, str, str]]] | None = None,
    targets: Iterable[tuple[str, str, str, float]] = (),
    campaigns: Mapping[str, bool] | None = None,
    notes: Iterable[ReferenceNote] = (),
) -> Reference:
    """A reference.

    Args:
        placements: (since, team, branch) by executive.
        targets: (entity, kpi, period, value).
        campaigns: Whether it is digital, by campaign.
        notes: Any others.
    """
    known = Reference()
    for executive, places in (placements or {}).items():
        note = Placements(
            executive,
            tuple(
                Placement(day(since), team, branch, active=True, name=None)
                for since, team, branch in places
            ),
        )
        known.learn(f"executive:{executive}", 1, note)
    for entity, kpi, period, value in targets:
        known.learn(f"target:{entity}|{kpi}|{period}", 1, Target(entity, kpi, period, value))
    for campaign, digital in (campaigns or {}).items():
        known.learn(f"campaign:{campaign}", 1, Campaign(campaign, "web", digital, None, None))
    for number, other in enumerate(notes):
        known.learn(f"note:{number}", 1, other)
    return known


def summed(cells: Iterable[Cells]) -> dict[tuple[int, str], int]:
    """The naive sum of cells, by (pane, slot), without zeros."""
    total: defaultdict[tuple[int, str], int] = defaultdict(int)
    for each in cells:
        for index, vector in each.items():
            for slot, n in vector.items():
                total[index, slot] += n
    return {key: n for key, n in total.items() if n}


def flat(places: Mapping[Place, Cells]) -> dict[tuple[Place, int, str], int]:
    """Every integer of cells by place."""
    return {
        (place, *where): n
        for place, cells in places.items()
        for where, n in summed([cells]).items()
    }
