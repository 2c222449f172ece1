"""Problems as JSON that says what to do."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

import msgspec
import structlog
from starlette.exceptions import HTTPException
from starlette.responses import Response

from streams.api.documents import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

log = structlog.get_logger()

MEDIA_TYPE = "application/problem+json"
_HINTS = {
    HTTPStatus.NOT_FOUND: "nothing is served here: /openapi.json lists what is",
    HTTPStatus.METHOD_NOT_ALLOWED: "the API is read-only: use GET",
}


class ProblemError(Exception):
    """A request that cannot be answered.

    Args:
        status: HTTP status.
        detail: What is wrong, and what to do.
        retry_after: Seconds after which it may go better.
    """

    def __init__(self, status: HTTPStatus, detail: str, retry_after: int | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.headers = {} if retry_after is None else {"Retry-After": str(retry_after)}


async def on_problem(_request: Request, error: Exception) -> Response:
    """The answer to a `ProblemError`."""
    if not isinstance(error, ProblemError):
        raise error
    return _answer(error.status, str(error), error.headers)


async def on_http_exception(_request: Request, error: Exception) -> Response:
    """The answer to what the router refuses."""
    if not isinstance(error, HTTPException):
        raise error
    status = HTTPStatus(error.status_code)
    return _answer(status, _HINTS.get(status, error.detail), error.headers or {})


async def on_failure(request: Request, error: Exception) -> Response:
    """The answer when we failed; what happened is only logged."""
    log.error("request failed", path=request.url.path, error=repr(error))
    detail = "the request failed for a reason that is in the log of this process"
    return _answer(HTTPStatus.INTERNAL_SERVER_ERROR, detail, {})


def _answer(status: HTTPStatus, detail: str, headers: Mapping[str, str]) -> Response:
    problem = Problem(title=status.phrase, status=status, detail=detail)
    return Response(
        msgspec.json.encode(problem),
        status,
        {"Cache-Control": "no-store", **headers},
        media_type=MEDIA_TYPE,
    )
