"""Names of metrics: each KPI has its own at each level, and says its unit."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from scoring.catalogue import BUILT_IN
from scoring.kpi import Kra, Level, Unit
from scoring.windows import DAILY, Window
from streams.metrics.families import Family, families

NAME = re.compile(r"salesbell_(company|branch|team)_[a-z0-9_]*[a-z0-9]")
KPI = BUILT_IN.by_id["sales_targets.sales_volume"]


def company(identity: str, unit: Unit, currency: str = "INR") -> Family:
    area = (Kra("a", "Area", weight=1),)
    declared = replace(BUILT_IN, kras=area, kpis=(replace(KPI, id=identity, unit=unit),))
    return next(iter(families(declared, currency)))


@pytest.mark.parametrize(
    ("identity", "unit", "value", "target"),
    [
        ("a.leads", Unit.COUNT, "a_leads", "a_leads_target"),
        ("a.win_rate", Unit.RATE, "a_win_ratio", "a_win_target_ratio"),
        ("a.growth", Unit.RATE, "a_growth_ratio", "a_growth_target_ratio"),
        ("a.volume", Unit.AMOUNT, "a_volume_rupees", "a_volume_target_rupees"),
        ("a.knowledge_score", Unit.SCORE, "a_knowledge_points", "a_knowledge_target_points"),
        ("a.peer_rating", Unit.RATING, "a_peer_rating", "a_peer_target_rating"),
        ("a.training_hours", Unit.HOURS, "a_training_seconds", "a_training_target_seconds"),
        ("a.trend", Unit.RATE_PER_WEEK, "a_trend_ratio_per_week", "a_trend_target_ratio_per_week"),
    ],
)
def test_the_unit_is_the_last_word(identity: str, unit: Unit, value: str, target: str) -> None:
    named = company(identity, unit)
    assert named.value == f"salesbell_company_{value}"
    assert named.target == f"salesbell_company_{target}"


def test_money_is_named_by_its_currency() -> None:
    assert company("a.volume", Unit.AMOUNT, "EUR").value.endswith("_euros")
    assert company("a.volume", Unit.AMOUNT, "XAU").value.endswith("_xau")


def test_hours_are_exposed_in_seconds() -> None:
    assert company("a.training_hours", Unit.HOURS).factor == 3600
    assert company("a.volume", Unit.AMOUNT).factor == 1


def test_every_kpi_of_the_catalogue_has_names_of_its_own_at_its_levels() -> None:
    named = list(families(BUILT_IN, "INR"))
    names = [name for f in named for name in (f.value, f.target) if name is not None]
    assert len(names) == len(set(names))
    assert all(NAME.fullmatch(name) for name in names)
    assert {family.kpi.id for family in named} == {
        kpi.id for kpi in BUILT_IN.kpis if set(kpi.levels) != {Level.EXECUTIVE}
    }


def test_only_the_windows_of_the_kpi_are_exposed() -> None:
    daily = replace(BUILT_IN, kpis=(replace(KPI, windows=DAILY),))
    assert [f.windows for f in families(daily, "INR")] == [(Window.FOUR_WEEKS_ROLLING,)] * 3
    hourly = replace(BUILT_IN, kpis=(replace(KPI, windows=(Window.HOUR,)),))
    assert list(families(hourly, "INR")) == []
