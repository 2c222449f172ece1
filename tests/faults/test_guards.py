"""Every guard of exactness: a death that it survives, and what happens without it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.faults.conftest import Deployment, Outcome
from tests.faults.worker import KILLED

if TYPE_CHECKING:
    from pathlib import Path

    from tests.services.kafka import Kafka

#: A moment of death, and the guard that makes it harmless.
CASES = [
    ("intake sent, not acknowledged", "an arrival counts once"),
    ("facts sent, journeys not written", "a fact counts once"),
    ("journeys written, not acknowledged", "facts before state"),
    ("panes written, parents not told", "a known fact is said again"),
    ("contributions written, parents not told", "a known contribution is said again"),
    ("contributions written, parents not told", "what a team sold is said again"),
    ("facts refused by the broker", "a refused write stops the worker"),
]


@pytest.fixture
def deployment(apache_kafka: Kafka, prefix: str, tmp_path: Path) -> Deployment:
    return Deployment(apache_kafka.bootstrap, prefix, tmp_path)


async def run_twice(deployment: Deployment, point: str, *guards: str) -> tuple[int | None, Outcome]:
    """Run a worker that dies at a point, then one that does not, until nothing is under way.

    Returns:
        The exit code of the first, None if it did not end, and the outcome.
    """
    await deployment.fill()
    with deployment.worker("--die", point, *guards) as first:
        await deployment.drained(first)
        code = first.poll()
    with deployment.worker(*guards) as second:
        assert await deployment.drained(second)
    return code, await deployment.outcome()


@pytest.mark.parametrize("point", dict.fromkeys(point for point, _ in CASES))
async def test_a_death_leaves_the_totals_exact(point: str, deployment: Deployment) -> None:
    code, outcome = await run_twice(deployment, point)

    assert code == (1 if "refused" in point else KILLED)
    assert outcome.kpis == deployment.truth()
    assert outcome.accounts.balanced, outcome.accounts


@pytest.mark.parametrize(("point", "guard"), CASES)
async def test_without_its_guard_the_death_is_noticed(
    point: str, guard: str, deployment: Deployment
) -> None:
    _, outcome = await run_twice(deployment, point, "--without", guard)

    assert outcome.kpis != deployment.truth() or not outcome.accounts.balanced
