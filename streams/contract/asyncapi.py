"""The AsyncAPI 3 document: which topics Salesbell reads and writes, and what is in them."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING

from scoring.alerting.alert import Alert
from scoring.alerting.remarks import Acknowledged, Declared, Snoozed
from scoring.events import EVENT_TYPES, FAMILIES
from scoring.score import Score
from streams.contract.examples import example
from streams.contract.schemas import DIALECT, type_schema
from streams.dead_letters import HEADERS, REASON, Reason
from streams.names import Names

if TYPE_CHECKING:
    import msgspec

    from streams.contract.schemas import Schema

_JSON = "application/json"
_CLOUDEVENT = "application/cloudevents+json"
_SCHEMA_FORMAT = "application/schema+json;version=2020-12"
_BINDING_VERSION = "0.5.0"
_NAMES = Names("{prefix}")
_PREFIX = {
    "prefix": {
        "default": "salesbell",
        "description": "The deployment's prefix, the setting SALESBELL_PREFIX.",
    }
}
_TITLES = {
    "leads": "People who show interest, from their creation to their loss.",
    "sales": "Loans from application to their end, and products sold beside them.",
    "feedback": "What customers, colleagues and mentors answered.",
    "activity": "What executives do besides selling, and what is asked of them.",
    "reference": "Who sits where, what is aimed at, and what campaigns and markets are.",
}
_KEYS = {
    "scores": "`level:entity|window`, for example `executive:E-017|month`.",
    "alerts": "The alert's `id`; it never changes, whatever becomes of the alert.",
    "alert-remarks": "The alert's `id`, or `declared|level:id|stage or all|since`.",
    "dead-letters": "The key of the rejected record.",
}
_REMARKS: dict[str, type[msgspec.Struct]] = {
    str(shape.__struct_config__.tag): shape for shape in (Acknowledged, Snoozed, Declared)
}
_DESCRIPTION = (
    "Events are CloudEvents 1.0 over Kafka, in structured mode as described here or in binary "
    "mode (`ce_` headers, the value is `data`). The same event, told by `source` and `id`, may "
    "come any number of times and in any order. Unknown fields are ignored; what cannot count "
    "goes to the dead letters."
)


def document() -> Schema:
    """The AsyncAPI document, without anything that depends on a deployment."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Salesbell",
            "version": version("salesbell"),
            "description": _DESCRIPTION,
        },
        "defaultContentType": _JSON,
        "channels": {
            **{family: _source(family) for family in FAMILIES},
            "scores": {
                **_channel("scores", _NAMES.scores, "Scores, the newest by entity and window."),
                "bindings": _kafka(topicConfiguration={"cleanup.policy": ["compact"]}),
            },
            "alerts": {
                **_channel("alerts", _NAMES.alerts, "Conversions that dropped, by identity."),
                "bindings": _kafka(topicConfiguration={"cleanup.policy": ["compact"]}),
            },
            "alert-remarks": {
                "address": _NAMES.remarks,
                "description": "What people say of alerts, and of changes that they expect; "
                "`salesbell alerts` writes it.",
                "parameters": _PREFIX,
                "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in _REMARKS},
                "bindings": _kafka(topicConfiguration={"cleanup.policy": ["compact"]}),
            },
            "dead-letters": _channel(
                "dead-letters", _NAMES.dead_letters, "Records that cannot count, and why."
            ),
        },
        "operations": {
            **{f"receive-{family}": _operation("receive", family) for family in FAMILIES},
            "receive-alert-remarks": _operation("receive", "alert-remarks"),
            "send-scores": _operation("send", "scores"),
            "send-alerts": _operation("send", "alerts"),
            "send-dead-letters": _operation("send", "dead-letters"),
        },
        "components": {
            "messages": {
                **{kind: _event(kind) for kind in EVENT_TYPES},
                "scores": _told(
                    "scores",
                    Score,
                    "The scores of one entity over one window; of two, the greater `version`, "
                    "then `as_of`, is newer.",
                ),
                "alerts": _told(
                    "alerts", Alert, "An alert as it is now; the last record of an id counts."
                ),
                **{name: _remark(name) for name in _REMARKS},
                "dead-letters": _dead_letter(),
            }
        },
    }


def _source(family: str) -> Schema:
    kinds = [kind for kind, data in EVENT_TYPES.items() if data.family == family]
    return {
        "address": _NAMES.sources[family],
        "description": _TITLES[family],
        "parameters": _PREFIX,
        "messages": {kind: {"$ref": f"#/components/messages/{kind}"} for kind in kinds},
    }


def _channel(name: str, address: str, description: str) -> Schema:
    return {
        "address": address,
        "description": description,
        "parameters": _PREFIX,
        "messages": {name: {"$ref": f"#/components/messages/{name}"}},
    }


def _operation(action: str, channel: str) -> Schema:
    return {"action": action, "channel": {"$ref": f"#/channels/{channel}"}}


def _event(kind: str) -> Schema:
    return {
        "name": kind,
        "title": kind,
        "summary": (EVENT_TYPES[kind].__doc__ or "").strip(),
        "contentType": _CLOUDEVENT,
        "payload": {
            "schemaFormat": _SCHEMA_FORMAT,
            "schema": {"$ref": f"schemas/{kind}.json"},
        },
        "bindings": _key("The event's `subject`; advised, not relied on."),
        "examples": [{"name": kind, "payload": example(kind)}],
    }


def _remark(name: str) -> Schema:
    shape = _REMARKS[name]
    summary = (shape.__doc__ or "").partition("\n")[0]
    return {**_told("alert-remarks", shape, summary), "name": name}


def _told(channel: str, shape: type[msgspec.Struct], summary: str) -> Schema:
    return {
        "name": channel,
        "title": shape.__name__,
        "summary": summary,
        "contentType": _JSON,
        "payload": {
            "schemaFormat": _SCHEMA_FORMAT,
            "schema": {"$schema": DIALECT, **type_schema(shape)},
        },
        "bindings": _key(_KEYS[channel]),
    }


def _dead_letter() -> Schema:
    headers: Schema = {name: {"type": "string"} for name in HEADERS}
    headers[REASON]["enum"] = sorted(Reason)
    return {
        "name": "dead-letters",
        "title": "Dead letter",
        "summary": "A record as it was found, key, value and headers, with headers that say why.",
        "headers": {"type": "object", "properties": headers, "required": list(HEADERS)},
        "contentType": "application/octet-stream",
        "payload": {},
        "bindings": _key(_KEYS["dead-letters"]),
    }


def _key(description: str) -> Schema:
    return _kafka(key={"type": "string", "description": description})


def _kafka(**binding: Schema) -> Schema:
    return {"kafka": {**binding, "bindingVersion": _BINDING_VERSION}}
