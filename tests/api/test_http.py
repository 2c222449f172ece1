"""The API's documents, over a real server: right, conditional, and plain about what is wrong."""

from __future__ import annotations

import asyncio
import socket
from typing import TYPE_CHECKING, Any

import jsonschema
import msgspec
import pytest

from scoring.catalogue import BUILT_IN
from scoring.catalogue.document import document
from scoring.explanation import Explanation
from streams.api import app, serve
from streams.api.server import ListenError
from streams.settings import Settings
from tests.api.serving import Served, serving
from tests.feed.scores import publish, record, score, topics_of
from tests.services.embedded import Embedded

if TYPE_CHECKING:
    from pathlib import Path

    import httpx

E1 = score("executive:E-1", 71.44, name="Asha Rao", error=20.0)
SCORES = (
    E1,
    score("executive:E-1", 30.0, window="week"),
    score("executive:E-2", 80.02, error=1.0),
    score("executive:E-3", 79.98, parent="team:Pune B", error=1.0),
    score("executive:E-4", None),
    score("executive:E-5", 99.0, active=False),
    score("executive:E-6", 10.0, parent="team:Goa/South", error=1.0),
    score("team:Pune A", 75.0),
    score("team:Pune B", 70.0),
    score("team:Goa/South", 60.0, parent="branch:Goa"),
    score("team:unplaced", 99.0, parent="branch:unplaced", active=False),
    score("branch:Pune", 72.0),
    score("branch:Goa", 60.0),
    score("company:company", 65.0),
)


async def filled(settings: Settings) -> None:
    await publish(settings, *map(record, SCORES))


async def test_scores_of_an_entity(settings: Settings) -> None:
    await filled(settings)
    async with serving(settings) as served:
        await served.ready()
        body = (await served.get("/v1/scores/executive/E-1")).json()
        assert (body["level"], body["entity"]) == ("executive", "E-1")
        assert [each["window"] for each in body["scores"]] == ["week", "month"]
        (month,) = (await served.get("/v1/scores/executive/E-1?window=month")).json()["scores"]
        assert month == msgspec.to_builtins(E1)
        company = (await served.get("/v1/scores/company/company")).json()
        assert company["scores"][0]["score"] == 65.0
        assert (await served.get("/v1/scores/team/Goa%2FSouth")).json()["entity"] == "Goa/South"


async def test_a_tag_spares_what_the_client_has(settings: Settings) -> None:
    await filled(settings)
    async with serving(settings) as served:
        await served.ready()
        path = "/v1/scores/executive/E-1"
        first = await served.get(path)
        tag = first.headers["etag"]
        for condition in (tag, f'W/{tag}, "other"', "*"):
            again = await served.get(path, If_None_Match=condition)
            assert (again.status_code, again.content) == (304, b"")
            assert again.headers["etag"] == tag
        assert (await served.get(path, If_None_Match='"other"')).content == first.content
        later = score("executive:E-1", 71.44, as_of="2026-03-24T11:35:00+05:30", name="Asha Rao")
        await publish(settings, record(later))
        async with asyncio.timeout(60):
            while (changed := await served.get(path, If_None_Match=tag)).status_code == 304:
                await asyncio.sleep(0.02)
        assert changed.headers["etag"] != tag
        kpis = await served.get("/v1/kpis")
        declared = msgspec.json.decode(msgspec.json.encode(document(BUILT_IN)))
        assert kpis.json() == {**declared, "currency": "INR", "timezone": "Asia/Kolkata"}
        conditional = await served.get("/v1/kpis", If_None_Match=kpis.headers["etag"])
        assert conditional.status_code == 304


async def test_an_explanation(settings: Settings) -> None:
    await filled(settings)
    async with serving(settings) as served:
        await served.ready()
        answer = await served.get("/v1/explanation/team/Goa%2FSouth?window=month")
        found = msgspec.json.decode(answer.content, type=Explanation)
        assert (found.entity, found.score, found.window) == ("Goa/South", 60.0, "month")
        tag = answer.headers["etag"]
        again = await served.get("/v1/explanation/team/Goa%2FSouth", If_None_Match=tag)
        assert again.status_code == 304
        assert (await served.get("/v1/explanation/team/none")).status_code == 404


async def test_leaderboards_share_ties_and_leave_out_the_inactive(settings: Settings) -> None:
    await filled(settings)
    async with serving(settings) as served:
        await served.ready()

        async def places(query: str) -> list[tuple[int | None, str]]:
            body = (await served.get(f"/v1/leaderboard?{query}")).json()
            return [(place["rank"], place["entity"]) for place in body["places"]]

        whole = [(1, "E-2"), (1, "E-3"), (2, "E-1"), (3, "E-6"), (None, "E-4")]
        assert await places("level=executive&window=month") == whole
        assert await places("") == whole
        assert await places("limit=2") == whole[:2]
        pune_a = [(1, "E-2"), (2, "E-1"), (None, "E-4")]
        assert await places("parent=team:Pune%20A") == pune_a
        assert await places("parent=branch:Goa") == [(1, "E-6")]
        assert await places("level=team&parent=branch:Pune") == [(1, "Pune A"), (2, "Pune B")]
        assert await places("level=team") == [(1, "Pune A"), (2, "Pune B"), (3, "Goa/South")]
        nowhere = (await served.get("/v1/scores/team/unplaced?window=month")).json()
        assert nowhere["scores"][0]["score"] == 99.0
        assert await places("level=branch") == [(1, "Pune"), (2, "Goa")]
        assert await places("window=week") == [(1, "E-1")]
        body = (await served.get("/v1/leaderboard?limit=1")).json()
        assert (body["ranked"], body["total"]) == (4, 5)
        assert body["places"][0]["parent"] == "team:Pune A"
        assert [(p["best_rank"], p["worst_rank"]) for p in body["places"]] == [(1, 3)]


@pytest.mark.parametrize(
    ("path", "status", "says"),
    [
        ("/v1/scores/executive/E-9", 404, "/v1/leaderboard?level=executive"),
        ("/v1/scores/boss/E-1", 400, "boss"),
        ("/v1/scores/executive/E-1?window=year", 400, "which takes 1h, 24h, 7d, 28d, day, week,"),
        ("/v1/scores/executive/E-1?window=", 400, "what /v1/scores/{level}/{entity} takes"),
        ("/v1/scores/executive/E-1?level=team", 400, "`level` is given more than once"),
        ("/v1/leaderboard?limit=1&limit=2", 400, "`limit` is given more than once"),
        ("/v1/scores/executive/E-1?windw=month", 400, "windw"),
        ("/v1/scores/executive/", 404, "executive:"),
        ("/v1/leaderboard?limit=0", 400, "limit"),
        ("/v1/leaderboard?parent=team:None", 404, "team:None"),
        ("/v1/stream?level=boss", 400, "boss"),
        ("/v2/scores", 404, "/openapi.json"),
    ],
)
async def test_problems_say_what_to_do(
    settings: Settings, path: str, status: int, says: str
) -> None:
    async with serving(settings) as served:
        await served.ready()
        response = await served.get(path)
        assert response.status_code == status
        assert response.headers["content-type"] == "application/problem+json"
        problem = response.json()
        assert problem["status"] == status
        assert says in problem["detail"]
        secured(response)


async def test_it_is_read_only_and_every_answer_is_secured(settings: Settings) -> None:
    await filled(settings)
    async with serving(settings) as served:
        await served.ready()
        refused = await served.client.post("/v1/kpis")
        assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD")
        assert "read-only" in refused.json()["detail"]
        paths = "/v1/kpis", "/livez", "/readyz", "/openapi.json", "/v1/scores/executive/E-1"
        for path in paths:
            response = await served.get(path)
            assert response.status_code == 200
            secured(response)
            head = await served.client.head(path)
            assert (head.status_code, head.content) == (200, b"")
        head = await served.client.head("/v1/stream")
        assert head.status_code == 200
        assert head.headers["content-type"] == "text/event-stream; charset=utf-8"


def secured(response: httpx.Response) -> None:
    assert response.headers["content-security-policy"].startswith("default-src 'self';")
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["referrer-policy"] == "no-referrer"
    assert "server" not in response.headers


async def test_before_the_scores_are_read_it_is_not_ready(
    embedded_broker: Embedded, prefix: str
) -> None:
    settings = Settings(broker=embedded_broker.bootstrap, prefix=prefix, partitions=3)
    async with serving(settings) as served:
        await until_said(served, "salesbell topics create")
        assert (await served.get("/livez")).status_code == 200
        for path in ("/v1/scores/executive/E-1", "/v1/leaderboard"):
            response = await served.get(path)
            assert (response.status_code, response.headers["retry-after"]) == (503, "1")
            assert "salesbell topics create" in response.json()["detail"]
        await topics_of(settings)
        assert (await served.ready())["scores"] == 0


async def until_said(served: Served, words: str) -> None:
    async with asyncio.timeout(60):
        while words not in ((await served.get("/readyz")).json()["feed"]["problem"] or ""):
            await asyncio.sleep(0.02)


async def test_without_a_broker_it_serves_what_it_has_and_says_since_when(
    tmp_path: Path, prefix: str
) -> None:
    with Embedded(tmp_path) as broker:
        settings = Settings(broker=broker.bootstrap, prefix=prefix, partitions=3)
        await topics_of(settings)
        await filled(settings)
        async with serving(settings) as served:
            await served.ready()
            path = "/v1/scores/executive/E-1"
            fresh = await served.get(path)
            assert "salesbell-stale-since" not in fresh.headers
            await asyncio.to_thread(broker.stop)
            await until_said(served, broker.bootstrap)
            ready = await served.get("/readyz")
            assert ready.status_code == 200
            since = ready.json()["feed"]["stale_since"]
            stale = await served.get(path)
            assert stale.content == fresh.content
            assert stale.headers["salesbell-stale-since"] == since
            board = await served.get("/v1/leaderboard")
            assert board.headers["salesbell-stale-since"] == since
            await asyncio.to_thread(broker.start)
            async with asyncio.timeout(60):
                while "salesbell-stale-since" in (await served.get(path)).headers:
                    await asyncio.sleep(0.02)
            assert (await served.get("/readyz")).json()["feed"]["live"]


async def test_openapi_is_what_is_served(settings: Settings) -> None:
    await filled(settings)
    async with serving(settings) as served:
        await served.ready()
        described = (await served.get("/openapi.json")).json()
        assert described["openapi"] == "3.1.0"
        answers = {
            "/v1/scores/{level}/{entity}": ["/v1/scores/executive/E-1", "/v1/scores/boss/E-1"],
            "/v1/explanation/{level}/{entity}": [
                "/v1/explanation/company/company",
                "/v1/explanation/boss/E-1",
            ],
            "/v1/leaderboard": ["/v1/leaderboard", "/v1/leaderboard?limit=0"],
            "/v1/alerts": ["/v1/alerts", "/v1/alerts?status=lost"],
            "/v1/kpis": ["/v1/kpis"],
            "/livez": ["/livez", "/livez?deep=1"],
            "/readyz": ["/readyz", "/readyz?deep=1"],
        }
        assert {*answers, "/v1/stream"} == set(described["paths"])
        for path, requests in answers.items():
            operation = described["paths"][path]["get"]
            for each in requests:
                response = await served.get(each)
                content = operation["responses"][str(response.status_code)]["content"]
                schema = content[response.headers["content-type"]]["schema"]
                validator(schema, described).validate(response.json())
        parameters = described["paths"]["/v1/leaderboard"]["get"]["parameters"]
        names = {each["name"]: each for each in parameters}
        assert names["window"]["schema"]["default"] == "month"
        levels = {"executive", "team", "branch", "company"}
        assert set(names["level"]["schema"]["enum"]) == levels
        [resumed] = described["paths"]["/v1/stream"]["get"]["parameters"][2:]
        assert (resumed["name"], resumed["in"]) == ("Last-Event-ID", "header")
        level = described["paths"]["/v1/scores/{level}/{entity}"]["get"]["parameters"][0]
        assert (level["in"], level["required"]) == ("path", True)
        references = [v for k, v in walk(described) if k == "$ref"]
        schemas = described["components"]["schemas"]
        assert {reference.rpartition("/")[2] for reference in references} <= set(schemas)


def validator(schema: dict[str, Any], whole: dict[str, Any]) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator({**schema, "components": whole["components"]})


def walk(node: Any) -> list[tuple[str, Any]]:
    if isinstance(node, list):
        return [found for child in node for found in walk(child)]
    if not isinstance(node, dict):
        return []
    return [*node.items(), *(found for child in node.values() for found in walk(child))]


async def test_static_files_are_served_if_there_are_any(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "index.html").write_text("<title>Salesbell</title>")
    monkeypatch.setattr(app, "STATIC", tmp_path)
    async with serving(settings) as served:
        page = await served_when_up(served, "/")
        assert page.text == "<title>Salesbell</title>"
        secured(page)
        assert page.headers["cache-control"] == "no-cache"
        again = await served.get("/", If_None_Match=page.headers["etag"])
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["cache-control"] == "no-cache"
        (tmp_path / "index.html").write_text("<title>Another deployment</title>")
        anew = await served.get("/", If_None_Match=page.headers["etag"])
        assert anew.text == "<title>Another deployment</title>"
        assert (await served.get("/none.js")).json()["status"] == 404
        assert (await served.get("/livez")).json() == {"alive": True}


async def served_when_up(served: Served, path: str) -> httpx.Response:
    await served.ready()
    return await served.get(path)


async def test_a_taken_port_is_said(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        chosen = settings.model_copy(update={"api_port": taken.getsockname()[1]})
        with pytest.raises(ListenError, match="SALESBELL_API_PORT"):
            await serve(chosen, BUILT_IN, asyncio.Event())
