"""What an alert says of an incident: figures of a tiny one, and intervals from the literature."""

from __future__ import annotations

from math import exp, lgamma, log, sqrt

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.alerting.alert import Alert, Kind, Status, Worst, describe, ratio
from scoring.alerting.course import Incident
from scoring.alerting.dating import Mark, Since, Walk
from scoring.alerting.scopes import Scope
from scoring.alerting.stages import Stage
from tests.scoring.making import day

#: Exact 95 % limits of Poisson counts (Garwood 1936, as tabled by Ulm 1990).
EXACT = {10: (4.795, 18.390), 50: (37.111, 65.919), 100: (81.364, 121.627)}
MARCH = day("2026-03-01") - 1


def mark(at: int, observed: float, expected: float, leads: int) -> Mark:
    return Mark(MARCH + at, Walk(), observed, expected, leads)


#: From 10 to 14 March 30 cases came of 50.04, as the course adds them up.
INCIDENT = Incident(
    raised=MARCH + 13,
    since=Since(mark(10, 100.0, 110.0, 400), MARCH + 9, MARCH + 11),
    resolved=None,
    end=mark(14, 130.0, 160.04, 520),
    worst=mark(14, 130.0, 160.04, 520),
    evidence=12_345.6,
    of_sales=0.8,
)


def told(incident: Incident = INCIDENT, spread: float = 0.0) -> Alert:
    return describe(
        "team:T",
        Stage.QUALIFIED,
        incident,
        budget=1000.0,
        baseline=0.41237,
        cases=900,
        spread=spread,
    )


@pytest.mark.parametrize("count", EXACT)
def test_the_interval_is_that_of_a_poisson_count(count: int) -> None:
    found = ratio(count, 1.0)
    low, high = EXACT[count]
    assert found.value == count
    assert found.low == pytest.approx(low, abs=0.01)
    assert found.high == pytest.approx(high, abs=0.01)


def test_no_case_at_all_is_consistent_with_three_and_a_half() -> None:
    found = ratio(0, 2.0)
    assert (found.value, found.low) == (0.0, 0.0)
    assert found.high * 2.0 == pytest.approx(-log(0.025), rel=0.03)


@given(st.integers(5, 400))
def test_each_end_of_the_interval_leaves_a_fortieth_beyond(count: int) -> None:
    found = ratio(count, 1.0)
    assert poisson_below(count, found.low) == pytest.approx(0.975, abs=0.003)
    assert poisson_below(count + 1, found.high) == pytest.approx(0.025, abs=0.003)


def poisson_below(count: int, mean: float) -> float:
    """The chance of fewer cases than so many."""
    return sum(exp(n * log(mean) - mean - lgamma(n + 1)) for n in range(count))


@given(st.integers(0, 200), st.floats(0.5, 200))
def test_a_ratio_is_of_what_was_expected(count: int, expected: float) -> None:
    of_one, found = ratio(count, 1.0), ratio(count, expected)
    assert found == pytest.approx([end / expected for end in of_one])
    assert 0 <= found.low <= found.value <= found.high


def test_uneven_days_widen_the_interval_as_fewer_cases_would() -> None:
    of_quarter, found = ratio(10, 1.0), ratio(40, 4.0, dispersion=4.0)
    assert found == pytest.approx(of_quarter)


def test_an_alert_tells_an_incident() -> None:
    found = told()
    assert (found.id, found.entity) == ("team:T|qualified|2026-03-13", "team:T")
    assert (found.level, found.indicator) == (Scope.TEAM, Stage.QUALIFIED)
    assert (found.status, found.raised, found.resolved) == (Status.FIRING, "2026-03-13", None)
    assert (found.since_low, found.since, found.since_high) == (
        "2026-03-09",
        "2026-03-10",
        "2026-03-11",
    )
    assert (found.observed, found.expected, found.days, found.n) == (30, 50.0, 4, 120)
    assert found.ratio == 0.6 == pytest.approx(30 / 50.04, abs=5e-4)
    assert (found.evidence_days, found.budget_days) == (12_300.0, 1000.0)
    assert (found.baseline, found.baseline_cases, found.spread) == (0.4124, 900, 0.0)


def test_one_that_recovers_tells_what_it_was_when_it_was_worst() -> None:
    assert told().worst is None
    worst = mark(13, 112.0, 150.0, 470)._replace(walk=Walk(5.0, 4.0))
    recovers = told(INCIDENT._replace(worst=worst))
    assert recovers.worst == Worst(
        until="2026-03-12", observed=12, expected=40.0, days=3, n=70, ratio=0.3
    )
    assert (recovers.observed, recovers.ratio) == (30, 0.6)


def test_a_resolved_incident_is_resolved() -> None:
    found = told(INCIDENT._replace(resolved=MARCH + 20))
    assert (found.status, found.resolved) == (Status.RESOLVED, "2026-03-20")


def test_figures_are_rounded_to_what_people_can_use() -> None:
    found = told(INCIDENT._replace(end=mark(14, 117.0, 161.31, 520)), spread=0.012345)
    assert (found.expected, found.ratio, found.spread) == (51.3, 0.331, 0.0123)
    ends = ratio(17, 51.31, 1 + 0.012345 * 51.31 / 4)
    assert (found.ratio_low, found.ratio_high) == (round(ends.low, 3), round(ends.high, 3))


def test_uneven_days_are_that_of_each_day_not_of_all() -> None:
    even, uneven = told(), told(spread=0.08)
    # A spread of 0.08 is as much as chance again on days of 12.5 cases, and so doubles a variance.
    assert width(uneven) / width(even) == pytest.approx(sqrt(2), rel=0.03)
    in_days_of_10 = told(INCIDENT._replace(end=mark(15, 130.0, 160.04, 520)), spread=0.08)
    assert width(in_days_of_10) < width(uneven)


def width(found: Alert) -> float:
    assert found.ratio_low is not None
    assert found.ratio_high is not None
    return found.ratio_high - found.ratio_low


def test_an_incident_of_no_day_has_one_and_nothing_expected_has_no_ratio() -> None:
    found = told(INCIDENT._replace(end=INCIDENT.since.mark))
    assert (found.days, found.observed, found.n) == (1, 0, 0)
    assert (found.ratio, found.ratio_low, found.ratio_high) == (None, None, None)


@pytest.mark.parametrize("of_sales", [0.0, 0.25, 0.5, 0.75, 1.0])
def test_the_kind_is_that_of_the_evidence_if_it_is_clear(of_sales: float) -> None:
    found = told(INCIDENT._replace(of_sales=of_sales))
    words = {
        Kind.LEADS: "leads that came since then are worse, or slower",
        Kind.EITHER: "the leads that were open: fewer or slower. When",
        Kind.CLOSING: "fewer or slower, of old and new leads alike",
    }
    kind = (Kind.LEADS, Kind.LEADS, Kind.EITHER, Kind.CLOSING, Kind.CLOSING)[int(4 * of_sales)]
    assert found.kind is kind
    assert words[kind] in found.explanation


@pytest.mark.parametrize(("of_sales", "kind"), [(0.7, Kind.CLOSING), (1 - 0.7, Kind.LEADS)])
def test_seven_tenths_of_the_evidence_are_clear(of_sales: float, kind: Kind) -> None:
    assert told(INCIDENT._replace(of_sales=of_sales)).kind is kind


def test_evidence_beyond_what_says_anything_to_people_is_cut() -> None:
    found = told(INCIDENT._replace(evidence=3e9))
    assert found.evidence_days == 1_000_000
    assert found.explanation.endswith("at most once in 1,000,000 days.")
    assert told().explanation == (
        "30 leads qualified since 2026-03-10 where 50.0 were to be expected of the leads that were "
        "open: fewer or slower, of old and new leads alike. When all is well so much evidence "
        "comes at most once in 12,346 days."
    )


def test_a_resolved_alert_speaks_of_the_days_until_then() -> None:
    resolved = INCIDENT._replace(resolved=MARCH + 13)
    assert told(resolved).explanation.startswith(
        "30 leads qualified from 2026-03-10 to 2026-03-13 where 50.0 were to be expected"
    )


def test_where_all_has_come_in_the_end_it_was_slower() -> None:
    late = INCIDENT._replace(resolved=MARCH + 13, end=mark(14, 150.0, 160.0, 520))
    assert "the leads that were open: slower, for what was missing has come. When" in (
        told(late).explanation
    )
    fewer = late._replace(end=mark(14, 149.0, 160.0, 520))
    assert "fewer or slower, of old and new leads alike" in told(fewer).explanation


def test_an_alert_of_a_stage_has_nothing_of_a_kpi_or_a_source() -> None:
    found = told()
    assert (found.value, found.usual, found.deviation, found.unit) == (None, None, None, "")
    assert (found.title, found.source, found.handling) == (None, None, None)


def test_a_part_of_a_case_that_was_expected_has_a_ratio() -> None:
    start = INCIDENT.since.mark
    found = told(INCIDENT._replace(end=start._replace(day=start.day + 1, expected=110.5)))
    assert (found.expected, found.ratio, found.ratio_low) == (0.5, 0.0, 0.0)


def test_an_alert_told_before_spread_was_known_has_none() -> None:
    old = msgspec.to_builtins(told(spread=0.5))
    del old["spread"]
    assert msgspec.convert(old, Alert).spread == 0.0
