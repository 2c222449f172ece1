"""Silence: a source without events for longer than its own history allows.

Time is counted in quarters of an hour within business hours, and measured by the events that a
quarter of that weekday and hour usually brings: a quiet lunch is not an outage, a quiet morning
may be one. A run of empty quarters is as long as the events that it should have brought. How
long such runs are in health is learned from the longest of them, whose excesses over a
threshold are about exponential (Pickands 1975), and never taken to be rarer than those of a
Poisson process. The limit is the length that is exceeded once in the budget's days.
"""

from __future__ import annotations

from itertools import dropwhile, groupby
from math import exp, log, sqrt
from typing import TYPE_CHECKING, NamedTuple

from scoring.alerting.stages import Stage
from scoring.calendar import QUARTER
from scoring.events import EVENT_TYPES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from scoring.calendar import Calendar, Day
    from scoring.events import Micros
    from scoring.kpi import Kpi

#: Families of events whose silence is told.
SOURCES = ("leads", "sales", "feedback", "activity")
#: Business days from which a source is known, at most; those with events and events, at least.
HISTORY = 40
_LEAST_DAYS = 10
_LEAST_EVENTS = 30
_WEEK = 7
_PER_HOUR = 4
#: Quarters by which a weekday's hour is shrunk to the same hour of all days.
_SHRINK = 16
#: The longest runs, of which the tail is learned: at most so many, and this share of all.
_LONGEST, _SHARE = 50, 0.2
#: Days by which the level of late is known.
_RECENT = 5


class Profile(NamedTuple):
    """How a source sounds in health.

    Attributes:
        usual: Events of a quarter, by weekday, Monday first, and hour since opening.
        level: How much of that has come of late; at most 1.
        threshold: Length of a run, in events that should have come, beyond which the tail is.
        runs: Runs a day that are as long.
        scale: By how many more events a longer one is longer, on average.
        limit: Length that is reached once in the budget's days.
        budget: Those days.
        events: From how many events all this is known.
    """

    usual: Mapping[tuple[int, int], float]
    level: float
    threshold: float
    runs: float
    scale: float
    limit: float
    budget: float
    events: int

    def expect(self, day: Day, at: int) -> float:
        """Events that a quarter should bring, the `at`-th of a business day."""
        return self.usual.get(((day - 1) % _WEEK, at // _PER_HOUR), 0.0) * self.level

    def days(self, length: float) -> float:
        """In health a run is so long at most once in so many days."""
        return exp(min(max(length - self.threshold, 0.0) / self.scale, 200.0)) / self.runs


def quarters(calendar: Calendar, day: Day) -> range:
    """The moments at which the business quarters of a day begin; none on a day of rest."""
    opens, closes = calendar.hours_of_work(day)
    return range(opens, closes, QUARTER)


def depends_on(stage: Stage) -> frozenset[str]:
    """The sources without which nothing can be said of a stage."""
    early = stage in (Stage.CONTACTED, Stage.QUALIFIED)
    return frozenset({"leads"} if early else {"leads", "sales"})


def needs(kpis: Iterable[Kpi] = ()) -> dict[str, frozenset[str]]:
    """The sources without which nothing can be said of an indicator, by indicator."""
    found: dict[str, frozenset[str]] = {stage: depends_on(stage) for stage in Stage}
    for kpi in kpis:
        families = {EVENT_TYPES[event].family for event in kpi.events if event in EVENT_TYPES}
        found[kpi.id] = frozenset(families).intersection(SOURCES)
    return found


def learn(history: Mapping[Day, Sequence[int]], budget: float) -> Profile | None:
    """The profile of a source.

    Args:
        history: Events of each business quarter, by business day; without days of outages.
        budget: Days in which silence may be told once though all is well.

    Returns:
        None if too little is known.
    """
    # Before its first event a source was not silent, it was not there.
    lived = dict(dropwhile(lambda each: not any(each[1]), sorted(history.items())))
    days, events = len(lived), sum(map(sum, lived.values()))
    if sum(map(any, lived.values())) < _LEAST_DAYS or events < _LEAST_EVENTS:
        return None
    poisson = log(max(events / days, 1.0) * budget)
    # Where no whole day is silent by chance, one that was is an outage or a holiday.
    known = {day: counts for day, counts in lived.items() if any(counts) or events / days < poisson}
    usual = _usual(known)
    profile = Profile(usual, 1.0, 0.0, max(events / len(known), 1.0), 1.0, poisson, budget, events)
    recent = list(known)[-_RECENT:]
    should = sum(profile.expect(day, at) for day in recent for at in range(len(known[day])))
    came = sum(sum(known[day]) for day in recent)
    level = min(came / should, 1.0) if should else 1.0
    return _tail(profile, known)._replace(level=level)


def quiet(profile: Profile, since: Micros, now: Micros, calendar: Calendar) -> float:
    """Events that should have come in the whole business quarters from a moment until now."""
    return sum(
        profile.expect(day, at)
        for day in range(calendar.day(since), calendar.day(now) + 1)
        for at, begins in enumerate(quarters(calendar, day))
        if since <= begins and begins + QUARTER <= now
    )


def _usual(history: Mapping[Day, Sequence[int]]) -> dict[tuple[int, int], float]:
    cells: dict[tuple[int, int], list[int]] = {}
    hours: dict[int, list[int]] = {}
    for day, counts in history.items():
        for at, n in enumerate(counts):
            hour = at // _PER_HOUR
            cells.setdefault(((day - 1) % _WEEK, hour), []).append(n)
            hours.setdefault(hour, []).append(n)
    means = {hour: sum(ns) / len(ns) for hour, ns in hours.items()}
    # A weekday that was never seen is like the others.
    return {
        (weekday, hour): (sum(ns) + _SHRINK * means[hour]) / (len(ns) + _SHRINK)
        for weekday in range(_WEEK)
        for hour in hours
        for ns in (cells.get((weekday, hour), ()),)
    }


def _tail(profile: Profile, history: Mapping[Day, Sequence[int]]) -> Profile:
    """The profile with the tail of its runs, if that is heavier than by chance alone."""
    lengths = sorted(_runs(profile, history), reverse=True)
    longest = min(int(len(lengths) * _SHARE), _LONGEST)
    if not longest:
        return profile
    threshold, runs = lengths[longest], longest / len(history)
    excess = sum(lengths[:longest]) / longest - threshold
    # Known from few runs, it is taken a deviation high.
    scale = max(excess * (1 + 1 / sqrt(longest)), 1.0)
    limit = threshold + scale * max(log(runs * profile.budget), 0.0)
    if limit <= profile.limit:
        return profile
    return profile._replace(threshold=threshold, runs=runs, scale=scale, limit=limit)


def _runs(profile: Profile, history: Mapping[Day, Sequence[int]]) -> Iterator[float]:
    """Lengths of the runs of empty quarters; a night is no end of one."""
    every = (
        (n == 0, profile.expect(day, at))
        for day, counts in history.items()
        for at, n in enumerate(counts)
    )
    for empty, run in groupby(every, key=lambda each: each[0]):
        if empty:
            yield sum(expected for _, expected in run)
