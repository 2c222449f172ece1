"""Every guard of exactness: a death that it survives, and what happens without it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.faults.conftest import Deployment, Outcome
from tests.faults.worker import KILLED
from tests.oracle import generator
from tests.oracle.generator import event

if TYPE_CHECKING:
    from pathlib import Path

    from tests.services.kafka import Kafka

AT = generator.AS_OFS[0] - timedelta(hours=1)
LEAD = event("lead.created", AT, {"lead_id": "L-last", "channel": "web", "executive_id": "E-1"})
SALE = event(
    "sale.disbursed",
    AT,
    {
        "loan_id": "LN-last",
        "customer_id": "C-last",
        "executive_id": "E-1",
        "amount": 500_000,
        "currency": "INR",
    },
)

#: A moment of death, the guard that makes it harmless, and the event that is lost without it.
CASES = [
    ("intake sent, not acknowledged", "an arrival counts once", LEAD),
    ("facts sent, journeys not written", "a fact counts once", LEAD),
    ("journeys written, not acknowledged", "facts before state", LEAD),
    ("panes written, parents not told", "a known fact is said again", LEAD),
    ("contributions written, parents not told", "a known contribution is said again", LEAD),
    ("contributions written, parents not told", "what a team sold is said again", SALE),
    ("facts refused by the broker", "a refused write stops the worker", LEAD),
]


@pytest.fixture
def deployment(apache_kafka: Kafka, prefix: str, tmp_path: Path) -> Deployment:
    return Deployment(apache_kafka.bootstrap, prefix, tmp_path)


async def run_twice(deployment: Deployment, point: str, *guards: str) -> tuple[int | None, Outcome]:
    """Run a worker that dies at a point, then one that does not, until nothing is under way.

    Returns:
        The exit code of the first, None if it did not end, and the outcome.
    """
    with deployment.worker("--die", point, *guards) as first:
        await deployment.drained(first)
        code = first.poll()
    with deployment.worker(*guards) as second:
        assert await deployment.drained(second)
    return code, await deployment.outcome()


@pytest.mark.parametrize("point", dict.fromkeys(point for point, *_ in CASES))
async def test_a_death_leaves_the_totals_exact(point: str, deployment: Deployment) -> None:
    await deployment.fill()
    code, outcome = await run_twice(deployment, point)

    assert code == (1 if "refused" in point else KILLED)
    assert outcome.kpis == deployment.truth()
    assert outcome.accounts.balanced, outcome.accounts


@pytest.mark.parametrize(("point", "guard", "last"), CASES, ids=[guard for _, guard, _ in CASES])
async def test_without_its_guard_the_death_is_noticed(
    point: str, guard: str, last: generator.Event, deployment: Deployment
) -> None:
    """The death is over one event at the end: what came later could say again what was lost."""
    deployment.append(last)
    await deployment.fill(slice(-1))
    with deployment.worker() as healthy:
        assert await deployment.drained(healthy)
    await deployment.fill(slice(-1, None))
    _, outcome = await run_twice(deployment, point, "--without", guard)

    assert outcome.kpis != deployment.truth() or not outcome.accounts.balanced
