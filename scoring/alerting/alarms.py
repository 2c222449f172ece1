"""Alarms: what an entity's totals say about drops and KPIs that got worse, now.

Everything follows from what is known now and what was told before: baselines, evidence and
alerts are computed from the day sums of the entity's cells, as far back as the policy
remembers. A restart or a replay finds the same, and late events restate it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import log
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from scoring.alerting.alert import Alert, describe
from scoring.alerting.baseline import Baseline, learn
from scoring.alerting.cohorts import Cohorts, cohorts, hours
from scoring.alerting.course import Course, Terms, Told, begin, follow, restarted
from scoring.alerting.declared import because, before, changes, closed, explaining
from scoring.alerting.detector import Evidence, Slice
from scoring.alerting.idle import NO_LULLS, Lulls, Run
from scoring.alerting.kpis import KpiWatch
from scoring.alerting.relief import NO_RELIEFS, Relief, Reliefs, relieved
from scoring.alerting.scopes import Scope, scope_of
from scoring.alerting.stages import Stage
from scoring.alerting.usual import Usual
from scoring.calendar import HOUR
from scoring.windows import Days

if TYPE_CHECKING:
    from scoring.alerting.declared import Change
    from scoring.alerting.policy import Policy
    from scoring.alerting.remarks import Declared
    from scoring.calendar import Calendar, Day
    from scoring.cells import Entity
    from scoring.events import Micros
    from scoring.kpi import Kpi
    from scoring.reference import Reference
    from scoring.totals import Totals

#: An entity's baselines by stage, each of one day on, oldest first.
Baselines: TypeAlias = Mapping[str, Sequence[Baseline]]

#: What is normal of KPIs, by id, each of one day on, oldest first.
Usuals: TypeAlias = Mapping[str, Sequence[Usual]]

NO_BASELINES: Baselines = {}
NO_USUALS: Usuals = {}


class Story(NamedTuple):
    """What a stage came to by the end of yesterday.

    Attributes:
        course: Its alerts.
        baselines: What was normal, by the day from which it held.
        baseline: What is normal now; None where that is yet to be learned.
    """

    course: Course[Evidence]
    baselines: tuple[Baseline, ...]
    baseline: Baseline | None


class Circumstances(NamedTuple):
    """What bears on an entity's alerts beside its figures.

    Attributes:
        declared: Changes of its rates, or of those above it.
        rests: Days on which nothing can be said of an indicator, because a source was silent.
        until: Up to when its sources were heard, by indicator; nothing is expected after that.
        usuals: What is normal of KPIs for the parent.
        reference: Tells which campaigns are digital, and when they run.
        lulls: When nothing came to the company, by KPIs that are counts.
    """

    declared: Sequence[Declared] = ()
    rests: Mapping[str, frozenset[Day]] = {}
    until: Mapping[str, Micros] = {}
    usuals: Usuals = NO_USUALS
    reference: Reference | None = None
    lulls: Lulls = NO_LULLS


ORDINARY = Circumstances()


class _Kept(NamedTuple):
    """A story, and what it follows from.

    Attributes:
        key: Fingerprint of what may change within a day.
        past: Fingerprint of all of it.
        today: The day before which it ends.
        story: What was found.
    """

    key: int
    past: int
    today: Day
    story: Story


class Watch:
    """One entity under watch; keeps what it found about the days before today.

    It may be dropped at any time: what it keeps follows from its arguments. When a day begins it
    goes on from the day before, unless a baseline ends with it; it looks at all days again then,
    and when those change of leads that may still convert.

    Args:
        entity: Which entity.
        calendar: The business calendar.
        policy: Settings.
        kpis: Those that are watched beside the stages of leads, where they are at this level.
    """

    def __init__(
        self, entity: Entity, calendar: Calendar, policy: Policy, kpis: Sequence[Kpi] = ()
    ) -> None:
        self._entity = entity
        self._calendar = calendar
        self._policy = policy
        self._scope = scope_of(entity)
        self._kept: dict[Stage, _Kept] = {}
        self._kpis = {
            kpi.id: KpiWatch(entity, kpi, kpi.watch, self._scope, policy)
            for kpi in kpis
            if kpi.watch is not None and kpi.is_watched_at(self._scope)
        }

    @property
    def baselines(self) -> Baselines:
        """What is normal here, for the entity's children; known after `alerts`."""
        return {stage: kept.story.baselines for stage, kept in self._kept.items()}

    @property
    def usuals(self) -> Usuals:
        """What is normal of KPIs here, for the entity's children; known after `alerts`."""
        return {kpi: watch.usuals for kpi, watch in self._kpis.items()}

    @property
    def lulls(self) -> Lulls:
        """When nothing came here, by KPIs that are counts, if this is the company."""
        lulls = ((kpi, watch.lull) for kpi, watch in self._kpis.items())
        return {kpi: lull for kpi, lull in lulls if lull is not None}

    def alerts(
        self,
        totals: Totals,
        parent: Baselines,
        as_of: Micros,
        told: Iterable[Alert] = (),
        reliefs: Reliefs = NO_RELIEFS,
        circumstances: Circumstances = ORDINARY,
    ) -> list[Alert]:
        """The entity's alerts, firing and resolved, as far back as the policy remembers.

        Args:
            totals: The entity's totals.
            parent: The parent's baselines; empty at the company, or where it has none.
            as_of: The moment up to which the feed is complete: the watermark, or earlier.
            told: The entity's alerts as they were told last, in any order.
            reliefs: What alerts of those above and below it explain.
            circumstances: What bears on it beside.
        """
        told, found = list(told), list[Alert]()
        for indicator in (*Stage, *self._kpis):
            heard = min(as_of, circumstances.until.get(indicator, as_of))
            known = self._known(indicator, circumstances, heard)
            told_here = [alert for alert in told if alert.indicator == indicator]
            explained = {a.id: c for a in told_here if (c := explaining(a, known)) is not None}
            left = (alert for alert in told_here if alert.id not in explained)
            silent = circumstances.rests.get(indicator, frozenset())
            terms = self._terms(left, reliefs.get(indicator, ()), known, silent)
            if isinstance(indicator, Stage):
                normal = parent.get(indicator, ())
                alerts = self._of_stage(indicator, totals, normal, heard, terms)
            else:
                alerts = self._of_kpi(indicator, totals, heard, terms, circumstances)
            found += [alert for alert in alerts if alert.id not in explained]
            found += [closed(a, explained[a.id]) for a in told_here if a.id in explained]
        return found

    def _known(
        self, indicator: str, circumstances: Circumstances, as_of: Micros
    ) -> tuple[Change, ...]:
        """The changes of an indicator, declared by people or by a campaign's definition."""
        known = changes(circumstances.declared, indicator, self._calendar)
        if isinstance(indicator, Stage):
            return known
        run = Run.of(self._entity, circumstances.reference)
        return tuple(sorted((*known, *run.over(self._calendar.day(as_of)))))

    def _terms(
        self,
        told: Iterable[Alert],
        reliefs: Iterable[Relief],
        known: tuple[Change, ...],
        silent: frozenset[Day],
    ) -> Terms:
        policy, scope = self._policy, self._scope
        return Terms(
            policy.budgets[scope],
            log(policy.resolving[scope]),
            policy.horizon,
            policy.rests | silent,
            tuple(map(Told.of, told)),
            tuple(reliefs),
            known,
        )

    def _of_kpi(
        self,
        kpi: str,
        totals: Totals,
        as_of: Micros,
        terms: Terms,
        circumstances: Circumstances,
    ) -> list[Alert]:
        usuals, reference = circumstances.usuals.get(kpi, ()), circumstances.reference
        today = self._calendar.day(as_of)
        first = self._policy.first(today) - self._policy.history
        holidays = self._calendar.business.company.holidays_between(first, today)
        terms = terms._replace(rests=terms.rests | holidays)
        lull = circumstances.lulls.get(kpi)
        alerts = self._kpis[kpi].alerts(totals, usuals, today, terms, reference, lull)
        return [because(alert, terms.changes) for alert in alerts]

    def _of_stage(
        self,
        stage: Stage,
        totals: Totals,
        parent: Sequence[Baseline],
        as_of: Micros,
        terms: Terms,
    ) -> list[Alert]:
        policy, today = self._policy, self._calendar.day(as_of)
        young = cohorts(totals, stage, Days(today - 2 * policy.horizon, today), policy.horizon)
        key = hash((young.until(today - 1), terms, tuple(parent)))
        kept = self._kept.get(stage)
        if kept is None or kept.key != key:
            history = _History(totals, stage, parent, self._scope, policy)
            kept = self._kept[stage] = history.tell(key, today, terms, kept)
        story = kept.story
        if not story.baselines:
            return []
        course, baseline = story.course, story.baselines[-1]
        if story.baseline is not None:
            hours_passed = (as_of - self._calendar.midnight(today)) / HOUR
            share = baseline.passed(hours_passed)
            course = follow_day(course, young, today, baseline, terms, share)
        told = (
            describe(
                self._entity,
                stage,
                incident,
                budget=policy.budgets[self._scope],
                baseline=baseline.rate,
                cases=baseline.cases,
                spread=baseline.spread,
            )
            for incident in course.incidents
        )
        return [because(alert, terms.changes) for alert in told]


def alarms(
    entity: Entity,
    totals: Totals,
    parent: Baselines,
    as_of: Micros,
    calendar: Calendar,
    policy: Policy,
) -> list[Alert]:
    """An entity's alerts, computed from nothing; see `Watch.alerts`."""
    return Watch(entity, calendar, policy).alerts(totals, parent, as_of)


def follow_day(
    course: Course[Evidence],
    known: Cohorts,
    day: Day,
    baseline: Baseline,
    terms: Terms,
    share: float = 1.0,
) -> Course[Evidence]:
    """A course after a day, or after the share of it that has passed.

    The clock rests on days that the policy names, and on days on which nothing at all
    happened: silence is not a drop.
    """
    observed, created = known.observed(day), known.leads[day - known.first]
    weight, whole = share, None
    if day in terms.rests or not (created or any(observed)):
        weight, nothing = 0.0, [0.0] * len(observed)
        seen = Slice(nothing, nothing, 0.0)
    else:
        leads_open, left = known.open(day), 1.0
        if terms.reliefs:
            left = relieved(terms.reliefs, day, sum(baseline.expect(day, leads_open)))
        seen = baseline.slice(day, leads_open, observed, share * left)
        if share < 1.0 and course.firing:
            whole = baseline.slice(day, leads_open, observed, left)
    return follow(course, seen, created, weight, baseline.rate / baseline.low, terms, whole)


class _History(NamedTuple):
    """What is known of a stage, and what it is judged by."""

    totals: Totals
    stage: Stage
    parent: Sequence[Baseline]
    scope: Scope
    policy: Policy

    def tell(self, key: int, today: Day, terms: Terms, before: _Kept | None) -> _Kept:
        """The days before today, from what was kept if the same would be found again."""
        policy = self.policy
        start = policy.first(today) - policy.history - 2 * policy.horizon
        known = cohorts(self.totals, self.stage, Days(start, today), policy.horizon)
        new = any(before and before.today < change.day <= today for change in terms.changes)
        if before and not new and before.past == self._past(known, before.today, terms):
            story = self._continued(known, today, terms, before)
        else:
            story = self._story(known, today, terms)
        return _Kept(key, self._past(known, today, terms), today, story)

    def _past(self, known: Cohorts, day: Day, terms: Terms) -> int:
        """Fingerprint of what the story of the days before one follows from."""
        since = self.policy.beginning(day)
        by_hour = self._hours(since - self.policy.history - self.policy.horizon, since)
        return hash((day, known.until(day - 1), terms, tuple(self.parent), tuple(by_hour)))

    def _continued(self, known: Cohorts, today: Day, terms: Terms, before: _Kept) -> Story:
        """A story that goes on; no baseline ends in it, for all begins anew when one does."""
        course, baselines, baseline = before.story
        for day in range(before.today, today):
            if baseline is not None:
                course = follow_day(course, known, day, baseline, terms)
            elif baselines:
                course = restarted(course, day + 1, self.policy.horizon)
            else:
                course = begin(day + 1, self.policy.horizon, ())
        return Story(course, baselines, baseline)

    def _story(self, known: Cohorts, today: Day, terms: Terms) -> Story:
        """All days, one by one, and the baselines as each came into force."""
        policy, first = self.policy, self.policy.first(today)
        course = begin(first, policy.horizon, terms.told)
        baselines: list[Baseline] = []
        baseline: Baseline | None = None
        changed = {change.day for change in terms.changes}
        for day in range(first, today + 1):
            if day in changed:
                course, baseline = restarted(course, day, policy.horizon), None
            if day == policy.beginning(day) and (baseline is None or course.is_calm(terms)):
                learned = self._learn(known, day, course, terms)
                if learned is not None:
                    baselines.append(learned)
                    baseline = learned
            if day == today:
                break
            if baseline is not None:
                course = follow_day(course, known, day, baseline, terms)
            elif baselines:
                course = restarted(course, day + 1, policy.horizon)
            else:
                course = begin(day + 1, policy.horizon, ())
        # Where nobody is below, nobody needs those of earlier days.
        needed = baselines if self.scope.has_children else baselines[-1:]
        return Story(course, tuple(needed), baseline)

    def _learn(
        self, known: Cohorts, day: Day, course: Course[Evidence], terms: Terms
    ) -> Baseline | None:
        policy, first = self.policy, day - self.policy.history
        change = before(terms.changes, day)
        if change is not None and change.day > first - policy.horizon:
            if day < change.day + policy.horizon + policy.refit:
                return None
            first = max(first, change.day)
            known = known.since(change.day)
            policy = policy.after_change()
        else:
            change, first = None, first - policy.horizon
        by_hour = self._hours(first, day)
        # An alert from before the first day is known by what was told of it alone.
        told = (range(t.raised, t.resolved or day) for t in terms.told)
        skip = terms.rests.union(course.abnormal(), *told)
        parent = next((b for b in reversed(self.parent) if b.since <= day), None)
        learned = learn(known, by_hour, day, skip, parent, self.scope, policy)
        few = learned is not None and learned.cases < policy.least_cases
        return None if change is not None and few else learned

    def _hours(self, first: Day, day: Day) -> list[int]:
        """Cases by hour of what was settled before a day."""
        return hours(self.totals, self.stage, Days(first, day - self.policy.horizon - 1))
