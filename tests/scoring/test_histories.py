"""Whole histories, shuffled and repeated: everything that is known at the end is the same."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.calendar import micros
from tests.oracle import generator
from tests.pipeline import Pipeline
from tests.scoring.making import flat

if TYPE_CHECKING:
    from collections.abc import Iterable

NOW = micros(generator.LAST + timedelta(days=1))


def targets(seed: int) -> list[generator.Event]:
    """Targets, some of them set anew at another time."""
    return [
        generator.event(
            "target.set",
            generator.LAST - timedelta(days=(7 * number + seed) % 50),
            {"entity": entity, "kpi": kpi, "period": period, "value": 1000 * number + 1},
            identity=f"target-{number}",
        )
        for number, (entity, kpi, period) in enumerate(
            (entity, kpi, period)
            for entity in ("executive:E-1", "executive:E-2", "team:T-1", "company:company")
            for kpi in ("sales_targets.sales_volume", "lead_generation.conversion_rate")
            for period in ("2026-03", "2026-03", "2026-Q1")
        )
    ]


def lines(seed: int) -> list[bytes]:
    history = [*generator.history(seed, 80), *targets(seed)]
    return [json.dumps(item).encode() for item in history]


def known(arrivals: Iterable[bytes]) -> dict[str, Any]:
    """All that a pipeline knows after the arrivals, but for how often it changed its mind."""
    pipeline = Pipeline()
    pipeline.lines(arrivals, NOW)
    as_of = micros(generator.AS_OFS[0])
    scores = pipeline.scores(as_of)
    first = generator.FIRST.toordinal()
    where = {
        executive: [pipeline.reference.placement(executive, first + day) for day in range(200)]
        for executive in generator.EXECUTIVES
    }
    return {
        "panes": flat(pipeline.panes),
        "members": {
            entity: member.membership
            for entity, member in pipeline.members.items()
            if member.membership is not None
        },
        "placements": where,
        "digital": sorted(pipeline.reference.digital_campaigns()),
        "scores": {
            key: msgspec.structs.replace(score, version=0, reference=0)
            for key, score in scores.items()
        },
    }


@pytest.mark.parametrize("seed", range(5))
def test_a_history_backwards_and_repeated_gives_the_same(seed: int) -> None:
    history = lines(seed)
    expected = known(history)
    assert expected["panes"]
    assert any(
        figures["score"] is not None
        for score in expected["scores"].values()
        for figures in score.kpis.values()
    )
    assert known(history[::-1]) == expected
    assert known([*history, *history[::3]]) == expected


@settings(max_examples=15)
@given(st.integers(0, 10_000), st.randoms(use_true_random=False))
def test_any_permutation_and_duplication_of_a_history_gives_the_same(
    seed: int, random: Any
) -> None:
    history = lines(seed)
    arrivals = [*history, *random.choices(history, k=random.randrange(40))]
    random.shuffle(arrivals)
    assert known(arrivals) == known(history)
