"""The alert of a silent source, and what it does to the others."""

from __future__ import annotations

from datetime import date

import msgspec

from scoring.alerting.absence import absent, began, days, returned, still_absent
from scoring.alerting.alarms import NO_BASELINES, Circumstances, Watch
from scoring.alerting.alert import Alert, Kind, Status
from scoring.alerting.handling import State, handled, state
from scoring.alerting.policy import Policy
from scoring.alerting.remarks import Acknowledged
from scoring.alerting.scopes import Scope
from scoring.alerting.silence import needs
from scoring.alerting.stages import Stage
from scoring.calendar import HOUR, moment
from streams.absences import Absences
from tests.scoring.alerting.floors import FIRST, Drop, floor, totals
from tests.scoring.alerting.test_silence import MONDAY, learned
from tests.scoring.making import KOLKATA

TUESDAY = MONDAY + 8 * 7 + 1
NINE = KOLKATA.midnight(TUESDAY) + 9 * HOUR
PROFILE = learned(400)
SILENT = absent("leads", NINE + 2 * HOUR, NINE + 4 * HOUR, PROFILE, KOLKATA)


def test_it_says_what_is_silent_since_when_and_how_rare_that_is() -> None:
    assert (SILENT.kind, SILENT.source, SILENT.indicator) == (Kind.ABSENT, "leads", None)
    assert SILENT.silent_since == "2026-03-03T11:00:00+05:30"
    assert SILENT.id == "source:leads|absent|2026-03-03T11:00:00+05:30"
    assert (SILENT.since, SILENT.raised, SILENT.observed) == ("2026-03-03", "2026-03-03", 0)
    assert 80 < SILENT.expected < 110, "two busy hours of a day of 400"
    assert SILENT.evidence_days == 1e6
    assert "No events of leads since 2026-03-03 11:00 where" in SILENT.explanation
    assert msgspec.json.decode(msgspec.json.encode(SILENT), type=Alert) == SILENT


def test_it_grows_while_it_lasts_and_only_in_business_hours() -> None:
    evening = still_absent(SILENT, NINE + 9 * HOUR, PROFILE, KOLKATA)
    night = still_absent(SILENT, NINE + 20 * HOUR, PROFILE, KOLKATA)
    assert SILENT.expected < evening.expected == night.expected
    assert still_absent(SILENT, NINE + 9 * HOUR, None, KOLKATA) == SILENT


def test_it_ends_with_the_first_event_that_happened_after_the_return() -> None:
    back = NINE + 6 * HOUR
    late = returned(SILENT, back, NINE + 3 * HOUR, KOLKATA)
    assert (late.status, late.back) == (Status.FIRING, "2026-03-03T15:00:00+05:30")
    later = returned(late, back + HOUR, back - 1, KOLKATA)
    assert later == late
    ended = returned(later, back + 2 * HOUR, back, KOLKATA)
    assert (ended.status, ended.resolved) == (Status.RESOLVED, "2026-03-03")
    assert "Events came back at 2026-03-03 15:00." in ended.explanation


def test_it_can_be_acknowledged() -> None:
    said = Acknowledged(alert=SILENT.id, by="Asha", at=moment(NINE))
    seen = handled(SILENT, said, moment(NINE))
    longer = still_absent(seen, NINE + 9 * HOUR, PROFILE, KOLKATA)
    assert state(handled(longer, said, moment(NINE))) is State.ACKNOWLEDGED


def test_what_depends_on_a_silent_source_rests_from_its_first_day_to_its_last() -> None:
    known = Absences()
    sales = absent("sales", NINE, NINE + 4 * HOUR, PROFILE, KOLKATA)
    known.learn(sales.id, sales)
    assert known.of("sales") == sales
    assert known.of("leads") is None
    rests = known.rests(TUESDAY + 2, needs())
    assert rests[Stage.DISBURSED] == {TUESDAY, TUESDAY + 1, TUESDAY + 2}
    assert rests[Stage.CONTACTED] == frozenset()
    ended = returned(sales, NINE + 24 * HOUR, NINE + 24 * HOUR, KOLKATA)
    known.learn(sales.id, ended)
    assert known.of("sales") is None
    assert list(days(ended, TUESDAY + 9)) == [TUESDAY, TUESDAY + 1]
    assert known.before(TUESDAY + 1) == []
    assert known.before(TUESDAY + 2) == [sales.id]
    known.learn(sales.id, None)
    assert known.rests(TUESDAY, needs())[Stage.DISBURSED] == frozenset()
    assert began(sales) == NINE


POLICY = Policy(budgets=dict.fromkeys(Scope, 1e6))
#: On one day nobody was heard of to be contacted.
LOST = totals(floor(400, 190, Drop(Stage.CONTACTED, 189, 190, 0.0)))


def raised(circumstances: Circumstances, hour: int = 20) -> list[str]:
    watch = Watch("team:T", KOLKATA, POLICY)
    as_of = KOLKATA.midnight(FIRST + 189) + hour * HOUR
    found = watch.alerts(LOST, NO_BASELINES, as_of, circumstances=circumstances)
    return [alert.raised for alert in found]


def test_a_drop_on_a_day_of_an_outage_is_none() -> None:
    day = FIRST + 189
    assert raised(Circumstances()) == [date.fromordinal(day).isoformat()]
    assert raised(Circumstances(rests={Stage.CONTACTED: frozenset({day})})) == []
    assert raised(Circumstances(rests={Stage.DISBURSED: frozenset({day})})) != []


def test_nothing_is_expected_after_a_source_was_last_heard() -> None:
    nine = KOLKATA.midnight(FIRST + 189) + 9 * HOUR
    assert raised(Circumstances(until={Stage.CONTACTED: nine})) == []
    assert raised(Circumstances(until={Stage.CONTACTED: nine + 6 * HOUR})) != []
