"""How long a source may be silent: as its own history has it, and seldom longer by chance."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from scoring.alerting.silence import Profile, depends_on, learn, quarters, quiet
from scoring.alerting.stages import Stage
from scoring.calendar import HOUR, QUARTER
from tests.scoring.making import KOLKATA, day

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.random import Generator

MONDAY = day("2026-01-05")
#: Business quarters of nine hours.
LENGTH = 36
#: A slow start, a quiet lunch, and a busy afternoon.
HOURS = np.repeat([0.5, 1.0, 1.2, 1.0, 0.2, 1.1, 1.5, 1.5, 1.0], 4) / LENGTH
BUDGET = 1000.0


def poisson(rng: Generator, daily: float) -> list[int]:
    return [int(n) for n in rng.poisson(daily * HOURS)]


def uneven(rng: Generator, daily: float) -> list[int]:
    """Days that are good or bad for everybody, by 20 %."""
    return poisson(rng, daily * rng.gamma(25, 1 / 25))


def clumped(rng: Generator, daily: float) -> list[int]:
    """Events come five at a time."""
    return [int(5 * n) for n in rng.poisson(daily / 5 * HOURS)]


def workdays(first: int, n: int) -> list[int]:
    return [at for at in range(first, first + 2 * n) if (at - 1) % 7 < 5][:n]


def history(daily: float, days: int = 40, seed: int = 1) -> dict[int, list[int]]:
    rng = np.random.default_rng(seed)
    return {at: poisson(rng, daily) for at in workdays(MONDAY, days)}


def learned(daily: float, days: int = 40) -> Profile:
    profile = learn(history(daily, days), BUDGET)
    assert profile is not None
    return profile


@pytest.mark.parametrize("traffic", [poisson, uneven, clumped])
@pytest.mark.parametrize("daily", [4, 40, 400])
def test_silence_is_told_as_seldom_as_the_budget_says(
    traffic: Callable[[Generator, float], list[int]], daily: float
) -> None:
    """Over 6,000 days of ten sources, learned anew every ten days as the past moves on."""
    told, watched = 0, 0
    for seed in range(10):
        rng = np.random.default_rng(seed)
        days = workdays(MONDAY, 640)
        counts = {at: traffic(rng, daily) for at in days}
        run, silent = 0.0, False
        for start in range(40, 640, 10):
            profile = learn({at: counts[at] for at in days[start - 40 : start]}, BUDGET)
            assert profile is not None
            for at in days[start : start + 10]:
                watched += 1
                for quarter, n in enumerate(counts[at]):
                    run = 0.0 if n else run + profile.expect(at, quarter)
                    told += run >= profile.limit and not silent
                    silent = run >= profile.limit
    assert watched == 6_000
    assert told <= 9, f"{told} in {watched} days"


@pytest.mark.parametrize(("daily", "hours"), [(2_000, 1.0), (400, 1.5), (100, 2.5), (20, 8.0)])
def test_a_source_that_falls_silent_is_told_of_within_hours(daily: float, hours: float) -> None:
    profile, tuesday = learned(daily), MONDAY + 8 * 7 + 1
    since = KOLKATA.midnight(tuesday) + 14 * HOUR
    needed = next(
        passed
        for passed in range(200)
        if quiet(profile, since, since + passed * QUARTER, KOLKATA) >= profile.limit
    )
    opened = needed * 0.25 if needed <= 16 else 4 + (needed - 16 - 60) * 0.25
    assert opened <= hours


def test_nights_and_weekends_and_a_part_of_a_quarter_are_no_silence() -> None:
    profile, friday = learned(400), MONDAY + 8 * 7 + 4
    closed = KOLKATA.midnight(friday) + 18 * HOUR
    opens = KOLKATA.midnight(friday + 3) + 9 * HOUR
    assert quiet(profile, closed, opens, KOLKATA) == 0.0
    assert quiet(profile, closed, opens + QUARTER - 1, KOLKATA) == 0.0
    assert quiet(profile, closed, opens + QUARTER, KOLKATA) == profile.expect(friday + 3, 0) > 0


def test_a_quiet_hour_counts_for_little() -> None:
    profile, tuesday = learned(400), MONDAY + 8 * 7 + 1
    noon, lunch = quarters(KOLKATA, tuesday)[12], quarters(KOLKATA, tuesday)[16]
    busy = quiet(profile, noon, noon + HOUR, KOLKATA)
    assert quiet(profile, lunch, lunch + HOUR, KOLKATA) < busy / 3


def test_a_source_of_which_little_is_known_is_not_watched() -> None:
    assert learn(history(400, days=9), BUDGET) is None
    assert learn(history(0.3), BUDGET) is None
    assert learn({}, BUDGET) is None
    for backfilled in (300, 30_000):
        at_once = {at: [0] * LENGTH for at in workdays(MONDAY, 40)}
        at_once[workdays(MONDAY, 40)[30]][5] = backfilled
        assert learn(at_once, BUDGET) is None


@pytest.mark.parametrize("daily", [4, 400])
def test_before_its_first_event_a_source_was_not_silent(daily: float) -> None:
    born = history(daily)
    for at in workdays(MONDAY, 40)[:20]:
        born[at] = [0] * LENGTH
    assert learn(born, BUDGET) == learn({at: born[at] for at in workdays(MONDAY, 40)[20:]}, BUDGET)


def test_an_outage_of_the_past_makes_nobody_patient() -> None:
    known, lost = history(400), history(400)
    lost[workdays(MONDAY, 40)[17]] = [0] * LENGTH
    usual, after = learn(known, BUDGET), learn(lost, BUDGET)
    assert usual is not None
    assert after is not None
    assert after.limit == pytest.approx(usual.limit, rel=0.05)


def test_a_source_that_slows_down_is_given_time() -> None:
    known = history(400)
    for at in workdays(MONDAY, 40)[-5:]:
        known[at] = [n // 4 for n in known[at]]
    slower = learn(known, BUDGET)
    assert slower is not None
    assert slower.level < 0.35


def test_the_limit_is_reached_once_in_the_budget() -> None:
    for daily in (4, 40, 400):
        profile = learned(daily)
        assert profile.days(profile.limit) == pytest.approx(BUDGET, rel=0.01)
        assert profile.days(profile.limit + 3) > BUDGET


def test_what_is_said_of_stages_needs_their_sources() -> None:
    assert depends_on(Stage.CONTACTED) == depends_on(Stage.QUALIFIED) == {"leads"}
    assert depends_on(Stage.DISBURSED) == {"leads", "sales"}
