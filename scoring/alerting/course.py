"""Course: how an entity's alerts at one stage come and go, day by day.

A fold over days: evidence grows, an alert is raised when it reaches the budget, and resolved
by the reverse test, when health has become much likelier than a drop since. What was told
stands: an alert that was raised or resolved in the middle of a day, or before late events
changed what is known, is raised and resolved again on the same days, with the same identity.
"""

from __future__ import annotations

from datetime import date
from math import log
from typing import TYPE_CHECKING, Generic, NamedTuple, Protocol, TypeVar

from scoring.alerting.dating import SEVERE, TYPICAL, Mark, Since, Walk, candidates, since
from scoring.alerting.detector import NOTHING, Cohort, Evidence, advance, odds

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Self

    from scoring.alerting.alert import Alert
    from scoring.alerting.declared import Change
    from scoring.alerting.detector import Slice
    from scoring.alerting.relief import Relief
    from scoring.calendar import Day


#: Health over a drop, since the worst day, as a log likelihood ratio: what is no chance any more.
_RECOVERING = log(10)


class Incident(NamedTuple):
    """An alert's life so far.

    Attributes:
        raised: Day on which it was raised; its identity.
        since: When the drop began, as seen on that day.
        resolved: Day on which it was resolved; None while it fires.
        end: The sums at its end, or now.
        worst: The sums when a drop since then was likeliest: what came after is recovery.
        evidence: Its largest evidence, in days.
        of_sales: Share of the evidence at its raising which says that closing got worse.
    """

    raised: Day
    since: Since
    resolved: Day | None
    end: Mark
    worst: Mark
    evidence: float
    of_sales: float

    @property
    def recovers(self) -> bool:
        """Whether it has clearly got better since it was worst."""
        return self.worst.walk.typical - self.end.walk.typical >= _RECOVERING


class Told(NamedTuple):
    """The days on which an alert was raised and resolved, as told before."""

    raised: Day
    resolved: Day | None

    @classmethod
    def of(cls, alert: Alert) -> Told:
        """Those of an alert."""
        resolved = date.fromisoformat(alert.resolved).toordinal() if alert.resolved else None
        return cls(date.fromisoformat(alert.raised).toordinal(), resolved)


class Terms(NamedTuple):
    """When alerts are raised and resolved.

    Attributes:
        budget: Evidence, in days, that raises.
        recovery: Log likelihood ratio of health over a drop that resolves.
        horizon: Age in days after which a cohort is settled.
        rests: Days on which the clock stands still.
        told: Alerts as they were told before.
        reliefs: What alerts of others explain.
        changes: From when on the rate is another, as was declared.
    """

    budget: float
    recovery: float
    horizon: int
    rests: frozenset[Day] = frozenset()
    told: tuple[Told, ...] = ()
    reliefs: tuple[Relief, ...] = ()
    changes: tuple[Change, ...] = ()


class Proof(Protocol):
    """What is known against "all is well"."""

    def days(self) -> float:
        """Evidence in days: in health it is reached at most once in so many."""

    def closing(self) -> float:
        """Share of it that says that closing got worse, of leads."""

    def forget(self) -> Self:
        """Begin anew."""


E = TypeVar("E", bound=Proof)


class Course(NamedTuple, Generic[E]):
    """The state after a day.

    Attributes:
        marks: Sums at the beginning of each day on which a drop may have begun, of the last
            day, and at its end.
        evidence: Of a drop.
        recovery: Of health, while an alert fires.
        incidents: All alerts so far; only the last may fire.
    """

    marks: tuple[Mark, ...]
    evidence: E
    recovery: float = 0.0
    incidents: tuple[Incident, ...] = ()

    @property
    def firing(self) -> bool:
        """Whether the last alert fires."""
        return bool(self.incidents) and self.incidents[-1].resolved is None

    def then(self, mark: Mark, evidence: E, proven: float, terms: Terms) -> Course[E]:
        """The course after a day.

        Args:
            mark: The sums at its end.
            evidence: What is known by then.
            proven: By how much the day makes a typical drop likelier than health, as a logarithm.
            terms: When alerts are raised and resolved.
        """
        after = self._replace(marks=(*candidates(self.marks), mark), evidence=evidence)
        if self.firing:
            return _resolved(after, max(self.recovery - proven, 0.0), terms)
        return _raised(after, terms)

    def is_calm(self, terms: Terms) -> bool:
        """Whether what is normal may be learned: not while a drop fires or is half proven."""
        return not self.firing and self.evidence.days() < terms.budget**0.5

    def abnormal(self) -> Iterator[Day]:
        """Days of drops, which no baseline should learn from."""
        for incident in self.incidents:
            yield from range(incident.since.mark.day, incident.end.day)


def follow(
    course: Course[Evidence],
    seen: Slice,
    created: int,
    weight: float,
    fair: float,
    terms: Terms,
    whole: Slice | None = None,
) -> Course[Evidence]:
    """The course of leads after a day, or after the part of it that has passed.

    Args:
        course: The course before it.
        seen: What the day brought.
        created: Leads created.
        weight: Share of a working day that it was.
        fair: The rate over the low rate by which the detector goes.
        terms: When alerts are raised and resolved.
        whole: The same beside what the whole day should bring, if it is not over. Some hours
            bring more than the profile says, and so an alert is resolved within a day by
            what would be enough at its end.
    """
    last = course.marks[-1]
    observed, expected = sum(seen.observed), sum(seen.expected)
    growth = _growth(seen)
    mark = Mark(
        last.day + 1,
        last.walk.on(growth),
        last.observed + observed,
        last.expected + expected * fair,
        last.leads + created,
    )
    evidence = advance(course.evidence, seen, weight, terms.horizon)
    proven = growth if whole is None else _growth(whole)
    return course.then(mark, evidence, proven.typical, terms)


def begun(first: Day, evidence: E, told: Sequence[Told]) -> Course[E]:
    """The course before the first day; an alert of an earlier day may still fire."""
    mark = Mark(first, Walk(), 0.0, 0.0, 0)
    earlier = [t for t in told if t.raised < first and (t.resolved is None or t.resolved >= first)]
    fired = tuple(
        Incident(t.raised, Since(mark, first, first), None, mark, mark, 0.0, 1.0)
        for t in earlier[-1:]
    )
    return Course((mark,), evidence, incidents=fired)


def anew(course: Course[E], day: Day, evidence: E) -> Course[E]:
    """The course on a day from which on its past proves nothing; an alert ends there."""
    incidents = course.incidents
    if course.firing:
        incidents = (*incidents[:-1], incidents[-1]._replace(resolved=day))
    return begun(day, evidence, ())._replace(incidents=incidents)


def begin(first: Day, horizon: int, told: Sequence[Told]) -> Course[Evidence]:
    """The course of leads before the first day."""
    return begun(first, blank(horizon), told)


def restarted(course: Course[Evidence], day: Day, horizon: int) -> Course[Evidence]:
    """The course of leads on a day from which on its past proves nothing."""
    return anew(course, day, blank(horizon))


def blank(horizon: int) -> Evidence:
    """No evidence, and cohorts that start none."""
    return Evidence(young=(Cohort(0.0, NOTHING),) * horizon)


def _growth(seen: Slice) -> Walk:
    """By how much a day makes drops likelier than health."""
    observed, expected = sum(seen.observed), sum(seen.expected)
    typical, severe = (odds(ratio, expected, seen.spread) for ratio in (TYPICAL, SEVERE))
    return Walk(
        typical.case * observed + typical.credit,
        severe.case * observed + severe.credit,
    )


def _raised(course: Course[E], terms: Terms) -> Course[E]:
    """The course with a new alert, if there is enough evidence for one.

    Before the last one that was told only those come that were told: late events that prove a
    drop sooner do not rename its alert.
    """
    days, today = course.evidence.days(), course.marks[-2].day
    known = [told.raised for told in terms.told]
    if today not in known and (days < terms.budget or today < max(known, default=today)):
        return course
    of_sales = course.evidence.closing()
    now = course.marks[-1]
    incident = Incident(today, since(course.marks), None, now, now, days, of_sales)
    return course._replace(incidents=(*course.incidents, incident), recovery=0.0)


def _resolved(course: Course[E], recovery: float, terms: Terms) -> Course[E]:
    """The course with its alert brought up to date, or resolved."""
    today, now, incident = course.marks[-2].day, course.marks[-1], course.incidents[-1]
    incident = incident._replace(
        end=now,
        worst=max(now, incident.worst, key=lambda mark: mark.walk.typical),
        evidence=max(incident.evidence, course.evidence.days()),
    )
    earlier = course.incidents[:-1]
    if recovery < terms.recovery and all(told.resolved != today for told in terms.told):
        return course._replace(recovery=recovery, incidents=(*earlier, incident))
    return Course(
        marks=course.marks[-1:],
        evidence=course.evidence.forget(),
        incidents=(*earlier, incident._replace(resolved=today)),
    )
