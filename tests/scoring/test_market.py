"""Lead quality and the market's KPIs on scenes small enough to work out by hand."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from math import isclose, log, sqrt
from statistics import NormalDist
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.catalogue import BUILT_IN
from scoring.kpi import Scene
from scoring.notes import Demographics, Insight, Market
from scoring.segments import chance_of_rise, emerging
from scoring.targets import Targets
from scoring.totals import Totals
from scoring.windows import Days
from tests.scoring.making import day, reference

if TYPE_CHECKING:
    from scoring.kpi import Reading
    from scoring.reference import Reference

TODAY = day("2026-03-10")
WEEK = Days(TODAY - 6, TODAY)
BEFORE = WEEK.back(7)
Filling = tuple[int, dict[str, int]]


def read(
    kpi: str, known: Reference, *filled: Filling, entity: str = "executive:E-1", last: int = TODAY
) -> Reading:
    totals = Totals()
    for at, slots in filled:
        totals.add(at, {0: slots})
    span = Days(last - 6, last)
    scene = Scene(entity, totals, span, span.back(7), TODAY, 14, known, Targets(known))
    return BUILT_IN.by_id[kpi].formula(scene)


def profiles(**leads: int) -> Filling:
    """Leads by age band and employment, `age_employment`, `x` for an unknown one."""
    slots = {}
    for name, n in leads.items():
        age, job = (part.replace("x", "") for part in name.split("_"))
        slots[f"leads.profile|{age}\x1f\x1f{job}\x1f"] = n
    return WEEK.first, slots


def quality(said: Demographics, filled: Filling) -> Reading:
    return read("lead_generation.lead_quality", reference(notes=[said]), filled)


def test_quality_is_the_mean_weight_that_matches() -> None:
    aim = Demographics((("young",), (), ("own", "job"), ("1",)), (100, 100, 50, 100))
    filled = profiles(young_own=1, young_none=2, old_job=1, old_none=1, x_job=1, young_x=1)
    # 1 + 2 x 2/3 + 1/3 + 0 + 1 + 1
    reading = quality(aim, filled)
    assert reading.value == float(Fraction(100) * Fraction(14, 3) / 7)
    assert (reading.numerator, reading.denominator, reading.n) == (float(Fraction(1400, 3)), 7, 7)


def test_leads_with_nothing_to_judge_leave_the_mean() -> None:
    aim = Demographics((("young",), (), ("own",), ()), (100, 100, 0, 100))
    reading = quality(aim, profiles(young_own=1, x_own=5, old_x=1))
    assert (reading.value, reading.n) == (50, 2)
    nothing = quality(Demographics(((), (), (), ()), (100,) * 4), profiles(young_own=1))
    assert (nothing.value, nothing.n) == (None, 0)


def test_without_demographics_quality_is_undefined() -> None:
    reading = read("lead_generation.lead_quality", reference(), profiles(young_own=1))
    assert (reading.value, reading.n) == (None, 0)


@pytest.mark.parametrize(
    ("entity", "size"),
    [
        ("company:company", 7 * 100),
        ("branch:B-1", 7 * 10),
        ("team:T-1", 7 * 10),
        ("executive:E-1", 7 * 10),
        ("team:T-2", 7 * 20),
        ("branch:B-3", None),
        ("executive:E-9", None),
        ("team:T-9", None),
    ],
)
def test_market_share(entity: str, size: int | None) -> None:
    known = reference(
        placements={
            "E-1": [("2026-01-01", "T-1", "B-1")],
            "E-2": [("2026-01-01", "T-2", "B-9"), ("2026-03-10", "T-2", "B-2")],
            "E-3": [("2026-01-01", "T-2", "B-3")],
        },
        notes=[
            Market(branch, "2026-03", 3100 * share)
            for branch, share in ((None, 100), ("B-1", 10), ("B-2", 20))
        ],
    )
    slots = {"volume": 500, "loans": 1}
    filled = [(WEEK.first, slots), (WEEK.last, slots), (WEEK.last + 1, slots)]
    reading = read("market.share", known, *filled, entity=entity)
    assert (reading.numerator, reading.n) == (10, 2)
    assert reading.denominator == size
    assert reading.value == (10 / size if size is not None else None)
    assert read("market.share", known, *filled, entity=entity, last=day("2026-03-05")).value is None


def test_a_market_of_nothing_has_no_shares() -> None:
    known = reference(notes=[Market(None, "2026-03", 0)])
    reading = read("market.share", known, (TODAY, {"volume": 1}), entity="company:company")
    assert (reading.value, reading.denominator) == (None, 0)


def test_customer_preferences() -> None:
    slots = {
        "leads": 8,
        "leads.preferring": 6,
        "leads.purpose|home": 2,
        "leads.purpose|car": 2,
        "leads.purpose|trip": 1,
        "leads.contact|phone": 3,
    }
    reading = read("market.customer_preferences", reference(), (WEEK.first, slots))
    assert (reading.value, reading.numerator, reading.denominator, reading.n) == (0.75, 6, 8, 8)
    assert reading.breakdown is not None
    purpose, contact = reading.breakdown["purpose"], reading.breakdown["contact"]
    entropy = purpose.pop("entropy")
    assert isinstance(entropy, float)
    assert isclose(entropy, -(0.8 * log(0.4) + 0.2 * log(0.2)) / log(3))
    assert purpose == {"leads": 5, "top": "car", "counts": {"car": 2, "home": 2, "trip": 1}}
    assert contact == {"leads": 3, "top": "phone", "entropy": 0, "counts": {"phone": 3}}
    assert reading.breakdown.keys() == {"purpose", "contact"}


def test_values_that_are_equally_frequent_have_the_largest_entropy() -> None:
    slots = {f"leads.tenure|{years}": 3 for years in range(7)}
    breakdown = read("market.customer_preferences", reference(), (TODAY, slots)).breakdown
    assert breakdown is not None
    assert breakdown["tenure"]["entropy"] == pytest.approx(1)


def segments(**leads: int) -> dict[str, int]:
    return {f"leads.segment|{name}": n for name, n in leads.items()}


def test_emerging_segments() -> None:
    now, before = segments(a=60, b=40, c=29, d=71), segments(a=30, b=45, c=0, d=75, e=50)
    reading = read(
        "market.emerging_segments", reference(), (WEEK.last, now), (BEFORE.first, before)
    )
    assert (reading.value, reading.n) == (1, 200)
    assert reading.breakdown is not None
    chance = chance_of_rise(60, 200, 30, 200)
    assert reading.breakdown["a"] == {
        "leads": 60,
        "share": 0.3,
        "previous_share": 0.15,
        "p": chance,
        "emerging": True,
    }
    assert reading.breakdown["c"] == {
        "leads": 29,
        "share": 29 / 200,
        "previous_share": 0,
        "p": None,
        "emerging": False,
    }
    assert reading.breakdown.keys() == set("abcd")


@pytest.mark.parametrize(
    ("now", "before"),
    [({"a": 100}, {}), ({"a": 29, "b": 29}, {"a": 100}), ({}, {"a": 100})],
)
def test_without_leads_to_compare_nothing_can_emerge(
    now: dict[str, int], before: dict[str, int]
) -> None:
    filled = [(WEEK.first, segments(**now)), (BEFORE.last, segments(**before))]
    assert read("market.emerging_segments", reference(), *filled).value is None


def test_a_segment_that_nobody_was_in_before_is_compared_with_none() -> None:
    filled = [(WEEK.first, segments(a=70, new=30)), (BEFORE.last, segments(a=100))]
    breakdown = read("market.emerging_segments", reference(), *filled).breakdown
    assert breakdown is not None
    assert breakdown["new"]["previous_share"] == 0
    assert breakdown["new"]["p"] == chance_of_rise(30, 100, 0, 100)


def test_none_found_is_not_undefined() -> None:
    filled = [(WEEK.first, segments(a=50)), (BEFORE.last, segments(a=50))]
    reading = read("market.emerging_segments", reference(), *filled)
    assert reading.value == 0
    assert reading.breakdown is not None
    assert reading.breakdown["a"]["p"] == 0.5


@given(st.data(), *[st.integers(1, 500)] * 2)
def test_a_chance_is_that_of_the_pooled_z_test(
    data: st.DataObject, of: int, of_before: int
) -> None:
    now, before = data.draw(st.integers(0, of)), data.draw(st.integers(0, of_before))
    pooled = (now + before) / (of + of_before)
    error = sqrt(pooled * (1 - pooled) * (1 / of + 1 / of_before))
    z = (now / of - before / of_before) / error if error else 0
    assert isclose(chance_of_rise(now, of, before, of_before), NormalDist().cdf(-z), abs_tol=1e-12)


@given(st.dictionaries(st.text("abcdef", min_size=1), st.floats(0, 0.2), max_size=6))
def test_those_emerge_that_benjamini_and_hochberg_choose(chances: dict[str, float]) -> None:
    # The largest set of which every member is at most 5 % x its size / m, and no other smaller.
    m = len(chances)
    sets = (set(each) for k in range(m + 1) for each in combinations(sorted(chances), k))
    allowed = [each for each in sets if all(chances[name] <= 0.05 * len(each) / m for name in each)]
    assert emerging(chances) == max(allowed, key=len)


def test_insight_utilisation() -> None:
    known = reference(
        notes=[
            Insight("I-1", WEEK.first - 30, None),
            Insight("I-2", WEEK.last, None),
            Insight("I-3", WEEK.first - 9, WEEK.first),
            Insight("I-4", WEEK.first - 9, WEEK.first - 1),
            Insight("I-5", WEEK.last + 1, None),
        ]
    )
    used = [(WEEK.last, {f"insights#I-{n}": 1}) for n in (1, 1, 3, 4, 5, 6)]
    reading = read(
        "market.insight_utilisation", known, *used, (WEEK.first - 1, {"insights#I-2": 1})
    )
    assert (reading.value, reading.numerator, reading.denominator, reading.n) == (2 / 3, 2, 3, 3)
