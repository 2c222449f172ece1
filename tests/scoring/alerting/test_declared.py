"""Changes that somebody declared: what was an alert is no alert, and what is normal is learned."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

import msgspec
import pytest

from scoring.alerting.alarms import NO_BASELINES, Circumstances, Watch
from scoring.alerting.alert import Alert, Status
from scoring.alerting.declared import concerning, heard, objection
from scoring.alerting.policy import Policy
from scoring.alerting.remarks import Declared
from scoring.alerting.scopes import Scope
from scoring.alerting.stages import Stage
from scoring.calendar import HOUR, micros
from scoring.catalogue import BUILT_IN
from tests.scoring.alerting.floors import FIRST, Drop, floor, totals
from tests.scoring.making import KOLKATA

if TYPE_CHECKING:
    from scoring.slots import Vector

POLICY = Policy(budgets=dict.fromkeys(Scope, 1e6))
KPIS = [BUILT_IN.by_id["crm.nps"]]
LOWER = 180
#: From a day on a team converts half of its leads, and for good.
FALLEN = floor(150, 320, Drop(Stage.QUALIFIED, LOWER, 400, 0.5))


def iso(days: int) -> str:
    return (date.fromordinal(FIRST) + timedelta(days)).isoformat()


def declared(since: int, said: int, stage: Stage | None = None) -> Declared:
    at = datetime.combine(date.fromordinal(FIRST + said), time(6), UTC)
    return Declared(
        entity="team:T",
        since=date.fromordinal(FIRST + since),
        by="Asha",
        at=at,
        reason="the campaign ended",
        indicator=stage,
    )


def look(
    days: int,
    remark: Declared | None,
    told: list[Alert] | None = None,
    vectors: dict[int, Vector] = FALLEN,
    entity: str = "team:T",
) -> list[Alert]:
    known = totals({at: vector for at, vector in vectors.items() if at < FIRST + days})
    as_of = KOLKATA.midnight(FIRST + days - 1) + 20 * HOUR
    circumstances = Circumstances([remark] if remark is not None else [])
    watch = Watch(entity, KOLKATA, POLICY)
    return watch.alerts(known, NO_BASELINES, as_of, told or [], circumstances=circumstances)


def raised() -> Alert:
    (alert,) = look(LOWER + 10, None)
    return alert


@pytest.mark.parametrize("entity", ["team:T", "channel:web", "campaign:C"])
def test_what_was_declared_before_raises_nothing(entity: str) -> None:
    assert look(LOWER + 21, None, entity=entity)
    for days in range(LOWER + 1, 320, 20):
        assert look(days, declared(LOWER, LOWER - 3), entity=entity) == []


def test_an_alert_is_resolved_with_the_reason_when_it_is_declared() -> None:
    alert, remark = raised(), declared(LOWER, LOWER + 12)
    (ended,) = look(LOWER + 13, remark, [alert])
    assert (ended.id, ended.status, ended.resolved) == (alert.id, Status.RESOLVED, iso(LOWER + 12))
    assert ended.resolution == "the campaign ended (Asha)"
    assert (ended.observed, ended.expected) == (alert.observed, alert.expected)
    for days in (LOWER + 14, LOWER + 60, 320):
        assert look(days, remark, [ended]) == [ended], "it stays as it was told"


def test_an_alert_from_before_ends_on_the_day_of_the_change() -> None:
    remark = declared(LOWER + 20, LOWER + 18)
    (still,) = look(LOWER + 20, remark, [raised()])
    assert still.status is Status.FIRING
    (ended,) = look(LOWER + 30, remark, [still])
    assert (ended.id, ended.resolved, ended.resolution) == (
        still.id,
        iso(LOWER + 20),
        "the campaign ended (Asha)",
    )


def test_one_that_had_ended_before_stays_as_it_was() -> None:
    vectors = floor(200, 260, Drop(Stage.QUALIFIED, LOWER, LOWER + 15, 0.5))
    (alert,) = look(LOWER + 40, None, vectors=vectors)
    assert alert.resolved is not None
    remark = declared(LOWER, LOWER + 41)
    assert look(LOWER + 42, remark, [alert], vectors) == [alert]


def test_what_is_normal_is_learned_again_and_a_further_drop_is_found() -> None:
    vectors = dict(FALLEN)
    lower, lowest = LOWER + 80, floor(150, 320, Drop(Stage.QUALIFIED, LOWER, 400, 0.25), seed=3)
    vectors.update({at: vector for at, vector in lowest.items() if at >= FIRST + lower - 14})
    (alert,) = look(lower + 15, declared(LOWER, LOWER - 3), vectors=vectors)
    assert alert.indicator is Stage.QUALIFIED
    assert iso(lower - 14) <= alert.since <= iso(lower + 2)
    assert 0.15 < alert.baseline < 0.25, "half of what it was before"
    assert alert.status is Status.FIRING


def test_another_stage_is_watched_on() -> None:
    alert = raised()
    remark = declared(LOWER, LOWER - 3, Stage.CONTACTED)
    assert look(LOWER + 10, remark) == [alert]


def test_a_change_to_come_changes_nothing_yet() -> None:
    alert = raised()
    assert look(LOWER + 10, declared(LOWER + 30, LOWER)) == [alert]


def test_a_change_of_long_ago_is_forgotten() -> None:
    assert look(LOWER + 10, declared(-400, -400)) == [raised()]


def test_a_declaration_that_is_withdrawn_leaves_what_was_told() -> None:
    (ended,) = look(LOWER + 13, declared(LOWER, LOWER + 12), [raised()])
    (kept,) = (a for a in look(LOWER + 14, None, [ended]) if a.id == ended.id)
    assert (kept.status, kept.resolved) == (Status.RESOLVED, ended.resolved)


def test_it_survives_the_wire() -> None:
    (ended,) = look(LOWER + 13, declared(LOWER, LOWER + 12), [raised()])
    assert msgspec.json.decode(msgspec.json.encode(ended), type=Alert) == ended
    remark = declared(1, 2, Stage.CONTACTED)
    assert msgspec.json.decode(msgspec.json.encode(remark), type=Declared) == remark
    assert remark.key == f"declared|team:T|contacted|{iso(1)}"


def test_of_a_change_the_wording_is_known_that_was_the_last_one_by_then() -> None:
    first = declared(LOWER, 10)
    reworded = msgspec.structs.replace(declared(LOWER, 20), reason="the form was changed")
    other = declared(LOWER, 15, Stage.QUALIFIED)
    said = [reworded, other, first]
    assert heard(said, micros(first.at) - 1) == []
    assert heard(said, micros(first.at)) == [first]
    assert heard(said, micros(other.at)) == [first, other]
    assert sorted(heard(said, micros(reworded.at)), key=said.index) == [reworded, other]


def test_it_concerns_those_of_whom_it_is_declared() -> None:
    remark = declared(1, 2)
    assert concerning([remark], ("executive:E", "team:T", "branch:B")) == [remark]
    assert concerning([remark], ("team:U", "branch:B")) == []


@pytest.mark.parametrize(
    ("change", "what_to_write"),
    [
        ({"entity": "T"}, "T is no entity: write its level and its id, such as `team:Pune A`"),
        ({"entity": "team:"}, "team: is no entity: write its level"),
        ({"entity": "source:leads"}, "source:leads is no entity"),
        ({"indicator": "nps"}, "nps is not watched: write one of contacted, qualified, "),
        ({"indicator": "crm.retention_rate"}, "crm.retention_rate is not watched"),
    ],
    ids=str,
)
def test_what_cannot_be_declared_is_told_with_what_to_write(
    change: dict[str, str], what_to_write: str
) -> None:
    remark = msgspec.structs.replace(declared(1, 2), **change)
    assert (objection(remark, KPIS) or "").startswith(what_to_write)


@pytest.mark.parametrize("indicator", [None, "applied", "crm.nps"])
@pytest.mark.parametrize("entity", ["executive:E: 1", "channel:web", "company:company"])
def test_all_that_is_watched_can_be_declared(entity: str, indicator: str | None) -> None:
    remark = msgspec.structs.replace(declared(1, 2), entity=entity, indicator=indicator)
    assert objection(remark, KPIS) is None
