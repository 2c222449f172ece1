"""Whose alerts explain whose shortfall."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from scoring.alerting.alarms import NO_BASELINES, Watch
from scoring.alerting.policy import Policy
from scoring.alerting.relatives import KnownAlert, reliefs_of
from scoring.alerting.relief import for_those_above, for_those_below
from scoring.alerting.stages import Stage
from scoring.calendar import HOUR
from scoring.slots import LEADS, LEADS_BY_CHANNEL, keyed
from tests.feed.alerts import alert
from tests.scoring.alerting.floors import FIRST, floor, totals
from tests.scoring.making import KOLKATA

if TYPE_CHECKING:
    from scoring.alerting.alert import Alert
    from scoring.alerting.relief import Reliefs

ABOVE = {
    "executive:E": ["team:A", "branch:P", "company:company"],
    "team:A": ["branch:P", "company:company"],
    "team:B": ["branch:P", "company:company"],
    "branch:P": ["company:company"],
    "channel:web": ["company:company"],
    "company:company": [],
}
DAYS = 120
BRANCH = alert("branch:P", observed=30, expected=60.0)
TEAM = alert("team:A", observed=25, expected=40.0)
WEB = alert("channel:web", observed=20, expected=50.0, ratio=0.4, since="2026-04-20")


def reliefs(entity: str, *told: Alert) -> Reliefs:
    vectors = floor(60, DAYS)
    for vector in vectors.values():
        vector[keyed(LEADS_BY_CHANNEL, "web")] = vector[LEADS] // 2
    leads = totals(vectors)
    company = Watch("company:company", KOLKATA, Policy())
    company.alerts(leads, NO_BASELINES, KOLKATA.midnight(FIRST + DAYS - 1) + 20 * HOUR)
    known = KnownAlert.gather(told, ABOVE.__getitem__)
    return reliefs_of(entity, ABOVE[entity], known, leads, company.baselines)


def test_an_alert_explains_those_below_and_above_it() -> None:
    assert reliefs("executive:E", TEAM) == {Stage.CONTACTED: [for_those_below(TEAM)]}
    assert reliefs("branch:P", TEAM) == {Stage.CONTACTED: [for_those_above(TEAM)]}
    assert reliefs("executive:E", TEAM, BRANCH) == {
        Stage.CONTACTED: [for_those_below(TEAM), for_those_below(BRANCH)]
    }


def test_it_explains_neither_itself_nor_those_beside_it() -> None:
    assert reliefs("team:A", TEAM) == {}
    assert reliefs("team:B", TEAM) == {}


def test_of_two_alerts_the_stronger_explains_the_weaker() -> None:
    assert reliefs("team:A", TEAM, BRANCH) == {Stage.CONTACTED: [for_those_below(BRANCH)]}
    assert reliefs("branch:P", TEAM, BRANCH) == {}
    other = alert("branch:P", indicator=Stage.QUALIFIED, observed=0, expected=99.0)
    assert reliefs("branch:P", TEAM, other) == {Stage.CONTACTED: [for_those_above(TEAM)]}


def test_a_channel_explains_its_share_of_whoever_works_its_leads() -> None:
    (relief,) = reliefs("team:A", WEB)[Stage.CONTACTED]
    assert relief.lost == 0.2, "half of the leads, which convert two thirds as often, lose 60 %"
    (relief,) = reliefs("company:company", WEB)[Stage.CONTACTED]
    assert relief.lost == 0.2
    assert reliefs("channel:web", TEAM)[Stage.CONTACTED][0].lost > 0


def test_an_absent_source_explains_nothing() -> None:
    silent = replace(alert("team:A", observed=0, expected=40.0), indicator=None)
    assert reliefs("executive:E", silent) == {}
