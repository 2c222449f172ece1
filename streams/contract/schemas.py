"""JSON Schemas of events: what msgspec derives from the types, and what their checks add."""

from __future__ import annotations

from typing import Any, TypeAlias

import msgspec

from scoring.events import EVENT_TYPES
from scoring.events.fields import MAX_NUMBER

Schema: TypeAlias = dict[str, Any]
#: Any JSON value inside a schema.
Node: TypeAlias = Any

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_REFERENCES = "#/$defs/{name}"
_TAG = "~"
_NUMBER = {"integer", "number"}

#: `Number` of the event fields. `multipleOf: 0.01` would say the two places, but validators
#: compute it in binary floats and then refuse 0.07.
_AMOUNT: Schema = {
    "type": "number",
    "minimum": 0,
    "maximum": MAX_NUMBER,
    "description": (
        "At most two decimal places, and few enough digits to be exact as a JSON number; a "
        "schema cannot say so, Salesbell checks it."
    ),
}
#: Validators may pass over `format`; and a moment without an offset is a dead letter.
_PATTERNS = {
    "date-time": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ].*([Zz]|[+-][0-9]{2}:[0-9]{2})$",
    "date": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
}
_MOMENT: Schema = {"type": "string", "format": "date-time", "pattern": _PATTERNS["date-time"]}
_ATTRIBUTE: Schema = {
    "type": "string",
    "minLength": 1,
    "maxLength": 1000,
    "pattern": r"^[^\x00-\x1f\x7f]*$(?!\n)",
}

#: What single fields demand beyond their types.
_BEYOND_TYPES: dict[tuple[str, str], Schema] = {
    ("assessment.completed", "max_score"): {"exclusiveMinimum": 0},
    ("audit.completed", "passed"): {
        "description": "At most `checks`; a schema cannot say so, Salesbell checks it."
    },
}


def event_schema(kind: str) -> Schema:
    """The schema of a whole event in structured mode.

    Args:
        kind: Event type.
    """
    data = data_schema(kind)
    return {
        "$schema": DIALECT,
        "$id": f"urn:salesbell:event:{kind}",
        "title": kind,
        "description": data.pop("description"),
        "type": "object",
        "properties": {
            "specversion": {"const": "1.0"},
            "id": {**_ATTRIBUTE, "description": "With `source` the identity of the event."},
            "source": {**_ATTRIBUTE, "format": "uri-reference"},
            "type": {"const": kind},
            "subject": {"type": "string", "description": "What the event is about; not read."},
            "time": {**_MOMENT, "description": "When it happened, with a UTC offset."},
            "datacontenttype": {"type": "string", "description": "`application/json`."},
            "data": data,
        },
        "required": ["specversion", "id", "source", "type", "time", "data"],
    }


def data_schema(kind: str) -> Schema:
    """The schema of what an event type says in `data`, with nothing left to look up.

    Args:
        kind: Event type.
    """
    event_type = EVENT_TYPES[kind]
    _, components = msgspec.json.schema_components([event_type], ref_template=_REFERENCES)
    schema = _schema(components[event_type.__name__], components)
    for (of, field), more in _BEYOND_TYPES.items():
        if of == kind:
            schema["properties"][field].update(more)
    return schema


def type_schema(shape: type) -> Schema:
    """The schema of any other type, with nothing left to look up."""
    (schema,), components = msgspec.json.schema_components(
        [shape], ref_template=_REFERENCES, schema_hook=_anything
    )
    return _schema(schema, components)


def _resolve(node: Node, components: dict[str, Schema]) -> Node:
    if isinstance(node, list):
        return [_resolve(child, components) for child in node]
    return _schema(node, components) if isinstance(node, dict) else node


def _schema(node: Schema, components: dict[str, Schema]) -> Schema:
    """The schema with references replaced by what they name, and our own types spelt out."""
    if "$ref" in node:
        return _schema(components[node["$ref"].rpartition("/")[2]], components)
    if "properties" in node:
        return _object(node, components)
    if _types(node) >= _NUMBER:
        return {"type": "number"}
    pattern = _PATTERNS.get(node.get("format", ""))
    found = {name: _resolve(child, components) for name, child in node.items()}
    return found if pattern is None else {**found, "pattern": pattern}


def _object(node: Schema, components: dict[str, Schema]) -> Schema:
    fields = {name: field for name, field in node["properties"].items() if name != _TAG}
    return {
        "description": node["description"],
        "type": "object",
        "properties": {name: _field(field, components) for name, field in fields.items()},
        "required": [name for name in node["required"] if name != _TAG],
    }


def _field(node: Schema, components: dict[str, Schema]) -> Schema:
    types = _types(node)
    if not types >= _NUMBER:
        return _schema(node, components)
    amount = _AMOUNT if "null" not in types else {"anyOf": [_AMOUNT, {"type": "null"}]}
    return {**amount, "default": node["default"]} if "default" in node else dict(amount)


def _types(node: Schema) -> set[str]:
    return {choice.get("type", "") for choice in node.get("anyOf", ())}


def _anything(shape: type) -> Schema:
    """Figures of a KPI are of any JSON type."""
    if shape is object:
        return {"description": "A number, text, null, or figures by key."}
    raise NotImplementedError(f"{shape} has no JSON Schema: add it to streams/contract/schemas.py")
