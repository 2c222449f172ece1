"""Whose alerts explain whose shortfall."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from scoring.alerting.alarms import NO_BASELINES, Watch
from scoring.alerting.alert import Kind
from scoring.alerting.policy import Policy
from scoring.alerting.relatives import KnownAlert, reliefs_of
from scoring.alerting.relief import for_those_above, for_those_below
from scoring.alerting.stages import Stage
from scoring.alerting.usual import Usual
from scoring.calendar import HOUR
from scoring.slots import CAMPAIGN_LEADS, LEADS, LEADS_BY_CHANNEL, keyed
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
    "channel:sms": ["company:company"],
    "campaign:C": ["company:company"],
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


VOLUME, COST = "campaigns.lead_growth", "campaigns.cost_per_lead"
#: The company gets 60 leads a day, half of them by the web.
USUAL = {VOLUME: [Usual(since=0, level=60.0, limit=59.0, cases=1800)]}


def of_kpi(entity: str, told: Alert, *cases: str) -> Reliefs:
    vectors = {
        FIRST + at: {LEADS: 60, keyed(LEADS_BY_CHANNEL, "web"): 30} | dict.fromkeys(cases, 6)
        for at in range(DAYS)
    }
    known = KnownAlert.gather([told], ABOVE.__getitem__)
    return reliefs_of(entity, ABOVE[entity], known, totals(vectors), usuals=USUAL)


def fewer(entity: str) -> Alert:
    return alert(entity, indicator=VOLUME, deviation=-9.0, ratio=0.4)


def dearer(entity: str) -> Alert:
    return alert(
        entity,
        indicator=COST,
        kind=Kind.HIGHER,
        deviation=9.0,
        ratio=1.5,
        value=375.0,
        usual=250.0,
        observed=375_000,
        expected=250_000.0,
        n=10,
        days=5,
    )


def test_fewer_leads_of_a_channel_are_fewer_of_whoever_works_them() -> None:
    web = replace(fewer("channel:web"), since="2026-04-20")
    for entity in ("executive:E", "team:A", "branch:P", "company:company", "campaign:C"):
        (relief,) = of_kpi(entity, web)[VOLUME]
        assert relief.lost == 0.3, "half of the leads, of which 60 % are lost"
    assert of_kpi("channel:sms", web) == {}


def test_fewer_leads_of_a_team_are_its_share_of_a_channels() -> None:
    (relief,) = of_kpi("channel:web", replace(fewer("team:A"), baseline=15.0))[VOLUME]
    assert relief.lost == 0.15, "a quarter of the company's leads, of which 60 % are lost"
    (relief,) = of_kpi("channel:web", fewer("company:company"))[VOLUME]
    assert relief.factor == 0.4


def test_what_a_campaign_spends_beyond_is_spent_by_whoever_has_leads_of_it() -> None:
    dear, own = dearer("campaign:C"), keyed(CAMPAIGN_LEADS, "C")
    beyond = [for_those_above(dear)]
    assert beyond[0].missing == -25_000
    assert of_kpi("company:company", dear) == {COST: beyond}
    for entity in ("branch:P", "channel:web"):
        assert of_kpi(entity, dear, own) == {COST: beyond}
        assert of_kpi(entity, dear) == {}, "it has no leads of it"


def test_what_costs_more_elsewhere_costs_more_at_a_campaign_by_as_much_a_lead() -> None:
    for entity in ("channel:web", "branch:P", "company:company"):
        (relief,) = of_kpi("campaign:C", dearer(entity))[COST]
        assert relief.shift == 12_500
    assert of_kpi("campaign:C", dearer("channel:sms")) == {}
    assert of_kpi("channel:web", dearer("branch:P"))[COST][0].shift == 12_500
    assert of_kpi("branch:P", dearer("channel:web")) == {
        COST: [for_those_above(dearer("channel:web"))]
    }


def test_an_absent_source_explains_nothing() -> None:
    silent = replace(alert("team:A", observed=0, expected=40.0), indicator=None)
    assert reliefs("executive:E", silent) == {}
