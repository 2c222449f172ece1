"""Norms: the parent without the child, as if the child's cases had never been counted there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from scoring.books import executive_of, is_book
from scoring.calendar import micros
from scoring.catalogue import BUILT_IN
from scoring.kpi import Level, Scene
from scoring.shrinkage import share_of
from scoring.targets import Targets
from scoring.totals import Totals
from scoring.upward import heard
from scoring.windows import ALL_WINDOWS, Window, place
from tests.oracle import generator
from tests.pipeline import Pipeline

if TYPE_CHECKING:
    from scoring.calendar import Day
    from scoring.cells import Entity
    from scoring.kpi import Kpi
    from scoring.score import Score

BALANCES = {kpi.id for kpi in BUILT_IN.kpis if kpi.prior and not kpi.prior.measures}


def pipeline_of(seed: int) -> Pipeline:
    pipeline = Pipeline()
    history = (json.dumps(item).encode() for item in generator.history(seed, 300))
    pipeline.lines(history, micros(generator.LAST))
    return pipeline


class Rest:
    """What a parent would have had on a day of as-of without a child."""

    def __init__(self, pipeline: Pipeline, parent: Entity, child: Entity, today: Day) -> None:
        self.pipeline, self.parent, self.child, self.today = pipeline, parent, child, today

    def share(self, kpi: Kpi, window: Window, as_of: int) -> float | None:
        """Its share over a window."""
        pipeline = self.pipeline
        placed = place(window, as_of, pipeline.calendar)
        scene = Scene(
            self.parent,
            self._totals(balances=kpi.id in BALANCES),
            placed.now,
            None,
            self.today,
            pipeline.settings.maturity_days,
            pipeline.reference,
            Targets(pipeline.reference, pipeline.calendar.business, {}),
        )
        cases, n = share_of(kpi.formula(scene))
        return cases / n if n else None

    def _totals(self, *, balances: bool) -> Totals:
        totals = Totals()
        for (entity, on), cells in self.pipeline.panes.items():
            above = self.pipeline._above(entity, on)
            if self.parent not in above:
                continue
            if balances or is_book(entity):
                if self._is_the_childs_now(entity):
                    continue
            elif above[self.parent] == self.child:
                continue
            totals.hear(entity, on, heard(cells, None))
        return totals

    def _is_the_childs_now(self, entity: Entity) -> bool:
        executive = executive_of(entity) if is_book(entity) else entity.partition(":")[2]
        chain = [
            f"executive:{executive}",
            *self.pipeline.reference.ancestors(f"executive:{executive}", self.today),
        ]
        return self.child in chain[: chain.index(self.parent)] if self.parent in chain else False


def children(scores: dict[tuple[str, str, str], Score]) -> list[tuple[Entity, Entity]]:
    return sorted({(s.key, s.parent) for s in scores.values() if s.parent is not None})


@pytest.mark.parametrize("seed", range(6))
def test_the_prior_is_the_share_of_the_parent_without_the_child(seed: int) -> None:
    pipeline = pipeline_of(seed)
    as_of = micros(generator.AS_OFS[seed % len(generator.AS_OFS)])
    today = pipeline.calendar.day(as_of)
    scores = pipeline.scores(as_of)
    told = 0
    for child, parent in children(scores):
        level, _, name = child.partition(":")
        rest = Rest(pipeline, parent, child, today)
        for window in ALL_WINDOWS:
            for kpi in BUILT_IN.shrunk[Level(level), window]:
                found = scores[level, name, window].kpis[kpi.id]["prior"]
                assert found == rest.share(kpi, window, as_of), (child, parent, kpi.id, window)
                told += found is not None
    assert told > 100


def test_the_company_leans_on_nobody() -> None:
    pipeline = pipeline_of(0)
    scores = pipeline.scores(micros(generator.AS_OFS[0]))
    of_company = [score for (level, _, _), score in scores.items() if level == Level.COMPANY]
    shrunk = [
        figures
        for score in of_company
        for kpi, figures in score.kpis.items()
        if BUILT_IN.by_id[kpi].prior
    ]
    assert any(figures["value"] is not None for figures in shrunk)
    assert all(figures["prior"] is None for figures in shrunk)
    assert all(figures["scored_on"] == figures["value"] for figures in shrunk)
