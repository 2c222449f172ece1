"""KPIs of where leads come from: 40 leads on every day, and days on which there is none."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

import pytest

from scoring.alerting.alarms import NO_BASELINES, Circumstances, Watch
from scoring.alerting.alert import Kind, Status
from scoring.alerting.course import Terms
from scoring.alerting.idle import Lull, Run, idle
from scoring.alerting.kpis import KpiWatch
from scoring.alerting.policy import Policy
from scoring.alerting.scopes import Scope, scope_of
from scoring.alerting.usual import Daily, Usual
from scoring.business import BusinessWeek, BusinessWeeks
from scoring.calendar import HOUR, Calendar
from scoring.cells import WHOLE_DAY
from scoring.notes import Campaign
from scoring.slots import CAMPAIGN_LEADS, CAMPAIGN_SPEND, LEADS, QUALIFIED, keyed
from scoring.totals import Totals
from scoring.windows import Days
from tests.scoring.alerting.figures import COST, VOLUME
from tests.scoring.making import KOLKATA, reference

if TYPE_CHECKING:
    from scoring.alerting.alert import Alert
    from scoring.calendar import Day
    from scoring.reference import Reference

POLICY = Policy(budgets=dict.fromkeys(Scope, 1e3), history=35, refit=7, memory=21)
TODAY = 739_893
TERMS = Terms(budget=1e3, recovery=3.0, horizon=14)
WEB, CMP = "channel:web", "campaign:CMP"
#: On every day until yesterday somebody brought leads to the company.
BUSY = Lull(TODAY, ())
LATE = range(-5, 0)
SPENT, BROUGHT = keyed(CAMPAIGN_SPEND, "CMP"), keyed(CAMPAIGN_LEADS, "CMP")


class Runs(NamedTuple):
    """A digital campaign's days, counted from today."""

    first: int | None = None
    last: int | None = None

    @property
    def reference(self) -> Reference:
        ends = (None if each is None else TODAY + each for each in self)
        return reference(notes=[Campaign("CMP", "web", True, None, None, *ends)])  # noqa: FBT003


def days(changed: dict[int, dict[str, int]], begin: int = -90) -> Totals:
    """40 leads on each day, but for some, counted from today."""
    found = Totals()
    for since in range(begin, 0):
        found.add(TODAY + since, {WHOLE_DAY: {LEADS: 40} | changed.get(since, {})})
    return found


def those(of: range, **slots: int) -> dict[int, dict[str, int]]:
    return {since: {"leads": 0, **slots} for since in of}


STOPPED = days(those(LATE))


def look(
    entity: str, known: Totals, lull: Lull | None = BUSY, runs: Reference | None = None
) -> list[Alert]:
    assert VOLUME.watch is not None
    watch = KpiWatch(entity, VOLUME, VOLUME.watch, scope_of(entity), POLICY)
    return watch.alerts(known, (), TODAY, TERMS, runs, lull)


def iso(since: int) -> str:
    return date.fromordinal(TODAY + since).isoformat()


def test_a_channel_without_leads_on_days_on_which_others_bring_some_is_told() -> None:
    (alert,) = look(WEB, STOPPED)
    assert (alert.entity, alert.level, alert.title) == (WEB, Scope.CHANNEL, "Lead volume")
    assert (alert.since, alert.observed, alert.expected) == (iso(-5), 0, 200.0)


@pytest.mark.parametrize(
    "lull",
    [None, Lull(TODAY, tuple(TODAY + since for since in LATE)), Lull(TODAY - 5, ())],
    ids=["nobody knows", "nor do others", "not known yet"],
)
def test_a_channel_without_leads_is_silent_where_others_may_have_brought_none(
    lull: Lull | None,
) -> None:
    assert look(WEB, STOPPED, lull) == []
    (few,) = look(WEB, days(those(LATE, leads=4)), lull)
    assert few.observed == 20, "some leads say that it was not silent"


def test_the_end_of_a_campaign_is_no_drop() -> None:
    assert look(CMP, STOPPED, runs=Runs(last=-6).reference) == []
    stragglers = days(those(LATE, leads=4))
    assert look(CMP, stragglers, runs=Runs(last=-6).reference) == []
    (alert,) = look(CMP, STOPPED, runs=Runs(last=30).reference)
    assert (alert.since, alert.observed) == (iso(-5), 0)


@pytest.mark.parametrize("runs", [Runs().reference, Runs(first=-80).reference, None])
def test_a_campaign_without_a_last_day_ends_when_it_brings_and_spends_nothing(
    runs: Reference | None,
) -> None:
    assert look(CMP, STOPPED, runs=runs) == []
    (alert,) = look(CMP, days(those(LATE, **{SPENT: 5_000})), runs=runs)
    assert (alert.since, alert.observed) == (iso(-5), 0)
    (few,) = look(CMP, days(those(LATE, leads=4)), runs=runs)
    assert few.observed == 20


def test_what_a_campaign_brings_outside_its_days_is_no_measure() -> None:
    known = days(those(LATE, leads=4))
    (alert,) = look(CMP, known, runs=Runs(first=-60, last=5).reference)
    assert alert.expected == 200.0
    assert look(CMP, known, runs=Runs(first=-30, last=5).reference) == [], "25 days say too little"


def test_an_alert_of_a_campaign_ends_with_it() -> None:
    known = days(those(range(-9, 0), leads=4))
    told: list[Alert] = []
    for now, last, status in ((-2, 30, Status.FIRING), (0, -4, Status.RESOLVED)):
        watch = Watch(CMP, KOLKATA, POLICY, [VOLUME])
        circumstances = Circumstances(reference=Runs(last=last).reference, lulls={VOLUME.id: BUSY})
        as_of = KOLKATA.midnight(TODAY + now) + 9 * HOUR
        told = watch.alerts(known, NO_BASELINES, as_of, told, circumstances=circumstances)
        assert [alert.status for alert in told] == [status]
    assert (told[0].resolved, told[0].resolution) == (iso(-3), f"the campaign ended on {iso(-4)}")


def test_an_alert_that_was_raised_for_the_end_is_resolved_when_the_end_is_known() -> None:
    known = days(those(LATE, **{SPENT: 5_000}))
    told: list[Alert] = []
    for last in (None, -6, -6):
        watch = Watch(CMP, KOLKATA, POLICY, [VOLUME])
        circumstances = Circumstances(reference=Runs(last=last).reference, lulls={VOLUME.id: BUSY})
        as_of = KOLKATA.midnight(TODAY) + 9 * HOUR
        told = watch.alerts(known, NO_BASELINES, as_of, told, circumstances=circumstances)
    (alert,) = told
    assert (alert.resolved, alert.resolution) == (iso(0), f"the campaign ended on {iso(-6)}")


def resting(days: frozenset[Day]) -> BusinessWeek:
    return BusinessWeek(holidays=lambda _year: days)


def test_a_holiday_proves_nothing_though_some_bring_leads() -> None:
    for entity, few in ((WEB, {}), (WEB, {LEADS: 4}), ("company:company", {LEADS: 4})):
        known = days({-3: {LEADS: 0} | few})
        told = []
        for holidays in (frozenset[int](), frozenset({TODAY - 3, TODAY + 30})):
            calendar = Calendar(KOLKATA.zone, BusinessWeeks(resting(holidays)))
            watch = Watch(entity, calendar, POLICY, [VOLUME])
            circumstances = Circumstances(lulls={VOLUME.id: BUSY})
            as_of = calendar.midnight(TODAY) + 9 * HOUR
            found = watch.alerts(known, NO_BASELINES, as_of, circumstances=circumstances)
            told.append([alert.since for alert in found])
        assert told == [[iso(-3)], []]


def cost(entity: str, known: Totals, parent: tuple[Usual, ...] = ()) -> KpiWatch:
    assert COST.watch is not None
    watch = KpiWatch(entity, COST, COST.watch, scope_of(entity), POLICY)
    watch.alerts(known, parent, TODAY, TERMS, Runs().reference)
    return watch


def spending(begin: int = -60, dear: range = range(0)) -> Totals:
    """Every other day a little more, from some day on half as much again."""
    found = Totals()
    for since in range(begin, 0):
        each = (24_000 + 2_000 * (since % 2)) * (3 if since in dear else 2) // 2
        found.add(TODAY + since, {WHOLE_DAY: {SPENT: 10 * each, BROUGHT: 10}})
    return found


def test_a_lead_that_costs_more_is_told_of_its_campaign() -> None:
    watch = cost(CMP, dear := spending(dear=range(-8, 0)))
    (alert,) = watch.alerts(dear, (), TODAY, TERMS, Runs().reference)
    assert (alert.entity, alert.title, alert.kind) == (CMP, "Cost per lead", Kind.HIGHER)
    assert (alert.since, alert.value) == (iso(-8), 375.0)
    assert alert.usual == pytest.approx(250, abs=0.5)


@pytest.mark.parametrize("entity", [WEB, CMP])
def test_what_an_origins_leads_cost_is_known_by_its_own_days_alone(entity: str) -> None:
    company = (Usual(since=0, level=90_000.0, limit=91_000.0, cases=9_000, size=80, variance=9e6),)
    own = cost(entity, spending()).usuals
    assert own
    assert cost(entity, spending(), company).usuals == own
    assert cost("branch:B", spending(), company).usuals != own
    assert cost(entity, spending(-20), company).usuals == ()


def test_a_channel_keeps_its_own_week() -> None:
    """With ten events that say that days are alike, and none where eight were due and none came."""
    company = (Usual(since=0, level=400.0, limit=390.0, cases=9_000, weekdays=(0.1, *[1.15] * 6)),)
    assert VOLUME.watch is not None
    weekdays = {}
    for entity in (WEB, "team:T"):
        monday = {since: {LEADS: 0} for since in range(-90, 0) if (TODAY + since - 1) % 7 == 0}
        watch = KpiWatch(entity, VOLUME, VOLUME.watch, scope_of(entity), POLICY)
        known = days(monday | {since: vector | {QUALIFIED: 1} for since, vector in monday.items()})
        watch.alerts(known, company, TODAY, TERMS, None, BUSY)
        weekdays[entity] = watch.usuals[-1].weekdays
    mean = 40 * 6 / 7
    assert weekdays[WEB] == pytest.approx([0, *[(10 + 5 * 40) / (10 + 5 * mean)] * 6])
    assert 0 < weekdays["team:T"][0] < 0.1
    few = Totals()
    for since in range(-90, 0):
        few.add(TODAY + since, {WHOLE_DAY: {LEADS: int((TODAY + since - 1) % 7 > 0)}})
    watch = KpiWatch(WEB, VOLUME, VOLUME.watch, Scope.CHANNEL, POLICY)
    watch.alerts(few, company, TODAY, TERMS, None, BUSY)
    assert watch.usuals[-1].weekdays[0] == pytest.approx(10 / (10 + 5 * 6 / 7))


def observed(series: list[int]) -> tuple[Daily, Days]:
    return Daily(100, series, series), Days(100, 99 + len(series))


def test_the_company_says_on_which_days_nothing_came_since_the_first_lead() -> None:
    assert Lull.of(*observed([0, 0, 5, 0, 7, 0])) == Lull(106, (103, 105))
    assert Lull.of(*observed([0, 0])) == Lull(102, ())


def test_only_the_company_says_so() -> None:
    known, company = days(those(range(-3, -1), **{QUALIFIED: 3})), "company:company"
    as_of = KOLKATA.midnight(TODAY) + 9 * HOUR
    lulls = {}
    for entity in (company, "branch:B", WEB):
        watch = Watch(entity, KOLKATA, POLICY, [VOLUME, COST])
        assert watch.lulls == {}
        watch.alerts(known, NO_BASELINES, as_of)
        lulls[entity] = watch.lulls
    # That people were at work is a matter of the company's own alert.
    silent = Lull(TODAY, (TODAY - 3, TODAY - 2))
    assert lulls == {company: {VOLUME.id: silent}, "branch:B": {}, WEB: {}}


@pytest.mark.parametrize("first", [None, 98, 102, 110])
@pytest.mark.parametrize("last", [None, 97, 101, 104, 120])
def test_outside_its_days_nothing_is_expected(first: int | None, last: int | None) -> None:
    days_ = Days(100, 105)
    assert Run(first, last).outside(days_) == {
        day for day in range(100, 106) if day < (first or 0) or day > (last or 999)
    }


def test_who_works_leads_is_idle_when_nobody_does_anything() -> None:
    known, days_ = observed([4, 0, 0])
    totals = Totals()
    totals.add(101, {WHOLE_DAY: {QUALIFIED: 1}})
    found = {
        entity: idle(entity, totals, known, days_, BUSY, Run())
        for entity in ("team:T", "company:company", WEB)
    }
    assert found == {"team:T": {102}, "company:company": {102}, WEB: frozenset()}


def test_a_campaign_runs_on_its_days_and_all_others_always() -> None:
    known = Runs(-9, -2).reference
    assert Run.of(CMP, known) == Run(TODAY - 9, TODAY - 2)
    assert [Run.of(e, known) for e in ("campaign:X", WEB, "team:T")] == [Run()] * 3
    assert Run.of(CMP, None) == Run()
