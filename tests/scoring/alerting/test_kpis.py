"""KPIs under watch, from what their days brought to alerts."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from typing import TYPE_CHECKING

import msgspec
import pytest

from scoring.alerting.alarms import NO_BASELINES, Circumstances, Watch
from scoring.alerting.alert import Alert, Kind, Status
from scoring.alerting.policy import Policy
from scoring.alerting.relief import NO_RELIEFS, Reliefs, for_those_above, for_those_below, strength
from scoring.alerting.remarks import Declared
from scoring.alerting.scopes import Scope
from scoring.alerting.usual import Usual
from scoring.calendar import HOUR
from scoring.catalogue import BUILT_IN
from scoring.cells import WHOLE_DAY
from scoring.slots import ANSWERED, LEADS, REFERRALS
from scoring.totals import Totals
from scoring.watching import Count, Watched
from tests.scoring.alerting.figures import (
    AUDITS,
    CAMPAIGN,
    COST,
    NPS,
    TURNAROUND,
    VOLUME,
    WATCHED,
    history,
    totals,
)
from tests.scoring.alerting.floors import FIRST
from tests.scoring.making import KOLKATA, reference

if TYPE_CHECKING:
    from scoring.kpi import Kpi
    from scoring.slots import Vector

#: So strict that chance raises nothing in these few floors.
STRICT = Policy(budgets=dict.fromkeys(Scope, 1e5))
LENIENT = Policy(budgets=dict.fromkeys(Scope, 300.0))
BRANCH, COMPANY = "branch:B", "company:company"
DIGITAL = reference(campaigns={CAMPAIGN: True})
KNOWN = Circumstances(reference=DIGITAL)
DAYS, SINCE = 215, 190


def look(
    known: Totals | dict[int, Vector],
    days: int = DAYS,
    told: list[Alert] | None = None,
    entity: str = BRANCH,
    circumstances: Circumstances = KNOWN,
    reliefs: Reliefs = NO_RELIEFS,
    policy: Policy = STRICT,
) -> list[Alert]:
    """What is said on the morning after so many days."""
    watch = Watch(entity, KOLKATA, policy, WATCHED)
    return watch.alerts(
        known if isinstance(known, Totals) else totals(known),
        NO_BASELINES,
        morning(days),
        told or [],
        reliefs,
        circumstances,
    )


def morning(days: int) -> int:
    return KOLKATA.midnight(FIRST + days) + 9 * HOUR


def iso(days: int) -> str:
    return date.fromordinal(FIRST + days).isoformat()


@cache
def fallen(kpi: Kpi, size: float = 60) -> dict[int, Vector]:
    return history(DAYS, size, (kpi.id,), SINCE)


def test_in_health_there_are_no_more_alerts_than_the_budget_allows() -> None:
    policy, days, raised = Policy(), 0, list[Alert]()
    for seed in range(6):
        known = totals(history(330, 30, seed=100 + seed))
        for end in (210, 329):
            watch = Watch(BRANCH, KOLKATA, policy, WATCHED)
            raised += watch.alerts(known, NO_BASELINES, morning(end), circumstances=KNOWN)
            days += FIRST + end - policy.first(FIRST + end)
    assert len(raised) <= len(WATCHED) * days / policy.budgets[Scope.BRANCH]


@pytest.mark.parametrize("kpi", WATCHED, ids=lambda kpi: kpi.id)
def test_what_gets_worse_is_found_dated_and_measured(kpi: Kpi) -> None:
    (alert,) = look(fallen(kpi))
    assert (alert.indicator, alert.status) == (kpi.id, Status.FIRING)
    assert alert.id == f"{BRANCH}|{kpi.id}|{alert.raised}"
    assert iso(SINCE) <= alert.raised <= iso(SINCE + 20)
    assert alert.since_low <= iso(SINCE + 2)
    assert iso(SINCE - 5) <= alert.since_high
    rises = kpi in (TURNAROUND, COST)
    assert alert.kind is (Kind.HIGHER if rises else Kind.LOWER)
    assert alert.deviation is not None
    assert (alert.deviation > 3) == rises
    assert (alert.deviation < -3) != rises
    assert kpi.watch is not None
    assert alert.explanation.startswith(f"{kpi.watch.title}: ")
    assert msgspec.json.decode(msgspec.json.encode(alert), type=Alert) == alert


def test_values_are_told_as_people_read_them() -> None:
    found = {kpi.id: look(fallen(kpi))[0] for kpi in WATCHED}
    told = {
        kpi: (alert.title, alert.unit, round(alert.usual or 0, -1)) for kpi, alert in found.items()
    }
    assert told == {
        NPS.id: ("NPS", "", 40),
        TURNAROUND.id: ("Turnaround", " min", 60),
        VOLUME.id: ("Lead volume", "", 0),
        COST.id: ("Cost per lead", "", 250),
        AUDITS.id: ("Audit result", " %", 100),
    }
    volume, cost = found[VOLUME.id], found[COST.id]
    assert (volume.value, volume.n) == (None, volume.observed)
    assert volume.ratio == pytest.approx(0.6, abs=0.1)
    assert cost.ratio == pytest.approx(1.4, abs=0.1)
    assert cost.value == pytest.approx(350, rel=0.1)
    assert found[NPS.id].ratio is None, "a half of an NPS means nothing"


def test_what_gets_better_is_no_alert() -> None:
    better = [kpi.id for kpi in WATCHED if kpi is not AUDITS]
    assert look(history(DAYS, 60, better, SINCE, by=-0.3)) == []


def test_the_day_that_is_not_over_says_nothing() -> None:
    known = fallen(VOLUME)
    short = {at: {LEADS: 1} if at == FIRST + SINCE else vector for at, vector in known.items()}
    until = {at: vector for at, vector in short.items() if at <= FIRST + SINCE}
    assert look(until, SINCE) == []
    assert look(until, SINCE + 1) != []


def test_a_source_that_was_not_heard_ends_the_days_that_count() -> None:
    heard = Circumstances(until={VOLUME.id: morning(SINCE)}, reference=DIGITAL)
    assert look(fallen(VOLUME), circumstances=heard) == []
    rests = frozenset(range(FIRST + SINCE, FIRST + DAYS))
    silent = Circumstances(rests={VOLUME.id: rests}, reference=DIGITAL)
    assert look(fallen(VOLUME), circumstances=silent) == []


def test_a_day_of_rest_is_no_drop_but_one_without_leads_at_work_is() -> None:
    known = {at: dict(vector) for at, vector in history(DAYS, 60).items()}
    known[FIRST + 200] = {}
    assert look(known) == []
    for day in (200, 201):
        known[FIRST + day] = {ANSWERED: 20}
    assert VOLUME.id in [alert.indicator for alert in look(known)]


def test_it_resolves_when_the_figure_is_back_and_stays_as_it_was() -> None:
    known = history(DAYS, 60, (NPS.id, VOLUME.id), SINCE) | {
        at: vector for at, vector in history(300, 60, seed=2).items() if at >= FIRST + DAYS
    }
    found = {alert.indicator: alert for alert in look(known, 280)}
    assert {alert.status for alert in found.values()} == {Status.RESOLVED}
    assert found.keys() == {NPS.id, VOLUME.id}
    for alert in found.values():
        assert iso(DAYS) <= str(alert.resolved) <= iso(DAYS + 45)
    later = {alert.indicator: alert for alert in look(known, 290, [*found.values()])}
    assert {kpi: alert.id for kpi, alert in later.items()} == {
        kpi: alert.id for kpi, alert in found.items()
    }


def test_what_was_told_stands() -> None:
    (alert,) = look(fallen(TURNAROUND))
    (still,) = look(history(DAYS, 60), told=[alert])
    assert (still.id, still.raised) == (alert.id, alert.raised)


def test_the_order_of_what_arrives_means_nothing() -> None:
    known, shuffled = fallen(COST), Totals()
    parts = [
        (at, {index: {slot: n}})
        for at, vector in known.items()
        for slot, whole in vector.items()
        for index, n in ((3, whole // 3), (WHOLE_DAY, whole - whole // 3))
        if n
    ]
    random.Random(3).shuffle(parts)  # noqa: S311
    for at, cells in parts:
        shuffled.add(at, cells)
    assert look(shuffled) == look(known)


def test_a_watch_that_remembers_says_what_one_that_does_not_says() -> None:
    known, seen = fallen(NPS), Totals()
    watch = Watch(BRANCH, KOLKATA, STRICT, WATCHED)
    for days in range(1, DAYS + 1):
        seen.add(FIRST + days - 1, {WHOLE_DAY: known[FIRST + days - 1]})
        if days < SINCE or days % 6:
            continue
        found = watch.alerts(seen, NO_BASELINES, morning(days), circumstances=KNOWN)
        assert found == look(seen, days)
        late = {WHOLE_DAY: {"nps": 3, "nps.detractors": 3}}
        seen.add(FIRST + days - 3, late)
        found = watch.alerts(seen, NO_BASELINES, morning(days), circumstances=KNOWN)
        assert found == look(seen, days)
    assert [alert.indicator for alert in found] == [NPS.id]


def test_a_declared_change_ends_its_alert_and_what_is_normal_is_learned_anew() -> None:
    (alert,) = look(fallen(NPS))
    declared = Declared(
        entity=BRANCH,
        since=date.fromordinal(FIRST + SINCE),
        by="Asha",
        at=datetime.fromordinal(FIRST + DAYS).replace(tzinfo=UTC),
        reason="another question",
        indicator=NPS.id,
    )
    known = Circumstances(declared=[declared], reference=DIGITAL)
    (ended,) = look(fallen(NPS), told=[alert], circumstances=known)
    assert (ended.id, ended.status) == (alert.id, Status.RESOLVED)
    assert ended.resolution == "another question (Asha)"
    assert look(fallen(NPS), circumstances=known) == []
    elsewhere = msgspec.structs.replace(declared, indicator=COST.id)
    known = Circumstances(declared=[elsewhere], reference=DIGITAL)
    assert [a.id for a in look(fallen(NPS), circumstances=known)] == [alert.id]


@pytest.mark.parametrize("kpi", [NPS, VOLUME, COST], ids=lambda kpi: kpi.id)
def test_one_cause_is_explained_to_those_below_and_above(kpi: Kpi) -> None:
    (alert,) = look(fallen(kpi))
    again = {kpi.id: [for_those_below(alert)]}
    assert look(fallen(kpi), entity="branch:C", reliefs=again) == []
    assert strength(alert) > 9
    # The fallen branch is a part of the company, the other is well.
    company = totals(fallen(kpi))
    for at, vector in history(DAYS, 60, seed=9).items():
        company.add(at, {WHOLE_DAY: vector})
    alone = look(company, entity=COMPANY, policy=LENIENT)
    assert {a.indicator for a in alone} == {kpi.id}
    above = {kpi.id: [for_those_above(alert)]}
    assert look(company, entity=COMPANY, policy=LENIENT, reliefs=above) == []


def test_the_young_lean_on_their_parents() -> None:
    parent = Watch(COMPANY, KOLKATA, STRICT, WATCHED)
    parent.alerts(totals(history(DAYS, 200)), NO_BASELINES, morning(DAYS), circumstances=KNOWN)
    young = totals({at: v for at, v in fallen(NPS).items() if at >= FIRST + SINCE - 20})
    child = Watch("team:T", KOLKATA, STRICT, WATCHED)
    known = KNOWN._replace(usuals=parent.usuals)
    child.alerts(young, NO_BASELINES, morning(DAYS), circumstances=known)
    (usual,) = child.usuals[NPS.id]
    alone = Watch("team:T", KOLKATA, STRICT, WATCHED)
    alone.alerts(young, NO_BASELINES, morning(DAYS), circumstances=KNOWN)
    (own,) = alone.usuals[NPS.id]
    assert own.level < usual.level < parent.usuals[NPS.id][-1].level
    assert own.cases == usual.cases
    for usuals in parent.usuals.values():
        coded = msgspec.msgpack.encode(usuals)
        assert msgspec.msgpack.decode(coded, type=tuple[Usual, ...]) == usuals


def test_who_is_watched_for_what() -> None:
    def watched(entity: str) -> set[str]:
        return set(Watch(entity, KOLKATA, STRICT, WATCHED).usuals)

    everywhere = {NPS.id, TURNAROUND.id, AUDITS.id}
    assert watched("executive:E-1") == everywhere
    assert watched("team:T") == everywhere | {VOLUME.id}
    assert watched(COMPANY) == {kpi.id for kpi in WATCHED}
    assert watched("channel:web") == watched("campaign:CMP-1") == {VOLUME.id, COST.id}


def test_declaring_is_all_it_takes() -> None:
    declared = Watched(Count(REFERRALS), title="Referrals")
    own = replace(BUILT_IN.by_id["crm.referrals"], id="crm.mine", watch=declared)
    known = totals({FIRST + at: {REFERRALS: 12 if at < SINCE else 3} for at in range(DAYS)})
    watch = Watch("executive:E-1", KOLKATA, STRICT, BUILT_IN.extended((), (own,)).watched)
    (alert,) = watch.alerts(known, NO_BASELINES, morning(DAYS))
    assert (alert.indicator, alert.title, alert.kind) == ("crm.mine", "Referrals", Kind.LOWER)


def test_only_digital_campaigns_cost_per_lead() -> None:
    known = totals(fallen(COST))
    printed = Circumstances(reference=reference(campaigns={CAMPAIGN: False}))
    assert look(known, circumstances=printed) == []
