"""KPIs under watch: what an entity's days say of a KPI that declares `watch`.

Like the alarms of stages, all follows from what is known now and what was told before. A day counts
when it is over: how a KPI's figures come in within a day is not known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from scoring.alerting.course import anew, begun
from scoring.alerting.dating import Mark
from scoring.alerting.declared import before
from scoring.alerting.detector import Single
from scoring.alerting.figures import describe
from scoring.alerting.idle import Lull, Run, idle, signs
from scoring.alerting.judging import NO_WORD, Given, judge
from scoring.alerting.relief import eased
from scoring.alerting.scopes import Scope
from scoring.alerting.usual import Learning, observe
from scoring.watching import Count, OfDigital, name_of
from scoring.windows import Days

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scoring.alerting.alert import Alert
    from scoring.alerting.course import Course, Terms
    from scoring.alerting.policy import Policy
    from scoring.alerting.usual import Daily, Usual
    from scoring.calendar import Day
    from scoring.cells import Entity
    from scoring.kpi import Kpi
    from scoring.reference import Reference
    from scoring.totals import Totals
    from scoring.watching import Watched


class Asked(NamedTuple):
    """What a KPI's alerts follow from, beside the entity's totals.

    Attributes:
        today: The first day that is not over.
        parent: What is normal for the parent, oldest first.
        terms: When alerts are raised and resolved.
        digital: The campaigns that are digital, if that matters.
        lull: When nothing came to the company, if that matters.
        run: The days on which something is expected.
    """

    today: Day
    parent: tuple[Usual, ...]
    terms: Terms
    digital: frozenset[str]
    lull: Lull | None
    run: Run


class _Kept(NamedTuple):
    """What was found, from what, and after how many changes of the totals."""

    asked: Asked
    totals: Totals
    changes: int
    measures: frozenset[str]
    days: Days
    usuals: tuple[Usual, ...]
    alerts: list[Alert]
    lull: Lull | None

    def is_touched(self) -> bool:
        """Whether something has changed from which it was found."""
        if self.changes == self.totals.changes:
            return False
        return any(
            measure in self.measures and self.days.first <= day <= self.days.last
            for measure, day in self.totals.changes_since(self.changes)
        )


class KpiWatch:
    """One KPI of one entity under watch; it may be dropped at any time.

    Args:
        entity: Which entity.
        kpi: Which KPI.
        watched: What it declares.
        scope: Of what kind the entity is.
        policy: Settings.
    """

    def __init__(
        self, entity: Entity, kpi: Kpi, watched: Watched, scope: Scope, policy: Policy
    ) -> None:
        self._entity = entity
        self._kpi = kpi
        self._watched = watched
        self._scope = scope
        self._policy = policy
        self._learning = Learning(
            watched.observed, 1 if kpi.is_watched_for_rise else -1, scope, policy
        )
        self._of_digital = any(isinstance(m, OfDigital) for m in watched.observed.measures)
        self._kept: _Kept | None = None

    @property
    def usuals(self) -> tuple[Usual, ...]:
        """What is normal here, for the entity's children, oldest first; known after `alerts`."""
        return self._kept.usuals if self._kept is not None else ()

    @property
    def lull(self) -> Lull | None:
        """When nothing came to the company, for origins; None elsewhere, and of no count."""
        return self._kept.lull if self._kept is not None else None

    def alerts(
        self,
        totals: Totals,
        parent: Sequence[Usual],
        today: Day,
        terms: Terms,
        reference: Reference | None,
        lull: Lull | None = None,
    ) -> list[Alert]:
        """The alerts of the KPI, firing and resolved, as far back as the policy remembers."""
        digital = reference.digital_campaigns() if reference and self._of_digital else ()
        run = Run.of(self._entity, reference)
        lull = lull if self._scope.is_origin else None
        asked = Asked(today, tuple(parent), terms, frozenset(digital), lull, run)
        kept = self._kept
        if kept is None or kept.asked != asked or kept.totals is not totals or kept.is_touched():
            kept = self._look(totals, asked, reference)
        self._kept = kept._replace(changes=totals.changes)
        return kept.alerts

    def _look(self, totals: Totals, asked: Asked, reference: Reference | None) -> _Kept:
        first = self._policy.first(asked.today)
        days = Days(first - self._policy.history, asked.today - 1)
        observed = self._watched.observed
        known = observe(totals, observed, days, reference)
        rests, lull, measures = asked.run.outside(days), None, set(map(name_of, observed.measures))
        if isinstance(observed, Count):
            rests |= idle(self._entity, totals, known, days, asked.lull, asked.run)
            measures.update(signs(self._entity))
            lull = Lull.of(known, days) if self._scope is Scope.COMPANY else None
        usuals, course = _Story(self._learning, known, rests, asked).tell(first)
        baseline = usuals[-1] if usuals else None
        alerts = [
            describe(self._entity, self._kpi, self._watched, each, self._policy.budgets, baseline)
            for each in course.incidents
        ]
        changes, kept = totals.changes, frozenset(measures)
        return _Kept(asked, totals, changes, kept, days, usuals, alerts, lull)


class _Story(NamedTuple):
    """All days, one by one."""

    learning: Learning
    known: Daily
    idle: frozenset[Day]
    asked: Asked

    def tell(self, first: Day) -> tuple[tuple[Usual, ...], Course[Single]]:
        """What was normal, by the day from which it held, and the alerts."""
        terms, policy = self.asked.terms, self.learning.policy
        course = begun(first, Single(), terms.told)
        usuals: list[Usual] = []
        usual: Usual | None = None
        changed = {change.day for change in terms.changes}
        for day in range(first, self.asked.today + 1):
            if day in changed:
                course, usual = anew(course, day, Single()), None
            if day == policy.beginning(day) and (usual is None or course.is_calm(terms)):
                learned = self._learn(day, course)
                if learned is not None:
                    usuals.append(learned)
                    usual = learned
            if day == self.asked.today:
                break
            if usual is not None:
                course = self._follow(course, day, usual)
            elif usuals:
                course = anew(course, day + 1, Single())
            else:
                course = begun(day + 1, Single(), ())
        return tuple(usuals), course

    def _follow(self, course: Course[Single], day: Day, usual: Usual) -> Course[Single]:
        terms, learning = self.asked.terms, self.learning
        word = NO_WORD
        if day not in terms.rests and day not in self.idle:
            given = Given(day, *self.known.at(day), *eased(terms.reliefs, day, learning.bad))
            word = judge(learning.observed, usual, learning.bad, given)
        last = course.marks[-1]
        mark = Mark(
            day + 1,
            last.walk.on(word.walk),
            last.observed + word.observed,
            last.expected + word.expected,
            last.leads + word.cases,
            last.variance + word.variance,
        )
        evidence = course.evidence.grown(word.growths, word.weight)
        return course.then(mark, evidence, word.walk.typical, terms)

    def _learn(self, day: Day, course: Course[Single]) -> Usual | None:
        terms, learning = self.asked.terms, self.learning
        policy, first = learning.policy, day - learning.policy.history
        change = before(terms.changes, day)
        if change is not None and change.day > first:
            first, learning = change.day, learning._replace(policy=policy.after_change())
        told = (range(each.raised, each.resolved or day) for each in terms.told)
        skip = terms.rests.union(self.idle, course.abnormal(), *told)
        parent = next((each for each in reversed(self.asked.parent) if each.since <= day), None)
        days = [each for each in range(first, day) if each not in skip]
        return learning.learn(self.known, day, days, parent)
