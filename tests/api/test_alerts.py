"""Alerts, as the API answers, streams and exposes them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import jsonschema
import msgspec
import pytest

from scoring.alerting.alert import Kind
from scoring.alerting.handling import State
from scoring.alerting.stages import Stage
from streams.feed import Feed
from streams.settings import Settings
from tests.api.serving import serving
from tests.api.test_metrics import scraped
from tests.feed.alerts import alert, seen, tell, told
from tests.feed.scores import running, topics_of, until
from tests.services.embedded import Embedded
from tests.services.prometheus import promtool

if TYPE_CHECKING:
    from pathlib import Path

    from tests.api.serving import Served

TEAM = alert("team:Pune A", "2026-03-20")
EARLIER = alert("team:Pune A", "2026-02-02", "2026-02-20")
COMPANY = alert("company:company", "2026-03-10", "2026-03-22", Stage.DISBURSED)
EXECUTIVE = alert("executive:E-1", "2026-03-18", indicator=Stage.QUALIFIED)
SEEN = alert("team:Thane", "2026-03-19", indicator=Stage.QUALIFIED, handling=seen("Asha"))
ALL = (EARLIER, COMPANY, EXECUTIVE, TEAM)


async def answered(served: Served, query: str = "") -> list[str]:
    """The ids of the alerts that are answered with, once the topic has been read."""
    async with asyncio.timeout(60):
        while (response := await served.get(f"/v1/alerts{query}")).status_code == 503:
            assert response.headers["retry-after"] == "1"
            await asyncio.sleep(0.02)
    return [each["id"] for each in response.raise_for_status().json()["alerts"]]


async def until_answered(served: Served, *expected: str) -> None:
    async with asyncio.timeout(60):
        while await answered(served) != list(expected):
            await asyncio.sleep(0.02)


async def test_those_that_fire_come_first_and_then_the_latest(settings: Settings) -> None:
    await tell(settings, *map(told, ALL))
    async with serving(settings) as served:
        assert await answered(served) == [TEAM.id, EXECUTIVE.id, COMPANY.id, EARLIER.id]
        body = (await served.get("/v1/alerts")).json()
        assert body["alerts"][0] == msgspec.to_builtins(TEAM)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?level=team", [TEAM, SEEN, EARLIER]),
        ("?status=firing", [TEAM, SEEN, EXECUTIVE]),
        ("?status=resolved&level=company", [COMPANY]),
        (f"?entity={quote('executive:E-1')}", [EXECUTIVE]),
        (f"?entity={quote('team:Pune A')}&status=resolved", [EARLIER]),
        ("?entity=team:None", []),
        ("?handling=acknowledged", [SEEN]),
        ("?handling=open&status=firing", [TEAM, EXECUTIVE]),
    ],
)
async def test_filters(settings: Settings, query: str, found: list[Any]) -> None:
    await tell(settings, *map(told, ALL), told(SEEN))
    async with serving(settings) as served:
        assert await answered(served, query) == [each.id for each in found]


async def test_what_is_asked_wrongly_is_refused(settings: Settings) -> None:
    async with serving(settings) as served:
        assert await answered(served) == []
        for query in ("?status=lost", "?level=boss", "?indicator=contacted"):
            assert (await served.get(f"/v1/alerts{query}")).status_code == 400


async def test_answers_are_as_the_document_says(settings: Settings) -> None:
    undefined = alert("team:Goa", ratio=None, ratio_low=None, ratio_high=None, expected=0.0)
    await tell(settings, *map(told, (*ALL, undefined, SEEN)))
    async with serving(settings) as served:
        assert len(await answered(served)) == 6
        described = (await served.get("/openapi.json")).json()
        responses = described["paths"]["/v1/alerts"]["get"]["responses"]
        for query, status in (("", "200"), ("?level=boss", "400")):
            response = await served.get(f"/v1/alerts{query}")
            schema = responses[status]["content"][response.headers["content-type"]]["schema"]
            whole = {**schema, "components": described["components"]}
            jsonschema.Draft202012Validator(whole).validate(response.json())
        assert "503" in responses


async def test_a_tag_spares_what_the_client_has(settings: Settings) -> None:
    await tell(settings, told(TEAM))
    async with serving(settings) as served:
        await until_answered(served, TEAM.id)
        first = await served.get("/v1/alerts")
        tag = first.headers["etag"]
        again = await served.get("/v1/alerts", If_None_Match=tag)
        assert (again.status_code, again.content) == (304, b"")
        await tell(settings, told(msgspec.structs.replace(TEAM, observed=32)))
        async with asyncio.timeout(60):
            while (await served.get("/v1/alerts", If_None_Match=tag)).status_code == 304:
                await asyncio.sleep(0.02)
        changed = (await served.get("/v1/alerts")).json()
        assert [each["observed"] for each in changed["alerts"]] == [32]


async def test_before_they_are_read_it_says_so(embedded_broker: Embedded, prefix: str) -> None:
    settings = Settings(broker=embedded_broker.bootstrap, prefix=prefix, partitions=3)
    async with serving(settings) as served:
        async with asyncio.timeout(60):
            while not (await served.get("/readyz")).json()["feed"]["problem"]:
                await asyncio.sleep(0.02)
        response = await served.get("/v1/alerts")
        assert (response.status_code, response.headers["retry-after"]) == (503, "1")
        await topics_of(settings)
        assert await answered(served) == []


async def test_what_is_no_alert_is_passed_over(settings: Settings) -> None:
    other = b"team:X|contacted|2026-03-02", told(EARLIER)[1]
    await tell(
        settings, (b"team:X|contacted|2026-03-01", b"{"), (b"\xff", b"[]"), other, told(TEAM)
    )
    async with running(Feed(settings)) as feed:
        await until(lambda: feed.alerts.ready, "the topic is read")
        assert feed.alerts.all() == [TEAM]


async def test_the_metric_is_1_while_one_fires_and_0_after_that(settings: Settings) -> None:
    await tell(settings, *map(told, ALL), told(SEEN))
    async with serving(settings) as served:
        await served.ready()
        await answered(served)
        found = (await scraped(served))["salesbell_alert_active"]
        assert found == {
            **said("team", "Pune A", "contacted", State.OPEN),
            **said("team", "Thane", "qualified", State.ACKNOWLEDGED),
            **said("company", "company", "disbursed", None),
        }
        text = (await served.get("/metrics")).text
    done = promtool("check", "metrics", text=text)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def said(
    level: str, entity: str, indicator: str, now: State | None
) -> dict[tuple[tuple[str, str], ...], float]:
    """The samples of what may be said of an alert, of which one is true while it fires."""
    whose = {"level": level, "entity": entity, "indicator": indicator}
    return {
        tuple(sorted({**whose, "handling": each}.items())): float(each is now) for each in State
    }


async def test_a_silent_source_has_a_metric_of_its_own(settings: Settings) -> None:
    silent = msgspec.structs.replace(
        alert("company:company"),
        id="source:leads|absent|2026-03-20T10:15:00+05:30",
        entity="source:leads",
        indicator=None,
        kind=Kind.ABSENT,
        source="leads",
        silent_since="2026-03-20T10:15:00+05:30",
    )
    await tell(settings, told(silent))
    async with serving(settings) as served:
        await served.ready()
        assert await answered(served, "?entity=source:leads") == [silent.id]
        found = await scraped(served)
        assert found["salesbell_source_absent"] == {
            (("handling", each), ("source", "leads")): float(each is State.OPEN) for each in State
        }
        assert not found.get("salesbell_alert_active")


async def test_an_alert_that_stands_still_is_not_exposed(tmp_path: Path, prefix: str) -> None:
    with Embedded(tmp_path) as broker:
        settings = Settings(broker=broker.bootstrap, prefix=prefix, partitions=1)
        await topics_of(settings)
        await tell(settings, told(TEAM))
        async with serving(settings) as served:
            await served.ready()
            await answered(served)
            assert "salesbell_alert_active" in await scraped(served)
            await asyncio.to_thread(broker.stop)
            async with asyncio.timeout(60):
                while "salesbell_alert_active" in await scraped(served):
                    await asyncio.sleep(0.1)
            await asyncio.to_thread(broker.start)
            async with asyncio.timeout(60):
                while "salesbell_alert_active" not in await scraped(served):
                    await asyncio.sleep(0.1)
