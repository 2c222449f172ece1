"""Null in an event: absent where a field is optional, invalid where it is required."""

from __future__ import annotations

import json

import msgspec
import pytest

from scoring.events import EVENT_TYPES
from streams.cloudevents import decode
from streams.contract.examples import example
from streams.dead_letters import Reason, RejectedError


@pytest.mark.parametrize("kind", EVENT_TYPES)
def test_an_optional_field_that_is_null_is_absent(kind: str) -> None:
    event, fields = example(kind), msgspec.structs.fields(EVENT_TYPES[kind])
    data = {
        field.encode_name: event["data"][field.encode_name] for field in fields if needed(field)
    }
    nulls = {field.encode_name: None for field in fields if not needed(field)}
    left_out = decode(json.dumps({**event, "data": data}).encode(), ())
    null = decode(json.dumps({**event, "data": data | nulls}).encode(), ())
    assert null.data.subject == left_out.data.subject
    for field in fields:
        if not needed(field):
            assert getattr(null.data, field.name) in (None, getattr(left_out.data, field.name))


@pytest.mark.parametrize("kind", EVENT_TYPES)
def test_a_required_field_that_is_null_is_a_dead_letter(kind: str) -> None:
    event = example(kind)
    for field in filter(needed, msgspec.structs.fields(EVENT_TYPES[kind])):
        data = {**event["data"], field.encode_name: None}
        with pytest.raises(RejectedError) as rejected:
            decode(json.dumps({**event, "data": data}).encode(), ())
        assert rejected.value.reason == Reason.INVALID_FIELD


def needed(field: msgspec.structs.FieldInfo) -> bool:
    return field.required
