"""The incident: the alarm, as it is, finds it and sees that it is over; without it, nothing."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from scoring.alerting.alarms import NO_BASELINES, Watch
from scoring.alerting.alert import Alert, Status
from scoring.alerting.policy import Policy
from scoring.alerting.stages import Stage
from scoring.calendar import SECOND, micros
from scoring.events.leads import LeadContacted, LeadCreated, LeadQualified
from streams.demo.book import FLAWLESS, Book
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
        """The alerts of company and branches after some seconds of live traffic."""
        as_of = self.now + seconds * SECOND
        self.take(self._traffic.until(as_of))
        totals, usual = self.pipeline.totals(as_of), NO_BASELINES
        for entity in (COMPANY, *(f"branch:{branch}" for branch in self.floor.branches)):
            watch = Watch(entity, CALENDAR, Policy())
            told = self._told.get(entity, ())
            self._told[entity] = watch.alerts(totals[entity], usual, as_of, told)
            usual = watch.baselines if entity == COMPANY else usual
        return dict(self._told)


@pytest.mark.parametrize("seed", [1, 2, 7])
def test_a_floor_without_an_incident_has_no_alert(seed: int) -> None:
    run = Run(NOW, seed)
    assert [alert for seconds in (0, 90) for a in run.alerts(seconds).values() for alert in a] == []


@pytest.mark.parametrize("now", MOMENTS)
def test_an_incident_is_found_and_over_when_the_branch_is_back(now: Micros) -> None:
    run = Run(now, 7, LASTS)
    *well, broken = (f"branch:{branch}" for branch in run.floor.branches)
    for seconds in (0, LASTS - 1):
        assert contacts(run.alerts(seconds)[broken]) == [Status.FIRING]
    after = run.alerts(3 * LASTS)
    assert contacts(after[broken]) == [Status.RESOLVED]
    assert [contacts(after[branch]) for branch in well] == [[]] * len(well)


def contacts(alerts: list[Alert]) -> list[Status]:
    return [alert.status for alert in alerts if alert.stage is Stage.CONTACTED]


def test_nobody_at_the_branch_reaches_a_lead_but_leads_come() -> None:
    few = floor(headcount=40)
    broken = incident(few, NOW, LASTS)
    people = {executive.id for executive in few.executives if executive.branch == broken.branch}
    events = decoded(history(few, NOW, 10, Book(few, NOW, FLAWLESS, broken)))
    meanwhile = [e.data for e in events if broken.began <= e.time and e.data.family == "leads"]
    reached = [e for e in meanwhile if isinstance(e, LeadContacted | LeadQualified)]
    assert {event.executive_id for event in reached}.isdisjoint(people)
    assert reached
    assert people & {e.executive_id for e in meanwhile if isinstance(e, LeadCreated)}


def test_what_waits_is_done_soon_and_in_its_order() -> None:
    broken = Incident("Pune", 0, 1000 * SECOND)
    done = [broken.put_off(at * SECOND) for at in range(0, 1000, 10)]
    assert all(earlier < later for earlier, later in pairwise(done))
    assert 1000 * SECOND <= done[0] < done[-1] < 1100 * SECOND
    assert [broken.put_off(at) for at in (-1, 1000 * SECOND)] == [-1, 1000 * SECOND]


def test_it_says_that_it_lasts_and_then_that_it_is_over() -> None:
    broken = Incident("Pune", NOW - 3600 * SECOND, NOW + LASTS * SECOND)
    assert broken.news(NOW, CALENDAR) == (
        "The telephones of Pune are out of order, since 2026-03-24 10:30:00 until "
        "2026-03-24 11:31:00: nobody there reaches a lead, and an alert is to fire"
    )
    assert broken.news(broken.ends, CALENDAR).startswith(
        "The telephones of Pune work again since 2026-03-24 11:31:00: "
    )
