"""What an endpoint is: the routes and the OpenAPI document are made of the same objects."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import Enum
from http import HTTPStatus
from typing import TYPE_CHECKING, Generic, TypeVar, get_args, get_type_hints

import msgspec
from starlette.responses import Response
from starlette.routing import Route

from streams.api.problems import ProblemError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request

JSON = "application/json"
EVENTS = "text/event-stream"

Q = TypeVar("Q", bound=msgspec.Struct)


class Nothing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The question of an endpoint that takes no parameters."""


@dataclass(frozen=True)
class Endpoint(Generic[Q]):
    """One path of the API.

    Attributes:
        path: As Starlette writes it.
        summary: What it answers, one line.
        question: Path and query parameters, by name.
        answer: Answers a request.
        document: What its body is.
        media_type: In which form.
        problems: Which statuses it may answer besides success, and when.
        unready: When it answers 503 with the same document; None if it never does.
        headers: Which headers of a request it heeds, and what for.
        conditional: Whether it has an entity tag.
        may_be_stale: Whether it says since when what it says may be old.
        details: More on it.
    """

    path: str
    summary: str
    question: type[Q]
    answer: Callable[[Request, Q], Awaitable[Response]]
    document: type[msgspec.Struct]
    media_type: str = JSON
    problems: tuple[tuple[HTTPStatus, str], ...] = ()
    unready: str | None = None
    headers: tuple[tuple[str, str], ...] = ()
    conditional: bool = False
    may_be_stale: bool = False
    details: str = ""

    @property
    def documented_path(self) -> str:
        """The path as OpenAPI writes it."""
        return self.path.replace(":path}", "}")

    @property
    def route(self) -> Route:
        """Its route."""

        async def endpoint(request: Request) -> Response:
            return await self.answer(request, self._asked(request))

        return Route(self.path, endpoint, methods=["GET"])

    def _asked(self, request: Request) -> Q:
        """The parameters of a request.

        Raises:
            ProblemError: If one is wrong, unknown, missing, or given more than once.
        """
        given = [*request.query_params.multi_items(), *request.path_params.items()]
        twice = {name for name, n in Counter(name for name, _ in given).items() if n > 1}
        if twice:
            raise self._wrong(f"`{min(twice)}` is given more than once")
        try:
            return msgspec.convert(dict(given), self.question, strict=False)
        except msgspec.ValidationError as error:
            choices = ", ".join(_choices(self.question, str(error)))
            raise self._wrong(f"{error}{f', which takes {choices}' * bool(choices)}") from error

    def _wrong(self, what: str) -> ProblemError:
        where = f"/openapi.json lists what {self.documented_path} takes"
        return ProblemError(HTTPStatus.BAD_REQUEST, f"a parameter is wrong: {what}; {where}")


def respond(
    request: Request, body: bytes, *, tag: str | None = None, stale_since: str | None = None
) -> Response:
    """An answer in JSON; only its head if the client has it already.

    Args:
        request: What is answered.
        body: JSON.
        tag: Entity tag, without quotes.
        stale_since: Since when what is said may be old.
    """
    headers = {"Cache-Control": "no-cache" if tag is not None else "no-store"}
    if stale_since is not None:
        headers["Salesbell-Stale-Since"] = stale_since
    if tag is None:
        return Response(body, headers=headers, media_type=JSON)
    headers["ETag"] = f'"{tag}"'
    if _has(request.headers.get("if-none-match", ""), headers["ETag"]):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(body, headers=headers, media_type=JSON)


def _choices(question: type[msgspec.Struct], error: str) -> list[str]:
    """The values of the parameter that an error is about, if it has a list of them."""
    hint = get_type_hints(question).get(error.rpartition("`$.")[2].rstrip("`"))
    return [
        str(choice)
        for kind in (hint, *get_args(hint))
        if isinstance(kind, type) and issubclass(kind, Enum)
        for choice in kind
    ]


def _has(condition: str, tag: str) -> bool:
    known = {part.strip().removeprefix("W/") for part in condition.split(",")}
    return tag in known or "*" in known
