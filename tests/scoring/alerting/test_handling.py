"""What people say of an alert, and when it speaks again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.alerting.alert import Alert, Status
from scoring.alerting.handling import Again, Handling, State, handled, state
from scoring.alerting.remarks import Acknowledged, Snoozed
from tests.feed.alerts import alert as told

#: 60 responses of 10 days with an NPS of 10 where 40 is usual, five deviations.
FELL = told(
    "team:T",
    indicator="crm.nps",
    observed=6,
    expected=24.0,
    n=60,
    days=10,
    value=10.0,
    usual=40.0,
    deviation=-5.0,
)
NOON = datetime(2026, 3, 24, 12, tzinfo=UTC)
FIRING = told("team:T", observed=60, expected=100.0, days=10)
SEEN = Acknowledged(alert=FIRING.id, by="Asha", at=NOON, reason="the form broke")
QUIET = Snoozed(alert=FIRING.id, by="Asha", at=NOON, until=NOON + timedelta(hours=4))


def later(alert: Alert, observed: int, expected: float, days: int = 5) -> Alert:
    """The same alert after some more days."""
    return msgspec.structs.replace(
        alert,
        observed=alert.observed + observed,
        expected=alert.expected + expected,
        days=alert.days + days,
    )


def said(alert: Alert) -> Handling:
    assert alert.handling is not None
    return alert.handling


def test_what_nobody_spoke_of_is_open() -> None:
    assert handled(FIRING, None, NOON) == FIRING
    assert state(FIRING) is State.OPEN


def test_an_acknowledged_alert_says_who_and_when_and_why() -> None:
    seen = handled(FIRING, SEEN, NOON)
    assert state(seen) is State.ACKNOWLEDGED
    assert (said(seen).by, said(seen).at, said(seen).reason) == ("Asha", NOON, "the form broke")
    assert msgspec.json.decode(msgspec.json.encode(seen), type=Alert) == seen


def test_it_stays_quiet_while_it_is_as_bad_as_it_was() -> None:
    seen = handled(FIRING, SEEN, NOON)
    for weeks in range(1, 9):
        now = NOON + timedelta(weeks=weeks)
        assert state(handled(later(seen, 42 * weeks, 70.0 * weeks), SEEN, now)) == "acknowledged"


def test_it_speaks_again_when_it_is_clearly_worse_and_only_once() -> None:
    seen = handled(FIRING, SEEN, NOON)
    assert state(handled(later(seen, 1, 10.0), SEEN, NOON)) is State.ACKNOWLEDGED, "a bad day"
    worse = handled(later(seen, 10, 100.0), SEEN, NOON)
    assert (state(worse), said(worse).again) == (State.OPEN, Again.WORSE)
    better = handled(later(worse, 100, 100.0), SEEN, NOON)
    assert said(better) == said(worse), "what was said stands"


def test_it_is_quiet_again_after_another_remark_and_compared_with_that_moment() -> None:
    worse = handled(later(handled(FIRING, SEEN, NOON), 10, 100.0), SEEN, NOON)
    again = msgspec.structs.replace(SEEN, at=NOON + timedelta(days=9), by="Ravi")
    quiet = handled(worse, again, NOON)
    assert (state(quiet), said(quiet).by) == (State.ACKNOWLEDGED, "Ravi")
    assert said(quiet).expected == worse.expected
    assert state(handled(later(quiet, 30, 100.0), again, NOON)) is State.ACKNOWLEDGED


def test_a_snoozed_alert_is_quiet_until_then_whatever_comes() -> None:
    quiet = handled(FIRING, QUIET, NOON)
    much_worse = later(quiet, 0, 500.0)
    assert state(handled(much_worse, QUIET, QUIET.until - timedelta(seconds=1))) is State.SNOOZED
    ended = handled(much_worse, QUIET, QUIET.until)
    assert (state(ended), said(ended).again) == (State.OPEN, Again.SNOOZE_ENDED)
    assert handled(ended, QUIET, QUIET.until + timedelta(days=9)) == ended, "once"


def test_one_that_is_resolved_says_no_more() -> None:
    resolved = msgspec.structs.replace(
        handled(FIRING, QUIET, NOON), status=Status.RESOLVED, resolved="2026-03-25"
    )
    assert handled(resolved, QUIET, QUIET.until + timedelta(days=1)) == resolved
    late = msgspec.structs.replace(SEEN, at=NOON + timedelta(days=2))
    assert handled(resolved, late, NOON) == resolved


@given(
    st.integers(0, 300), st.floats(1, 400), st.integers(0, 400), st.floats(0, 500), st.integers(0)
)
def test_hearing_it_twice_changes_nothing(
    observed: int, expected: float, more: int, due: float, minutes: int
) -> None:
    now = NOON + timedelta(minutes=minutes % 10_000)
    alert = msgspec.structs.replace(FIRING, observed=observed, expected=expected)
    for remark in (SEEN, QUIET):
        once = handled(later(handled(alert, remark, NOON), more, due), remark, now)
        assert handled(once, remark, now) == once


@pytest.mark.parametrize("spread", [0.0, 0.04])
def test_it_seldom_speaks_again_by_chance(spread: float) -> None:
    """Of those that stay as bad as they were for 60 days no more than one of a hundred does."""
    rng, spoke = np.random.default_rng(7), 0
    for _ in range(2_000):
        daily, ratio = 20.0, rng.uniform(0.3, 0.8)

        def day(mean: float) -> int:
            luck = rng.gamma(1 / spread, spread) if spread else 1.0
            return int(rng.poisson(mean * luck))

        before = sum(day(daily * ratio) for _ in range(10))
        start = told("team:T", observed=before, expected=10 * daily, days=10, spread=spread)
        alert = handled(start, SEEN, NOON)
        for _ in range(60):
            alert = handled(later(alert, day(daily * ratio), daily, days=1), SEEN, NOON)
        spoke += said(alert).again is Again.WORSE
    assert spoke <= 20


def test_it_speaks_again_within_days_of_a_further_drop_by_half() -> None:
    rng, waits = np.random.default_rng(8), list[int]()
    for _ in range(200):
        start = told("team:T", observed=140, expected=200.0, days=10, spread=0.01)
        alert, days = handled(start, SEEN, NOON), 0
        while said(alert).again is None:
            days += 1
            alert = handled(later(alert, int(rng.poisson(7)), 20.0, days=1), SEEN, NOON)
        waits.append(days)
    assert sum(waits) / len(waits) < 8


@pytest.mark.parametrize("sign", [1, -1])
def test_a_kpi_speaks_again_when_it_has_moved_clearly_further(sign: int) -> None:
    moved = msgspec.structs.replace(
        FELL, observed=24 + sign * 18, deviation=sign * 5.0, id="team:T|crm.nps|2026-03-20"
    )
    seen = msgspec.structs.replace(SEEN, alert=moved.id)
    quiet = handled(moved, seen, NOON)

    def after(days: int, shift: float) -> State:
        """So many days more, on which it has moved by so much of what it had."""
        observed = round(2.4 * days + sign * 1.8 * shift * days)
        now = later(quiet, observed, 2.4 * days, days)
        deviation = (now.observed - now.expected) / (18 / 5) * (10 / now.days) ** 0.5
        return state(handled(msgspec.structs.replace(now, deviation=deviation), seen, NOON))

    assert after(20, 1.0) == after(60, 1.1) == State.ACKNOWLEDGED, "as bad as it was"
    assert after(20, -0.5) is State.ACKNOWLEDGED, "better"
    assert after(20, 2.0) is State.OPEN
