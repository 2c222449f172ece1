"""How much likelier a further change is than none since a remark, by the textbooks' likelihoods."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from math import log
from typing import TYPE_CHECKING

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.alerting.handling import Handling, State, further, handled, state
from scoring.alerting.remarks import Acknowledged, Snoozed
from tests.feed.alerts import alert as told

if TYPE_CHECKING:
    from scoring.alerting.alert import Alert

NOON = datetime(2026, 3, 24, 12, tzinfo=UTC)
FELL = told("team:T", observed=60, expected=100.0, days=10, spread=0.02)
ROSE = told("team:T", observed=150, expected=100.0, days=10, spread=0.02)
#: Waiting times add up to 180 where 100 are usual, with a deviation of 20 in 10 days.
SLOW = told("team:T", observed=180, expected=100.0, days=10, value=18.0, deviation=4.0)
#: Answers add up to 20 where 100 are usual.
POOR = told("team:T", observed=20, expected=100.0, days=10, value=2.0, deviation=-4.0)


def seen(alert: Alert) -> tuple[Alert, Handling]:
    """An alert that was acknowledged as it is."""
    known = handled(alert, Acknowledged(alert=alert.id, by="Asha", at=NOON), NOON)
    assert known.handling is not None
    return known, known.handling


def likelihood(cases: int, mean: float, spread: float) -> float:
    """Of a negative binomial count, as a logarithm, but for what no mean changes."""
    size = 1 / spread
    return cases * log(mean / (mean + size)) + size * log(size / (mean + size))


@given(st.integers(0, 120), st.floats(0.5, 150), st.integers(1, 20))
def test_a_further_drop_is_judged_as_a_negative_binomial_count(
    came: int, due: float, days: int
) -> None:
    for alert, further_by in ((FELL, 0.7), (ROSE, 1 / 0.7)):
        known, handling = seen(alert)
        mean = alert.observed / alert.expected * due
        spread = 1 / alert.observed + 0.02 / days
        later = msgspec.structs.replace(
            known,
            observed=alert.observed + came,
            expected=alert.expected + due,
            days=alert.days + days,
        )
        gained = likelihood(came, further_by * mean, spread) - likelihood(came, mean, spread)
        assert further(later, handling) == pytest.approx(gained, abs=1e-9)
        opened = state(handled(later, None, NOON)) is State.OPEN
        assert opened == (gained >= log(100))


def test_it_is_clear_from_a_hundred_times_as_likely_on() -> None:
    known, handling = seen(FELL)
    # While nothing comes, the more was to be expected the clearer it is.
    quiet, speaks = 0.0, 100.0
    for _ in range(50):
        due = (quiet + speaks) / 2
        later = msgspec.structs.replace(known, expected=100.0 + due, days=11)
        if state(handled(later, None, NOON)) is State.OPEN:
            speaks = due
        else:
            quiet = due
    later = msgspec.structs.replace(known, expected=100.0 + speaks, days=11)
    assert further(later, handling) == pytest.approx(log(100))


def test_on_the_day_of_the_remark_days_differ_by_one_day() -> None:
    known, handling = seen(FELL)
    same = msgspec.structs.replace(known, observed=61, expected=120.0)
    next_day = msgspec.structs.replace(same, days=11)
    assert further(same, handling) == further(next_day, handling) > 0
    assert further(msgspec.structs.replace(same, days=13), handling) > further(same, handling)


def test_what_was_taken_back_is_no_case_since_then() -> None:
    known, handling = seen(FELL)
    none = msgspec.structs.replace(known, expected=130.0, days=12)
    fewer = msgspec.structs.replace(none, observed=50)
    assert further(fewer, handling) == further(none, handling) > 0


@pytest.mark.parametrize(
    "change",
    [{"observed": 70}, {"observed": 70, "expected": 99.0}, {"expected": 100.0}],
    ids=str,
)
def test_where_nothing_more_was_expected_nothing_is_proven(change: dict[str, float]) -> None:
    known, handling = seen(FELL)
    assert further(msgspec.structs.replace(known, days=12, **change), handling) == 0.0


def test_what_was_nothing_cannot_drop_further() -> None:
    known, handling = seen(told("team:T", observed=0, expected=20.0))
    much = msgspec.structs.replace(known, observed=5, expected=500.0, days=90)
    assert further(much, handling) == 0.0


def test_a_little_was_more_than_nothing() -> None:
    known, handling = seen(told("team:T", observed=1, expected=20.0))
    much = msgspec.structs.replace(known, expected=500.0, days=90)
    assert further(much, handling) > 0


def test_as_many_as_expected_may_drop() -> None:
    known, handling = seen(told("team:T", observed=40, expected=40.0))
    fewer = msgspec.structs.replace(known, observed=50, expected=80.0, days=6)
    more = msgspec.structs.replace(known, observed=110, expected=80.0, days=6)
    assert further(fewer, handling) > 0 > further(more, handling)


def square(value: float) -> float:
    return value * value


@pytest.mark.parametrize("alert", [SLOW, POOR], ids=["slow", "poor"])
@pytest.mark.parametrize(("days", "moved"), [(1, 8.0), (5, 90.0), (20, 100.0), (40, -30.0)])
def test_a_mean_that_moves_further_is_judged_as_a_normal_sum(
    alert: Alert, days: int, moved: float
) -> None:
    known, handling = seen(alert)
    sign = 1 if alert is SLOW else -1
    observed = round(alert.observed + 10 * days + sign * moved)
    all_days = 10 + days
    # A day has a deviation of 20 / sqrt(10), also since then.
    of_day = 20 * 20 / 10
    deviation = (observed - 10 * all_days) / (of_day * all_days) ** 0.5
    later = msgspec.structs.replace(
        known, observed=observed, expected=10.0 * all_days, days=all_days, deviation=deviation
    )
    # By then it had moved by 8 a day, which days' own variance leaves uncertain.
    as_before = sign * 8.0 * days
    variance = of_day * days + of_day / 10 * days * days
    came = sign * moved
    gained = (square(came - as_before) - square(came - 1.5 * as_before)) / (2 * variance)
    assert further(later, handling) == pytest.approx(gained)


@pytest.mark.parametrize(
    "change",
    [{"days": 10}, {"days": 9}, {"deviation": 0.0}, {"deviation": None}],
    ids=str,
)
def test_of_a_mean_without_days_or_deviation_nothing_is_proven(
    change: dict[str, float | None],
) -> None:
    known, handling = seen(SLOW)
    later = msgspec.structs.replace(known, observed=500, days=12, deviation=9.0)
    assert further(later, handling) != 0.0
    assert further(msgspec.structs.replace(later, **change), handling) == 0.0


def test_of_a_mean_that_had_not_moved_or_had_no_day_nothing_is_proven() -> None:
    later = msgspec.structs.replace(SLOW, observed=500, days=12, deviation=9.0)
    _, handling = seen(SLOW)
    for change in ({"observed": 100}, {"days": 0}):
        assert further(later, msgspec.structs.replace(handling, **change)) == 0.0


def test_a_remark_keeps_what_the_alert_was_and_who_said_what() -> None:
    quiet = Snoozed(
        alert=FELL.id, by="Ravi", at=NOON, until=NOON + timedelta(hours=1), reason="lunch"
    )
    expected = Handling(
        state=State.SNOOZED,
        by="Ravi",
        at=NOON,
        until=NOON + timedelta(hours=1),
        reason="lunch",
        observed=60,
        expected=100.0,
        days=10,
        again=None,
    )
    assert handled(FELL, quiet, NOON).handling == expected
    _, handling = seen(FELL)
    assert (handling.state, handling.until) == (State.ACKNOWLEDGED, None)
    assert (handling.observed, handling.expected, handling.days) == (60, 100.0, 10)


def test_a_mean_that_had_risen_by_little_may_rise_further() -> None:
    little = msgspec.structs.replace(SLOW, observed=101, deviation=0.05)
    known, handling = seen(little)
    later = msgspec.structs.replace(known, observed=260, expected=200.0, days=20, deviation=2.0)
    assert further(later, handling) > 0
    fell = msgspec.structs.replace(later, observed=140, deviation=-2.0)
    assert further(fell, handling) < 0
