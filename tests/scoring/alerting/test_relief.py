"""One cause is told once: what an alert explains of those above and below."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.alerting.alarms import NO_BASELINES, Watch
from scoring.alerting.alert import Worst
from scoring.alerting.policy import Policy
from scoring.alerting.relief import (
    Relief,
    for_those_above,
    for_those_across,
    for_those_below,
    is_over_with,
    relieved,
    shared,
    strength,
)
from scoring.alerting.scopes import Scope
from scoring.alerting.stages import Stage
from scoring.calendar import HOUR
from scoring.slots import LEADS, LEADS_BY_CHANNEL, keyed
from tests.feed.alerts import alert as told
from tests.scoring.alerting.floors import FIRST, Drop, floor, totals
from tests.scoring.making import KOLKATA, day

if TYPE_CHECKING:
    from scoring.alerting.relief import Reliefs

DAYS = 195
EVENING = KOLKATA.midnight(FIRST + DAYS - 1) + 20 * HOUR
STRICT = Policy(budgets=dict.fromkeys(Scope, 1e5))
STAGE = Stage.QUALIFIED


def test_a_drop_of_all_is_that_of_those_above() -> None:
    drop = Drop(STAGE, 180, 400, 0.6)
    teams = [floor(100, DAYS, drop, seed=seed) for seed in range(5)]
    branch = Watch("branch:B", KOLKATA, STRICT)
    (alert,) = branch.alerts(totals(*teams), NO_BASELINES, EVENING)
    reliefs: Reliefs = {STAGE: [for_those_below(alert)]}
    found = {
        with_relief: [
            alert.id
            for at, team in enumerate(teams)
            for alert in Watch(f"team:{at}", KOLKATA, STRICT).alerts(
                totals(team), branch.baselines, EVENING, reliefs=reliefs if with_relief else {}
            )
        ]
        for with_relief in (False, True)
    }
    assert len(found[False]) == 5
    assert found[True] == []


def test_a_drop_of_one_is_not_that_of_those_above() -> None:
    fallen = floor(200, DAYS, Drop(STAGE, 175, 400, 0.3), seed=1)
    others = [floor(200, DAYS, seed=seed) for seed in (2, 3)]
    (alert,) = Watch("team:1", KOLKATA, STRICT).alerts(totals(fallen), NO_BASELINES, EVENING)
    branch = totals(fallen, *others)
    reliefs: Reliefs = {STAGE: [for_those_above(alert)]}
    alone = Watch("branch:B", KOLKATA, STRICT).alerts(branch, NO_BASELINES, EVENING)
    told = Watch("branch:B", KOLKATA, STRICT).alerts(branch, NO_BASELINES, EVENING, reliefs=reliefs)
    assert [each.indicator for each in alone] == [STAGE]
    assert told == []


def test_who_falls_more_than_those_above_is_told_too() -> None:
    much = floor(150, DAYS, Drop(STAGE, 175, 400, 0.25), seed=1)
    relief = Relief(FIRST + 175, FIRST + 400, factor=0.8)
    (alert,) = Watch("team:1", KOLKATA, STRICT).alerts(
        totals(much), NO_BASELINES, EVENING, reliefs={STAGE: [relief]}
    )
    assert alert.ratio is not None
    assert 0.2 < alert.ratio < 0.5


def test_a_channel_lost_everywhere_is_that_of_the_channel() -> None:
    lost = floor(150, DAYS, Drop(STAGE, 180, 400, 0.0), seed=1)
    usual = floor(250, DAYS, seed=2)
    for vectors, channel in ((lost, "web"), (usual, "email")):
        for vector in vectors.values():
            vector[keyed(LEADS_BY_CHANNEL, channel)] = vector[LEADS]
    branch, web = totals(lost, usual), totals(lost)
    watch = Watch("company:company", KOLKATA, STRICT)
    (of_company,) = watch.alerts(branch, NO_BASELINES, EVENING)
    (of_channel,) = Watch("channel:web", KOLKATA, STRICT).alerts(web, watch.baselines, EVENING)
    assert strength(of_channel) > strength(of_company)
    share = shared(of_channel, branch, watch.baselines[STAGE][-1])
    assert share == pytest.approx(150 / 400, abs=0.03)
    told = [
        Watch("branch:B", KOLKATA, STRICT).alerts(
            branch, watch.baselines, EVENING, reliefs={STAGE: relief}
        )
        for relief in ([], [for_those_across(of_channel, share)])
    ]
    assert [len(alerts) for alerts in told] == [1, 0]


def test_what_was_missing_and_came_at_once_leaves_no_news_to_relatives() -> None:
    """The cases of eleven days come on the day after them: those days miss them for ever."""
    lost = floor(150, DAYS, Drop(STAGE, 180, 191, 0.0), seed=1)
    for created in range(180, 191):
        cohort = lost[FIRST + created]
        for slot in (keyed(STAGE.by_age, str(191 - created)), keyed(STAGE.by_hour, "12")):
            cohort[slot] = cohort.get(slot, 0) + 60
    usual = floor(250, DAYS, seed=2)
    for vectors, channel in ((lost, "web"), (usual, "email")):
        for vector in vectors.values():
            vector[keyed(LEADS_BY_CHANNEL, channel)] = vector[LEADS]
    branch = totals(lost, usual)
    company = Watch("company:company", KOLKATA, STRICT)
    company.alerts(branch, NO_BASELINES, EVENING)
    web = Watch("channel:web", KOLKATA, STRICT)
    (recovering,) = web.alerts(totals(lost), company.baselines, EVENING)
    assert recovering.ratio is not None
    assert recovering.ratio > 0.8
    assert recovering.worst is not None
    assert (recovering.worst.observed, recovering.worst.ratio) == (0, 0.0)
    assert recovering.worst.until == date.fromordinal(FIRST + 190).isoformat()
    share = shared(recovering, branch, company.baselines[STAGE][-1])
    at_the_end = msgspec.structs.replace(recovering, worst=None)
    told = [
        Watch("branch:B", KOLKATA, STRICT).alerts(
            branch, company.baselines, EVENING, reliefs={STAGE: [for_those_across(each, share)]}
        )
        for each in (at_the_end, recovering)
    ]
    assert [len(alerts) for alerts in told] == [1, 0]


def test_a_branch_explains_its_share_of_a_channel() -> None:
    watch = Watch("company:company", KOLKATA, STRICT)
    fallen = floor(150, DAYS, Drop(STAGE, 180, 400, 0.0), seed=1)
    watch.alerts(totals(fallen, floor(250, DAYS, seed=2)), NO_BASELINES, EVENING)
    of_branch = told("branch:B", indicator=STAGE, observed=0, ratio=0.0, baseline_cases=600)
    normal = watch.baselines[STAGE][-1]
    share = shared(of_branch, totals(fallen), normal)
    assert share == pytest.approx(600 / normal.cases)
    assert for_those_across(of_branch, share).lost == pytest.approx(share, abs=0.05)


def test_few_cases_of_a_channel_are_not_judged_by_what_is_normal_for_others() -> None:
    company = Watch("company:company", KOLKATA, STRICT)
    company.alerts(totals(floor(400, DAYS)), NO_BASELINES, EVENING)
    begun = {at: vector for at, vector in floor(60, DAYS).items() if at >= FIRST + DAYS - 20}
    poor = {at: {LEADS: vector[LEADS]} for at, vector in begun.items()}
    found = {
        entity: Watch(entity, KOLKATA, STRICT).alerts(totals(poor), company.baselines, EVENING)
        for entity in ("channel:web", "team:T")
    }
    assert found["channel:web"] == []
    assert found["team:T"]


reliefs = st.lists(
    st.builds(
        Relief,
        st.integers(1, 9),
        st.integers(1, 9),
        st.floats(0, 1),
        st.floats(0, 5),
        st.floats(0, 1),
    )
)


@given(reliefs, st.integers(1, 9), st.floats(0, 20))
def test_relief_only_lowers_and_more_of_it_lowers_more(
    some: list[Relief], day: int, expected: float
) -> None:
    left = [relieved(some[:n], day, expected) for n in range(len(some) + 1)]
    assert left == sorted(left, reverse=True)
    assert all(0 <= share <= 1 for share in left)


def test_outside_its_days_a_relief_is_none() -> None:
    one = Relief(5, 7, factor=0.5, missing=1.0)
    assert [relieved([one], day, 10.0) for day in (4, 5, 7, 8)] == pytest.approx([1, 0.4, 0.4, 1])


def test_one_that_recovers_explains_what_it_did_when_it_was_worst() -> None:
    worst = Worst(until="2026-03-20", observed=10, expected=40.0, days=4, n=90, ratio=0.25)
    before = told("team:T", observed=10, expected=40.0, days=4, n=90, ratio=0.25)
    after = told("team:T", observed=80, expected=70.0, days=9, n=160, ratio=1.14, worst=worst)
    assert strength(after) == strength(before) > 0
    for explained in (for_those_above, for_those_below, partial(for_those_across, share=0.5)):
        assert explained(after) == explained(before)._replace(last=SINCE + 2)


SINCE = day("2026-03-18")


@pytest.mark.parametrize(("first", "last"), [(0, 5), (-9, 0), (3, 9)])
def test_what_is_over_and_was_explained_by_others_is_no_news(first: int, last: int) -> None:
    reliefs: Reliefs = {Stage.CONTACTED: [Relief(SINCE + first, SINCE + last, factor=0.5)]}
    assert is_over_with(told("team:T", resolved="2026-03-21"), reliefs)
    assert not is_over_with(told("team:T"), reliefs), "it goes on without the others"


@pytest.mark.parametrize(("first", "last"), [(-9, -1), (4, 9)])
def test_what_no_other_explained_is_news_though_it_is_over(first: int, last: int) -> None:
    reliefs: Reliefs = {
        Stage.CONTACTED: [Relief(SINCE + first, SINCE + last, factor=0.5)],
        Stage.APPLIED: [Relief(SINCE, SINCE + 5, factor=0.5)],
    }
    assert not is_over_with(told("team:T", resolved="2026-03-21"), reliefs)


@pytest.mark.parametrize(
    ("observed", "expected", "further_than"),
    [(0, 84.0, (72, 155.2)), (60, 160.0, (15, 40.0)), (0, 10.0, (12, 10.0))],
)
def test_the_strongest_alert_is_where_the_cause_is(
    observed: int, expected: float, further_than: tuple[int, float]
) -> None:
    here = strength(told("team:T", observed=observed, expected=expected))
    there = strength(told("branch:B", observed=further_than[0], expected=further_than[1]))
    assert here > there >= 0
