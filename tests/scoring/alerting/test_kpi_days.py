"""Which days of a KPI count, for what is normal and for alerts: 40 leads on every day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from math import sqrt
from typing import TYPE_CHECKING

import msgspec
import pytest

from scoring.alerting.alert import Kind
from scoring.alerting.course import Terms, Told
from scoring.alerting.declared import Change
from scoring.alerting.kpis import KpiWatch
from scoring.alerting.policy import Policy
from scoring.alerting.relief import Relief
from scoring.alerting.scopes import Scope
from scoring.alerting.usual import Usual
from scoring.cells import WHOLE_DAY
from scoring.slots import ANSWERED, LEADS, LOANS, QUALIFIED, REFERRALS
from scoring.totals import Totals
from tests.scoring.alerting.figures import CAMPAIGN, COST, NPS, VOLUME
from tests.scoring.making import reference

if TYPE_CHECKING:
    from scoring.calendar import Day
    from scoring.kpi import Kpi

POLICY = Policy(budgets=dict.fromkeys(Scope, 1e3), history=35, refit=7, memory=21)
#: A baseline begins today, as it does every seven days.
TODAY = 739_893
FIRST = TODAY - 21
TERMS = Terms(budget=1e3, recovery=3.0, horizon=14)
DIGITAL, PRINTED = (reference(campaigns={CAMPAIGN: digital}) for digital in (True, False))


def days(changed: dict[int, int] | None = None, begin: int = -90, end: int = 30) -> Totals:
    """40 leads on each day, but for some, counted from today."""
    found = Totals()
    for since in range(begin, end):
        n = (changed or {}).get(since, 40)
        if n:
            found.add(TODAY + since, {WHOLE_DAY: {LEADS: n}})
    return found


#: On the last five days four leads came instead of 40.
FALLEN = dict.fromkeys(range(-5, 0), 4)


def watching(kpi: Kpi = VOLUME) -> KpiWatch:
    assert kpi.watch is not None
    return KpiWatch("team:T", kpi, kpi.watch, Scope.TEAM, POLICY)


def learned(
    known: Totals, terms: Terms = TERMS, parent: tuple[Usual, ...] = (), today: Day = TODAY
) -> tuple[Usual, ...]:
    watch = watching()
    assert watch.usuals == ()
    watch.alerts(known, parent, today, terms, None)
    return watch.usuals


def iso(since: int) -> str:
    return date.fromordinal(TODAY + since).isoformat()


def test_what_is_normal_begins_every_seven_days_and_is_learned_from_those_before() -> None:
    usuals = learned(days())
    assert [each.since - TODAY for each in usuals] == [-21, -14, -7, 0]
    assert {(each.level, each.cases) for each in usuals} == {(40.0, 35 * 40)}
    assert [each.since - TODAY for each in learned(days(), today=TODAY + 6)] == [-21, -14, -7, 0]


def test_what_may_rise_is_as_far_above_what_is_normal_as_what_may_drop_is_below() -> None:
    assert VOLUME.watch is not None
    dear = replace(VOLUME, watch=replace(VOLUME.watch, higher_is_better=False))
    assert dear.watch is not None
    watch = KpiWatch("team:T", dear, dear.watch, Scope.TEAM, POLICY)
    many = days(dict.fromkeys(range(-5, 0), 80))
    (alert,) = watch.alerts(many, (), TODAY, TERMS, None)
    assert (alert.kind, alert.since, alert.observed) == (Kind.HIGHER, iso(-5), 400)
    high, low = watch.usuals[0], learned(days())[0]
    assert high.level == low.level == 40.0
    assert high.limit - 40 == pytest.approx(40 - low.limit)
    assert high.limit > 40


def test_a_drop_is_counted_from_its_first_day_to_yesterday() -> None:
    watch = watching()
    (alert,) = watch.alerts(days(FALLEN), (), TODAY, TERMS, None)
    assert iso(-5) <= alert.raised <= iso(-3)
    assert (alert.since, alert.observed, alert.expected) == (iso(-5), 20, 200.0)
    assert (alert.days, alert.n) == (5, 20)
    # Nothing is learned while it fires, so what was normal a week ago still is.
    usual = watch.usuals[-1]
    assert usual.since == TODAY - 7
    assert (alert.baseline, alert.baseline_cases) == (40.0, 1400)
    variance = 5 * (40 + usual.spread * 40 * 40)
    assert alert.deviation == pytest.approx((20 - 200) / sqrt(variance), abs=1e-3)


def test_a_day_of_rest_is_none() -> None:
    rests = TERMS._replace(rests=frozenset({TODAY - 3}))
    (alert,) = watching().alerts(days(FALLEN), (), TODAY, rests, None)
    assert (alert.since, alert.observed, alert.expected) == (iso(-5), 16, 160.0)


@pytest.mark.parametrize("idle", [-4, -1])
def test_a_day_without_leads_counts_if_anybody_was_at_work(idle: int) -> None:
    fallen = FALLEN | {idle: 0}
    (alert,) = watching().alerts(days(fallen), (), TODAY, TERMS, None)
    assert (alert.observed, alert.expected) == (16, 160.0)
    for work in (QUALIFIED, ANSWERED, LOANS):
        known = days(fallen)
        known.add(TODAY + idle, {WHOLE_DAY: {work: 1}})
        (alert,) = watching().alerts(known, (), TODAY, TERMS, None)
        assert (alert.observed, alert.expected) == (16, 200.0)
        elsewhere = days(fallen)
        for beside in (idle - 1, idle + 1):
            elsewhere.add(TODAY + beside, {WHOLE_DAY: {work: 1}})
        (alert,) = watching().alerts(elsewhere, (), TODAY, TERMS, None)
        assert (alert.observed, alert.expected) == (16, 160.0)


def test_what_others_explain_is_no_drop() -> None:
    explained = TERMS._replace(reliefs=(Relief(TODAY - 5, TODAY, factor=0.1),))
    assert watching().alerts(days(FALLEN), (), TODAY, explained, None) == []


def test_days_of_rest_and_without_work_and_of_told_alerts_are_not_learned_from() -> None:
    rests = TERMS._replace(rests=frozenset({FIRST - 1, FIRST - 2, FIRST}))
    assert learned(days(), rests)[0].cases == 33 * 40
    idle = learned(days({-30: 0, -31: 0}))[0]
    assert (idle.level, idle.cases) == (40.0, 33 * 40)
    over = TERMS._replace(told=(Told(FIRST - 10, FIRST - 7),))
    assert learned(days(), over)[0].cases == 32 * 40
    fires = TERMS._replace(told=(Told(FIRST - 4, None),))
    assert learned(days(), fires)[0].cases == 31 * 40


def test_days_of_a_drop_are_not_learned_from() -> None:
    fallen = days(dict.fromkeys(range(-19, -16), 4))
    usual = learned(fallen)[-1]
    assert usual.since == TODAY
    assert usual.level == pytest.approx(40.0, abs=0.5)
    assert usual.cases < 33 * 40


def test_an_alert_from_before_the_first_day_fires_on_and_resolves() -> None:
    fires = TERMS._replace(told=(Told(FIRST - 4, None),))
    (alert,) = watching().alerts(days(), (), TODAY, fires, None)
    assert alert.raised == iso(-25)
    assert alert.resolved is not None


def test_of_whom_too_little_is_known_nothing_is_said() -> None:
    young = days(FALLEN, begin=-27)
    assert learned(young) == ()
    fires = TERMS._replace(told=(Told(FIRST - 4, None),))
    assert watching().alerts(young, (), TODAY, fires, None) == []


def test_who_is_known_for_four_weeks_is_watched_from_then_on() -> None:
    watch = watching()
    (alert,) = watch.alerts(days(FALLEN, begin=-35), (), TODAY, TERMS, None)
    assert [(each.since - TODAY, each.cases) for each in watch.usuals] == [(-7, 28 * 40)]
    assert (alert.since, alert.observed, alert.expected) == (iso(-5), 20, 200.0)
    earlier = FALLEN | {-9: 4, -8: 4}
    (alert,) = watching().alerts(days(earlier, begin=-37), (), TODAY, TERMS, None)
    assert alert.since >= iso(-7), "what came before was judged by nothing"


def test_from_its_first_day_on_it_is_judged() -> None:
    watch = watching()
    (alert,) = watch.alerts(days(dict.fromkeys(range(-7, 0), 4), begin=-35), (), TODAY, TERMS, None)
    assert (alert.since, alert.since_low, alert.days) == (iso(-7), iso(-7), 7)


def normal(since: int, spread: float) -> Usual:
    """What is normal for a parent from a day on, counted from the first."""
    return Usual(FIRST + since, 100.0, 95.0, 3500, size=100.0, spread=spread)


@pytest.mark.parametrize(("since", "known"), [(7, [0, 1, 1, 1]), (8, [0, 0, 1, 1])])
def test_who_learns_leans_on_what_was_normal_for_the_parent_then(
    since: int, known: list[int]
) -> None:
    usuals = learned(days(), parent=(normal(-9, 0.0), normal(since, 0.5)))
    even, uneven = (learned(days(), parent=(normal(-9, by),))[0].spread for by in (0.0, 0.5))
    assert even < uneven
    assert [each.spread for each in usuals] == [(even, uneven)[at] for at in known]


def test_a_declared_change_ends_what_was_known() -> None:
    fallen = dict.fromkeys(range(-12, 0), 4)
    changed = TERMS._replace(changes=(Change(TODAY - 6, TODAY - 6, "an end"),))
    watch = watching()
    (alert,) = watch.alerts(days(fallen), (), TODAY, changed, None)
    assert (alert.since, alert.resolved) == (iso(-12), iso(-6))
    assert (alert.observed, alert.expected, alert.days) == (24, 240.0, 6)
    assert [each.since - TODAY for each in watch.usuals] == [-21, -14]


def test_after_a_change_it_is_learned_from_then_on_and_more_carefully() -> None:
    changed = TERMS._replace(changes=(Change(TODAY - 28, TODAY - 28, "an end"),))
    (usual,) = learned(days(dict.fromkeys(range(-90, -28), 80)), changed)
    assert (usual.since, usual.cases, usual.level) == (TODAY, 28 * 40, 40.0)
    (ordinary,) = learned(days(begin=-28))
    assert 40 - usual.limit == pytest.approx(2 * (40 - ordinary.limit))


def test_a_change_before_what_is_learned_from_is_none() -> None:
    changed = TERMS._replace(changes=(Change(TODAY - 35, TODAY - 35, "an end"),))
    usuals = learned(days(), changed)
    assert [(each.since - TODAY, each.cases) for each in usuals] == [(-7, 28 * 40), (0, 35 * 40)]
    assert usuals[-1] == learned(days())[-1]


def test_after_a_change_evidence_begins_with_what_is_learned() -> None:
    changed = TERMS._replace(changes=(Change(TODAY - 37, TODAY - 37, "an end"),))
    watch = watching()
    fallen = dict.fromkeys(range(-9, 0), 4)
    (alert,) = watch.alerts(days(fallen), (), TODAY, changed, None)
    assert [each.since - TODAY for each in watch.usuals] == [-7]
    assert (alert.since, alert.days) == (iso(-7), 7)


def test_what_is_found_is_kept_until_something_of_it_changes() -> None:
    watch, known = watching(), days(FALLEN)

    def again(today: Day = TODAY, terms: Terms = TERMS, parent: tuple[Usual, ...] = ()) -> object:
        return watch.alerts(known, parent, today, terms, None)

    found = again()
    assert again() is found
    known.add(TODAY - 3, {WHOLE_DAY: {REFERRALS: 1}})
    assert again() is found, "of another measure"
    known.add(TODAY, {WHOLE_DAY: {LEADS: 1}})
    known.add(FIRST - 36, {WHOLE_DAY: {LEADS: 1}})
    assert again() is found, "of a day that does not count"
    for since in (-1, FIRST - 35 - TODAY):
        for slot in (LEADS, ANSWERED, QUALIFIED, LOANS):
            known.add(TODAY + since, {WHOLE_DAY: {slot: 1}})
            changed = again()
            assert changed is not found
            assert again() is changed
            found = changed
    for other in (
        again(today=TODAY - 1),
        again(terms=TERMS._replace(budget=2e3)),
        again(parent=(normal(0, 0.1),)),
    ):
        assert other is not found
        found = other
    other = watch.alerts(days(FALLEN), (normal(0, 0.1),), TODAY, TERMS, None)
    assert other is not found, "of other totals"


def test_a_mean_is_found_whoever_was_at_work() -> None:
    watch, known = watching(NPS), days()
    found = watch.alerts(known, (), TODAY, TERMS, None)
    known.add(TODAY - 1, {WHOLE_DAY: {ANSWERED: 1, LEADS: 1}})
    assert watch.alerts(known, (), TODAY, TERMS, None) is found


def test_which_campaigns_are_digital_matters_where_they_are_counted_alone() -> None:
    known = days()
    for kpi, matters in ((COST, True), (VOLUME, False)):
        watch = watching(kpi)
        found = watch.alerts(known, (), TODAY, TERMS, DIGITAL)
        assert watch.alerts(known, (), TODAY, TERMS, DIGITAL) is found
        assert (watch.alerts(known, (), TODAY, TERMS, PRINTED) is not found) == matters
        assert watch.alerts(known, (), TODAY, TERMS, None) == []


def test_between_a_change_and_what_is_learned_after_it_nothing_is_proven() -> None:
    assert VOLUME.watch is not None
    longer = msgspec.structs.replace(POLICY, memory=42)
    watch = KpiWatch("team:T", VOLUME, VOLUME.watch, Scope.TEAM, longer)
    changed = TERMS._replace(changes=(Change(TODAY - 38, TODAY - 38, "an end"),))
    fallen = days(dict.fromkeys(range(-9, 0), 4))
    (alert,) = watch.alerts(fallen, (), TODAY, changed, None)
    assert [each.since - TODAY for each in watch.usuals] == [-42, -7]
    assert (alert.since, alert.days, alert.observed) == (iso(-7), 7, 28)
