"""The OpenAPI document, derived from the endpoints and their types."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING, Any, TypeAlias

import msgspec

from streams.api.documents import AlertChanges, Problem, Reset
from streams.api.endpoint import EVENTS
from streams.api.problems import MEDIA_TYPE
from streams.feed import FeedState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streams.api.endpoint import Endpoint

Schema: TypeAlias = dict[str, Any]

_REFERENCES = "#/components/schemas/{name}"
#: Of the data of events, which no endpoint names.
_EVENT_DATA = (AlertChanges, FeedState, Reset)
_STALE = {
    "description": "Since when what is said may be old; absent while it is live.",
    "schema": {"type": "string", "format": "date-time"},
}
_TEXT = {"type": "string"}
_TAG = {"description": "Names what is said; for `If-None-Match`.", "schema": {"type": "string"}}


def openapi(endpoints: Iterable[Endpoint[Any]]) -> Schema:
    """The OpenAPI 3.1 document of some endpoints."""
    offered = tuple(endpoints)
    shapes: set[type[msgspec.Struct]] = {*_EVENT_DATA, Problem}
    shapes.update(each.document for each in offered)
    _, components = msgspec.json.schema_components(
        sorted(shapes, key=lambda shape: shape.__name__),
        ref_template=_REFERENCES,
        schema_hook=_anything,
    )
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Salesbell",
            "version": version("salesbell"),
            "description": "Live KPI scores of sales executives, teams, branches and the company.",
        },
        "paths": {each.documented_path: {"get": _operation(each)} for each in offered},
        "components": {"schemas": components},
    }


def _operation(endpoint: Endpoint[Any]) -> Schema:
    problems = {
        str(int(status)): {
            "description": when,
            "content": {MEDIA_TYPE: {"schema": _reference(Problem)}},
        }
        for status, when in endpoint.problems
    }
    operation: Schema = {"summary": endpoint.summary}
    if endpoint.details:
        operation["description"] = endpoint.details
    if parameters := _parameters(endpoint):
        operation["parameters"] = parameters
    operation["responses"] = {"200": _success(endpoint), **problems}
    if endpoint.unready is not None:
        operation["responses"]["503"] = {**_success(endpoint), "description": endpoint.unready}
    if endpoint.conditional:
        operation["responses"]["304"] = {"description": "What the client has is current."}
    return operation


def _success(endpoint: Endpoint[Any]) -> Schema:
    schema = {"type": "string"} if endpoint.media_type == EVENTS else _reference(endpoint.document)
    headers = {
        **({"ETag": _TAG} if endpoint.conditional else {}),
        **({"Salesbell-Stale-Since": _STALE} if endpoint.may_be_stale else {}),
    }
    success: Schema = {
        "description": (endpoint.document.__doc__ or "").partition("\n")[0],
        "content": {endpoint.media_type: {"schema": schema}},
    }
    return {**success, "headers": headers} if headers else success


def _parameters(endpoint: Endpoint[Any]) -> list[Schema]:
    _, components = msgspec.json.schema_components([endpoint.question], ref_template="{name}")
    shape = components[endpoint.question.__name__]
    required = shape.get("required", [])
    return [
        {
            "name": name,
            "in": "path" if f"{{{name}" in endpoint.path else "query",
            "required": name in required,
            "schema": _plain(schema, components),
        }
        for name, schema in shape["properties"].items()
    ] + [
        {"name": name, "in": "header", "required": False, "description": what, "schema": _TEXT}
        for name, what in endpoint.headers
    ]


def _plain(schema: Schema, components: dict[str, Schema]) -> Schema:
    """A parameter's schema: references resolved, and no null, which a URL cannot say."""
    if "anyOf" in schema:
        (schema,) = (choice for choice in schema["anyOf"] if choice.get("type") != "null")
        return _plain(schema, components)
    if "$ref" in schema:
        named = components[schema["$ref"]]
        default = {"default": schema["default"]} if "default" in schema else {}
        return {"type": "string", "enum": named["enum"], **default}
    return schema


def _reference(shape: type) -> Schema:
    return {"$ref": _REFERENCES.format(name=shape.__name__)}


def _anything(shape: type) -> Schema:
    """Figures of a KPI are of any JSON type."""
    if shape is object:
        return {"description": "A number, text, null, or figures by key."}
    raise NotImplementedError(f"{shape} has no JSON Schema: add it to streams/api/openapi.py")
