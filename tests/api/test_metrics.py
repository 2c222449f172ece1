"""`/metrics` of the API: right values, nothing that is undefined, nobody's name."""

from __future__ import annotations

import asyncio
import time
from datetime import datetime
from typing import TYPE_CHECKING, Any

from prometheus_client.parser import text_string_to_metric_families

from streams.settings import Settings
from tests.api.serving import serving
from tests.feed.scores import publish, record, score, topics_of
from tests.services.embedded import Embedded
from tests.services.prometheus import promtool

if TYPE_CHECKING:
    from pathlib import Path

    from tests.api.serving import Served

WINDOW = "28d"
LEADS = "lead_generation.qualified_leads"
VOLUME = "sales_targets.sales_volume"
RATE = "lead_generation.conversion_rate"
OWN = """\
from scoring.catalogue.sales_targets import KPIS as BUILT_IN
from dataclasses import replace

KPIS = (replace(BUILT_IN[0], id="sales_targets.own_rate", title="Ours", unit="rate"),)
"""


def kpis(volume: float | None = 7.5, rate: float | None = None) -> dict[str, Any]:
    return {VOLUME: {"value": volume, "target": 10}, RATE: {"value": rate}, LEADS: {"value": 3}}


SCORES = (
    score("executive:E-1", 99.0, window=WINDOW, kpis=kpis()),
    score("team:Pune A", 75.0, window=WINDOW, kpis=kpis()),
    score("team:Goa", None, window=WINDOW, kpis=kpis(rate=0.25), parent="branch:G"),
    score("team:Stray", 20.0, window=WINDOW, parent=None),
    score("branch:Pune", 72.0, window=WINDOW, kpis=kpis()),
    score("company:company", 65.0, window=WINDOW, kpis=kpis(volume=None)),
    score("company:company", 44.0, window="week", kpis=kpis()),
    score("company:company", 31.0, window="day", kpis=kpis(volume=0)),
)

Series = dict[tuple[tuple[str, str], ...], float]


async def scraped(served: Served) -> dict[str, Series]:
    text = (await served.get("/metrics")).raise_for_status().text
    found: dict[str, Series] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            labels = tuple(sorted(sample.labels.items()))
            found.setdefault(sample.name, {})[labels] = sample.value
    return found


def at(**labels: str) -> tuple[tuple[str, str], ...]:
    return tuple(sorted({"window": WINDOW, **labels}.items()))


async def test_each_level_has_its_own_metrics(settings: Settings) -> None:
    await publish(settings, *map(record, SCORES))
    async with serving(settings) as served:
        await served.ready()
        found = await scraped(served)
    team = found["salesbell_team_score_points"]
    assert team == {at(branch="Pune", team="Pune A"): 75.0, at(branch="", team="Stray"): 20.0}
    assert found["salesbell_branch_score_points"] == {at(branch="Pune"): 72.0}
    assert found["salesbell_company_score_points"] == {at(): 65.0, at(window="day"): 31.0}
    area = found["salesbell_company_kra_score_points"]
    assert area[at(kra="sales_targets")] == 65.0
    assert not any("E-1" in str(series) for series in found.values())


async def test_it_tells_until_when_all_is_scored(settings: Settings) -> None:
    began = time.time()
    async with serving(settings.model_copy(update={"commit_interval": 0.05})) as served:
        until = await served.scored_until()
        found = await scraped(served)
    watermark = found["salesbell_feed_scored_until_timestamp_seconds"][()]
    assert began < datetime.fromisoformat(until).timestamp() <= watermark <= time.time()


async def test_what_is_undefined_is_absent_and_zero_is_not(settings: Settings) -> None:
    await publish(settings, *map(record, SCORES))
    async with serving(settings) as served:
        await served.ready()
        found = await scraped(served)
    volume = found["salesbell_company_sales_targets_sales_volume_rupees"]
    assert volume == {at(window="day"): 0.0}
    target = found["salesbell_company_sales_targets_sales_volume_target_rupees"]
    assert target == {at(): 10.0, at(window="day"): 10.0}
    assert found["salesbell_team_lead_generation_conversion_ratio"] == {
        at(branch="G", team="Goa"): 0.25
    }
    assert "salesbell_company_lead_generation_conversion_ratio" not in found


async def test_promtool_finds_no_fault(settings: Settings) -> None:
    await publish(settings, *map(record, SCORES))
    async with serving(settings) as served:
        await served.ready()
        text = (await served.get("/metrics")).text
    done = promtool("check", "metrics", text=text)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


async def test_a_scraper_may_ask_for_openmetrics(settings: Settings) -> None:
    async with serving(settings) as served:
        plain = await served.get("/metrics")
        asked = await served.get("/metrics", Accept="application/openmetrics-text;version=1.0.0")
    assert plain.headers["content-type"].startswith("text/plain")
    assert asked.headers["content-type"].startswith("application/openmetrics-text")
    assert asked.text.endswith("# EOF\n")


async def test_a_kpi_of_ones_own_has_its_metric(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "own.py"
    file.write_text(OWN)
    figures = {"sales_targets.own_rate": {"value": 0.5, "target": 1}}
    await publish(settings, record(score("branch:Pune", window=WINDOW, kpis=figures)))
    async with serving(settings.model_copy(update={"catalogue_files": (file,)})) as served:
        await served.ready()
        found = await scraped(served)
    assert found["salesbell_branch_sales_targets_own_ratio"] == {at(branch="Pune"): 0.5}
    info = next(k for k in found["salesbell_kpi_info"] if ("kpi", "sales_targets.own_rate") in k)
    assert dict(info)["direction"] == "higher"


async def test_scores_that_stand_still_are_not_exposed(tmp_path: Path, prefix: str) -> None:
    with Embedded(tmp_path / "broker") as broker:
        settings = Settings(broker=broker.bootstrap, prefix=prefix, partitions=1)
        await topics_of(settings)
        await publish(settings, *map(record, SCORES))
        async with serving(settings) as served:
            await served.ready()
            assert (await scraped(served))["salesbell_feed_live"] == {(): 1.0}
            await asyncio.to_thread(broker.stop)
            async with asyncio.timeout(60):
                while (found := await scraped(served))["salesbell_feed_live"] != {(): 0.0}:
                    await asyncio.sleep(0.1)
            assert not [name for name in found if name.endswith("_score_points")]
            assert found["salesbell_feed_ready"] == {(): 1.0}
            await asyncio.to_thread(broker.start)
            async with asyncio.timeout(60):
                while "salesbell_company_score_points" not in await scraped(served):
                    await asyncio.sleep(0.1)
