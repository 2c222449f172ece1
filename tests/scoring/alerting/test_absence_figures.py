"""What the alert of a silent source counts, of a source that brings an event in every quarter."""

from __future__ import annotations

from math import exp, log

import msgspec
import pytest

from scoring.alerting.absence import absent, began, days, returned, still_absent
from scoring.alerting.alert import Kind, Status
from scoring.alerting.scopes import Scope
from scoring.alerting.silence import Profile
from scoring.calendar import HOUR
from tests.scoring.making import KOLKATA, at, day

#: Runs of one event a quarter; one that is ten events longer is e times as rare.
PROFILE = Profile(
    usual={(weekday, hour): 1.0 for weekday in range(7) for hour in range(24)},
    level=1.0,
    threshold=0.0,
    runs=1.0,
    scale=10.0,
    limit=60.0,
    budget=1000.0,
    events=4321,
)
TUESDAY = day("2026-03-03")
ELEVEN, ONE = at("2026-03-03T11:00"), at("2026-03-03T13:00")
SILENT = absent("leads", ELEVEN, ONE, PROFILE, KOLKATA)


def test_two_hours_are_eight_events_that_did_not_come() -> None:
    assert (SILENT.observed, SILENT.expected, SILENT.days, SILENT.n) == (0, 8.0, 1, 0)
    assert (SILENT.ratio, SILENT.ratio_low) == (0.0, 0.0)
    # None at all is consistent with up to -log(1 / 40) of a Poisson source, by 95 %.
    assert SILENT.ratio_high == pytest.approx(-log(1 / 40) / 8, rel=0.01)
    assert SILENT.evidence_days == pytest.approx(exp(0.8), abs=0.005)
    assert SILENT.explanation == (
        "No events of leads since 2026-03-03 11:00 where 8 were to be expected in business hours. "
        "When all is well so long a silence comes at most once in 2 days."
    )


def test_it_names_the_source_and_what_it_is_known_from() -> None:
    assert (SILENT.id, SILENT.entity) == (
        "source:leads|absent|2026-03-03T11:00:00+05:30",
        "source:leads",
    )
    assert (SILENT.level, SILENT.kind, SILENT.status) == (
        Scope.COMPANY,
        Kind.ABSENT,
        Status.FIRING,
    )
    assert (SILENT.raised, SILENT.since_low, SILENT.since_high) == ("2026-03-03",) * 3
    assert (SILENT.budget_days, SILENT.baseline, SILENT.baseline_cases) == (1000.0, 0.0, 4321)
    assert (SILENT.resolved, SILENT.back) == (None, None)


def test_before_the_profile_is_known_it_counts_nothing() -> None:
    assert still_absent(SILENT, ONE + 9 * HOUR, None, KOLKATA) == SILENT
    assert began(SILENT) == ELEVEN


def test_a_silence_of_no_quarter_has_no_ratio() -> None:
    found = absent("sales", ELEVEN, ELEVEN, PROFILE, KOLKATA)
    assert (found.expected, found.days, found.evidence_days) == (0.0, 1, 1.0)
    assert (found.ratio, found.ratio_low, found.ratio_high) == (None, None, None)


def test_a_silence_of_less_than_an_event_has_one() -> None:
    found = absent("sales", ELEVEN, ONE, PROFILE._replace(level=0.0567), KOLKATA)
    assert (found.expected, found.ratio) == (0.5, 0.0)


def test_figures_are_those_of_all_business_hours_since_it_began() -> None:
    longer = still_absent(SILENT, at("2026-03-04T12:00"), PROFILE, KOLKATA)
    opens, closes = KOLKATA.hours_of_work(TUESDAY)
    opens_next, _ = KOLKATA.hours_of_work(TUESDAY + 1)
    hours = (closes - ELEVEN + at("2026-03-04T12:00") - opens_next) / HOUR
    assert opens < ELEVEN
    assert (longer.days, longer.expected) == (2, 4 * hours)
    assert longer.id == SILENT.id
    assert longer.raised == SILENT.raised


def test_a_figure_is_rounded_and_its_rarity_cut() -> None:
    third = still_absent(SILENT, ONE, PROFILE._replace(level=1 / 3), KOLKATA)
    assert third.expected == 2.7
    assert third.ratio_high == pytest.approx(3.669 / (8 / 3), abs=5e-4)
    assert len(str(third.ratio_high)) == len("1.376")
    rare = still_absent(SILENT, ONE, PROFILE._replace(scale=0.1), KOLKATA)
    assert rare.evidence_days == 1e6
    assert rare.explanation.endswith("at most once in 1,000,000 days.")
    some = still_absent(SILENT, ONE, PROFILE._replace(scale=1.0), KOLKATA)
    assert some.evidence_days == 2980.0, "e to the 8th is 2,980.96"


def test_the_return_is_told_once_and_ends_with_an_event_after_it() -> None:
    three = at("2026-03-03T15:00")
    late = returned(SILENT, three, three - 1, KOLKATA)
    assert late == msgspec.structs.replace(SILENT, back="2026-03-03T15:00:00+05:30")
    ended = returned(late, at("2026-03-05T10:00"), three, KOLKATA)
    assert ended == msgspec.structs.replace(
        late,
        status=Status.RESOLVED,
        resolved="2026-03-05",
        explanation=f"{SILENT.explanation} Events came back at 2026-03-03 15:00.",
    )


def test_it_touches_its_first_day_its_last_and_all_between() -> None:
    assert days(SILENT, TUESDAY + 2) == range(TUESDAY, TUESDAY + 3)
    assert days(SILENT, TUESDAY) == range(TUESDAY, TUESDAY + 1)
    ended = msgspec.structs.replace(SILENT, resolved="2026-03-04")
    assert days(ended, TUESDAY + 9) == range(TUESDAY, TUESDAY + 2)
