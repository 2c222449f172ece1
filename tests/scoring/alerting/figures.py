"""Days of KPIs whose truth is known, as an entity's totals hold them."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from scoring import slots
from scoring.catalogue import BUILT_IN
from scoring.cells import WHOLE_DAY
from scoring.slots import keyed
from scoring.totals import Totals
from tests.scoring.alerting.floors import FIRST

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from scoring.slots import Vector

    #: What a day brings, by its number since the first.
    Bringing = Callable[[random.Random, int], Vector]

NPS = BUILT_IN.by_id["crm.nps"]
TURNAROUND = BUILT_IN.by_id["time_management.turnaround_reduction"]
VOLUME = BUILT_IN.by_id["campaigns.lead_growth"]
COST = BUILT_IN.by_id["campaigns.cost_per_lead"]
AUDITS = BUILT_IN.by_id["compliance.audit_result"]
WATCHED = (NPS, TURNAROUND, VOLUME, COST, AUDITS)
CAMPAIGN = "CMP-1"
MINUTE = 60_000


class Figures:
    """A floor: what its days bring when all is well, and by how much each figure is worse.

    Args:
        size: Leads a day; the others follow.
        uneven: Deviation of the factor that a day's cases share.
    """

    def __init__(self, size: float = 40, uneven: float = 0.1) -> None:
        self._size = size
        self._uneven = uneven

    def day(self, rng: random.Random, worse: Iterable[str] = (), by: float = 0.4) -> Vector:
        """A day on which some KPIs, by id, are worse by a part of what they are."""
        bad = dict.fromkeys(worse, by)
        vector: Vector = {}

        def add(slot: str, n: int) -> None:
            if n:
                vector[slot] = vector.get(slot, 0) + n

        leads = self._many(rng, self._size * (1 - bad.get(VOLUME.id, 0.0)))
        add(slots.LEADS, leads)
        fond = self._shared(rng, 0.6) * (1 - bad.get(NPS.id, 0.0))
        for _ in range(self._many(rng, self._size / 4)):
            add(slots.NPS, 1)
            drawn = rng.random()
            add(slots.PROMOTERS, drawn < fond)
            add(slots.DETRACTORS, drawn > (1 + fond) / 2)
        slow = self._shared(rng, 1.0) * (1 + bad.get(TURNAROUND.id, 0.0))
        for _ in range(self._many(rng, self._size / 2)):
            add(slots.ANSWERED, 1)
            # Waiting times are skewed: a mean of an hour, a deviation as large.
            add(slots.TURNAROUND, round(60 * MINUTE * slow * rng.lognormvariate(-0.347, 0.833)))
        brought = self._many(rng, self._size / 2)
        add(keyed(slots.CAMPAIGN_LEADS, CAMPAIGN), brought)
        dear = self._shared(rng, 1.0) * (1 + bad.get(COST.id, 0.0))
        add(keyed(slots.CAMPAIGN_SPEND, CAMPAIGN), round(brought * 25_000 * dear))
        passed = 1 - 0.04 * self._shared(rng, 1.0) * (1 + 5 * bad.get(AUDITS.id, 0.0))
        checks = self._many(rng, self._size)
        add(slots.CHECKS, checks)
        add(slots.CHECKS_PASSED, sum(rng.random() < passed for _ in range(checks)))
        return vector

    def _many(self, rng: random.Random, mean: float) -> int:
        mean *= self._shared(rng, 1.0)
        # A Poisson process, hour by hour.
        at, n = rng.expovariate(1), 0
        while at < mean:
            at, n = at + rng.expovariate(1), n + 1
        return n

    def _shared(self, rng: random.Random, mean: float) -> float:
        return mean * max(rng.gauss(1, self._uneven), 0.1)


def history(
    days: int,
    size: float = 40,
    worse: Iterable[str] = (),
    since: int = 10_000,
    by: float = 0.4,
    seed: int = 1,
) -> dict[int, Vector]:
    """Day vectors of an entity; from a day on some KPIs are worse."""
    rng, floor = random.Random(seed), Figures(size)  # noqa: S311
    return {
        FIRST + number: floor.day(rng, worse if number >= since else (), by)
        for number in range(days)
    }


def totals(vectors: dict[int, Vector]) -> Totals:
    found = Totals()
    for at, vector in vectors.items():
        found.add(at, {WHOLE_DAY: vector})
    return found
