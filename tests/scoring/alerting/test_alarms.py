"""Alarms of small floors, from totals to alerts."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.alerting.alarms import NO_BASELINES, Watch, alarms
from scoring.alerting.alert import Alert, Kind, Status
from scoring.alerting.policy import Policy
from scoring.alerting.scopes import Scope
from scoring.alerting.stages import Stage
from scoring.calendar import HOUR
from scoring.cells import WHOLE_DAY
from scoring.slots import keyed
from scoring.totals import Totals
from tests.scoring.alerting.floors import FIRST, Drop, floor, totals
from tests.scoring.making import KOLKATA

#: So strict that chance raises nothing in these few floors.
POLICY = Policy(budgets=dict.fromkeys(Scope, 1e6))
COMPANY = "company:company"


def evening(days: int) -> int:
    """20:00 of the last of so many days."""
    return KOLKATA.midnight(FIRST + days - 1) + 20 * HOUR


def look(entity: str, known: Totals, days: int, told: list[Alert] | None = None) -> list[Alert]:
    watch = Watch(entity, KOLKATA, POLICY)
    return watch.alerts(known, NO_BASELINES, evening(days), told or [])


def iso(days: int) -> str:
    return (date.fromordinal(FIRST) + timedelta(days)).isoformat()


def test_health_raises_nothing() -> None:
    assert look("team:T", totals(floor(100, 200)), 200) == []


@pytest.mark.parametrize("stage", list(Stage))
def test_a_drop_is_found_dated_and_measured(stage: Stage) -> None:
    drop = Drop(stage, 180, 400, 0.5)
    (alert,) = look("team:T", totals(floor(150, 190, drop)), 190)
    assert alert.indicator is stage
    assert alert.status is Status.FIRING
    assert iso(180) <= alert.raised <= iso(189)
    assert alert.since_low <= alert.since <= alert.since_high
    assert iso(178) <= alert.since <= iso(182)
    assert alert.ratio_low is not None
    assert alert.ratio_high is not None
    assert alert.ratio_low < 0.55 < alert.ratio_high + 0.1 < 1
    assert alert.n > 900
    assert alert.id == f"team:T|{stage}|{alert.raised}"
    assert f"{alert.observed:,} leads {stage} since {alert.since}" in alert.explanation


def test_a_drop_that_ends_is_resolved_and_stays_as_it_was() -> None:
    known = floor(200, 230, Drop(Stage.QUALIFIED, 180, 195, 0.5))
    (alert,) = look("team:T", totals(known), 230)
    assert alert.status is Status.RESOLVED
    assert alert.resolved is not None
    assert iso(195) <= alert.resolved <= iso(205)
    earlier = look("team:T", totals(known), 215)
    assert [(a.id, a.resolved, a.observed) for a in earlier] == [
        (alert.id, alert.resolved, alert.observed)
    ]


def test_leads_that_got_worse_are_told_from_closing_that_did() -> None:
    before, after = floor(300, 180), floor(300, 200, Drop(Stage.DISBURSED, 0, 400, 0.4), seed=2)
    worse = {at: vector for at, vector in after.items() if at >= FIRST + 180}
    (alert,) = look("branch:B", totals(cut(before, 180, after=floor(300, 200)), worse), 200)
    assert alert.kind is Kind.LEADS


def cut(_: object, days: int, after: dict[int, dict[str, int]]) -> dict[int, dict[str, int]]:
    return {at: vector for at, vector in after.items() if at < FIRST + days}


def test_idle_days_are_no_drop() -> None:
    idle = frozenset({170, 171, 172, 180})
    assert look("team:T", totals(floor(150, 195, idle=idle)), 195) == []


def test_a_day_on_which_the_clock_rests_proves_nothing() -> None:
    lost = floor(400, 190, Drop(Stage.QUALIFIED, 185, 186, 0.0))
    assert [a.indicator for a in look("team:T", totals(lost), 190)] == [Stage.QUALIFIED]
    rests = msgspec.structs.replace(POLICY, rests=frozenset({FIRST + 185}))
    assert alarms("team:T", totals(lost), {}, evening(190), KOLKATA, rests) == []


def test_the_young_are_watched_by_their_parents_measure() -> None:
    company, young = totals(floor(400, 200)), floor(60, 200, Drop(Stage.CONTACTED, 190, 400, 0.4))
    begun = totals({at: vector for at, vector in young.items() if at >= FIRST + 180})
    assert look("team:T", begun, 200) == []
    watch = Watch(COMPANY, KOLKATA, POLICY)
    assert watch.alerts(company, NO_BASELINES, evening(200)) == []
    child = Watch("team:T", KOLKATA, POLICY).alerts(begun, watch.baselines, evening(200))
    assert [alert.indicator for alert in child] == [Stage.CONTACTED]


def test_what_was_told_stands_when_it_would_not_be_raised_again() -> None:
    known = floor(150, 190, Drop(Stage.QUALIFIED, 180, 400, 0.5))
    (alert,) = look("team:T", totals(known), 190)
    healthy = floor(150, 190)
    assert look("team:T", totals(healthy), 190) == []
    (still,) = look("team:T", totals(healthy), 190, [alert])
    assert (still.id, still.raised) == (alert.id, alert.raised)


def test_what_was_told_keeps_its_name_when_it_would_be_raised_sooner() -> None:
    known = totals(floor(150, 190, Drop(Stage.QUALIFIED, 180, 400, 0.5)))
    (alert,) = look("team:T", known, 190)
    later = date.fromisoformat(alert.raised) + timedelta(2)
    told = msgspec.structs.replace(
        alert, id=f"team:T|qualified|{later}", raised=later.isoformat(), observed=0
    )
    (restated,) = look("team:T", known, 190, [told])
    assert (restated.id, restated.raised) == (told.id, told.raised)
    assert restated.observed == alert.observed


def test_a_drop_that_lasts_longer_than_memory_keeps_its_name() -> None:
    known, told = floor(150, 340, Drop(Stage.QUALIFIED, 180, 400, 0.5)), dict[str, Alert]()
    for days in range(181, 341, 3):
        seen = totals({at: vector for at, vector in known.items() if at < FIRST + days})
        found = look("team:T", seen, days, list(told.values()))
        told = {each.id: each for each in found if each.indicator is Stage.QUALIFIED}
        assert [each.status for each in told.values()] == [Status.FIRING] * (days > 181)
    assert iso(180) <= told.popitem()[1].raised <= iso(184)


def test_a_watch_that_remembers_says_what_one_that_does_not_says() -> None:
    known = floor(150, 196, Drop(Stage.DISBURSED, 180, 400, 0.5))
    watch, seen = Watch("team:T", KOLKATA, POLICY), Totals()
    for days in range(1, 197):
        at = FIRST + days - 1
        seen.add(at, {WHOLE_DAY: known[at]})
        if days > 190:
            found = watch.alerts(seen, NO_BASELINES, evening(days))
            assert found == alarms("team:T", seen, {}, evening(days), KOLKATA, POLICY)


def test_an_alert_survives_the_wire() -> None:
    (alert,) = look("team:T", totals(floor(150, 190, Drop(Stage.DISBURSED, 180, 400, 0.4))), 190)
    assert msgspec.json.decode(msgspec.json.encode(alert), type=Alert) == alert


small = floor(40, 150, Drop(Stage.CONTACTED, 130, 400, 0.3))


@settings(max_examples=10)
@given(st.permutations(sorted(small)), st.integers(1, 3))
def test_the_order_of_what_arrives_means_nothing(order: list[int], parts: int) -> None:
    shuffled = Totals()
    for at in order:
        for slot, n in small[at].items():
            first = n // parts
            shuffled.add(
                at,
                {3: {slot: first}, WHOLE_DAY: {slot: n - first}}
                if first
                else {WHOLE_DAY: {slot: n}},
            )
    expected = look("executive:E", totals(small), 150)
    assert expected
    assert look("executive:E", shuffled, 150) == expected


def test_an_early_hour_resolves_nothing_that_the_whole_day_would_not() -> None:
    known = totals(floor(400, 190, Drop(Stage.CONTACTED, 186, 400, 0.4)))
    told = [each for each in look("team:T", known, 189) if each.indicator is Stage.CONTACTED]
    by_hour = {
        hour: [
            alert.status
            for alert in Watch("team:T", KOLKATA, POLICY).alerts(
                known, NO_BASELINES, KOLKATA.midnight(FIRST + 189) + hour * HOUR, told
            )
            if alert.indicator is Stage.CONTACTED
        ]
        # All that came on this day is known from its first hour on.
        for hour in (1, 9, 10, 12, 20)
    }
    assert set(map(tuple, by_hour.values())) == {(Status.FIRING,)}


def test_a_watch_goes_on_from_the_day_before_and_finds_what_a_new_one_finds() -> None:
    known = floor(150, 212, Drop(Stage.QUALIFIED, 195, 203, 0.4))
    watch, seen, told = Watch("team:T", KOLKATA, POLICY), Totals(), list[Alert]()
    for days in range(1, 213):
        at = FIRST + days - 1
        seen.add(at, {WHOLE_DAY: known[at]})
        if days == 200:
            late = keyed(Stage.QUALIFIED.by_age, "3")
            seen.add(at - 60, {WHOLE_DAY: {late: 40}})
        if days > 182:
            found = watch.alerts(seen, NO_BASELINES, evening(days), told)
            anew = Watch("team:T", KOLKATA, POLICY)
            assert found == anew.alerts(seen, NO_BASELINES, evening(days), told)
            assert watch.baselines == anew.baselines
            told = found
    assert [each.status for each in told] == [Status.RESOLVED]


def test_as_much_is_expected_of_a_day_as_has_passed_of_it() -> None:
    known = floor(400, 190, Drop(Stage.CONTACTED, 189, 400, 0.0))
    watch = Watch("team:T", KOLKATA, POLICY)
    by_hour = {
        hour: [
            alert.indicator
            for alert in watch.alerts(
                totals(known), NO_BASELINES, KOLKATA.midnight(FIRST + 189) + hour * HOUR
            )
        ]
        for hour in (1, 8, 12, 20)
    }
    assert by_hour == {1: [], 8: [], 12: [Stage.CONTACTED], 20: [Stage.CONTACTED]}
