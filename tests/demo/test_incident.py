"""The incident: the alarm, as it is, finds it and sees that it is over; without it, nothing."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from scoring.alerting.alarms import NO_BASELINES, Circumstances, Watch
from scoring.alerting.alert import Alert, Status
from scoring.alerting.policy import Policy
from scoring.alerting.relief import strength
from scoring.alerting.stages import Stage
from scoring.calendar import SECOND, micros
from scoring.catalogue import BUILT_IN
from scoring.events.leads import LeadContacted, LeadCreated, LeadQualified
from streams.demo.book import FLAWLESS, Book
from streams.demo.floor import CHANNELS
from streams.demo.incident import Incident, incident
from streams.demo.traffic import LiveTraffic, history, opening
from tests.demo.test_traffic import CALENDAR, INDIA, NOW, decoded, floor
from tests.pipeline import Pipeline

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scoring.cells import Entity
    from scoring.events import Micros
    from streams.demo.book import OutgoingEvent

COMPANY = "company:company"
WELL = ("channel:branch", "channel:referral", "channel:telecall")
LASTS = 60
#: Business hours, and an hour at which nobody works.
MOMENTS = [NOW, micros(datetime(2026, 3, 25, 2, 30, tzinfo=INDIA))]


class Run:
    """A floor whose traffic goes through the pipeline, under the eyes of the alarm."""

    def __init__(self, now: Micros, seed: int, seconds: float | None = None) -> None:
        self.now = now
        self.floor = floor(seed, headcount=40)
        broken = incident(self.floor, now, seconds) if seconds is not None else None
        self.book = Book(self.floor, now, FLAWLESS, broken)
        self.pipeline = Pipeline()
        self.take(opening(self.floor, now, 45, self.book))
        self.take(history(self.floor, now, 45, self.book))
        self._traffic = LiveTraffic(self.floor, now, rate=20, book=self.book)
        self._told: dict[Entity, list[Alert]] = {}

    def take(self, events: Iterable[OutgoingEvent]) -> None:
        for event in decoded(events):
            self.pipeline.event(event)

    def alerts(self, seconds: int) -> dict[Entity, list[Alert]]:
        """The alerts of the company and some channels after some seconds of live traffic."""
        as_of = self.now + seconds * SECOND
        self.take(self._traffic.until(as_of))
        totals, usual = self.pipeline.totals(as_of), NO_BASELINES
        for entity in (COMPANY, "channel:web", *WELL):
            watch = Watch(entity, CALENDAR, Policy(), BUILT_IN.watched)
            told = self._told.get(entity, ())
            known = totals[entity if entity == COMPANY else f"origin:{entity}"]
            circumstances = Circumstances(reference=self.pipeline.reference)
            self._told[entity] = watch.alerts(
                known, usual, as_of, told, circumstances=circumstances
            )
            usual = watch.baselines if entity == COMPANY else usual
        return dict(self._told)


@pytest.mark.parametrize("seed", [1, 2, 7])
def test_a_floor_without_an_incident_has_no_alert(seed: int) -> None:
    run = Run(NOW, seed)
    assert [alert for seconds in (0, 90) for a in run.alerts(seconds).values() for alert in a] == []


@pytest.mark.parametrize("now", MOMENTS)
def test_an_incident_is_found_and_over_when_the_channel_is_back(now: Micros) -> None:
    run = Run(now, 7, LASTS)
    for seconds in (0, LASTS - 1):
        found = run.alerts(seconds)
        assert contacts(found["channel:web"]) == [Status.FIRING]
        of_company = [a for a in found[COMPANY] if a.indicator is Stage.CONTACTED]
        (of_channel,) = (a for a in found["channel:web"] if a.indicator is Stage.CONTACTED)
        assert all(strength(each) < strength(of_channel) for each in of_company)
    after = run.alerts(3 * LASTS)
    assert contacts(after["channel:web"]) == [Status.RESOLVED]
    assert [contacts(after[channel]) for channel in WELL] == [[]] * len(WELL)


def contacts(alerts: list[Alert]) -> list[Status]:
    return [alert.status for alert in alerts if alert.indicator is Stage.CONTACTED]


def test_nobody_reaches_a_lead_of_the_channel_but_leads_come() -> None:
    few = floor(headcount=40)
    broken = incident(few, NOW, LASTS)
    channels = {mix.channel for mix in CHANNELS}
    events = decoded(history(few, NOW, 10, Book(few, NOW, FLAWLESS, broken)))
    meanwhile = [e.data for e in events if broken.began <= e.time and e.data.family == "leads"]
    created = {e.data.lead_id: e.data for e in events if isinstance(e.data, LeadCreated)}
    reached = {e.lead_id for e in meanwhile if isinstance(e, LeadContacted | LeadQualified)}
    assert {created[lead].channel for lead in reached} == channels - {broken.channel}
    assert broken.channel in {e.channel for e in meanwhile if isinstance(e, LeadCreated)}


def test_what_waits_is_done_soon_and_in_its_order() -> None:
    broken = Incident("web", 0, 1000 * SECOND)
    done = [broken.put_off(at * SECOND) for at in range(0, 1000, 10)]
    assert all(earlier < later for earlier, later in pairwise(done))
    assert 1000 * SECOND <= done[0] < done[-1] < 1100 * SECOND
    assert [broken.put_off(at) for at in (-1, 1000 * SECOND)] == [-1, 1000 * SECOND]


def test_it_says_that_it_lasts_and_then_that_it_is_over() -> None:
    broken = Incident("web", NOW - 3600 * SECOND, NOW + LASTS * SECOND)
    assert broken.news(NOW, CALENDAR) == (
        "The channel web passes on wrong numbers, since 2026-03-24 10:30:00 until "
        "2026-03-24 11:31:00: nobody reaches one of its leads, and an alert is to fire"
    )
    assert broken.news(broken.ends, CALENDAR).startswith(
        "The numbers of the channel web are right since 2026-03-24 11:31:00: "
    )
