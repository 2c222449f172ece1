"""The API's map: every path, and what answers it."""

from __future__ import annotations

from hashlib import blake2b
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route

from scoring.catalogue.document import document
from scoring.explanation import Explanation
from streams.api.alerts import AlertsOfFeed, AlertsQuestion
from streams.api.documents import (
    Alerts,
    Alive,
    CatalogueOfKpis,
    Changes,
    Leaderboard,
    Readiness,
    ScoresOfEntity,
)
from streams.api.endpoint import EVENTS, JSON, Endpoint, Nothing, respond
from streams.api.headers import SecurityHeaders
from streams.api.openapi import openapi
from streams.api.problems import ProblemError, on_failure, on_http_exception, on_problem
from streams.api.scores import (
    ExplanationQuestion,
    LeaderboardQuestion,
    Scores,
    ScoresQuestion,
)
from streams.api.static_files import FreshFiles
from streams.api.stream import StreamQuestion, Streams

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from starlette.requests import Request

    from scoring.catalogue import Catalogue
    from streams.feed import Feed

STATIC = Path(__file__).parent / "static"

_WRONG = (HTTPStatus.BAD_REQUEST, "A parameter is wrong or unknown.")
_UNKNOWN = (HTTPStatus.NOT_FOUND, "There is no such score.")
_NO_PARENT = (HTTPStatus.NOT_FOUND, "There is no such parent.")
_UNREADY = (HTTPStatus.SERVICE_UNAVAILABLE, "The topic is not read yet.")
_RESUME = "The id of the last event that the client has: the stream goes on from there."
_STREAM = """\
Server-sent events. `state`: how good what is shown is (`FeedState`), at first and when it changes.
`alerts`: all alerts (`Alerts`), at first; forget what was known of others. `alert-change`: what
changed of them since (`AlertChanges`), each once and as it is now. `snapshot`: all scores that
are asked for (`Changes`), in as many events as it takes, the last one `complete`. `change`: what
changed since (`Changes`), each score once and as it is now. `reset`: forget all scores, because
the stream cannot go on from `Last-Event-ID`; a snapshot follows. Where it can go on, what the
client has of scores and of alerts is not told anew. A comment comes every 15 s when there is
nothing else."""


def create_app(
    feed: Feed,
    streams: Streams,
    catalogue: Catalogue,
    business: Mapping[str, str],
    further: Iterable[BaseRoute] = (),
) -> Starlette:
    """The API as an ASGI application.

    Args:
        feed: The scores; whoever serves the application runs it.
        streams: The open streams; whoever serves the application closes them before it ends.
        catalogue: The KPIs that scores are explained by.
        business: What stands beside them: currency and time zone.
        further: Routes that are no part of the documented API.
    """
    offered = endpoints(feed, streams, catalogue, business)
    routes: list[BaseRoute] = [each.route for each in offered]
    routes.extend((_described(openapi(offered)), *further))
    if (STATIC / "index.html").is_file():
        routes.append(Mount("/", FreshFiles(STATIC)))
    return Starlette(
        routes=routes,
        middleware=[Middleware(SecurityHeaders)],
        exception_handlers={
            ProblemError: on_problem,
            HTTPException: on_http_exception,
            Exception: on_failure,
        },
    )


def endpoints(
    feed: Feed, streams: Streams, catalogue: Catalogue, business: Mapping[str, str]
) -> tuple[Endpoint[Any], ...]:
    """Every endpoint."""
    scores, health = Scores(feed, catalogue), _Health(feed, streams)
    return (
        Endpoint(
            "/v1/scores/{level}/{entity:path}",
            "Scores of an executive, team, branch or the company (`company/company`)",
            ScoresQuestion,
            scores.scores,
            ScoresOfEntity,
            problems=(_WRONG, _UNKNOWN, _UNREADY),
            conditional=True,
            may_be_stale=True,
        ),
        Endpoint(
            "/v1/explanation/{level}/{entity:path}",
            "How an overall score came about: what each KPI adds to it",
            ExplanationQuestion,
            scores.explanation,
            Explanation,
            problems=(_WRONG, _UNKNOWN, _UNREADY),
            conditional=True,
            may_be_stale=True,
        ),
        Endpoint(
            "/v1/leaderboard",
            "Active executives, teams or branches, best first",
            LeaderboardQuestion,
            scores.leaderboard,
            Leaderboard,
            problems=(_WRONG, _NO_PARENT, _UNREADY),
            may_be_stale=True,
        ),
        Endpoint(
            "/v1/alerts",
            "Conversions that dropped and KPIs that got worse, firing alerts first",
            AlertsQuestion,
            AlertsOfFeed(feed).alerts,
            Alerts,
            problems=(_WRONG, _UNREADY),
            conditional=True,
            may_be_stale=True,
        ),
        Endpoint(
            "/v1/kpis",
            "The catalogue of KPIs",
            Nothing,
            _Document({**document(catalogue), **business}).answer,
            CatalogueOfKpis,
            problems=(_WRONG,),
            conditional=True,
        ),
        Endpoint(
            "/v1/stream",
            "Scores and their changes, as they come",
            StreamQuestion,
            streams.stream,
            Changes,
            media_type=EVENTS,
            problems=(_WRONG, (HTTPStatus.SERVICE_UNAVAILABLE, "Too many streams are open.")),
            headers=(("Last-Event-ID", _RESUME),),
            details=_STREAM,
        ),
        Endpoint(
            "/livez",
            "Whether the process answers",
            Nothing,
            health.live,
            Alive,
            problems=(_WRONG,),
        ),
        Endpoint(
            "/readyz",
            "Whether the process serves, and how good what it serves is",
            Nothing,
            health.ready,
            Readiness,
            problems=(_WRONG,),
            unready="Not all scores have been read once yet.",
        ),
    )


class _Document:
    """A document that never changes."""

    def __init__(self, document: Mapping[str, object]) -> None:
        self._body = msgspec.json.encode(document)
        self._tag = blake2b(self._body, digest_size=12).hexdigest()

    async def answer(self, request: Request, _asked: Nothing) -> Response:
        """The document."""
        return respond(request, self._body, tag=self._tag)


class _Health:
    """Answers to whoever decides whether this process is started again or asked at all."""

    def __init__(self, feed: Feed, streams: Streams) -> None:
        self._feed = feed
        self._streams = streams

    async def live(self, request: Request, _asked: Nothing) -> Response:
        """That the process answers."""
        return respond(request, msgspec.json.encode(Alive()))

    async def ready(self, request: Request, _asked: Nothing) -> Response:
        """Whether the scores have been read.

        Not whether they are live: that is no reason to take away the last that is known.
        """
        state = self._feed.state
        readiness = Readiness(feed=state, scores=len(self._feed.board), streams=self._streams.open)
        response = respond(request, msgspec.json.encode(readiness))
        if not state.ready:
            response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
        return response


def _described(document: Mapping[str, object]) -> Route:
    body = msgspec.json.encode(document)

    async def describe(_request: Request) -> Response:
        return Response(body, media_type=JSON)

    return Route("/openapi.json", describe, methods=["GET"])
