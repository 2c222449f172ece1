"""How much an alert explains, and of which days: figures of tiny alerts, worked out by hand."""

from __future__ import annotations

from datetime import date
from math import lgamma, log
from typing import TYPE_CHECKING

import pytest

from scoring.alerting.alert import Kind
from scoring.alerting.baseline import Baseline
from scoring.alerting.relief import (
    Relief,
    eased,
    for_those_above,
    for_those_across,
    for_those_below,
    is_over_with,
    relieved,
    shared,
    strength,
)
from scoring.cells import WHOLE_DAY
from scoring.slots import LEADS, LEADS_BY_CAMPAIGN, LEADS_BY_CHANNEL, keyed
from scoring.totals import Totals
from tests.feed.alerts import alert
from tests.scoring.making import day

if TYPE_CHECKING:
    from scoring.alerting.alert import Alert

SINCE, UNTIL = day("2026-03-18"), day("2026-03-21")


def test_an_alert_explains_its_days_and_while_it_fires_all_that_come() -> None:
    for relief_of in (for_those_above, for_those_below, lambda each: for_those_across(each, 0.5)):
        over = relief_of(alert("team:T", resolved="2026-03-21"))
        assert (over.first, over.last) == (SINCE, UNTIL)
        fires = relief_of(alert("team:T"))
        assert (fires.first, fires.last) == (SINCE, date.max.toordinal())


@pytest.mark.parametrize(
    ("ratio", "kind", "factor"),
    [
        (0.657, Kind.CLOSING, 0.65),
        (0.7, Kind.LOWER, 0.7),
        (0.0, Kind.CLOSING, 0.0),
        (1.2, Kind.CLOSING, 1.0),
        (None, Kind.CLOSING, 1.0),
        (1.42, Kind.HIGHER, 1.45),
        (1.5, Kind.HIGHER, 1.5),
        (0.9, Kind.HIGHER, 1.0),
        (None, Kind.HIGHER, 1.0),
    ],
)
def test_those_below_share_the_ratio_in_twentieths_away_from_none(
    ratio: float | None, kind: Kind, factor: float
) -> None:
    relief = for_those_below(alert("team:T", ratio=ratio, kind=kind))
    assert relief == Relief(SINCE, relief.last, factor=factor)


@pytest.mark.parametrize(
    ("observed", "expected", "cases", "shift"),
    [(6, 24.0, 60, -0.3), (30, 12.0, 9, 2.0), (2, 5.0, 1, -3.0), (2, 5.0, 0, -3.0)],
)
def test_those_below_share_the_shift_of_each_case_of_a_mean(
    observed: int, expected: float, cases: int, shift: float
) -> None:
    fell = alert("branch:B", value=1.0, observed=observed, expected=expected, n=cases)
    relief = for_those_below(fell)
    assert relief.shift == pytest.approx(shift)
    assert relief == Relief(SINCE, relief.last, shift=relief.shift)


@pytest.mark.parametrize(
    ("observed", "expected", "days", "missing"),
    [(31, 47.2, 3, 6.0), (31, 46.0, 3, 5.0), (50, 47.2, 3, 0.0), (0, 0.5, 1, 1.0)],
)
def test_those_above_miss_whole_cases_a_day_and_never_gain(
    observed: int, expected: float, days: int, missing: float
) -> None:
    relief = for_those_above(alert("team:T", observed=observed, expected=expected, days=days))
    assert relief == Relief(SINCE, relief.last, missing=missing)


@pytest.mark.parametrize(("observed", "missing"), [(31, 5.5), (64, -5.5)])
def test_those_above_miss_of_a_kpi_what_a_day_differs_by(observed: int, missing: float) -> None:
    fell = alert("team:T", observed=observed, expected=47.5, days=3, deviation=-4.0)
    relief = for_those_above(fell)
    assert relief.missing == pytest.approx(missing)
    assert relief == Relief(SINCE, relief.last, missing=relief.missing)


@pytest.mark.parametrize(
    ("ratio", "share", "lost"),
    [(0.657, 0.5, 0.2), (0.0, 0.35, 0.35), (0.5, 0.5, 0.25), (1.3, 0.5, 0.0), (None, 0.5, 0.0)],
)
def test_those_across_lose_what_their_share_lost_in_twentieths_up(
    ratio: float | None, share: float, lost: float
) -> None:
    relief = for_those_across(alert("channel:web", ratio=ratio), share)
    assert relief == Relief(SINCE, relief.last, lost=lost)


@pytest.mark.parametrize(("ratio", "lost"), [(1.5, -0.25), (1.61, -0.35), (0.9, 0.0)])
def test_of_what_rises_those_across_gain_their_share_in_twentieths_up(
    ratio: float, lost: float
) -> None:
    relief = for_those_across(alert("channel:web", ratio=ratio, kind=Kind.HIGHER), 0.5)
    assert relief == Relief(SINCE, relief.last, lost=lost)


def test_what_is_lost_across_is_no_more_expected_of_a_count() -> None:
    lost = [Relief(5, 7, lost=0.2), Relief(5, 7, lost=0.15), Relief(5, 7, lost=-0.5)]
    assert eased(lost, 6, -1)[0] == pytest.approx(0.65)
    assert eased([Relief(5, 7, factor=0.8), *lost], 6, -1)[0] == pytest.approx(0.45)
    assert eased(lost, 6, 1)[0] == pytest.approx(1.5)
    assert eased(lost, 8, -1)[0] == 1.0
    assert eased([Relief(5, 7, lost=0.9)] * 2, 6, -1)[0] == 0.0


def normal(rate: float, cases: int) -> Baseline:
    """What is normal for the company; only its rate and cases matter here."""
    return Baseline(0, rate, rate, cases, (), (), (), (), 0.0)


def leads(*days: tuple[int, int, dict[str, int]]) -> Totals:
    """Leads on days, counted from the drop, in all and by key."""
    found = Totals()
    for since, n, keys in days:
        found.add(SINCE + since, {WHOLE_DAY: {LEADS: n} | keys})
    return found


WEB = keyed(LEADS_BY_CHANNEL, "web")


def test_the_share_of_a_channel_is_that_of_its_leads_in_the_four_weeks_before() -> None:
    of_web = alert("channel:web", baseline=0.4)
    company = normal(0.4, 1000)
    within = leads((-28, 60, {WEB: 30}), (-1, 40, {WEB: 10}))
    assert shared(of_web, within, company) == pytest.approx(0.4)
    beyond = leads((-29, 50, {WEB: 50}), (-28, 60, {WEB: 30}), (-1, 40, {WEB: 10}), (0, 99, {}))
    assert shared(of_web, beyond, company) == pytest.approx(0.4)


def test_the_share_of_an_origin_counts_by_how_much_better_its_leads_convert() -> None:
    known = leads((-7, 100, {WEB: 40}))
    assert shared(alert("channel:web", baseline=0.3), known, normal(0.2, 1)) == pytest.approx(0.6)
    assert shared(alert("channel:web", baseline=0.1), known, normal(0.2, 1)) == pytest.approx(0.2)
    assert shared(alert("channel:web", baseline=0.8), known, normal(0.2, 1)) == 1.0
    assert shared(alert("channel:sms", baseline=0.4), known, normal(0.2, 1)) == 0.0
    assert shared(alert("channel:web"), leads(), normal(0.2, 1)) == 0.0


def test_a_campaign_is_known_by_its_name_however_it_is_written() -> None:
    known = leads((-7, 100, {keyed(LEADS_BY_CAMPAIGN, "a:b"): 25, WEB: 40}))
    of_campaign = alert("campaign:a:b", baseline=0.4)
    assert shared(of_campaign, known, normal(0.4, 1)) == pytest.approx(0.25)


@pytest.mark.parametrize(("cases", "of", "share"), [(300, 1200, 0.25), (90, 60, 1.0), (9, 0, 0.0)])
def test_the_share_of_those_who_work_leads_is_that_of_the_company(
    cases: int, of: int, share: float
) -> None:
    assert shared(alert("team:T", baseline_cases=cases), leads(), normal(0.4, of)) == share


def poisson(n: int, mean: float) -> float:
    """Log likelihood of a count."""
    return n * log(mean) - mean - lgamma(n + 1)


@pytest.mark.parametrize(("observed", "expected"), [(10, 20.0), (1, 1.5), (31, 47.2)])
def test_strength_is_twice_the_log_likelihood_that_a_poisson_count_gains(
    observed: int, expected: float
) -> None:
    gained = poisson(observed, observed) - poisson(observed, expected)
    strong = strength(alert("team:T", observed=observed, expected=expected))
    assert strong == pytest.approx(2 * gained)


def test_strength_of_nothing_at_all_and_of_no_drop() -> None:
    assert strength(alert("team:T", observed=0, expected=10.0)) == 20.0
    assert strength(alert("team:T", observed=10, expected=10.0)) == 0.0
    assert strength(alert("team:T", observed=15, expected=10.0)) == 0.0


def test_strength_of_a_kpi_is_its_deviation_squared() -> None:
    found = [strength(alert("team:T", deviation=by)) for by in (-5.0, 0.5, 3.0)]
    assert found == [25.0, 0.25, 9.0]


def test_what_still_fires_or_has_no_indicator_is_never_over_with_others() -> None:
    over: Alert = alert("team:T", resolved="2026-03-21")
    reliefs = {over.indicator or "": [Relief(SINCE, UNTIL)]}
    assert is_over_with(over, reliefs) is True
    assert is_over_with(over, {}) is False
    assert is_over_with(alert("team:T"), reliefs) is False
    absent = alert("team:T", resolved="2026-03-21", indicator=None)
    assert is_over_with(absent, {None: [Relief(SINCE, UNTIL)]}) is False  # type: ignore[dict-item]


def test_a_relief_that_says_nothing_explains_nothing() -> None:
    assert relieved([Relief(5, 7)], 6, 10.0) == 1.0
    assert relieved([], 6, 10.0) == 1.0
    for bad in (1, -1):
        assert eased([Relief(5, 7)], 6, bad) == eased([], 6, bad) == (1.0, 0.0, 0.0)


def test_the_strongest_factor_counts_and_losses_and_missing_cases_add_up() -> None:
    above = [Relief(5, 7, factor=0.9), Relief(5, 7, factor=0.8)]
    beside = [Relief(5, 7, lost=0.1), Relief(5, 7, lost=0.15)]
    below = [Relief(5, 7, missing=1.0), Relief(5, 7, missing=2.0)]
    assert relieved(above, 6, 20.0) == pytest.approx(0.8)
    assert relieved(beside, 6, 20.0) == pytest.approx(0.75)
    assert relieved(below, 6, 20.0) == pytest.approx(1 - 3 / 20)
    assert relieved([*above, *beside, *below], 6, 20.0) == pytest.approx(0.8 - 0.25 - 3 / 20)
    assert relieved(below, 6, 2.0) == 0.0, "no less than nothing is expected"
    assert relieved(below, 6, 0.0) == 1.0, "of nothing nothing is missing"


def test_a_kpi_of_which_more_is_worse_is_eased_upwards_only() -> None:
    above = [Relief(5, 7, factor=1.2, shift=0.3), Relief(5, 7, factor=1.4, shift=0.1)]
    better = [Relief(5, 7, factor=0.5, shift=-2.0, missing=4.0)]
    below = [Relief(5, 7, missing=-3.0), Relief(5, 7, missing=-2.0)]
    assert eased([*above, *better, *below], 6, 1) == pytest.approx((1.4, 0.3, 5.0))


def test_a_kpi_of_which_less_is_worse_is_eased_downwards_only() -> None:
    above = [Relief(5, 7, factor=0.8, shift=-0.3), Relief(5, 7, factor=0.6, shift=-0.1)]
    better = [Relief(5, 7, factor=1.5, shift=2.0, missing=-4.0)]
    below = [Relief(5, 7, missing=3.0), Relief(5, 7, missing=2.0)]
    assert eased([*above, *better, *below], 6, -1) == pytest.approx((0.6, -0.3, -5.0))


@pytest.mark.parametrize(("at", "factor"), [(4, 1.0), (5, 0.5), (7, 0.5), (8, 1.0)])
def test_outside_its_days_nothing_is_eased(at: int, factor: float) -> None:
    assert eased([Relief(5, 7, factor=0.5)], at, -1)[0] == factor
    assert relieved([Relief(5, 7, factor=0.5)], at, 9.0) == factor
