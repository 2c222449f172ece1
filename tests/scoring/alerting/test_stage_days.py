"""Which days of leads count, for what is normal and for alerts: 100 leads on every even day."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import msgspec
import pytest

from scoring.alerting.alarms import (
    NO_BASELINES,
    Circumstances,
    Watch,
    follow_day,
)
from scoring.alerting.baseline import Baseline
from scoring.alerting.cohorts import triangle
from scoring.alerting.course import Incident, Terms, Told, begin, blank, restarted
from scoring.alerting.dating import Mark, Since, Walk
from scoring.alerting.detector import NOTHING
from scoring.alerting.policy import Policy
from scoring.alerting.relief import Relief
from scoring.alerting.remarks import Declared
from scoring.alerting.scopes import Scope
from scoring.alerting.stages import Stage
from scoring.calendar import HOUR
from scoring.cells import WHOLE_DAY
from scoring.slots import LEADS, keyed
from scoring.totals import Totals
from tests.feed.alerts import alert as told
from tests.scoring.making import KOLKATA

if TYPE_CHECKING:
    from scoring.alerting.alarms import Baselines
    from scoring.alerting.alert import Alert
    from scoring.alerting.course import Course
    from scoring.alerting.detector import Evidence

STAGE = Stage.QUALIFIED
POLICY = Policy(budgets=dict.fromkeys(Scope, 1e4), horizon=2, history=28, refit=7, memory=21)
#: A baseline begins today, as it does every seven days.
TODAY = 739_893
NOW = KOLKATA.midnight(TODAY)
#: Of 100 leads so many qualify on their first day, the next and the one after.
BY_AGE = (20, 10, 10)
#: On the last five days a tenth of them did.
FALLEN = dict.fromkeys(range(-5, 0), 0.1)


def days(left: dict[int, float] | None = None, begin: int = -80, end: int = 1) -> Totals:
    """100 leads on each day; on some days, counted from today, a part of the cases is left."""
    found = Totals()
    for since in range(begin, end):
        vector: Counter[str] = Counter({LEADS: 100})
        for age, n in enumerate(BY_AGE):
            came = round(n * (left or {}).get(since + age, 1.0)) if since + age < 0 else 0
            for slot in (keyed(STAGE.by_age, str(age)), keyed(STAGE.by_hour, "12")):
                vector[slot] += came
        found.add(TODAY + since, {WHOLE_DAY: +vector})
    return found


def look(
    known: Totals,
    entity: str = "team:T",
    as_of: int = NOW,
    told: list[Alert] | None = None,
    circumstances: Circumstances | None = None,
    parent: Baselines = NO_BASELINES,
) -> tuple[list[Alert], list[Baseline]]:
    """Alerts of the stage, and what was normal."""
    watch = Watch(entity, KOLKATA, POLICY)
    found = watch.alerts(
        known, parent, as_of, told or [], circumstances=circumstances or Circumstances()
    )
    return [each for each in found if each.indicator == STAGE], [*watch.baselines[STAGE]]


def since(baselines: list[Baseline]) -> list[int]:
    return [each.since - TODAY for each in baselines]


def iso(days: int) -> str:
    return date.fromordinal(TODAY + days).isoformat()


def changed(day: int) -> Circumstances:
    """That a rate is another from a day on was known before."""
    said = datetime.fromordinal(TODAY + day - 1).replace(tzinfo=UTC)
    return Circumstances(
        [
            Declared(
                entity="team:T",
                since=date.fromordinal(TODAY + day),
                by="Asha",
                at=said,
                reason="an end",
            )
        ]
    )


def test_what_is_normal_is_learned_every_seven_days_from_those_that_are_settled() -> None:
    alerts, baselines = look(days())
    assert alerts == []
    assert since(baselines) == [-21, -14, -7, 0]
    assert {each.cases for each in baselines} == {28 * 40}
    assert {each.rate for each in baselines} == {0.4}
    for each in baselines:
        assert each.delay == pytest.approx((0.5, 0.25, 0.25))
        # All came between noon and one.
        assert each.passed(13) - each.passed(12) > 0.9


def test_of_whom_nobody_is_below_only_what_is_normal_now_is_needed() -> None:
    known = days()
    (last,) = look(known, "executive:E")[1]
    assert last.since == TODAY
    assert since(look(known, "channel:web")[1]) == [0]
    assert len(look(known, "company:company")[1]) == 4


def due(left: float) -> float:
    """Cases that should come on five days on which a part of them does, of the leads then open."""
    hazards = (20 / 100, 10 / 80, 10 / 70)
    total = 0.0
    for day in range(-5, 0):
        for age, hazard in enumerate(hazards):
            created = day - age
            gone = sum(
                round(n * (left if created + at >= -5 else 1)) for at, n in enumerate(BY_AGE[:age])
            )
            total += (100 - gone) * hazard
    return total


def test_a_drop_is_counted_from_its_first_day_to_the_one_that_begins() -> None:
    (alert,), baselines = look(days(FALLEN))
    assert (alert.since, alert.observed, alert.days, alert.n) == (iso(-5), 20, 6, 600)
    assert alert.expected == pytest.approx(due(0.1), rel=0.01)
    assert since(baselines) == [-21, -14, -7], "nothing is learned while it fires"
    assert (alert.baseline, alert.baseline_cases) == (0.4, 1120)


def test_as_the_day_passes_more_is_expected_of_it() -> None:
    fallen = days(FALLEN)
    by_hour = [look(fallen, as_of=NOW + hour * HOUR)[0][0] for hour in (0, 12, 13, 20)]
    morning, noon, one, evening = (each.expected for each in by_hour)
    assert morning <= noon < one <= evening
    assert one - noon > 0.9 * (evening - morning)
    assert evening - morning == pytest.approx(100 * 0.2 + 98 * 0.125 + 96 / 7, rel=0.05)


def test_days_of_rest_and_without_any_lead_are_none() -> None:
    rests = Circumstances(rests={STAGE: frozenset({TODAY - 3})})
    (alert,), baselines = look(days(FALLEN), circumstances=rests)
    assert (alert.since, alert.observed, alert.days) == (iso(-5), 16, 6)
    early = Circumstances(rests={STAGE: frozenset({TODAY - 40})})
    # Of the leads that were created then or on the two days before, some ages were not normal.
    assert look(days(), circumstances=early)[1][0].cases == 1120 - 3 * 40
    assert baselines[0].cases == 1120


def test_days_of_told_alerts_are_not_learned_from() -> None:
    over = told("team:T", raised=iso(-32), resolved=iso(-29), indicator=STAGE)
    _, baselines = look(days(), told=[over])
    # Nor are the leads whose ages they touch: created two days before them, or on them.
    assert baselines[0].cases == (28 - 5) * 40
    fires = told("team:T", raised=iso(-24), resolved=None, indicator=STAGE)
    (alert,), _ = look(days(), told=[fires])
    assert (alert.raised, alert.id) == (iso(-24), fires.id)
    assert alert.resolved is not None


@pytest.mark.parametrize(("other", "leads"), [(0, [0, 1, 1, 1]), (1, [0, 0, 1, 1])])
def test_who_learns_leans_on_what_was_normal_for_the_parent_then(
    other: int, leads: list[int]
) -> None:
    low, high = (
        Baseline(TODAY - 40, rate, rate, 900, (0.5, 0.25, 0.25), (0.2, 0.2, 0.2), (1.0,) * 7,
                 tuple((hour + 1) / 25 for hour in range(25)), 0.0)
        for rate in (0.2, 0.6)
    )  # fmt: skip
    ends = [look(days(), parent={STAGE: (each,)})[1][0].rate for each in (low, high)]
    assert ends[0] < 0.4 < ends[1]
    parent: Baselines = {STAGE: (low, msgspec.structs.replace(high, since=TODAY - 14 + other))}
    _, baselines = look(days(), parent=parent)
    assert [each.rate for each in baselines] == [ends[at] for at in leads]


def test_a_declared_change_ends_what_was_known() -> None:
    fallen = days(dict.fromkeys(range(-12, 0), 0.1))
    (alert,), baselines = look(fallen, circumstances=changed(-6))
    assert (alert.since, alert.resolved, alert.days) == (iso(-12), iso(-6), 6)
    assert (alert.observed, alert.resolution) == (24, "an end (Asha)")
    assert since(baselines) == [-21, -14]


def test_after_a_change_it_is_learned_from_its_settled_days_and_more_carefully() -> None:
    # The horizon of 2 days and 7 more must have passed: at -7 since -16.
    _, baselines = look(days(), circumstances=changed(-16))
    assert [(each.since - TODAY, each.cases) for each in baselines] == [
        (-21, 28 * 40),
        (-7, 7 * 40),
        (0, 14 * 40),
    ]
    assert {each.rate for each in baselines} == {0.4}
    _, later = look(days(), circumstances=changed(-15))
    assert since(later) == [-21, 0]
    (_, as_many) = look(days(begin=-16))[1]
    assert as_many.cases == baselines[-1].cases
    assert 0.4 - baselines[-1].low > 0.4 - as_many.low > 0


def test_between_a_change_and_what_is_learned_after_it_nothing_is_proven() -> None:
    fallen = days(dict.fromkeys(range(-9, 0), 0.1))
    (alert,), baselines = look(fallen, circumstances=changed(-16))
    assert since(baselines) == [-21, -7]
    assert (alert.since, alert.since_low, alert.days) == (iso(-7), iso(-7), 8)
    assert alert.observed == 28


def test_until_something_is_learned_nothing_is_proven() -> None:
    fallen = days(dict.fromkeys(range(-9, 0), 0.1), begin=-12)
    (alert,), baselines = look(fallen)
    assert since(baselines) == [-7]
    assert (alert.since, alert.days, alert.observed) == (iso(-7), 8, 28)


def test_after_a_change_few_cases_are_not_enough() -> None:
    few = days(dict.fromkeys(range(-60, 0), 0.1))
    assert [(each.since - TODAY, each.cases) for each in look(few)[1]][-1] == (0, 28 * 4)
    # Seven settled days have 28 cases, and 14 have 56.
    assert since(look(few, circumstances=changed(-16))[1]) == [-21, 0]


@pytest.mark.parametrize(("change", "days_known"), [(-30, 28), (-29, 27), (-31, 28)])
def test_a_change_before_what_is_learned_from_is_none(change: int, days_known: int) -> None:
    _, baselines = look(days(), circumstances=changed(change))
    assert baselines[-1].cases == days_known * 40
    careful = baselines[-1].low < look(days())[1][-1].low
    assert careful == (change > -30)


def test_who_is_not_known_yet_raises_nothing() -> None:
    alerts, baselines = look(days(dict.fromkeys(range(-7, 0), 0.1), begin=-2))
    assert (alerts, baselines) == ([], [])
    fires = told("team:T", raised=iso(-24), resolved=None, indicator=STAGE)
    assert look(days(begin=-2), told=[fires]) == ([], [])


def late(known: Totals, day: int, n: int = 30) -> None:
    """Of the leads of a day some more are told to have qualified, on the next."""
    slots = keyed(STAGE.by_age, "1"), keyed(STAGE.by_hour, "9")
    known.add(TODAY + day, {WHOLE_DAY: dict.fromkeys(slots, n)})


@pytest.mark.parametrize(
    ("known_since", "day"),
    [(-80, day) for day in (-2, -5, -6, -7, -9, -14, -22, -30, -51)] + [(-9, -9), (-9, -2)],
)
def test_what_came_late_is_seen_on_the_next_day(known_since: int, day: int) -> None:
    known = days(FALLEN, begin=known_since)
    watch = Watch("team:T", KOLKATA, POLICY)
    for at in (-1, 0, 1, 2):
        as_of = NOW + at * 24 * HOUR + 15 * HOUR
        found = watch.alerts(known, NO_BASELINES, as_of)
        anew = Watch("team:T", KOLKATA, POLICY)
        assert found == anew.alerts(known, NO_BASELINES, as_of)
        assert watch.baselines == anew.baselines
        late(known, day, 30 + at)


@pytest.mark.parametrize("change", [-9, -2, -1, 0, 1, 2])
def test_day_by_day_the_same_is_found_as_at_once(change: int) -> None:
    known = days(dict.fromkeys(range(-12, -8), 0.1) | dict.fromkeys(range(-3, 0), 0.1))
    watch, said = Watch("team:T", KOLKATA, POLICY), changed(change)
    for at in range(-10, 6):
        as_of = NOW + at * 24 * HOUR + 15 * HOUR
        found = watch.alerts(known, NO_BASELINES, as_of, circumstances=said)
        anew = Watch("team:T", KOLKATA, POLICY)
        assert found == anew.alerts(known, NO_BASELINES, as_of, circumstances=said)
        assert watch.baselines == anew.baselines


TERMS = Terms(budget=1e4, recovery=3.0, horizon=2)
#: 100 leads a day for ten days, of which all that may do convert on the same ages.
TRIANGLE = triangle(1, [100] * 10, [BY_AGE] * 10)
EVEN = Baseline(
    since=0,
    rate=0.4,
    low=0.32,
    cases=900,
    delay=(0.5, 0.25, 0.25),
    hazards=(0.2, 0.125, 0.1),
    weekdays=(1.0,) * 7,
    hours=(1.0,) * 25,
    spread=0.01,
)
#: What the hazards let expect of 100, 80 and 70 leads that are open.
DUE = 100 * 0.2 + 80 * 0.125 + 70 * 0.1


def follow(terms: Terms = TERMS, share: float = 1.0, at: int = 5) -> Course[Evidence]:
    return follow_day(begin(at, 2, ()), TRIANGLE, at, EVEN, terms, share)


def test_a_day_adds_what_came_and_what_the_fair_rate_lets_expect() -> None:
    end = follow().marks[-1]
    assert (end.day, end.observed, end.leads) == (6, 40, 100)
    assert end.expected == pytest.approx(DUE * 0.4 / 0.32)


def test_of_a_part_of_a_day_and_of_what_others_explain_less_is_expected() -> None:
    for course in (
        follow(share=0.5),
        follow(TERMS._replace(reliefs=(Relief(5, 5, factor=0.5),))),
        follow(TERMS._replace(reliefs=(Relief(5, 5, missing=DUE / 2),))),
    ):
        end = course.marks[-1]
        assert (end.observed, end.leads) == (40, 100)
        assert end.expected == pytest.approx(DUE / 2 * 0.4 / 0.32)


def test_on_a_day_of_rest_the_clock_stands_still() -> None:
    rested = follow(TERMS._replace(rests=frozenset({5})))
    end = rested.marks[-1]
    assert (end.day, end.walk, end.observed, end.expected) == (6, Walk(), 0.0, 0.0)
    assert rested.evidence == blank(2)._replace(young=rested.evidence.young)
    assert rested.evidence.days() == 0.0


def test_a_day_on_which_nothing_happened_is_one_of_rest_and_no_other() -> None:
    idle = triangle(1, [100, 100, 0], [(20, 10, 0), (20, 0, 0), (0, 0, 0)])
    worked = triangle(1, [100, 100, 0], [(20, 10, 1), (20, 0, 0), (0, 0, 0)])
    created = triangle(1, [100, 100, 1], [(20, 10, 0), (20, 0, 0), (0, 0, 0)])
    ends = [
        follow_day(begin(3, 2, ()), known, 3, EVEN, TERMS).marks[-1]
        for known in (idle, worked, created)
    ]
    assert [end.expected > 0 for end in ends] == [False, True, True]
    assert [(end.observed, end.leads) for end in ends] == [(0, 0), (1, 0), (0, 1)]


def test_within_a_day_an_alert_recovers_by_what_the_whole_day_should_bring() -> None:
    mark = Mark(5, Walk(), 0.0, 0.0, 0)
    fired = Incident(4, Since(mark, 5, 5), None, mark, mark, 500.0, 1.0)
    fires = begin(5, 2, ())._replace(incidents=(fired,))

    def recovery(share: float) -> float:
        return follow_day(fires, TRIANGLE, 5, EVEN, TERMS, share).recovery

    assert recovery(0.0) == recovery(0.5) == recovery(1.0) > 0


def test_to_begin_is_to_know_nothing_against_health() -> None:
    nothing = blank(3)
    assert [(each.weight, each.growth) for each in nothing.young] == [(0.0, NOTHING)] * 3
    assert nothing.days() == 0.0
    fires = begin(10, 3, [Told(8, None)])
    assert (fires.firing, fires.evidence) == (True, nothing)
    over = restarted(fires, 12, 3)
    assert (over.incidents[-1].resolved, over.marks[-1].day) == (12, 12)
    assert over.evidence == nothing
