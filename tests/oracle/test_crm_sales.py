"""The oracle on a real sales pipeline, against totals taken from the tables themselves."""

from __future__ import annotations

import csv
import gzip
import subprocess
import sys
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from .oracle import expected
from .stories import indexed

if TYPE_CHECKING:
    from .stories import Index

EXAMPLE = Path(__file__).parents[2] / "examples" / "crm_sales"
ZONE = ZoneInfo("Asia/Kolkata")
QUARTER_ENDS = ((2017, 3, 31), (2017, 6, 30), (2017, 9, 30), (2017, 12, 31))
COMPANY = ("company", "company")


def convert(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, str(EXAMPLE / "convert.py"), *arguments]
    return subprocess.run(command, check=True, capture_output=True)


@pytest.fixture(scope="module")
def events(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("crm") / "crm.jsonl"
    convert("--output", str(path))
    return path


@pytest.fixture(scope="module")
def quarters(events: Path) -> list[Index]:
    return [
        indexed(expected(events, as_of=datetime(*end, 18, tzinfo=ZONE))) for end in QUARTER_ENDS
    ]


@pytest.fixture(scope="module")
def pipeline() -> list[dict[str, str]]:
    with gzip.open(EXAMPLE / "sales_pipeline.csv.gz", "rt", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def day(text: str) -> date:
    month, day_of_month, year = map(int, text.split("/"))
    return date(year, month, day_of_month)


def test_the_converter_is_deterministic_and_says_what_it_left_out(events: Path) -> None:
    again = convert()
    assert again.stdout == events.read_bytes()
    assert b"500 of 8800 opportunities left out" in again.stderr
    assert again.stdout.count(b"\n") == 35 + 8300 + 4238 + 2473


def test_every_won_opportunity_is_a_sale(
    quarters: list[Index],
) -> None:
    sales = [found["sales_targets.average_deal_size", *COMPANY, "quarter"] for found in quarters]
    assert sum(item.n for item in sales) == 4238
    assert sum(item.numerator for item in sales) == 10_005_534


def test_quarters_by_agent(quarters: list[Index], pipeline: list[dict[str, str]]) -> None:
    names = sorted({row["sales_agent"] for row in teams()})
    for end, found in zip(QUARTER_ENDS, quarters, strict=True):
        first = date(end[0], end[1] - 2, 1)
        volume: Counter[str] = Counter()
        for row in pipeline:
            if row["deal_stage"] == "Won" and first <= day(row["close_date"]) <= date(*end):
                volume[row["sales_agent"]] += int(row["close_value"])
        assert {
            names[int(entity[2:]) - 1]: item.value
            for (kpi, level, entity, window), item in found.items()
            if (kpi, level, window) == ("sales_targets.sales_volume", "executive", "quarter")
        } == {name: volume[name] for name in names}


def test_the_mature_cohort_by_team(quarters: list[Index], pipeline: list[dict[str, str]]) -> None:
    managers = {row["sales_agent"]: row["manager"] for row in teams()}
    names = sorted(set(managers.values()))
    cohort: dict[str, list[bool]] = defaultdict(list)
    for row in pipeline:
        if not row["engage_date"]:
            continue
        engaged = day(row["engage_date"])
        if date(2017, 9, 16) <= engaged <= date(2017, 12, 16):
            won = row["deal_stage"] == "Won"
            in_time = won and day(row["close_date"]) <= engaged + timedelta(days=14)
            cohort[managers[row["sales_agent"]]].append(in_time)
    assert {
        names[int(entity[2:]) - 1]: (item.numerator, item.denominator)
        for (kpi, level, entity, window), item in quarters[-1].items()
        if (kpi, level, window) == ("lead_generation.conversion_rate", "team", "quarter")
    } == {name: (Fraction(sum(cohort[name])), Fraction(len(cohort[name]))) for name in names}


def test_growth_is_that_of_the_engage_dates(
    quarters: list[Index], pipeline: list[dict[str, str]]
) -> None:
    engaged = Counter(
        (day(row["engage_date"]).month - 1) // 3
        for row in pipeline
        if row["engage_date"].endswith("2017")
    )
    growth = quarters[-1]["campaigns.lead_growth", *COMPANY, "quarter"]
    assert growth.value == (engaged[3] - engaged[2]) / engaged[2]


def teams() -> list[dict[str, str]]:
    with gzip.open(EXAMPLE / "sales_teams.csv.gz", "rt", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))
