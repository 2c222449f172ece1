"""The demo's past feeds every KPI of the catalogue, with scores that one can believe."""

from __future__ import annotations

from statistics import pstdev
from typing import TYPE_CHECKING

import pytest

from scoring.catalogue import BUILT_IN
from scoring.windows import Window
from streams.demo.book import FLAWLESS, Book
from streams.demo.traffic import history, opening
from tests.demo.test_traffic import NOW, decoded, floor
from tests.pipeline import Pipeline
from tests.scoring.making import number

if TYPE_CHECKING:
    from scoring.score import Score

#: Windows that are long enough to hold something of everything.
LONG = (Window.MONTH, Window.FOUR_WEEKS_ROLLING)
FEW = floor(headcount=40)


@pytest.fixture(scope="module")
def scores() -> dict[tuple[str, str, str], Score]:
    book, pipeline = Book(FEW, NOW, FLAWLESS), Pipeline()
    for event in decoded([*opening(FEW, NOW, 45, book), *history(FEW, NOW, 45, book)]):
        pipeline.event(event)
    return pipeline.scores(NOW)


@pytest.mark.parametrize("window", LONG)
def test_every_kpi_is_defined_at_the_company(
    scores: dict[tuple[str, str, str], Score], window: Window
) -> None:
    company = scores["company", "company", window]
    assert company.kpis.keys() == {kpi.id for kpi in BUILT_IN.kpis}
    assert [kpi for kpi, figures in company.kpis.items() if figures["value"] is None] == []


def test_executives_differ_within_reason(scores: dict[tuple[str, str, str], Score]) -> None:
    overall = [
        score.score
        for (level, _, window), score in scores.items()
        if level == "executive" and window == Window.MONTH and score.score is not None
    ]
    assert len(overall) == FEW.headcount
    believable = sum(30 <= score <= 95 for score in overall)
    assert believable > 0.9 * len(overall)
    assert pstdev(overall) > 5
    assert 45 <= sorted(overall)[len(overall) // 2] <= 80


def test_reports_are_about_right(scores: dict[tuple[str, str, str], Score]) -> None:
    accuracy = scores["company", "company", Window.FOUR_WEEKS_ROLLING].kpis["reporting.accuracy"]
    value, n = number(accuracy, "value"), number(accuracy, "n")
    assert value is not None
    assert 0.85 < value < 0.99
    assert n is not None
    assert n > 50
