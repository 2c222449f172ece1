"""Small floors with a known drop, as totals and as events would leave them."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, NamedTuple

from scoring.alerting.stages import Stage
from scoring.cells import WHOLE_DAY
from scoring.slots import LEADS, keyed
from scoring.totals import Totals
from tests.scoring.making import day

if TYPE_CHECKING:
    from scoring.slots import Vector

FIRST = day("2026-01-05")
RATES = {Stage.CONTACTED: 0.6, Stage.QUALIFIED: 0.4, Stage.APPLIED: 0.15, Stage.DISBURSED: 0.1}
AGES = {Stage.CONTACTED: 0.5, Stage.QUALIFIED: 2.0, Stage.APPLIED: 3.0, Stage.DISBURSED: 4.0}
HORIZON = 14


class Drop(NamedTuple):
    """From `first` to before `last`, days since the floor's first, only `left` of cases come."""

    stage: Stage
    first: int
    last: int
    left: float


def floor(
    leads: int,
    days: int,
    drop: Drop | None = None,
    seed: int = 1,
    idle: frozenset[int] = frozenset(),
) -> dict[int, Vector]:
    """Day vectors of an entity with so many leads a day; nothing at all happens on idle days."""
    rng = random.Random(seed)  # noqa: S311
    # A stream of its own: with or without applications the other stages are the same.
    applying = random.Random(f"applied {seed}")  # noqa: S311
    vectors: dict[int, Vector] = {}
    for created in range(days):
        n = 0 if created in idle else leads + rng.randint(-leads // 5, leads // 5)
        vector: Vector = {LEADS: n} if n else {}
        for stage in Stage:
            own = applying if stage is Stage.APPLIED else rng
            for _ in range(n):
                came = created + int(own.expovariate(1 / AGES[stage]))
                if own.random() > RATES[stage] or came - created > HORIZON or came >= days:
                    continue
                lost = drop and drop.stage is stage and drop.first <= came < drop.last
                if came in idle or (lost and drop and own.random() > drop.left):
                    continue
                hour = own.randint(9, 17)
                for slot in (
                    keyed(stage.by_age, str(came - created)),
                    keyed(stage.by_hour, str(hour)),
                ):
                    vector[slot] = vector.get(slot, 0) + 1
        vectors[FIRST + created] = vector
    return vectors


def totals(*floors: dict[int, Vector]) -> Totals:
    """The totals of an entity to which floors belong."""
    found = Totals()
    for vectors in floors:
        for at, vector in vectors.items():
            found.add(at, {WHOLE_DAY: vector})
    return found
