"""No KPI goes unjudged: the oracle has a query for each that is built in."""

from __future__ import annotations

from scoring.catalogue import BUILT_IN
from tests.oracle.oracle import kpis


def test_every_built_in_kpi_has_a_query_of_the_oracle() -> None:
    assert BUILT_IN.kpis
    assert [kpi.id for kpi in BUILT_IN.kpis if kpi.id not in kpis()] == []
